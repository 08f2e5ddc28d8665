"""What is kept of a simulated survey: counts survey by survey, and sums over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.arrays import Floats, Ints

Counts = npt.NDArray[np.uint8]
"""Small counts; the same shape from every survey."""


@dataclass(frozen=True, slots=True)
class SurveyFigures:
    """Some surveys' figures.

    `counts`: kept survey by survey, which is their first dimension. `sums`: over the surveys.
    """

    counts: Mapping[str, Counts]
    sums: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share found in the simulation, its Monte Carlo standard error, and out of how many."""

    value: float
    error: float
    count: int


def collected(figures: Iterable[SurveyFigures]) -> SurveyFigures:
    """Return the figures of all surveys, in the order in which they come."""
    every = list(figures)
    first = every[0]
    return SurveyFigures(
        {name: np.concatenate([one.counts[name] for one in every]) for name in first.counts},
        {name: _added([one.sums[name] for one in every]) for name in first.sums},
    )


def rate(having: npt.NDArray[np.integer], out_of: npt.NDArray[np.integer]) -> Rate:
    """Return Σhaving/Σout_of, each (surveys × anything); NaN where nothing was counted.

    Surveys are independent, what is counted within one is not: the standard error is that of a
    ratio of the surveys' sums (Cochran 1977, §6.4).
    """
    above, below = of_surveys(having), of_surveys(out_of)
    surveys, total = len(above), int(below.sum())
    if not total:
        return Rate(np.nan, np.nan, 0)
    value = float(above.sum() / total)
    spread = surveys / max(surveys - 1, 1) * float(((above - value * below) ** 2).sum())
    return Rate(value, float(np.sqrt(spread) / total), total)


def mean_of(values: Floats) -> Rate:
    """Return the mean of one value a survey, with its standard error."""
    surveys = len(values)
    error = float(values.std(ddof=1) / np.sqrt(surveys)) if surveys > 1 else np.nan
    return Rate(float(values.mean()), error, surveys)


def of_surveys(counts: npt.NDArray[np.integer]) -> Ints:
    """(surveys,) sums of counts, (surveys × anything)."""
    return np.asarray(counts.reshape(len(counts), -1).sum(axis=1), dtype=np.int64)


def _added(parts: list[Floats]) -> Floats:
    total = np.zeros_like(parts[0])
    for part in parts:
        total = total + part
    return total
