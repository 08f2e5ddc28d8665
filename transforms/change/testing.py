"""The test of a difference: two-sided, its interval, and what it could have found."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import stats

from transforms.arrays import Floats
from transforms.windows import Differences, Score, plain_score

FEWEST = 5
"""Fewest respondents on each side of a share, in both figures, for a test (methods §4)."""
POWER = 0.8
"""The detectable change is the one found in four surveys out of five."""


def tested(
    found: Differences, limits: tuple[Floats, Floats], confidence: float
) -> Mapping[str, Floats]:
    """Return standard error, df, interval and p of each difference, (cells,) each.

    t = D/√Var₀, with Var₀ the variance where nothing differs; the interval holds every δ for which
    |D − δ| ≤ t·√Var_δ, so that it leaves 0 out just where p is below 1 − `confidence`. Without a
    score both are the estimated variance, and the interval is D ± t·SE. NaN where there is nothing
    to test: no variance, or df below 1. `limits`: the lowest and the highest value that each
    cell's figure can have; the interval stays within their distance.
    """
    error = np.sqrt(found.variance)
    usable = (error > 0) & (found.df >= 1)
    df = np.where(usable, found.df, 1.0)
    score = found.score or plain_score(found.variance)
    statistic = np.abs(found.difference) / np.sqrt(np.where(usable, score.at_zero, 1.0))
    width = limits[1] - limits[0]
    quantile = np.asarray(stats.t.ppf(1 - (1 - confidence) / 2, df), dtype=np.float64)
    ends = np.clip(_ends(found.difference, score, quantile), -width, width)
    return {
        "standard_error": error,
        "df": np.where(usable, found.df, np.nan),
        "ci_lower": np.where(usable, ends[0], np.nan),
        "ci_upper": np.where(usable, ends[1], np.nan),
        "p_value": np.where(usable, 2 * stats.t.sf(statistic, df), np.nan),
    }


def _ends(difference: Floats, score: Score, quantile: Floats) -> tuple[Floats, Floats]:
    """Return the roots δ of (D − δ)² = t²·Var_δ."""
    square = quantile**2
    curve = score.square * (square * score.at_zero - difference**2)
    inside = score.at_zero + score.linear * difference + square * score.linear**2 / 4 + curve
    centre, half = difference + square * score.linear / 2, quantile * np.sqrt(inside)
    scale = 1 + square * score.square
    return (centre - half) / scale, (centre + half) / scale


def detectable_change(standard_error: Floats, df: Floats, significance_level: Floats) -> Floats:
    """Return the true change found in four surveys out of five: (t_{1−α/2} + t_{0.8})·SE.

    `significance_level`: α, or α/m in a family of m. NaN where df is below 1 or unknown.
    """
    usable = df >= 1
    known = np.where(usable, df, 1.0)
    quantiles = stats.t.ppf(1 - significance_level / 2, known) + stats.t.ppf(POWER, known)
    return np.asarray(np.where(usable, quantiles * standard_error, np.nan), dtype=np.float64)
