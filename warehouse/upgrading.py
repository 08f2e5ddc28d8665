"""A warehouse carried into a new file: of an earlier schema, or without rows that must not last.

The earlier file stays as it is. A deleted row can lie on in the free blocks of its database file:
what must be gone is therefore left out of a new one.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from transforms.errors import StorageError
from warehouse.database import transaction
from warehouse.store import primary_keys

HISTORY = (
    *("ops.delivery", "ops.check", "ops.run"),
    *("ops.reduction", "ops.withdrawal", "ops.shown", "ops.acceptance", "ops.revision"),
    *("ops.resubmission", "ops.resubmission_variable"),
)
"""What only the database knows; the rest can be computed again from the archive, but for waves
that have been reduced."""
NOT_CARRIED = ("ops.meta", "survey.wide")
"""What each warehouse says about itself, and what every build makes anew."""

BEFORE: Mapping[str, Mapping[str, str]] = {
    "ops.delivery": {"sample": "'main'", "withdrawn": "0"},
    "ops.check": {"of_wave": "false"},
    "ops.wave_version": {"sample": "'main'"},
    "survey.respondent": {"sample": "'main'"},
}
"""By table, a column that it once lacked: what rows written before are given, as SQL."""

COLUMNS = """
    SELECT schema_name || '.' || table_name AS name, list(column_name ORDER BY column_index)
    FROM duckdb_columns() WHERE NOT internal GROUP BY name
"""


def carry_over(
    earlier: duckdb.DuckDBPyConnection,
    into: duckdb.DuckDBPyConnection,
    leave_out: Mapping[str, str],
) -> None:
    """Copy what `earlier` holds into the empty tables of `into`, column by column, by name.

    `leave_out`: by table, a condition on the rows that are not copied, as SQL. Columns that are
    gone are left out; new ones are NULL, or what `BEFORE` says. A table whose rows do not fit is
    left empty; StorageError where it is one of the `HISTORY`.
    """
    held, keys = _columns(earlier), primary_keys(into)
    for name, columns in sorted(_columns(into).items()):
        if name in held and name in keys and name not in NOT_CARRIED:
            kept = f"NOT coalesce({leave_out.get(name, 'false')}, false)"
            rows = f"SELECT {_selected(name, columns, held[name])} FROM {name} WHERE {kept}"
            _carry_table(into, name, keys[name], earlier.sql(rows).to_arrow_table())


def versions_to_forget(earlier: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return what to leave out of a new schema, so that waves are computed again.

    Not those that have no respondents any more: their figures stand.
    """
    reduced = "ops.reduction" in _columns(earlier)
    kept = "wave NOT IN (SELECT wave FROM ops.reduction)" if reduced else "true"
    return {"ops.wave_version": kept}


def _selected(name: str, columns: list[str], held: list[str]) -> str:
    before = BEFORE.get(name, {})
    given = [f"{before[column]} AS {column}" for column in columns if column in before]
    chosen = [column for column in columns if column in held]
    return ", ".join([*chosen, *(one for one in given if one.rpartition(" ")[2] not in held)])


def _carry_table(into: duckdb.DuckDBPyConnection, name: str, key: str, rows: pa.Table) -> None:
    try:
        with transaction(into):
            _insert(into, name, key, rows)
    except duckdb.Error:
        fits = False
    else:
        fits = True
    if not fits and name in HISTORY:
        raise StorageError(
            f"{name} of the last build does not fit this version of the program.",
            remedy="keep using the version that made the build, and report this.",
        )


def _insert(into: duckdb.DuckDBPyConnection, name: str, key: str, rows: pa.Table) -> None:
    """Insert rows in the order of the key, or fail as a whole."""
    into.register("carried", rows)
    into.execute(f"INSERT INTO {name} BY NAME FROM carried ORDER BY {key}")
    into.unregister("carried")


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the columns of every table by its name, in their order."""
    found = connection.execute(COLUMNS).fetchall()
    return {name: list(columns) for name, columns in found}
