"""Intervals for a proportion that stay within 0 and 1, and for a mean that stay on its scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from transforms.arrays import Flags, Floats


@dataclass(frozen=True, slots=True)
class Interval:
    """Lower and upper ends, on the estimate's scale; NaN where no interval can be given."""

    lower: Floats
    upper: Floats


def korn_graubard(
    share: Floats, variance: Floats, n: Floats, kish_base: Floats, df: Floats, confidence: float
) -> Interval:
    """Return Clopper–Pearson ends at the design's effective base. Korn and Graubard (1998).

    n_e = min(n, [r(1 − r)/Var]·(t_{n−1}/t_df)²); at 0 and 1, where Var = 0, Kish's base replaces
    the bracket and the end is exactly 0 or 1. No interval where df < 1 or 0 < r < 1 has Var = 0.
    """
    tail = (1 - confidence) / 2
    usable = _usable(share, variance, df) & (n > 1)
    base = np.where(usable, _effective_sample(share, variance, n, kish_base, df, tail), 1.0)
    successes, failures = base * share, base * (1 - share)
    lower = special.betaincinv(np.where(share > 0, successes, 1.0), failures + 1, tail)
    upper = special.betaincinv(successes + 1, np.where(share < 1, failures, 1.0), 1 - tail)
    return _closed(share, np.asarray(lower), np.asarray(upper), usable)


def wilson(
    share: Floats, variance: Floats, n: Floats, kish_base: Floats, df: Floats, confidence: float
) -> Interval:
    """Return Wilson's score ends at the effective base of `korn_graubard`. Wilson (1927).

    (r + c/2 ± √(c·r(1 − r) + c²/4))/(1 + c), c = t²_{n−1}/n_e: uncapped, that is t²_df·Var/[r(1 −
    r)], so the degrees of freedom count once. Exact at 0 and 1; none where `korn_graubard` has
    none.
    """
    tail = (1 - confidence) / 2
    usable = _usable(share, variance, df) & (n > 1)
    base = np.where(usable, _effective_sample(share, variance, n, kish_base, df, tail), 1.0)
    c = _t(tail, n - 1) ** 2 / base
    half = np.sqrt(c * share * (1 - share) + c**2 / 4)
    lower, upper = (share + c / 2 - half) / (1 + c), (share + c / 2 + half) / (1 + c)
    return _closed(share, lower, upper, usable)


def logit(share: Floats, variance: Floats, df: Floats, confidence: float) -> Interval:
    """Return ends formed on the logit scale, t·SE/(r(1 − r)) around the logit of r.

    As R's `svyciprop(method = "logit")`; none at 0 and 1, where the logit has no value.
    """
    tail = (1 - confidence) / 2
    usable = _usable(share, variance, df) & (share > 0) & (share < 1)
    inside = np.where(usable, share, 0.5)
    half = _t(tail, df) * np.sqrt(variance) / (inside * (1 - inside))
    centre = np.log(inside / (1 - inside))
    lower, upper = _expit(centre - half), _expit(centre + half)
    return Interval(np.where(usable, lower, np.nan), np.where(usable, upper, np.nan))


def student(
    mean: Floats,
    variance: Floats,
    df: Floats,
    limits: tuple[Floats, Floats],
    confidence: float,
) -> Interval:
    """Return r ± t·SE, cut to the scale from `limits[0]` to `limits[1]` (methods §3).

    None where df < 1 or Var = 0: that everybody in a sample answered alike says nothing of how far
    others would have been from them.
    """
    usable = (df >= 1) & np.isfinite(mean) & (variance > 0)
    half = _t((1 - confidence) / 2, df) * np.sqrt(variance)
    lower, upper = np.maximum(mean - half, limits[0]), np.minimum(mean + half, limits[1])
    return Interval(np.where(usable, lower, np.nan), np.where(usable, upper, np.nan))


def _effective_sample(
    share: Floats, variance: Floats, n: Floats, kish_base: Floats, df: Floats, tail: float
) -> Floats:
    """Return n_e: the base of a simple random sample as informative as this one, at most n."""
    extreme = (share == 0) | (share == 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        bracket = np.where(extreme, kish_base, share * (1 - share) / variance)
    return np.minimum(n, bracket * (_t(tail, n - 1) / _t(tail, df)) ** 2)


def _closed(share: Floats, lower: Floats, upper: Floats, usable: Flags) -> Interval:
    """Return the ends, exact at a share of 0 or 1; none where not `usable`."""
    lower, upper = np.where(share == 0, 0.0, lower), np.where(share == 1, 1.0, upper)
    return Interval(np.where(usable, lower, np.nan), np.where(usable, upper, np.nan))


def _usable(share: Floats, variance: Floats, df: Floats) -> Flags:
    extreme = (share == 0) | (share == 1)
    usable: Flags = (df >= 1) & np.isfinite(share) & (extreme | (variance > 0))
    return usable


def _t(tail: float, df: Floats) -> Floats:
    """Return the upper t quantile; at df below 1 that of 1, which callers never use."""
    return np.asarray(special.stdtrit(np.maximum(df, 1.0), 1 - tail), dtype=np.float64)


def _expit(value: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-value)), dtype=np.float64)
