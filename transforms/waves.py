"""Waves: one period of fieldwork each, and their order in time."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict

QUARTER_NAME = re.compile(r"^(?P<year>\d{4})-Q(?P<quarter>[1-4])$")


class Wave(BaseModel):
    """One wave: its name and the first and last day of its fieldwork."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    start: date
    end: date

    @property
    def is_quarter(self) -> bool:
        """True where the wave is named as a calendar quarter, such as 2026-Q2."""
        return QUARTER_NAME.match(self.name) is not None

    def covers(self, day: date) -> bool:
        """True where `day` lies within the fieldwork period."""
        return self.start <= day <= self.end


def quarter(name: str) -> Wave:
    """Return the calendar quarter called `name` (2026-Q2: 1 April to 30 June 2026)."""
    matched = QUARTER_NAME.match(name)
    if matched is None:
        raise ValueError(f"{name!r} is not a calendar quarter; write it like 2026-Q2")
    year, number = int(matched["year"]), int(matched["quarter"])
    start = date(year, 3 * number - 2, 1)
    after = date(year + 1, 1, 1) if number == 4 else date(year, 3 * number + 1, 1)
    return Wave(name=name, start=start, end=after - timedelta(days=1))


def quarter_of_year(name: str) -> str:
    """Return Q1, Q2, Q3 or Q4 of a calendar quarter; another wave's name as it is."""
    matched = QUARTER_NAME.match(name)
    return f"Q{matched['quarter']}" if matched else name


def shift_quarter(name: str, by: int) -> str:
    """Return the name of the quarter `by` quarters after `name` (before, where negative)."""
    matched = QUARTER_NAME.match(name)
    if matched is None:
        raise ValueError(f"{name!r} is not a calendar quarter; write it like 2026-Q2")
    index = int(matched["year"]) * 4 + int(matched["quarter"]) - 1 + by
    return f"{index // 4}-Q{index % 4 + 1}"


def quarters(first: str, last: str) -> tuple[Wave, ...]:
    """Return every calendar quarter from `first` to `last`, in order."""
    names = [first]
    while names[-1] != last:
        names.append(shift_quarter(names[-1], 1))
        if names[-1] > last:
            raise ValueError(f"the first quarter, {first}, is after the last, {last}")
    return tuple(quarter(name) for name in names)
