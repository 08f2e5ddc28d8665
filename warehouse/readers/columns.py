"""Columns on their way from a reader to the process that asked: four kinds, as Arrow arrays.

Numbers are float64 (an empty cell is NaN), text is string, dates are timestamps in microseconds.
A column that holds more than one of these, such as numbers with Stata's .a between them, is a
dictionary of cells, each spelt with its kind.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.notation import FIRST_INEXACT, all_numbers, number_in
from warehouse.readers.reading import Notation

Cell = float | str | datetime | None
"""A cell as it is handed over; None is empty."""

Places = npt.NDArray[np.int32]
"""For each row, where its cell stands among the distinct ones."""

MOMENT = pa.timestamp("us")


class Cells:
    """A column's cells as they come: each distinct one is kept once."""

    def __init__(self) -> None:
        self._distinct = _Numbered()
        self._places = array("i")

    def add(self, cells: Iterable[Any]) -> None:
        """Add the cells of further rows."""
        self._places.extend(map(self._distinct.__getitem__, cells))

    def last_used(self, notation: Notation) -> int:
        """Return the number of rows up to the last that holds anything."""
        held = np.array([_cell(raw, notation) is not None for raw in self._distinct], dtype=bool)
        used = np.flatnonzero(held[self.places()])
        return int(used.max()) + 1 if used.size else 0

    def places(self) -> Places:
        """Return, for each row, where its cell stands among the distinct ones."""
        return np.array(self._places, dtype=np.int32)

    def column(self, notation: Notation, rows: int) -> pa.Array:
        """Return the first `rows` cells as numbers, text, dates, or a mixture of them."""
        cells = [_cell(raw, notation) for raw in self._distinct]
        return typed(cells, self.places()[:rows], notation)


class _Numbered(dict[Any, int]):
    """Gives each new key the next number."""

    def __missing__(self, key: Any) -> int:
        self[key] = number = len(self)
        return number


def typed(cells: Sequence[Cell], places: Places, notation: Notation) -> pa.Array:
    """Return a column, by its distinct cells and their places, in the kind that its cells are.

    Text becomes numbers only where every cell is a number and says the same as one.
    """
    texts = [cell for cell in cells if isinstance(cell, str)]
    dates = any(isinstance(cell, datetime) for cell in cells)
    if texts and not dates and all_numbers(texts, notation.decimal):
        cells = [_as_number(cell, notation) for cell in cells]
        texts = []
    numbers = any(isinstance(cell, float) for cell in cells)
    if sum((bool(texts), dates, numbers)) > 1:
        return mixed(cells, places)
    kind = pa.string() if texts else MOMENT if dates else pa.float64()
    empty = None if texts or dates else np.nan
    held = pa.array([empty if cell is None else cell for cell in cells], kind)
    return held.take(pa.array(places)) if len(cells) else pa.nulls(len(places), kind)


def mixed(cells: Sequence[Cell], places: Places) -> pa.Array:
    """Return a column of cells of several kinds."""
    spelt = pa.array([None if cell is None else _spelt(cell) for cell in cells], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(places), spelt)


def _as_number(cell: Cell, notation: Notation) -> Cell:
    return number_in(cell, notation.decimal) if isinstance(cell, str) else cell


def _spelt(cell: float | str | datetime) -> str:
    """Return a cell as JSON: a number or text as it is, a date in a list of one."""
    return json.dumps([cell.isoformat()] if isinstance(cell, datetime) else cell)


def _cell(raw: Any, notation: Notation) -> Cell:
    """Return a cell of delimited text or of a workbook: spaces are trimmed, TRUE is 1."""
    if raw is None:
        return None
    if isinstance(raw, str):
        text = raw.strip()
        return None if not text or text in notation.empty else text
    if isinstance(raw, datetime):
        return raw
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day)
    if isinstance(raw, time | timedelta):
        return str(raw)
    return str(raw) if isinstance(raw, int) and abs(raw) >= FIRST_INEXACT else float(raw)
