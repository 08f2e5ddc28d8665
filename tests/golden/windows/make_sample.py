"""Write sample.csv: six quarters of invented respondents, each of its own sampling points.

Populations differ between waves, so that equal factors differ from 1; sexes share sampling
points, areas do not; the outcome rises, and the waves differ in size.

Run `python tests/golden/windows/make_sample.py`, then `Rscript tests/golden/windows/reference.R`.
"""

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
WAVES = ["2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3"]
AREAS = ["east", "north", "south"]
POINTS = {"east": 5, "north": 6, "south": 4}


def wave(name: str, place: int, rng: np.random.Generator) -> pd.DataFrame:
    area_of_point = np.repeat(AREAS, [POINTS[area] + place % 2 for area in AREAS])
    point = np.repeat(np.arange(len(area_of_point)), 4 + place % 3)
    near = rng.standard_normal(len(area_of_point))[point]
    latent = 0.6 * near + rng.standard_normal(len(point)) + 0.08 * place
    return pd.DataFrame(
        {
            "wave": name,
            "stratum": area_of_point[point],
            "point": [f"{name}-{number:02d}" for number in point],
            "weight": np.round(rng.gamma(4, 30, len(point)), 3),
            "area": area_of_point[point],
            "sex": rng.choice(["female", "male"], size=len(point)),
            "trusts": (latent > 0.3).astype(int),
            "asked": (rng.random(len(point)) < 0.9).astype(int),
        }
    )


def main() -> None:
    rng = np.random.default_rng(20261126)
    waves = [wave(name, place, rng) for place, name in enumerate(WAVES)]
    pd.concat(waves).to_csv(HERE / "sample.csv", index=False)


if __name__ == "__main__":
    main()
