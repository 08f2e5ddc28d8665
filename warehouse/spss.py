"""What the SPSS format asks of a file: names, the length of labels, missing codes, a date."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

FILE_LABEL_BYTES, VARIABLE_LABEL_BYTES, VALUE_LABEL_BYTES = 64, 255, 120
"""The longest labels the format holds."""
NAME_BYTES: Final = 64
MISSING_VALUES: Final = 3
"""The most values that are declared missing one by one."""

RESERVED: Final = frozenset(
    {"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"}
)
"""Words of the command language: no variable can have one as its name."""

_NOT_IN_A_NAME: Final = re.compile(r"[^\w.@#$]")
_CREATION: Final = slice(92, 109)
"""Where a file says when it was made: nine bytes of date, eight of time."""
_MONTHS: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"

Range = Mapping[str, float]
"""Values declared missing: from `lo` to `hi`."""


def cut(text: str, size: int) -> str:
    """Return as much of the text as `size` bytes hold, no letter in halves."""
    return text.encode()[:size].decode(errors="ignore")


def dated(content: bytes, day: date) -> bytes:
    """Return a file's bytes with its moment of creation set to the beginning of `day`."""
    header = bytearray(content)
    month = _MONTHS[3 * day.month - 3 : 3 * day.month]
    header[_CREATION] = f"{day.day:02} {month} {day.year % 100:02}00:00:00".encode()
    return bytes(header)


def variable_names(names: Iterable[str]) -> dict[str, str]:
    """Return a variable's name for each of `names`: itself wherever the format allows it.

    A name begins with a letter, is 64 bytes at most, none of the reserved words, and no other
    name's in capitals.
    """
    found: dict[str, str] = {}
    taken = set(RESERVED)
    for name in names:
        found[name] = _free(_allowed(name), taken)
        taken.add(found[name].upper())
    return found


def _allowed(name: str) -> str:
    letters = _NOT_IN_A_NAME.sub("_", name)
    letters = letters if letters[:1].isalpha() else f"v{letters}"
    return cut(letters, NAME_BYTES).rstrip("._")


def _free(name: str, taken: Collection[str]) -> str:
    tried, number = name, 1
    while tried.upper() in taken:
        number += 1
        tried = f"{cut(name, NAME_BYTES - len(f'_{number}'))}_{number}"
    return tried


def missing_ranges(missing: Collection[float], valid: Collection[float]) -> Sequence[Range] | None:
    """Return how the codes `missing` are declared so; None where the format cannot.

    It holds three values, or a range and one value. No code in `valid` is in the range.
    """
    codes = sorted(set(missing))
    if len(codes) <= MISSING_VALUES:
        return [{"lo": code, "hi": code} for code in codes]
    for alone, rest in ((None, codes), (codes[0], codes[1:]), (codes[-1], codes[:-1])):
        if not any(rest[0] <= one <= rest[-1] for one in valid) and alone not in valid:
            ends = [{"lo": rest[0], "hi": rest[-1]}]
            return ends if alone is None else [*ends, {"lo": alone, "hi": alone}]
    return None
