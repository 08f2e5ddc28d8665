"""Numbers and days that stand for others: rounded ages, dates filled in afterwards."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.arrays import Flags, Floats, Ints

WIDE = 30
"""How far whole numbers spread, at least, for their last digits to say how they were noted."""

ROUND = (0, 5)
"""The last digits that people prefer (Shryock and Siegel 1971 on ages)."""


def last_digits(numbers: Floats) -> Ints | None:
    """Return the last digit of each whole number, −1 elsewhere; None where they do not spread."""
    whole = np.isfinite(numbers) & (numbers == np.round(numbers))
    if not whole.any() or np.ptp(numbers[whole]) < WIDE:
        return None
    digits = np.full(len(numbers), -1, dtype=np.int64)
    digits[whole] = np.abs(numbers[whole]).astype(np.int64) % 10
    return digits


def on_busiest_day(dates: pd.Series) -> Flags:
    """Return which interviews were held on the day with the most, the first of several."""
    days = dates.dt.normalize()
    most = days.value_counts(sort=False).sort_index().idxmax()
    return np.asarray(days == most, dtype=np.bool_)
