"""Write docs/defects.md: PYTHONPATH=.:tests python -m defects."""

from pathlib import Path

from defects.found import page

if __name__ == "__main__":
    path = Path(__file__).parents[2] / "docs" / "defects.md"
    path.write_text(page(), encoding="utf-8")
