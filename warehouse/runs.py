"""Runs, and what each wave's stored figures were computed from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import duckdb
import pandas as pd

from transforms.catalogue import MAIN
from warehouse.database import transaction
from warehouse.store import add_rows, read_arrow

Outcome = Literal["done", "nothing new", "waiting", "returns rejected"]
"""waiting: returns were accepted, but their waves lack a required sample."""


@dataclass(frozen=True, slots=True)
class Run:
    """A row of ops.run, but its number: a run that completed a build."""

    started_at: datetime
    ended_at: datetime
    code_version: str
    survey_version: str
    inputs: tuple[str, ...]
    waves_computed: tuple[str, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class WaveVersion:
    """A row of ops.wave_version: one of the returns a wave's figures were computed from.

    `kept_sha256`: as of a delivery.
    """

    wave: str
    sha256: str
    survey_version: str
    code_version: str
    sample: str = MAIN
    kept_sha256: str | None = None


def record_run(connection: duckdb.DuckDBPyConnection, run: Run) -> int:
    """Record a run under the next number, and return that."""
    runs = connection.execute("SELECT coalesce(max(run), 0) FROM ops.run").fetchall()
    row = {"run": runs[0][0] + 1, **asdict(run)}
    add_rows(connection, "ops.run", pd.DataFrame([row]))
    return int(runs[0][0] + 1)


def last_run(connection: duckdb.DuckDBPyConnection) -> Run | None:
    """Return the last recorded run; None where there is none."""
    rows = read_arrow(connection, "ops.run").drop_columns("run").to_pylist()
    if not rows:
        return None
    lists = {name: tuple(rows[-1][name]) for name in ("inputs", "waves_computed")}
    return Run(**rows[-1] | lists)


def wave_versions(connection: duckdb.DuckDBPyConnection) -> dict[str, frozenset[WaveVersion]]:
    """Return what each stored wave was computed from, by wave: a version for each sample."""
    found: dict[str, frozenset[WaveVersion]] = {}
    for row in read_arrow(connection, "ops.wave_version").to_pylist():
        found[row["wave"]] = found.get(row["wave"], frozenset()) | {WaveVersion(**row)}
    return found


def mark_as_of_another_key(connection: duckdb.DuckDBPyConnection) -> int:
    """Note of every stored wave that its pseudonyms are of another key; return how many there are.

    A run computes such a wave again, unless its respondents are no longer kept.
    """
    waves = connection.execute(
        "SELECT count(DISTINCT wave) FROM ops.wave_version "
        "WHERE wave NOT IN (SELECT wave FROM ops.reduction)"
    ).fetchall()
    with transaction(connection):
        connection.execute(
            "UPDATE ops.wave_version SET code_version = code_version || ', another key' "
            "WHERE wave NOT IN (SELECT wave FROM ops.reduction)"
        )
    return int(waves[0][0])


def record_wave_version(
    connection: duckdb.DuckDBPyConnection, wave: str, versions: Collection[WaveVersion]
) -> None:
    """Record what a wave was computed from, in the place of what was recorded before."""
    rows = pd.DataFrame([asdict(version) for version in versions])
    with transaction(connection):
        connection.execute("DELETE FROM ops.wave_version WHERE wave = ?", [wave])
        add_rows(connection, "ops.wave_version", rows)
