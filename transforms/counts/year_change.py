"""A year's count beside the year before: is the change larger than such counts usually show.

Two counts are compared as the logarithm of their ratio. Were they Poisson, its variance would be
1/now + 1/before; records vary more, so the variance is φ times that (quasi-likelihood: McCullagh &
Nelder 1989, section 6.2). φ is the mean of the squared changes between earlier years that follow
each other, each divided by its own Poisson variance: von Neumann's (1941) successive differences.
Whole years have every season once, so a seasonal pattern drops out; what one quarter shares with
the next, and a slow drift, are in the changes between years as they are in the one judged.

Neighbouring changes share a year, so they are correlated by −1/2; the statistic is judged by its
exact distribution under that correlation, of normal changes. The test and the interval are never
less cautious than those of Poisson counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import exp, log, pi, sin, sqrt

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import chi2, norm

FEWEST_CHANGES = 3
"""Earlier changes from one year to the next below which their size is not known."""
FEWEST_COUNT = 20
"""A smaller yearly count is not compared: the logarithm of its ratio is not nearly normal."""
LARGEST_RATIO = 1e6
"""Between the square of a judged change and the mean square of earlier ones: beyond it p is 0."""

Runs = tuple[int, ...]
"""How many changes follow each other, in each stretch of years."""


@dataclass(frozen=True, slots=True)
class UsualChange:
    """How much yearly counts change from one year to the next, relative to Poisson counts.

    `dispersion`: φ, 1 for Poisson counts. `runs`: the changes it is the mean of, by stretch.
    """

    dispersion: float
    runs: Runs

    @property
    def changes(self) -> int:
        """How many changes it is the mean of."""
        return sum(self.runs)


@dataclass(frozen=True, slots=True)
class YearChange:
    """A year's count over that of the year before, with an interval and a two-sided p."""

    ratio: float
    ci_lower: float
    ci_upper: float
    p_value: float


def usual_change(years: Sequence[Sequence[float]]) -> UsualChange | None:
    """Return the usual change between years; None where there are too few, or a count is zero.

    `years`: the counts of whole years that follow each other, one sequence a stretch.
    """
    held = [stretch for stretch in years if len(stretch) > 1]
    runs = tuple(len(stretch) - 1 for stretch in held)
    if sum(runs) < FEWEST_CHANGES or any(count <= 0 for stretch in held for count in stretch):
        return None
    squares = [
        log(later / earlier) ** 2 / (1 / later + 1 / earlier)
        for stretch in held
        for earlier, later in pairwise(stretch)
    ]
    return UsualChange(sum(squares) / len(squares), runs)


def year_change(now: float, before: float, usual: UsualChange, level: float) -> YearChange:
    """Return the change between two counts above zero; `level`: of the interval, such as 0.95."""
    change, poisson = log(now / before), sqrt(1 / now + 1 / before)
    squared = (change / poisson) ** 2
    p_value = max(_tail(squared, usual), float(chi2.sf(squared, 1)))
    wide = sqrt(critical_ratio(usual.runs, 1 - level) * usual.dispersion)
    half = max(wide, float(norm.ppf((1 + level) / 2))) * poisson
    return YearChange(exp(change), exp(change - half), exp(change + half), p_value)


def _tail(squared: float, usual: UsualChange) -> float:
    if squared == 0:
        return 1.0
    if usual.dispersion * LARGEST_RATIO <= squared:
        return 0.0
    return tail_probability(usual.runs, squared / usual.dispersion)


@cache
def critical_ratio(runs: Runs, alpha: float) -> float:
    """Return the ratio that is exceeded with probability `alpha` where nothing has changed."""
    return float(
        brentq(lambda ratio: tail_probability(runs, ratio) - alpha, 1e-6, LARGEST_RATIO, xtol=1e-9)
    )


def tail_probability(runs: Runs, ratio: float) -> float:
    """Return the probability that z² exceeds `ratio` times the mean of the squared changes.

    z is standard normal and independent of the changes, which are standard normal too, those of a
    run correlated by −1/2 with their neighbours. The mean is then a sum of independent χ² of one
    degree of freedom, each with a weight, and P(|z| > x) = 2/π ∫ exp(−x²/2sin²θ) dθ from 0 to π/2
    (Craig 1991), whose expectation over the χ² is a product.
    """
    weights = ratio / sum(runs) * _eigenvalues(runs)

    def integrand(angle: float) -> float:
        square = sin(angle) ** 2
        return float(np.prod(np.sqrt(square / (square + weights))))

    total, _ = quad(integrand, 0, pi / 2, epsabs=1e-12, epsrel=1e-10, limit=200)
    return min(1.0, float(total) * 2 / pi)


def _eigenvalues(runs: Runs) -> np.ndarray:
    """Return those of the changes' correlation matrix: 1 on the diagonal, −1/2 beside it."""
    return np.concatenate([1 - np.cos(np.arange(1, n + 1) * pi / (n + 1)) for n in runs])
