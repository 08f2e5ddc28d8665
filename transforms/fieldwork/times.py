"""When interviews began, how long they took, and whether one person can have held them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.arrays import Flags, Floats, Ints, floats

QUARTERS = (0, 15, 30, 45)
"""The minutes that people write who note a time afterwards."""

A_DAY = 24 * 60
"""Minutes."""


def minutes_between(start: pd.Series, end: pd.Series) -> Floats:
    """Return minutes from start to end; NaN where one is missing."""
    return floats((end - start).dt.total_seconds() / 60)


def with_time(start: pd.Series) -> Flags:
    """Return which moments have a time of day: midnight is a date without one."""
    return np.asarray(start.notna() & (start != start.dt.normalize()), dtype=np.bool_)


def by_minute(start: pd.Series) -> Ints:
    """Return 60 counts: the interviews that began in each minute of the hour."""
    return np.bincount(start[with_time(start)].dt.minute.to_numpy(np.int64), minlength=60)


def faster_than(minutes: Floats, share: float) -> Flags:
    """Return which interviews took less than a share of the median time."""
    known = minutes[np.isfinite(minutes)]
    return minutes < share * np.median(known) if len(known) else np.zeros(len(minutes), np.bool_)


def gaps_before(start: pd.Series, minutes: Floats, interviewer: Ints) -> tuple[Floats, Ints]:
    """Return the minutes from the end of an interviewer's last interview, and which that was.

    The last: the one that began before, on the same day, and ended latest. NaN and −1 where there
    is none. Where the time it took is not known, an interview is taken to last a minute: two that
    begin in one minute overlap all the same.
    """
    rows = np.flatnonzero(with_time(start) & (interviewer >= 0))
    began = start.to_numpy()[rows].astype("datetime64[m]").astype(np.int64)
    lasted: Floats = np.maximum(np.nan_to_num(minutes[rows], nan=1.0), 1.0)
    order = np.lexsort((rows, began, interviewer[rows]))
    rows, began, lasted = rows[order], began[order], lasted[order]
    ended: Floats = began + lasted
    group = _numbered(interviewer[rows], began // A_DAY)
    latest = _latest(ended, group)
    gaps, last = np.full(len(start), np.nan), np.full(len(start), -1, dtype=np.int64)
    later = np.flatnonzero(group[1:] == group[:-1]) + 1
    gaps[rows[later]] = began[later] - ended[latest[later - 1]]
    last[rows[later]] = rows[latest[later - 1]]
    return gaps, last


def _numbered(who: Ints, day: Ints) -> Ints:
    """Return the number of each run of one interviewer's day, in sorted rows."""
    anew = (np.diff(who) != 0) | (np.diff(day) != 0)
    return np.concatenate([[0], np.cumsum(anew)])[: len(who)]


def _latest(ended: Floats, group: Ints) -> Ints:
    """Return the place of the latest end so far in each row's group."""
    if len(ended) == 0:
        return np.zeros(0, dtype=np.int64)
    within = ended - ended.min()
    key = within + group * (within.max() + 1)
    return np.maximum.accumulate(
        np.where(key == np.maximum.accumulate(key), np.arange(len(key)), 0)
    )
