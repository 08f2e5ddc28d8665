"""Frames into tables and back: exact columns, exact types, nothing half-replaced.

Frames cross as Arrow tables whose types are the table's own, never guessed from the values:
a VARCHAR[] column is a column of lists or tuples, a MAP column one of dicts, a DATE column of
datetime64, and NaN, None, NaT and NA are NULL. Text is text: a number is not made into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from transforms.errors import ContractError
from warehouse.database import transaction

WAVE_COLUMNS = ("wave", "period")
"""The column that says which wave a row belongs to; a table has one of them."""

ARROW_ERRORS = (pa.ArrowException, ValueError, TypeError, OverflowError, AttributeError)
"""What Arrow raises where a value does not fit its type."""

PRIMARY_KEYS = """
    SELECT schema_name || '.' || table_name AS name, constraint_column_names
    FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY' ORDER BY name
"""
"""Every table of the warehouse has one (a test sees to it)."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the database: name, primary key as ORDER BY takes it, columns with types."""

    name: str
    key: str
    columns: pa.Schema

    @property
    def wave_column(self) -> str:
        """The column that says which wave a row belongs to; ContractError where there is none."""
        found = [column for column in WAVE_COLUMNS if column in self.columns.names]
        if not found:
            raise ContractError(f"{self.name} has no rows of a wave: it is replaced whole.")
        return found[0]


def replace_wave(
    connection: duckdb.DuckDBPyConnection, wave: str, frames: Mapping[str, pd.DataFrame]
) -> None:
    """Put a wave's rows in the place of those it had, in every table of `frames` or in none.

    `frames`: by table, such as "estimate.total"; each has the table's columns, in any order, and
    rows of `wave` only. ContractError where they do not fit.
    """
    tables = _tables(connection, frames)
    _replace(connection, wave, {table: table.wave_column for table in tables}, frames)


def replace_period(
    connection: duckdb.DuckDBPyConnection, period: str, frames: Mapping[str, pd.DataFrame]
) -> None:
    """Put a period's rows in the place of those it had, as `replace_wave` does a wave's."""
    tables = _tables(connection, frames)
    _replace(connection, period, dict.fromkeys(tables, "period"), frames)


def _replace(
    connection: duckdb.DuckDBPyConnection,
    part: str,
    column_of: Mapping[Table, str],
    frames: Mapping[str, pd.DataFrame],
) -> None:
    """Replace the rows that hold `part` in each table's column, in all of the tables or in none."""
    for table, column in column_of.items():
        if not (frames[table.name][column] == part).all():
            raise ContractError(f"{table.name}: rows of another {column} were given as of {part}.")
    rows = {table: _arrow(table, frames[table.name]) for table in column_of}
    with transaction(connection):
        for table, column in column_of.items():
            connection.execute(f"DELETE FROM {table.name} WHERE {column} = ?", [part])
            _insert(connection, table.name, table.key, rows[table])


def replace_all(connection: duckdb.DuckDBPyConnection, frames: Mapping[str, pd.DataFrame]) -> None:
    """Put `frames`, by table, in the place of all the tables' rows, or change nothing."""
    tables = _tables(connection, frames)
    rows = {table.name: _arrow(table, frames[table.name]) for table in tables}
    with transaction(connection):
        for table in tables:
            connection.execute(f"DELETE FROM {table.name}")
            _insert(connection, table.name, table.key, rows[table.name])


