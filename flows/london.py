"""Moments in Europe/London: where embargoes end, and what day it is there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from transforms.errors import StorageError, UsageError

ZONE = "Europe/London"
WRITTEN = "%Y-%m-%d %H:%M"


def embargo_moment(written: str) -> datetime:
    """Return the moment written as "2026-08-06 09:30" in London, in UTC.

    The later of two where clocks go back; UsageError where they go forward and there is none.
    """
    try:
        local = datetime.strptime(written.strip().replace("T", " "), WRITTEN)
    except ValueError:
        raise UsageError(
            f"--embargo: '{written}' is not a moment.",
            expected="a day and a time in London, such as '2026-08-06 09:30'.",
            remedy="write it so, in quotes.",
        ) from None
    moment = local.replace(tzinfo=_zone(), fold=1).astimezone(UTC)
    if moment.astimezone(_zone()).replace(tzinfo=None) != local:
        raise UsageError(
            f"--embargo: there is no {written} in London: clocks go forward over it.",
            remedy="choose an hour later.",
        )
    return moment


def london_day(moment: datetime) -> date:
    """Return the day that it is in London at a moment."""
    return moment.astimezone(_zone()).date()


def london_words(moment: datetime) -> str:
    """Return a moment as a person in London writes it: "2026-08-06 09:30"."""
    return moment.astimezone(_zone()).strftime(WRITTEN)


def _zone() -> ZoneInfo:
    try:
        return ZoneInfo(ZONE)
    except ZoneInfoNotFoundError:
        pass
    raise StorageError(
        f"This machine does not know the time in {ZONE}.",
        remedy="install its time zones: `pip install tzdata`, or the system's package tzdata.",
    )
