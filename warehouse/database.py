"""DuckDB files: made from the schema, opened for writing or reading, with errors a person can use.

No text of an error quotes a value: DuckDB's own messages can hold a respondent's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import duckdb

from transforms.errors import StorageError
from warehouse.disk import PRIVATE_FILE, disk_errors

SCHEMA_VERSION = 1
"""Raised when an older program could not use a newer database file."""


def _sql(*names: str) -> str:
    return "".join(files("warehouse").joinpath(name).read_text(encoding="utf-8") for name in names)


OPEN_SCHEMA = _sql("schema.sql", "macros.sql")
RESTRICTED_SCHEMA = _sql("schema_restricted.sql", "macros_restricted.sql", "lineage.sql")
SCHEMA_DIGEST = sha256((OPEN_SCHEMA + RESTRICTED_SCHEMA).encode()).hexdigest()

OPEN_COLUMNS = """
    SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()
    WHERE NOT internal ORDER BY ALL
"""

NO_ROOM = re.compile("No space left|File too large|Could not (write|truncate)")
"""What DuckDB's errors say where the disk is full, whatever their kind."""

Settings = dict[str, str | bool | int | float | list[str]]

WRITING: Settings = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "storage_compatibility_version": "v1.5.0",
    "default_block_size": "16384",
}
"""No downloads; files that DuckDB 1.5 clients can read too, in small blocks: many tables are small,
and a published file is 0.5 MB instead of 7."""
READING: Settings = {"enable_external_access": "false", "lock_configuration": "true"}
"""No other file, no download, and no way to allow them."""


@dataclass(frozen=True, slots=True)
class Meta:
    """What a warehouse says about itself in ops.meta."""

    schema_version: int
    schema_digest: str
    survey: str
    simulated: bool


def create_warehouse(path: Path, survey: str, *, simulated: bool) -> duckdb.DuckDBPyConnection:
    """Return a connection to a new, empty warehouse at `path`."""
    connection = _created(path, OPEN_SCHEMA + RESTRICTED_SCHEMA)
    meta = {
        "schema_version": str(SCHEMA_VERSION),
        "schema_digest": SCHEMA_DIGEST,
        "survey": survey,
        "simulated": str(simulated).lower(),
    }
    for fact in sorted(meta.items()):
        connection.execute("INSERT INTO ops.meta VALUES (?, ?)", fact)
    return connection


def create_published(path: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection to a new, empty published database at `path`: no restricted table."""
    return _created(path, OPEN_SCHEMA)


def write_connection(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a database file for writing."""
    return _connected(path, read_only=False)


def read_connection(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a database file to read it and nothing else: no other file, no download, no setting.

    Resolve the link `current` first (`current_build`), so that both databases are of one build.
    """
    return _connected(path, read_only=True)


def read_meta(connection: duckdb.DuckDBPyConnection, path: Path) -> Meta:
    """Return what the warehouse at `path` says about itself; StorageError where it is none."""
    try:
        facts = dict(connection.execute("SELECT key, value FROM ops.meta").fetchall())
        return Meta(
            schema_version=int(facts["schema_version"]),
            schema_digest=facts["schema_digest"],
            survey=facts["survey"],
            simulated=facts["simulated"] == "true",
        )
    except (duckdb.Error, KeyError, ValueError):
        pass
    raise StorageError(f"{path} is not a warehouse of this program.", remedy=_earlier_build(path))


def has_open_schema(connection: duckdb.DuckDBPyConnection) -> bool:
    """True where the open half of a database has just the tables and columns that it has now."""
    with duckdb.connect() as present:
        present.execute(OPEN_SCHEMA)
        wanted = present.execute(OPEN_COLUMNS).fetchall()
    return connection.execute(OPEN_COLUMNS).fetchall() == wanted


def checkpoint(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Move everything written from the log into the database file."""
    try:
        connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        failed = _says(error)
    else:
        return
    raise StorageError(
        f"{path} could not be completed.{failed}", remedy="see that the disk has space; run again."
    )


def disk_failure(error: BaseException, path: Path) -> StorageError | None:
    """Return the failure to show where DuckDB could not write to the disk; None for other errors.

    Its own text is about the file; where the disk is full it comes in several kinds of error.
    """
    if not isinstance(error, duckdb.Error):
        return None
    if not isinstance(error, duckdb.IOException) and not NO_ROOM.search(str(error)):
        return None
    return StorageError(
        f"{path} cannot be written: the disk is full, or fails.",
        remedy="free some space on the disk and run again; the last complete build is untouched.",
    )


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Do all of the block's changes, or none."""
    connection.begin()
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # after a failure of the disk there is nothing to roll back
            connection.rollback()
        raise
    connection.commit()


def _created(path: Path, schema: str) -> duckdb.DuckDBPyConnection:
    connection = write_connection(path)
    with disk_errors(f"{path} cannot be closed to other accounts."):
        path.chmod(PRIVATE_FILE)
    with transaction(connection):
        connection.execute(schema)
    return connection


def _connected(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        settings = READING if read_only else WRITING
        return duckdb.connect(str(path), read_only=read_only, config=settings)
    except duckdb.Error as error:
        failed = _says(error)
        full = disk_failure(error, path) if NO_ROOM.search(failed) else None
    raise full or StorageError(f"{path} cannot be opened.{failed}", remedy=_earlier_build(path))


def _says(error: duckdb.Error) -> str:
    """Return what DuckDB says where that is about the file, never about a row."""
    about_file = isinstance(error, duckdb.IOException) or "Corrupt" in str(error)
    return f" DuckDB says: {str(error).splitlines()[0]}." if about_file else ""


def _earlier_build(path: Path) -> str:
    return (
        "if another program has the file open, close that; if the file is damaged, let the link "
        f"`current` beside {path.parent.parent} point to an earlier build (ln -sfn), or restore it "
        "from a backup, and run again. Every return received is whole in the archive."
    )
