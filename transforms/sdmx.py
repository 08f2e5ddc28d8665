"""Periods as SDMX writes them: a quarter by its name, any other by its first day and length."""

from __future__ import annotations

from datetime import date, timedelta

from transforms.waves import QUARTER_NAME


def time_period(name: str, start: date, end: date) -> str:
    """Return a period for a column TIME_PERIOD: "2027-Q2", "2027-04-01/P1Y", "2027-04-05/P80D".

    Source: SDMX 3.0, section 6: ReportingQuarter (of calendar years) and TimeRange.
    """
    return name if QUARTER_NAME.match(name) else f"{start.isoformat()}/{_length(start, end)}"


def _length(start: date, end: date) -> str:
    """Return the ISO 8601 duration from the first day to the last: years, months or days."""
    after = end + timedelta(days=1)
    months = 12 * (after.year - start.year) + after.month - start.month
    if after.day != start.day or months == 0:
        return f"P{(after - start).days}D"
    return f"P{months}M" if months % 12 else f"P{months // 12}Y"
