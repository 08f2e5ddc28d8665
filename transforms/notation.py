"""How numbers and dates are spelt in text: with a point or a comma, and which part comes first.

Nothing heavy is imported: the process that reads a supplier's file uses this too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from datetime import datetime
from typing import Literal

DecimalSign = Literal["point", "comma"]
"""What stands between a number's whole part and its fraction."""

DateOrder = Literal["year_first", "day_first", "month_first"]
"""Which part of a date comes first: 2026-04-30, 30/04/2026 or 04/30/2026."""

FIRST_INEXACT = 2**53
"""From here on two whole numbers can be one floating-point number."""

_WHOLE = re.compile(r"[+-]?[0-9]+")
_FILLED_WITH_ZEROS = re.compile(r"[+-]?0[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_YEAR_FIRST = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?"
)
_YEAR_LAST = re.compile(
    r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})"
    r"(?: ([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?"
)


def number_in(text: str, decimal: DecimalSign = "point") -> float | None:
    """Return the finite number that `text` spells with that decimal sign, None where it is none.

    With a comma, a point is no part of a number: 1.234 could be a thousand or a fraction.
    """
    spelt = text.strip()
    if decimal == "comma":
        if "." in spelt:
            return None
        spelt = spelt.replace(",", ".", 1)
    if not _NUMBER.fullmatch(spelt):
        return None
    number = float(spelt)
    return number if math.isfinite(number) else None


def all_numbers(texts: Collection[str], decimal: DecimalSign = "point") -> bool:
    """True where each text is a number, and as numbers they say the same as they do as text.

    Not so where a number is filled up with zeros (007 is a name), and where a whole number is too
    long to be held exactly.
    """
    if any(_FILLED_WITH_ZEROS.fullmatch(text) for text in texts):
        return False
    if any(number_in(text, decimal) is None for text in texts):
        return False
    return all(abs(float(text)) < FIRST_INEXACT for text in texts if _WHOLE.fullmatch(text))


def date_in(text: str, order: DateOrder = "year_first") -> datetime | None:
    """Return the date, with its time, that `text` spells; None where it is none.

    A date with its year first is understood whatever the order; one with its year last only where
    the order says which of the others is the day. Years have four digits.
    """
    spelt = text.strip()
    try:
        if _YEAR_FIRST.fullmatch(spelt):
            return datetime.fromisoformat(spelt)
        found = _YEAR_LAST.fullmatch(spelt)
        if found is None or order == "year_first":
            return None
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        day, month = (first, second) if order == "day_first" else (second, first)
        hour, minute, seconds = (int(part or 0) for part in found.groups()[4:])
        return datetime(year, month, day, hour, minute, seconds)
    except ValueError:
        return None
