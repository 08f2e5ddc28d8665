"""R's numbers and ours, row by row: compared, or left out for a reason."""

from functools import cache

import numpy as np
import pandas as pd

from reference import crime, published, replicated, schools
from reference.left_out import reason_of
from reference.rows import KEY, Key, expected_rows

TOLERANCE = 1e-8
"""Relative."""
NEAR_ZERO = 1e-12
"""Absolute, of anything but a p value: differences below it are rounding."""


@cache
def agreement() -> pd.DataFrame:
    """Return every row of R's with `ours`, `compared`, `reason` left out, `relative` difference."""
    rows = expected_rows()
    found = our_numbers()
    keys = [tuple(key) for key in rows[KEY].itertuples(index=False)]
    ours = np.array([found.get(key, np.nan) for key in keys], dtype=float)
    return rows.assign(
        ours=ours,
        compared=[key in found for key in keys],
        reason=[reason_of(key) for key in keys],
        relative=_relative(ours, rows),
    )


def our_numbers() -> dict[Key, float]:
    """Return every number of ours by R's key; raise where two differ on one key."""
    found: dict[Key, float] = {}
    for part in (schools, replicated, crime, published):
        for key, value in part.found():
            assert key not in found, f"{key} is computed twice"
            found[key] = value
    return found


def _relative(ours: np.ndarray, rows: pd.DataFrame) -> np.ndarray:
    wanted = rows["value"].to_numpy()
    gap = np.abs(ours - wanted)
    near = (gap <= NEAR_ZERO) & ~rows["statistic"].str.match(r"p$|p_")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(near | (gap == 0), 0.0, gap / np.abs(wanted))
