"""Questions in SQL, asked of a build by a person: nothing written, no other file, no download."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import duckdb

from transforms.errors import UsageError
from warehouse.builds import PUBLISHED, WAREHOUSE, current_build, require_readable
from warehouse.database import read_connection
from warehouse.disk import PRIVATE_FILE, disk_errors, write_all
from warehouse.home import Home

MOST_ROWS = 1000
"""Rows shown of an answer as a table; as CSV every row is."""

CONSTANTS = (duckdb.token_type.string_const, duckdb.token_type.numeric_const)


def opened_for_questions(home: Home, *, restricted: bool) -> tuple[Path, duckdb.DuckDBPyConnection]:
    """Return the build's folder and a connection to its published, or its whole, database."""
    folder = current_build(home)
    if folder is None:
        raise UsageError(
            f"{home.folder} has no build yet: there is nothing to ask.",
            remedy="run `perceptions run` first.",
        )
    if restricted:
        require_readable(folder)
    return folder, read_connection(folder / (WAREHOUSE if restricted else PUBLISHED))


def answer(connection: duckdb.DuckDBPyConnection, query: str, *, as_csv: bool) -> str:
    """Return the answer as text; UsageError where the query cannot be answered.

    DuckDB's message may quote a row: it is for whoever asked, and is kept nowhere.
    """
    try:
        if len(duckdb.extract_statements(query)) > 1:
            raise UsageError(
                "There are several questions in one, and only the last would be answered.",
                remedy="ask them one at a time; typed by hand, end each line with a ;",
            )
        found = connection.sql(query)
        if found is None:
            return ""
        if as_csv:
            return _as_csv(found)
        return str(found.limit(MOST_ROWS)).rstrip("\n")
    except duckdb.Error as error:
        said = str(error).strip()
    raise UsageError(
        f"The query cannot be answered. DuckDB says: {said}",
        remedy="see docs/warehouse.md for the tables; `SHOW ALL TABLES` lists them.",
    )


def _as_csv(found: duckdb.DuckDBPyRelation) -> str:
    """Return an answer as CSV in DuckDB's own words: a text "" stays apart from NULL, nothing."""
    names = [_in_csv(name) for name in found.columns]
    rows = found.project("CAST(COLUMNS(*) AS VARCHAR)").fetchall()
    lines = [names, *([_in_csv(value) for value in row] for row in rows)]
    return "\n".join(",".join(line) for line in lines)


def _in_csv(value: str | None) -> str:
    if value is None:
        return ""
    quoted = not value or any(mark in value for mark in ',"\r\n')
    return '"' + value.replace('"', '""') + '"' if quoted else value


def record_access(home: Home, folder: Path, query: str, when: datetime) -> None:
    """Add a line to the access log: when, who, which build, and the query without its constants.

    A constant may be a serial number or an answer; the log holds neither.
    """
    _record(home, folder, {"query": without_constants(query)}, when)


def record_command(home: Home, folder: Path, command: str, when: datetime) -> None:
    """Add a line to the access log for a command that shows what is restricted."""
    _record(home, folder, {"command": command}, when)


def _record(home: Home, folder: Path, what: Mapping[str, str], when: datetime) -> None:
    entry = {
        "at": when.isoformat(timespec="seconds"),
        "account": _account(),
        "build": folder.name,
        **what,
    }
    line = json.dumps(entry, ensure_ascii=False) + "\n"
    with disk_errors(f"The access log {home.access_log} cannot be written."):
        descriptor = os.open(home.access_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
        try:
            write_all(descriptor, line.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def without_constants(query: str) -> str:
    """Return the query on one line, with ? for every number and text in it; comments left out.

    What stands in double quotes is taken for a text too: people quote values so by mistake.
    """
    encoded = query.encode()
    tokens = duckdb.tokenize(query)
    ends = [*(start for start, _ in tokens[1:]), len(encoded)]
    words: list[str] = []
    constant_until = -1
    for (start, kind), end in zip(tokens, ends, strict=True):
        word = encoded[start:end].decode(errors="replace").rstrip()
        if kind == duckdb.token_type.comment:
            continue
        # A number such as 0x1F comes in two parts, the second as if it were a name.
        rest_of_constant = start == constant_until and kind == duckdb.token_type.identifier
        text_or_number = (kind in CONSTANTS and word != ".") or word.startswith('"')
        if rest_of_constant or text_or_number:
            constant_until = start + len(word.encode())
            words += [] if rest_of_constant else ["?"]
        else:
            words.append(word)
    return " ".join(words)


def _account() -> str:
    """Return who asks: the account of the system, by its name where it has one."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return str(os.getuid())
