"""Parquet files (.parquet)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.errors import ReturnRejected
from transforms.notation import FIRST_INEXACT
from warehouse.readers.columns import MOMENT
from warehouse.readers.handover import Entry, ReadFile
from warehouse.readers.kinds import PARQUET
from warehouse.readers.reading import Damaged, Notation


def read_parquet(path: Path, notation: Notation) -> ReadFile:
    """Return the columns of a Parquet file: numbers, text and dates, in the types they have.

    True is 1 and false is 0; a whole number too long for a float is text.
    """
    file = pq.ParquetFile(path, page_checksum_verification=True)
    table = file.read()
    names = [str(name) for name in table.column_names]
    columns = [_column(table, place, path.name, notation) for place in range(len(names))]
    _require_rows(file.metadata, table.num_rows)
    return ReadFile(PARQUET.words, [Entry(name) for name in names], columns)


def _require_rows(stated: pq.FileMetaData, rows: int) -> None:
    """Raise Damaged unless the file, its groups and their columns state the rows that were read."""
    groups = [stated.row_group(place) for place in range(stated.num_row_groups)]
    columns = range(stated.num_columns)
    whole = all(g.column(place).num_values == g.num_rows for g in groups for place in columns)
    if not (rows == stated.num_rows == sum(group.num_rows for group in groups) and whole):
        raise Damaged("it states another number of rows than it holds")


def _column(table: pa.Table, place: int, file_name: str, notation: Notation) -> pa.Array:
    column = table.column(place)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    column = column.combine_chunks()
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _text(column, notation)
    if pa.types.is_timestamp(kind):
        return (pc.local_timestamp(column) if kind.tz else column).cast(MOMENT, safe=False)
    if pa.types.is_date(kind):
        return column.cast(MOMENT)
    if pa.types.is_time(kind):
        return column.cast(pa.string())
    if _is_number(kind):
        return _numbers(column)
    name = table.column_names[place]
    raise ReturnRejected(
        f"{file_name}: the column {name} holds what is no number, text or date ({kind}).",
        expected="numbers, text and dates.",
        remedy="Ask the supplier for the return without it, or with one answer in a cell.",
    )


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_null(kind)
    )


def _text(column: pa.Array, notation: Notation) -> pa.Array:
    """Return text without spaces round it; what stands for nothing is nothing."""
    trimmed = pc.utf8_trim_whitespace(column.cast(pa.string()))
    empty = pc.is_in(trimmed, pa.array(["", *notation.empty], pa.string()))
    return pc.if_else(empty, pa.scalar(None, pa.string()), trimmed)


def _numbers(column: pa.Array) -> pa.Array:
    if pa.types.is_integer(column.type):
        longest = pc.max(pc.abs(column.cast(pa.decimal128(20)))).as_py()
        if longest is not None and longest >= FIRST_INEXACT:
            return column.cast(pa.string())
    return pc.fill_null(column.cast(pa.float64(), safe=False), np.nan)
