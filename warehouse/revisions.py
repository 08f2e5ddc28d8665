"""What was published by a release or a build, to be held against another."""

from __future__ import annotations

from pathlib import Path

import duckdb

from transforms.errors import UsageError
from transforms.lineage import Made, State, differences
from warehouse.builds import PUBLISHED, WAREHOUSE, complete_builds, open_current
from warehouse.database import read_connection
from warehouse.home import Home
from warehouse.lineage import made_of, measure_of
from warehouse.releases import release_database, signed_releases
from warehouse.store import add_rows, read_table

BUILD = "build:"
TABLE = "ops.revision"


def state_of(connection: duckdb.DuckDBPyConnection, made: tuple[Made, ...] | None) -> State:
    """Return what a database publishes."""
    periods = connection.execute("SELECT period, waves FROM ref.period").fetchall()
    return State(
        estimates=read_table(connection, "estimate.estimate"),
        waves={period: tuple(waves) for period, waves in periods},
        made=made,
    )


def record_revisions(connection: duckdb.DuckDBPyConnection, before: State, run: int) -> None:
    """Record which figures of `before` are others in the warehouse now, under the run's number."""
    after = state_of(connection, made_of(connection))
    if not before.estimates.empty:
        add_rows(connection, TABLE, differences(before, after).assign(run=run))


def state_named(home: Home, name: str) -> tuple[str, State]:
    """Return what `name` is in words, and what it published.

    `name`: the number of a release, or build: and the number of a build that is kept.
    """
    if name.startswith(BUILD):
        return _build(home, name.removeprefix(BUILD))
    releases = {str(one.number): one for one in signed_releases(home)}
    if name not in releases:
        raise _unknown(f"release '{name}'", list(releases), home)
    one = releases[name]
    words = f"release {name} of {one.released_on.isoformat()} (build {one.build})"
    if one.withdrawal is not None:
        words += f", withdrawn on {one.withdrawal.withdrawn_on}: {one.withdrawal.reason}"
    words += f"; the publisher says: {one.note}" if one.note else ""
    with read_connection(release_database(home, one.number)) as connection:
        return words, state_of(connection, one.made)


def _build(home: Home, number: str) -> tuple[str, State]:
    builds = {str(int(folder.name)): folder for folder in complete_builds(home)}
    folder = builds.get(number.lstrip("0"))
    if folder is None:
        raise _unknown(f"build '{number}'", [one.number for one in signed_releases(home)], home)
    return f"build {folder.name}", _state_of_build(folder)


def _state_of_build(folder: Path) -> State:
    with read_connection(folder / WAREHOUSE) as warehouse:
        made = made_of(warehouse)
    with read_connection(folder / PUBLISHED) as connection:
        return state_of(connection, made)


def _unknown(what: str, releases: list[object], home: Home) -> UsageError:
    builds = [f"{BUILD}{int(folder.name)}" for folder in complete_builds(home)]
    named = [*map(str, releases), *builds]
    return UsageError(
        f"There is no {what}.",
        expected=f"one of {', '.join(named) or 'none: there is none yet'}.",
        remedy="name two releases by their numbers, or builds such as build:12.",
    )


def measure_named(home: Home, name: str | None) -> str | None:
    """Return the measure of a KPI or measure of the current build; None where none is named."""
    if name is None:
        return None
    connection = open_current(home)
    if connection is None:
        raise UsageError("There is no build yet.", remedy="run `perceptions run` first.")
    with connection:
        return measure_of(connection, name)
