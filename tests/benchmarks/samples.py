"""The data that every program works on: seeded, and written as text that all can read.

Respondents are those of a survey like the West Midlands': 21 strata of seven areas, sampling points
of about ten interviews, unequal design weights, five margins, and eight measures that are alike
within sampling points.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from transforms.estimation import sample_design
from transforms.replicates.draws import bootstrap

SEED = 20260427
MARGINS = {"area": 7, "age_sex": 12, "nssec": 4, "tenure": 3, "ethnic_group": 5}
"""The margins and how many categories each has: 5,040 combinations."""
MEASURES = tuple(f"measure_{number}" for number in range(1, 9))
STRATA_OF_AREA = 3
INTERVIEWS_A_POINT = 10
POPULATION = 2_400_000
REPLICATES = 500


@dataclass(frozen=True, slots=True)
class Sample:
    """One row a respondent, and the control totals: margin, category, total."""

    respondents: pd.DataFrame
    controls: pd.DataFrame


def sample_of(size: int, quarters: int = 1) -> Sample:
    """Return a sample of `size` respondents in all, in so many quarters."""
    draw = np.random.default_rng([SEED, size, quarters])
    respondents = pd.concat(
        [_quarter(draw, size // quarters, f"q{number + 1:02}") for number in range(quarters)],
        ignore_index=True,
    )
    return Sample(respondents, _controls(draw, respondents))


def write_sample(sample: Sample, folder: Path) -> None:
    """Write respondents.csv and controls.csv, every digit of every number."""
    sample.respondents.to_csv(folder / "respondents.csv", index=False)
    sample.controls.to_csv(folder / "controls.csv", index=False)


def write_multipliers(sample: Sample, folder: Path) -> None:
    """Write multipliers.csv: one row a sampling point, one column a bootstrap replicate."""
    people = sample.respondents
    design = sample_design(people["stratum"], people["psu"])
    drawn = bootstrap(design, REPLICATES, np.random.default_rng([SEED, len(people)]))
    names = people["psu"].drop_duplicates().sort_values()  # points are named in order of strata
    columns = [f"replicate_{number}" for number in range(1, REPLICATES + 1)]
    frame = pd.DataFrame(drawn.multiplier, columns=columns)
    frame.insert(0, "psu", names.to_numpy())
    frame.to_csv(folder / "multipliers.csv", index=False)


def _quarter(draw: np.random.Generator, size: int, quarter: str) -> pd.DataFrame:
    strata = MARGINS["area"] * STRATA_OF_AREA
    points = max(2 * strata, size // INTERVIEWS_A_POINT)
    stratum_of_point = np.arange(points) * strata // points
    point = np.sort(draw.integers(0, points, size))
    stratum = stratum_of_point[point]
    columns: dict[str, object] = {
        "quarter": quarter,
        "stratum": _named("s", stratum, 2),
        "psu": _named(f"{quarter}-p", point, 6),
        "weight": np.round(draw.lognormal(4, 0.5, size), 3),
        "area": _named("area-", stratum // STRATA_OF_AREA, 1),
    }
    for margin, categories in list(MARGINS.items())[1:]:
        shares = draw.dirichlet(np.full(categories, 8.0))
        columns[margin] = _named(f"{margin}-", draw.choice(categories, size, p=shares), 2)
    leaning = draw.normal(0, 0.4, points)[point]
    for number, measure in enumerate(MEASURES):
        share = 1 / (1 + np.exp(-(number - 3.5) / 2 - leaning))
        columns[measure] = (draw.random(size) < share).astype(np.int64)
    return pd.DataFrame(columns)


def _named(prefix: str, number: np.ndarray, digits: int) -> pd.Series:
    distinct = [f"{prefix}{n:0{digits}}" for n in range(int(number.max(initial=0)) + 1)]
    return pd.Series(distinct, dtype="str").take(number).reset_index(drop=True)


def _controls(draw: np.random.Generator, respondents: pd.DataFrame) -> pd.DataFrame:
    """Return totals that some response by category would have led away from."""
    people = respondents["weight"].to_numpy()
    for margin, categories in MARGINS.items():
        code = pd.factorize(respondents[margin], sort=True)[0]
        people = people * np.exp(draw.normal(0, 0.2, categories))[code]
    shares = [people / people.sum() for _ in MARGINS]
    frames = []
    for margin, share in zip(MARGINS, shares, strict=True):
        totals = pd.Series(share).groupby(respondents[margin]).sum() * POPULATION
        frames.append(
            pd.DataFrame({"margin": margin, "category": totals.index, "total": totals.to_numpy()})
        )
    return pd.concat(frames, ignore_index=True)
