"""Write frequency tables and the small counts that we find in them, for `judged.py`.

PYTHONPATH=.:tests .venv/bin/python -m against_acro.tables FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from transforms.disclosure.primary import small_counts

TABLES = 200
MINIMUM = 5


def respondents(random: np.random.Generator) -> pd.DataFrame:
    """Some dozens to hundreds of people in up to nine areas; few or most say yes."""
    people, areas = int(random.integers(30, 400)), int(random.integers(2, 10))
    return pd.DataFrame(
        {
            "area": random.integers(0, areas, people),
            "answer": np.where(random.random(people) < random.random(), "yes", "no"),
        }
    )


def small_cells(people: pd.DataFrame) -> pd.DataFrame:
    """One row an area: whether either answer is a small count."""
    yes = people["answer"] == "yes"
    totals = pd.DataFrame({"n_y": yes.groupby(people["area"]).sum()})
    totals["n"] = people.groupby("area").size()
    return pd.DataFrame({"area": totals.index, "small": small_counts(totals, MINIMUM).to_numpy()})


def main(folder: Path) -> None:
    """Write respondents.csv and ours.csv: `table` numbers the tables."""
    random = np.random.default_rng(5)
    tables = [respondents(random) for _ in range(TABLES)]
    numbered = [one.assign(table=number) for number, one in enumerate(tables)]
    pd.concat(numbered).to_csv(folder / "respondents.csv", index=False)
    ours = [small_cells(one).assign(table=number) for number, one in enumerate(tables)]
    pd.concat(ours).to_csv(folder / "ours.csv", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
