"""Periods of records: a month, a calendar quarter or a calendar year, and years made of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from transforms.wording import MONTHS

Every = Literal["month", "quarter", "year"]

PER_YEAR: dict[Every, int] = {"month": 12, "quarter": 4, "year": 1}
"""Periods in a year."""
EXAMPLES: dict[Every, str] = {"month": "2026-04", "quarter": "2026-Q2", "year": "2026"}
_PATTERNS: dict[Every, re.Pattern[str]] = {
    "month": re.compile(r"(\d{4})-(0[1-9]|1[0-2])"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "year": re.compile(r"(\d{4})()"),
}


@dataclass(frozen=True, slots=True, order=True)
class RecordPeriod:
    """One period, or `length` of them that follow each other and end with it.

    `index`: periods since the year 0, so that the next one's is one more.
    """

    every: Every
    index: int
    length: int = 1

    @property
    def name(self) -> str:
        """Its name: 2026-04, 2026-Q2 or 2026; of several the first and the last, with a slash."""
        last = _name(self.every, self.index)
        first = _name(self.every, self.index - self.length + 1)
        return last if self.length == 1 else f"{first}/{last}"

    @property
    def start(self) -> date:
        """Its first day."""
        return _first_day(self.every, self.index - self.length + 1)

    @property
    def end(self) -> date:
        """Its last day."""
        return _first_day(self.every, self.index + 1) - timedelta(days=1)

    @property
    def words(self) -> str:
        """Its name in words, to follow "in": "the year to March 2023", "April to June 2023"."""
        first, last = MONTHS[self.start.month - 1], MONTHS[self.end.month - 1]
        if self.length == PER_YEAR[self.every]:
            return f"the year to {last} {self.end.year}"
        same = first == last and self.start.year == self.end.year
        return f"{last} {self.end.year}" if same else f"{first} to {last} {self.end.year}"

    def year(self) -> RecordPeriod:
        """Return the year that ends with this period."""
        return RecordPeriod(self.every, self.index, PER_YEAR[self.every])

    def before(self) -> RecordPeriod:
        """Return the period of the same length just before, without a shared part."""
        return RecordPeriod(self.every, self.index - self.length, self.length)

    @property
    def indices(self) -> range:
        """The index of each single period in it."""
        return range(self.index - self.length + 1, self.index + 1)


def record_period(name: str, every: Every) -> RecordPeriod | None:
    """Return the period of this name; None where no month, quarter or year is written so."""
    matched = _PATTERNS[every].fullmatch(name)
    if matched is None or int(matched[1]) == 0:
        return None
    return RecordPeriod(every, int(matched[1]) * PER_YEAR[every] + int(matched[2] or 1) - 1)


def record_days(name: str) -> tuple[date, date]:
    """Return the first and the last day of a period of that name: 2026-Q2, or 2026-Q2/2027-Q1."""
    first, _, last = name.partition("/")
    ends = [_known(part) for part in (first, last or first)]
    return ends[0].start, ends[1].end


def _known(name: str) -> RecordPeriod:
    periods = (record_period(name, every) for every in PER_YEAR)
    return next(period for period in periods if period is not None)


def _name(every: Every, index: int) -> str:
    year, place = divmod(index, PER_YEAR[every])
    ending = {"month": f"-{place + 1:02}", "quarter": f"-Q{place + 1}", "year": ""}
    return f"{year:04}{ending[every]}"


def _first_day(every: Every, index: int) -> date:
    year, place = divmod(index, PER_YEAR[every])
    return date(year, 1 + place * 12 // PER_YEAR[every], 1)
