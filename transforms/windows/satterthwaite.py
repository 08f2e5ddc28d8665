"""Degrees of freedom of a sum of independent variances."""

from __future__ import annotations

import numpy as np

from transforms.arrays import Floats


def satterthwaite(variances: Floats, dfs: Floats) -> Floats:
    """Return (Σv)²/Σ(v²/df) over the first axis; NaN where every variance is 0.

    `variances`, `dfs`: (parts × anything). A part without variance adds nothing, whatever its
    degrees of freedom; one with a variance and none leaves none. Satterthwaite (1946).
    """
    spread = variances > 0
    known = spread & (dfs > 0)
    parts = np.where(known, variances**2 / np.where(known, dfs, 1.0), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        df = variances.sum(axis=0) ** 2 / parts.sum(axis=0)
    return np.asarray(np.where((spread & ~known).any(axis=0), 0.0, df), dtype=np.float64)