def add_rows(connection: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    """Add rows to a table's, all or none."""
    (table,) = _tables(connection, [name])
    _insert(connection, name, table.key, _arrow(table, frame))


def read_table(connection: duckdb.DuckDBPyConnection, name: str) -> pd.DataFrame:
    """Return a table's rows in the order of its primary key, as `replace_all` takes them."""
    rows: pd.DataFrame = read_arrow(connection, name).to_pandas(
        maps_as_pydicts="strict", date_as_object=False
    )
    return rows


def read_arrow(connection: duckdb.DuckDBPyConnection, name: str) -> pa.Table:
    """Return a table's rows in the order of its primary key, as an Arrow table."""
    return _rows(connection, name, _key_of(name, primary_keys(connection)))


def copy_tables(
    source: duckdb.DuckDBPyConnection, target: duckdb.DuckDBPyConnection, names: Iterable[str]
) -> None:
    """Copy the tables' rows to the same, empty tables of another database, or none."""
    keys = primary_keys(source)
    with transaction(target):
        for name in names:
            key = _key_of(name, keys)
            _insert(target, name, key, _rows(source, name, key))


def primary_keys(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the primary key of each table, such as "ref.code": "wave, item, code"."""
    # fetchall, not fetchone: DuckDB 2.0 takes a result with rows left for unfinished work.
    keys = connection.execute(PRIMARY_KEYS).fetchall()
    return {name: ", ".join(columns) for name, columns in keys}


def _tables(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> list[Table]:
    keys = primary_keys(connection)
    return [
        Table(
            name=name,
            key=_key_of(name, keys),
            columns=connection.sql(f"FROM {name} LIMIT 0").to_arrow_table().schema,
        )
        for name in names
    ]


def _key_of(name: str, keys: Mapping[str, str]) -> str:
    if name not in keys:
        raise ContractError(f"There is no table {name} in the database.")
    return keys[name]


def _rows(connection: duckdb.DuckDBPyConnection, name: str, key: str) -> pa.Table:
    return connection.sql(f"FROM {name} ORDER BY {key}").to_arrow_table()


def _arrow(table: Table, frame: pd.DataFrame) -> pa.Table:
    """Return the frame with the table's columns and types."""
    names = table.columns.names
    if sorted(frame.columns) != sorted(names):
        missing = sorted(set(names) - set(frame.columns))
        unknown = sorted(set(frame.columns) - set(names))
        raise ContractError(
            f"Rows for {table.name} do not have its columns: missing {missing}, unknown {unknown}."
        )
    columns = [_column(table.name, field, frame[field.name]) for field in table.columns]
    return pa.Table.from_arrays(columns, schema=table.columns)


def _column(table: str, field: pa.Field, values: pd.Series) -> pa.Array:
    try:
        column = _typed(values, field.type)
    except ARROW_ERRORS:
        column = None
    if column is None:
        raise ContractError(
            f"{table}.{field.name} was given a value of another type.", expected=f"{field.type}."
        )
    if pa.types.is_floating(field.type) and np.isinf(column.to_numpy(zero_copy_only=False)).any():
        raise ContractError(f"{table}.{field.name} was given an infinite number.")
    return column


def _typed(values: pd.Series, of_type: pa.DataType) -> pa.Array | None:
    """Return the values as an array of a type; None or an error where they are of another."""
    if pa.types.is_map(of_type):
        values = values.map(lambda mapping: list(mapping.items()), na_action="ignore")
    if pa.types.is_integer(of_type) and values.dtype == object:
        # Asked for whole numbers, Arrow cuts the fractions off floats that stand among objects.
        found = pa.array(values, from_pandas=True)
        return None if pa.types.is_string(found.type) else found.cast(of_type)
    return pa.array(values, type=of_type, from_pandas=True)


def _insert(connection: duckdb.DuckDBPyConnection, name: str, key: str, rows: pa.Table) -> None:
    connection.register("new_rows", rows)
    try:
        connection.execute(f"INSERT INTO {name} BY NAME FROM new_rows ORDER BY {key}")
        connection.unregister("new_rows")
        return
    except duckdb.Error as error:
        # In a failed transaction nothing can be unregistered; the next rows take the name.
        failed = _broken_rule(error)
    raise ContractError(f"Rows for {name} break its rules: {failed}.")


def _broken_rule(error: duckdb.Error) -> str:
    """Return the broken constraint in words; DuckDB's text where that holds no value."""
    text = str(error).splitlines()[0]
    if text.startswith(("Constraint Error: CHECK", "Constraint Error: NOT NULL")):
        return text.removeprefix("Constraint Error: ")
    if "duplicate key" in text.lower():
        return "two rows have the same key"
    return type(error).__name__
