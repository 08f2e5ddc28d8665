"""A file as read becomes a return's rows and dictionary, of which the same must hold always."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa

from transforms.errors import ReturnRejected
from transforms.responses import Variable
from warehouse.readers.handover import Entry, ReadFile
from warehouse.readers.kinds import TEXT, WORKBOOK

SIMULATED = "SIMULATED"


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows and data dictionary, as read; `kind` says in words what the file is.

    `named_by_cells`: the names are the first line of cells, which could be answers.
    """

    rows: pd.DataFrame
    variables: Mapping[str, Variable]
    kind: str
    simulated: bool = False
    named_by_cells: bool = False


def table_of(read: ReadFile, file_name: str) -> Table:
    """Return a file as read as rows and dictionary; ReturnRejected where it holds no return."""
    names = [entry.name for entry in read.entries]
    named_by_cells = read.kind in (TEXT.words, WORKBOOK.words)
    require_distinct_names(names, file_name, quotable=not named_by_cells)
    columns = {name: _series(column) for name, column in zip(names, read.columns, strict=True)}
    table = Table(
        pd.DataFrame(columns),
        {entry.name: _variable(entry) for entry in read.entries},
        read.kind,
        simulated=SIMULATED in read.file_label,
        named_by_cells=named_by_cells,
    )
    require_rows(table, file_name)
    return table


def _series(column: pa.ChunkedArray) -> pd.Series:
    """Return a column as float64, str or datetime64; object where its cells are of several."""
    if pa.types.is_dictionary(column.type):
        return _mixture(column.combine_chunks())
    if pa.types.is_string(column.type):
        return pd.Series(column.to_pandas(), dtype="str")
    return pd.Series(column.to_numpy())


def _mixture(column: pa.DictionaryArray) -> pd.Series:
    spelt = column.dictionary.to_pylist()
    cells = np.empty(len(spelt), dtype=object)
    cells[:] = [None if cell is None else _cell(json.loads(cell)) for cell in spelt]
    return pd.Series(cells[column.indices.to_numpy()], dtype="object")


def _cell(held: float | str | list[str]) -> float | str | datetime:
    return datetime.fromisoformat(held[0]) if isinstance(held, list) else held


def _variable(entry: Entry) -> Variable:
    return Variable(
        name=entry.name,
        label=entry.label,
        value_labels=dict(entry.value_labels),
        missing_ranges=tuple(entry.missing_ranges),
    )


def require_rows(table: Table, file_name: str) -> None:
    """Raise ReturnRejected where the file holds column names and no interview."""
    if len(table.rows):
        return
    raise ReturnRejected(
        f"{file_name} has {len(table.rows.columns)} columns and no rows.",
        expected="one row for each interview.",
        remedy="Ask the supplier to send the return again with its interviews; a filter left on "
        "when saving empties a file.",
    )


def require_distinct_names(names: Sequence[str], file_name: str, *, quotable: bool = True) -> None:
    """Raise ReturnRejected where a column has no name, or two share one.

    Where names may not be quoted (a file without a line of names has answers in its first), columns
    are told by their numbers.
    """
    unnamed = [str(place) for place, name in enumerate(names, 1) if not name.strip()]
    if unnamed:
        raise ReturnRejected(
            f"{file_name} has {len(unnamed)} of {len(names)} columns without a name: "
            f"column {listed(unnamed)}.",
            expected="a name at the top of every column that holds anything.",
            remedy=_what_stands_there(unnamed),
        )
    same: dict[str, list[str]] = defaultdict(list)
    for place, name in enumerate(names, 1):
        same[name.strip().casefold()].append(name.strip() if quotable else f"column {place}")
    repeated = [found for found in same.values() if len(found) > 1]
    if repeated:
        raise ReturnRejected(
            f"{file_name} has columns of the same name: "
            f"{'; '.join(' and '.join(found) for found in repeated[:5])}.",
            expected="names that differ by more than capitals.",
            remedy="Ask the supplier which column is which, and for a file with distinct names.",
        )


def _what_stands_there(unnamed: Sequence[str]) -> str:
    if unnamed == ["1"]:
        return (
            "A first column without a name mostly numbers the rows: programs add it when they save "
            "(pandas without index=False, R without row.names = FALSE). Ask the supplier for the "
            "file without it or, if it holds something, with its name."
        )
    return (
        "See what stands there: spreadsheets keep stray cells at the right. Delete them, or ask "
        "the supplier to name the columns."
    )


def listed(words: Sequence[str], most: int = 5) -> str:
    """Return the first words with commas, and how many more there are."""
    shown = ", ".join(words[:most])
    more = len(words) - most
    return f"{shown} and {more} more" if more > 0 else shown
