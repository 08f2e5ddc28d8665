"""The variance of a difference where the true one is given: what a score test and interval need.

A share's estimated variance falls and rises with the share. Where one side of a difference is a
small sample and the other a large one, or known, nothing evens that out: a rare answer seen too
seldom looks surely rarer than it is. Each side is therefore given the variance of the share it
would have under the hypothesis, at its own effective base (Mee 1984; Wilson 1927 where the other
side is known; Korn and Graubard 1998 for the base).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.arrays import Flags, Floats


@dataclass(frozen=True, slots=True)
class Score:
    """Var(D) where the true difference is δ: at_zero + linear·δ − square·δ²; (cells,) each."""

    at_zero: Floats
    linear: Floats
    square: Floats


def plain_score(variance: Floats) -> Score:
    """Return the variance as it is estimated, whatever the true difference."""
    return Score(variance, np.zeros_like(variance), np.zeros_like(variance))


def score_where(usable: Flags, score: Score, variance: Floats) -> Score:
    """Return the score where it is usable, elsewhere the variance as it is estimated."""
    held = usable & (score.at_zero > 0)
    return Score(
        at_zero=np.where(held, score.at_zero, variance),
        linear=np.where(held, score.linear, 0.0),
        square=np.where(held, score.square, 0.0),
    )


def score_of(
    shares: tuple[Floats, Floats], parts: Floats, weight: Floats, further: Floats
) -> Score:
    """Return Var(D) of a difference of two shares, D = r₁ − r₂, by the true one.

    `parts`: (2 × cells) each side's 1/effective base. `weight`: the first side's part of the two
    together, whose joint share r₀ stays as it is, so that δ makes the shares r₀ + (1 − weight)·δ
    and r₀ − weight·δ; 0 leaves the second side's as it is. `further`: added whatever δ is, such as
    −2·Cov(r₁, r₂).
    """
    own, other = weight, 1 - weight
    joint = own * shares[0] + other * shares[1]
    return Score(
        at_zero=joint * (1 - joint) * (parts[0] + parts[1]) + further,
        linear=(1 - 2 * joint) * (other * parts[0] - own * parts[1]),
        square=other**2 * parts[0] + own**2 * parts[1],
    )


def per_effective_base(totals: pd.DataFrame, share: Floats, variance: Floats) -> Floats:
    """(rows,) 1/n_e with n_e = min(n, r(1 − r)/Var): Kish's base where r is 0 or 1.

    `totals`: rows as `window_totals` gives them, with respondents.
    """
    n, x, squares = (totals[name].to_numpy(dtype=np.float64) for name in ("n", "x", "sum_w2"))
    inside = share * (1 - share)
    certain = inside <= 0
    estimated = variance / np.where(certain, 1.0, inside)
    return np.where(certain, squares / x**2, np.maximum(estimated, 1 / n))
