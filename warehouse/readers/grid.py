"""Rows of cells under a line of names: what delimited text and workbooks have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from transforms.errors import ReturnRejected
from transforms.notation import date_in, number_in
from warehouse.readers.columns import Cells
from warehouse.readers.handover import Entry, ReadFile
from warehouse.readers.reading import Notation

Rows = Iterator[tuple[int, Sequence[Any]]]
"""Each row's number in the file, and its cells."""

CHUNK = 5_000


def read_grid(lines: Rows, kind: str, file_name: str, notation: Notation) -> ReadFile:
    """Return rows under the names in the first; ReturnRejected where one has other cells.

    Empty columns without a name, and empty rows at the end, are what spreadsheets leave behind:
    they are left out.
    """
    _, header = next(lines, (1, ()))
    names = [_name(cell) for cell in header]
    _require_names(names, file_name)
    cells = _collected(lines, names, file_name)
    used = [column.last_used(notation) for column in cells]
    rows = max(used, default=0)
    kept = [place for place, name in enumerate(names) if name or used[place]]
    return ReadFile(
        kind,
        [Entry(names[place]) for place in kept],
        [cells[place].column(notation, rows) for place in kept],
    )


def _name(cell: Any) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell).strip()


def _require_names(names: Sequence[str], file_name: str) -> None:
    """Raise ReturnRejected where the first line holds answers: they must not be taken for names."""
    named = [name for name in names if name]
    values = [name for name in named if number_in(name) is not None or date_in(name)]
    if values and len(values) * 2 > len(named):
        raise ReturnRejected(
            f"{file_name} has no line of names: {len(values)} of the {len(named)} cells in its "
            "first line are numbers or dates.",
            expected="the variables' names in the first line.",
            remedy="Ask the supplier for the return with the variables' names in its first line.",
        )


def _collected(lines: Rows, names: Sequence[str], file_name: str) -> list[Cells]:
    cells = [Cells() for _ in names]
    ragged: list[str] = []
    rows = 0
    while chunk := list(islice(lines, CHUNK)):
        rows += len(chunk)
        ragged += [f"line {n} has {len(row)}" for n, row in chunk if len(row) != len(names)]
        if not ragged:
            for column, values in zip(
                cells, zip(*(row for _, row in chunk), strict=True), strict=True
            ):
                column.add(values)
    if ragged:
        raise _ragged(ragged, rows, len(names), file_name)
    return cells


def _ragged(ragged: Sequence[str], rows: int, names: int, file_name: str) -> ReturnRejected:
    more = f" and {len(ragged) - 5} more" if len(ragged) > 5 else ""
    return ReturnRejected(
        f"{file_name} has {len(ragged)} of {rows} rows with another number of cells than the "
        f"{names} names in its first line: {', '.join(ragged[:5])}{more}.",
        expected=f"{names} cells in every row.",
        remedy="Look for a comma inside an answer that is not in quotation marks, or for a file "
        "cut short; ask the supplier to export the return again.",
    )
