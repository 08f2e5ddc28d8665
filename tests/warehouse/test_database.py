import os
import shutil
from pathlib import Path

import duckdb
import pytest
from stored_rows import empty_warehouse

from transforms.errors import StorageError
from warehouse.database import (
    SCHEMA_VERSION,
    create_warehouse,
    read_connection,
    read_meta,
    transaction,
)


@pytest.fixture(scope="module")
def new_warehouse(tmp_path_factory):
    path = tmp_path_factory.mktemp("new") / "warehouse.duckdb"
    create_warehouse(path, "small", simulated=True).close()
    return path


@pytest.fixture
def path(new_warehouse, tmp_path):
    """A new warehouse; each test has its own copy."""
    return Path(shutil.copy(new_warehouse, tmp_path))


@pytest.mark.parametrize("kind", ["tables", "columns"])
def test_every_table_and_every_column_says_what_it_holds(kind):
    silent = empty_warehouse().execute(
        f"SELECT * FROM duckdb_{kind}() WHERE NOT internal AND coalesce(comment, '') = ''"
    )
    assert silent.fetchall() == []


def test_every_table_has_a_primary_key():
    without = empty_warehouse().execute("""
        SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT has_primary_key
    """)
    assert without.fetchall() == []


def test_a_new_warehouse_says_what_it_is_and_is_private(path):
    with read_connection(path) as connection:
        meta = read_meta(connection, path)
    assert (meta.survey, meta.simulated, meta.schema_version) == ("small", True, SCHEMA_VERSION)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_warehouse_can_be_opened_by_duckdb_1_5(path):
    # Bytes 12 to 20 are the storage version; DuckDB 1.5 reads 64 to 68.
    with path.open("rb") as file:
        header = os.pread(file.fileno(), 20, 0)
    assert header[8:12] == b"DUCK"
    assert 64 <= int.from_bytes(header[12:20], "little") <= 68


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO ops.meta VALUES ('x', 'y')",
        "FROM read_csv('{file}')",
        "ATTACH '{file}' AS other",
        "COPY ops.meta TO '{file}'",
        "SET enable_external_access = true",
        "SET threads = 1",
        "INSTALL httpfs",
    ],
)
def test_a_reader_can_do_nothing_but_read_this_file(path, tmp_path, statement):
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n")
    with read_connection(path) as connection, pytest.raises(duckdb.Error):
        connection.execute(statement.format(file=file)).fetchall()
    assert file.read_text() == "a,b\n1,2\n"


@pytest.mark.parametrize("content", [b"", b"not a database", b"x" * 20_000])
def test_a_file_that_is_no_database_is_named_with_what_to_do(path, content):
    path.write_bytes(content)
    with pytest.raises(StorageError) as caught:
        read_connection(path)
    assert str(path) in caught.value.what
    assert "earlier build" in caught.value.remedy
    assert path.read_bytes() == content


@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_damaged_database_is_named_with_what_to_do(path, damage):
    content = bytearray(path.read_bytes())
    if damage == "flipped":
        content[12288 + 100] ^= 0xFF
    path.write_bytes(content[: len(content) // 2] if damage == "cut" else content)
    with pytest.raises(StorageError, match=r"cannot be opened|not a warehouse"):
        read_meta(read_connection(path), path)


def test_another_programs_database_is_not_taken_for_a_warehouse(tmp_path):
    path = tmp_path / "other.duckdb"
    duckdb.connect(str(path)).close()
    with read_connection(path) as connection, pytest.raises(StorageError, match="not a warehouse"):
        read_meta(connection, path)


def test_several_readers_of_one_process_share_the_file(path):
    with read_connection(path) as first, read_connection(path) as second:
        assert read_meta(first, path) == read_meta(second, path)


def test_a_transaction_that_fails_changes_nothing():
    connection = empty_warehouse()
    with pytest.raises(KeyboardInterrupt), transaction(connection):
        connection.execute("INSERT INTO ops.meta VALUES ('x', 'y')")
        raise KeyboardInterrupt
    assert connection.execute("FROM ops.meta").fetchall() == []


def test_the_installed_duckdb_cannot_encrypt_by_itself(tmp_path):
    """As docs/keeping.md says: where this fails, encrypting the warehouse can be offered."""
    target = tmp_path / "encrypted.duckdb"
    settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    with duckdb.connect(config=settings) as connection:
        with pytest.raises(duckdb.Error, match=r"httpfs|NOT securely encrypted"):
            connection.execute(f"ATTACH '{target}' AS e (ENCRYPTION_KEY 'a key of some length')")
        loaded = connection.execute(
            "SELECT extension_name FROM duckdb_extensions() WHERE loaded"
        ).fetchall()
    assert ("httpfs",) not in loaded
