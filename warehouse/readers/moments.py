"""Dates as statistical programs store them: numbers since a day of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from warehouse.readers.columns import MOMENT

Numbers = npt.NDArray[np.float64]

DAY = 86_400.0
YEAR_1 = np.datetime64("0001-01-01", "us")
YEAR_10000 = np.datetime64("10000-01-01", "us")


@dataclass(frozen=True, slots=True)
class Calendar:
    """A program's first moment, which formats are dates, and how many seconds a unit of each is.

    `first`: the earliest moment that is a date.
    """

    epoch: np.datetime64
    formats: tuple[tuple[re.Pattern[str], float], ...]
    first: np.datetime64

    def seconds_in(self, said: str | None) -> float | None:
        """Return how many seconds a unit is in the format `said`; None where it is no date's."""
        found = (seconds for pattern, seconds in self.formats if pattern.match(said or ""))
        return next(found, None)


SPSS = Calendar(
    np.datetime64("1582-10-14", "us"),
    ((re.compile(r"(DATE|ADATE|EDATE|JDATE|SDATE|DATETIME|YMDHMS)[0-9.]*$"), 1.0),),
    np.datetime64("1582-10-15", "us"),
)
"""Seconds; the first day of the Gregorian calendar is the first that is a date."""

STATA = Calendar(
    np.datetime64("1960-01-01", "us"),
    (
        (re.compile(r"%-?t[cC](?!HH:MM)"), 0.001),
        (re.compile(r"%-?t?d"), DAY),
    ),
    YEAR_1,
)
"""Days (%td, %d) or milliseconds (%tc); of the latter a mere time of day is none."""

_SAS_DAYS = (
    "DATE|DAY|DDMMYY[BCDNPS]?|MMDDYY[BCDNPS]?|YYMMDD[BCDNPS]?|YYMON|MONYY|JULIAN|WEEKDATE|WEEKDATX"
    "|WORDDATE|WORDDATX|E8601DA|B8601DA|IS8601DA|EURDFDD|NENGO|MINGUO"
)
_SAS_SECONDS = "DATETIME|DATEAMPM|MDYAMPM|E8601DT|B8601DT|IS8601DT|DTDATE|EURDFDT"
SAS = Calendar(
    np.datetime64("1960-01-01", "us"),
    (
        (re.compile(rf"({_SAS_SECONDS})[0-9.]*$"), 1.0),
        (re.compile(rf"({_SAS_DAYS})[0-9.]*$"), DAY),
    ),
    np.datetime64("1582-01-01", "us"),
)
"""Days or seconds, by the format's name."""


def as_dates(numbers: Numbers, calendar: Calendar, said: str | None) -> pa.Array:
    """Return numbers in the format `said` as dates; as they are where one is no date up to 9999."""
    unit = calendar.seconds_in(said)
    known = numbers[~np.isnan(numbers)]
    if unit is None or not _possible(known * unit, calendar):
        return pa.array(numbers)
    since_epoch = np.full(len(numbers), np.timedelta64("NaT"), dtype="timedelta64[us]")
    # Seconds and their fraction apart: together in microseconds they exceed a float's 53 bits.
    fraction, whole = np.modf(known * unit)
    microseconds = whole.astype(np.int64) * 1_000_000 + np.rint(fraction * 1e6).astype(np.int64)
    since_epoch[~np.isnan(numbers)] = microseconds.astype("timedelta64[us]")
    return pa.array(calendar.epoch + since_epoch, MOMENT)


def _possible(seconds: Numbers, calendar: Calendar) -> bool:
    lowest, highest = (
        float((end - calendar.epoch) / np.timedelta64(1, "s"))
        for end in (calendar.first, YEAR_10000)
    )
    return bool(np.all((seconds >= lowest) & (seconds < highest)))
