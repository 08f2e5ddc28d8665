"""Findings that a person has accepted, and those that nobody has accepted yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import duckdb
import pandas as pd

from transforms.validation import Acceptance
from warehouse.builds import open_current
from warehouse.database import transaction
from warehouse.home import Home
from warehouse.store import add_rows, primary_keys, read_arrow

EVERY_WAVE = "*"
TABLE = "ops.acceptance"


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A row of ops.open_finding: what was found on a delivery in use, accepted by nobody."""

    wave: str
    rule: str
    severity: str
    finding: str


def acceptances(connection: duckdb.DuckDBPyConnection) -> tuple[Acceptance, ...]:
    """Return every recorded acceptance; none in a build of an earlier version."""
    if TABLE not in primary_keys(connection):
        return ()
    rows = read_arrow(connection, TABLE).to_pylist()
    return tuple(
        Acceptance(**row | {"wave": None if row["wave"] == EVERY_WAVE else row["wave"]})
        for row in rows
    )


def record_acceptances(
    connection: duckdb.DuckDBPyConnection, accepted: Iterable[Acceptance]
) -> None:
    """Record acceptances, each in the place of an earlier one of its wave and rule."""
    rows = {(one.wave or EVERY_WAVE, one.rule): one for one in accepted}
    with transaction(connection):
        for (wave, rule), one in rows.items():
            connection.execute(f"DELETE FROM {TABLE} WHERE wave = ? AND rule = ?", [wave, rule])
            add_rows(connection, TABLE, pd.DataFrame([{**asdict(one), "wave": wave}]))


def forget_declared(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget what survey.yaml accepted: what it accepts now is recorded again."""
    with transaction(connection):
        connection.execute(f"DELETE FROM {TABLE} WHERE accepted_at IS NULL")


def open_findings_in(home: Home) -> tuple[OpenFinding, ...]:
    """Return the open findings of the current build; none before the first."""
    connection = open_current(home)
    if connection is None:
        return ()
    with connection:
        return open_findings(connection)


def open_findings(connection: duckdb.DuckDBPyConnection) -> tuple[OpenFinding, ...]:
    """Return the findings on deliveries in use that nobody has accepted, in order of wave."""
    if TABLE not in primary_keys(connection):
        return ()
    rows = connection.execute(
        "SELECT wave, rule, severity, finding FROM ops.open_finding ORDER BY wave, rule"
    ).fetchall()
    return tuple(OpenFinding(*row) for row in rows)
