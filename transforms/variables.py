"""A return's columns: found by name, their cells matched to what an item declares."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from transforms.catalogue import BoundItem, CodeValue, MissingReason
from transforms.notation import DecimalSign, date_in, number_in
from transforms.responses import RawReturn

Cell = float | str | datetime
"""A cell that is not empty, as read."""

Answer = CodeValue | float | datetime
"""A valid answer: a code, a number, a date, or an identifier as text."""

_WHOLE_NUMBER = re.compile(r"0*([0-9]+?)(?:\.0*)?")


@dataclass(frozen=True, slots=True)
class DecodedItem:
    """An item's cells, each exactly one of: valid answer, declared missing, empty, unknown.

    `answers`: Int64 or str (codes), float64, datetime64 or str (identifiers), NA where there is no
    valid answer. `reasons`: MissingReason values, NA where no missing code stands. `empty` and
    `unknown` (neither valid nor declared missing): 1D bool arrays.
    """

    item: BoundItem
    answers: pd.Series
    reasons: pd.Series
    empty: npt.NDArray[np.bool_]
    unknown: npt.NDArray[np.bool_]

    def only(self, rows: npt.NDArray[np.bool_]) -> DecodedItem:
        """Return the item on the rows where `rows` is true, numbered from 0."""
        return DecodedItem(
            self.item,
            self.answers[rows].reset_index(drop=True),
            self.reasons[rows].reset_index(drop=True),
            self.empty[rows],
            self.unknown[rows],
        )


def column_of(raw: RawReturn, variable: str) -> pd.Series | None:
    """Return the column called `variable`, or the only one so called but for capitals, or None."""
    if variable in raw.rows.columns:
        return raw.rows[variable]
    alike = [name for name in raw.rows.columns if str(name).casefold() == variable.casefold()]
    return raw.rows[alike[0]] if len(alike) == 1 else None


def decode_item(column: pd.Series, item: BoundItem) -> DecodedItem:
    """Return the cells of `column` as the answers, missing reasons and faults of `item`."""
    # Each distinct cell is looked at once; place −1, an empty cell, is the last of each list.
    place, distinct = pd.factorize(column, use_na_sentinel=True)
    cells: list[Cell] = list(distinct)
    empty = [isinstance(cell, str) and not cell.strip() for cell in cells]
    reason_of = _missing_reasons(item)
    answer_of = _ANSWERS[item.item.type](item)
    reasons = [reason_of(cell) for cell in cells]
    answers = [
        None if blank or reason else answer_of(cell)
        for cell, blank, reason in zip(cells, empty, reasons, strict=True)
    ]
    unknown = [
        answer is None and reason is None and not blank
        for answer, reason, blank in zip(answers, reasons, empty, strict=True)
    ]
    return DecodedItem(
        item=item,
        answers=_taken(answers, _dtype(item), place),
        reasons=_taken(reasons, "str", place),
        empty=np.array([*empty, True])[place],
        unknown=np.array([*unknown, False])[place],
    )


def held_as(item: BoundItem, code: CodeValue) -> CodeValue:
    """Return a declared code as the decoded answers of `item` hold it: int, or text."""
    return code if _dtype(item) == "Int64" else str(code)


def codes_named(item: BoundItem, names: Collection[str]) -> list[CodeValue]:
    """Return the codes of `item` whose names are in `names`, as its decoded answers hold them."""
    return [held_as(item, value) for value, code in item.codes.items() if code.name in names]


def identifier_text(value: float | str) -> str:
    """Return a serial number or the like as text: 1001.0 and 1001 are both `1001`."""
    if isinstance(value, str):
        return value.strip()
    return f"{value:.0f}" if float(value).is_integer() else repr(float(value))


def as_recognised(serial: str) -> str:
    """Return a serial number as it is known again: 0042, 42.0 and 42 are one, as are W7 and w7.

    A return that went through a spreadsheet has lost the zeros at the front, or gained a point.
    """
    number = _WHOLE_NUMBER.fullmatch(serial.strip())
    return number[1] if number else serial.strip().casefold()


def _taken(values: Iterable[object], dtype: str, place: npt.NDArray[np.intp]) -> pd.Series:
    return pd.Series([*values, None], dtype=dtype).take(place).reset_index(drop=True)


def _dtype(item: BoundItem) -> str:
    if item.item.type == "code":
        return "Int64" if all(isinstance(code, int) for code in item.codes) else "str"
    return {"number": "float64", "date": "datetime64[us]", "identifier": "str"}[item.item.type]


def _as_code(cell: object, decimal: DecimalSign = "point") -> CodeValue:
    """Return a cell as a code: a whole number, however written, as int; anything else as text."""
    text = str(cell).strip()
    number = number_in(text, decimal if isinstance(cell, str) else "point")
    if number is None:
        return text
    return int(number) if number.is_integer() else repr(number)


def _found_in(
    declared: Iterable[CodeValue], decimal: DecimalSign
) -> Callable[[Cell], CodeValue | None]:
    """Return the function from a cell to the declared code that it is, or None.

    A text that is declared as it stands comes first; otherwise 1, 1.0 and 01 are one code, unless
    several codes are declared that differ only so.
    """
    exact = {str(code): code for code in declared}
    times = Counter(_as_code(code) for code in exact)
    alike = {_as_code(text): code for text, code in exact.items() if times[_as_code(text)] == 1}

    def code_of(cell: Cell) -> CodeValue | None:
        return exact.get(str(cell).strip(), alike.get(_as_code(cell, decimal)))

    return code_of


def _missing_reasons(item: BoundItem) -> Callable[[Cell], MissingReason | None]:
    if not item.missing:
        return lambda cell: None
    code_of = _found_in(item.missing, item.decimal)

    def reason_of(cell: Cell) -> MissingReason | None:
        code = code_of(cell)
        return None if code is None else item.missing[code].reason

    return reason_of


def _codes(item: BoundItem) -> Callable[[Cell], Answer | None]:
    return _found_in(item.codes, item.decimal)


def _numbers(item: BoundItem) -> Callable[[Cell], Answer | None]:
    lowest = -math.inf if item.item.minimum is None else item.item.minimum
    highest = math.inf if item.item.maximum is None else item.item.maximum

    def number_of(cell: Cell) -> float | None:
        if isinstance(cell, datetime):
            return None
        number = number_in(cell, item.decimal) if isinstance(cell, str) else float(cell)
        if number is None or not math.isfinite(number):
            return None
        if not lowest <= number <= highest:
            return None
        return lowest + highest - number if item.reversed else number

    return number_of


def _dates(item: BoundItem) -> Callable[[Cell], Answer | None]:
    def date_of(cell: Cell) -> datetime | None:
        if isinstance(cell, datetime):
            return cell
        return date_in(cell, item.dates) if isinstance(cell, str) else None

    return date_of


def _identifiers(item: BoundItem) -> Callable[[Cell], Answer | None]:
    return lambda cell: None if isinstance(cell, datetime) else identifier_text(cell)


_ANSWERS: Mapping[str, Callable[[BoundItem], Callable[[Cell], Answer | None]]] = {
    "code": _codes,
    "number": _numbers,
    "date": _dates,
    "identifier": _identifiers,
}
