"""The codes of an item in a wave, as numbers with labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite

import duckdb

CODES = """
    SELECT code, label, missing_reason FROM ref.code WHERE wave = ? AND item = ?
    ORDER BY try_cast(code AS DOUBLE), code
"""


@dataclass(frozen=True, slots=True)
class Codes:
    """What an item's answers are as numbers.

    `valid`: by code as text; `missing`: by reason; `labels`: of every number. `renumbered`: the
    supplier's codes are no numbers, and these are their places in the alphabet.
    """

    valid: Mapping[str, float]
    missing: Mapping[str, float]
    labels: Mapping[float, str]
    renumbered: bool = False


def codes_of(connection: duckdb.DuckDBPyConnection, wave: str, item: str) -> Codes:
    """Return the codes of an item in a wave.

    Codes of one missing reason cannot be told apart in the warehouse: they are the first of them.
    """
    held = connection.execute(CODES, [wave, item]).fetchall()
    numbers = _numbers(code for code, _, _ in held)
    missing: dict[str, float] = {}
    labels: dict[float, str] = {}
    for code, label, reason in held:
        number = numbers[code] if reason is None else missing.setdefault(reason, numbers[code])
        labels[number] = f"{labels[number]}, or: {label}" if number in labels else label
    valid = {code: numbers[code] for code, _, reason in held if reason is None}
    renumbered = any(_number(code) is None for code in numbers)
    return Codes(valid, missing, labels, renumbered)


def _numbers(codes: Iterable[str]) -> dict[str, float]:
    """Return each code's number; where one has none, the places of all, from 1."""
    parsed = {code: _number(code) for code in codes}
    if None in parsed.values() or len(set(parsed.values())) < len(parsed):
        return {code: float(place) for place, code in enumerate(parsed, 1)}
    return {code: number for code, number in parsed.items() if number is not None}


def _number(code: str) -> float | None:
    try:
        number = float(code)
    except ValueError:
        return None
    return number if isfinite(number) else None
