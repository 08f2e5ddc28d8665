"""Write samples.csv: seven small invented surveys, each of another shape; designs.csv names them.

`each`: every respondent a point of one stratum. `pairs`: two points a stratum. `heavy`: weights
that differ by thousands. `whole`: one stratum drawn whole, one with a lonely point. `averaged`: two
lonely points. `bounded`: points of very unequal size. `three`: three points in all. Nobody in the
north has been a victim, everybody in the south has, and `island` lies in one stratum alone.

`aim` is what a respondent stands for in the control totals: they are its sums.
Run `python tests/golden/designs/make_samples.py`, then `Rscript tests/golden/designs/reference.R`.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
POINTS: dict[str, Sequence[int]] = {
    "each": [80],
    "pairs": [2] * 12,
    "heavy": [3, 8, 2, 5],
    "whole": [6, 4, 1, 7],
    "averaged": [1, 5, 1, 8, 3],
    "bounded": [6, 5, 9],
    "three": [3],
}
"""Points drawn in each stratum."""
DRAWN_FROM = {"whole": [20, 4, 9, 15], "averaged": [7, 11, 5, 8, 30]}
"""Points in the population of each stratum, where the variance is corrected for it."""
LARGEST = {"each": 1, "pairs": 5, "bounded": 18, "three": 40}
"""Respondents at a point: from 1 (or half of it, for three) to this; 8 elsewhere."""


def main() -> None:
    rng = np.random.default_rng(20261126)
    samples = pd.concat([survey(name, rng) for name in POINTS])
    samples.to_csv(HERE / "samples.csv", index=False, na_rep="NA")


def survey(name: str, rng: np.random.Generator) -> pd.DataFrame:
    drawn, largest = POINTS[name], LARGEST.get(name, 8)
    smallest = largest // 2 if name == "three" else 1
    stratum_of_point = np.repeat(np.arange(len(drawn)), drawn)
    size = rng.integers(smallest, largest, len(stratum_of_point), endpoint=True)
    point = np.repeat(np.arange(len(size)), size)
    stratum = stratum_of_point[point]
    n = len(point)
    latent = 0.6 * rng.standard_normal(len(size))[point] + rng.standard_normal(n)
    age = rng.choice(["16-34", "35-64", "65+"], size=n, p=[0.35, 0.4, 0.25])
    sex = rng.choice(["female", "male"], size=n)
    area = rng.choice(["north", "south", "east"], size=n)
    weight = np.round(np.exp((2.0 if name == "heavy" else 0.5) * rng.standard_normal(n)) * 90, 3)
    trusts = np.where(rng.random(n) < 0.1, np.nan, latent + 0.4 * (age == "65+") > 0)
    victim = np.where(area == "east", rng.random(n) < 0.3, area == "south").astype(float)
    answer = np.clip(np.floor(latent + 1.5), 0, 2).astype(int)
    older, men = np.where(age == "16-34", 1.25, 0.95), np.where(sex == "male", 1.1, 0.92)
    return pd.DataFrame(
        {
            "survey": name,
            "stratum": stratum,
            "point": point,
            "drawn_from": pd.Series(stratum).map(dict(enumerate(DRAWN_FROM.get(name, [])))),
            "weight": weight,
            "aim": np.round(weight * older * men * rng.uniform(0.9, 1.1, n), 3),
            "age": age,
            "sex": sex,
            "area": area,
            "place": np.where(stratum == len(drawn) - 1, "island", "mainland"),
            "trusts": trusts,
            "victim": victim,
            "answer": [f"answer {one}" for one in answer],
        }
    )


if __name__ == "__main__":
    main()
