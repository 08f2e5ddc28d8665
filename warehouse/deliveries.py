"""Deliveries: which files were received, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal

import duckdb
import pandas as pd

from transforms.validation import CheckResult
from warehouse.database import transaction
from warehouse.store import add_rows, read_arrow

CHECK_COLUMNS = [
    *("sha256", "rule", "severity", "variable", "passed", "failing_rows", "finding"),
    *("accepted", "of_wave"),
]
SUPERSEDE = """
    UPDATE ops.delivery SET status = 'superseded', reason = $reason
    WHERE wave = $wave AND sample = $sample AND status = 'accepted' AND sha256 <> $sha256
"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of ops.delivery: a file received, known by its content.

    `kept_sha256`: of what the archive keeps, where `withdrawn` respondents were taken out of it.
    """

    sha256: str
    file_name: str
    wave: str | None
    sample: str | None
    received_at: datetime
    row_count: int | None
    status: Literal["accepted", "superseded", "rejected"]
    reason: str | None = None
    kept_sha256: str | None = None
    withdrawn: int = 0

    @property
    def content(self) -> str:
        """The SHA-256 of what the archive keeps of it."""
        return self.kept_sha256 or self.sha256


@dataclass(frozen=True, slots=True)
class Rejection:
    """A rejected delivery and the rules it was checked by, without serial numbers."""

    delivery: Delivery
    results: tuple[CheckResult, ...]


def deliveries(connection: duckdb.DuckDBPyConnection) -> tuple[Delivery, ...]:
    """Return every recorded delivery, in the order received."""
    rows = (Delivery(**row) for row in read_arrow(connection, "ops.delivery").to_pylist())
    return tuple(sorted(rows, key=lambda row: (row.received_at, row.sha256)))


def record_accepted(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, results: Iterable[CheckResult]
) -> None:
    """Record an accepted delivery; it supersedes the one in use for its wave and sample."""
    accepted = replace(delivery, status="accepted", reason=None)
    superseded = {
        "wave": delivery.wave,
        "sample": delivery.sample,
        "sha256": delivery.sha256,
        "reason": f"superseded by {delivery.file_name} ({delivery.sha256[:12]})",
    }
    with transaction(connection):
        connection.execute(SUPERSEDE, superseded)
        _record(connection, accepted, results)


def record_rejected(connection: duckdb.DuckDBPyConnection, rejection: Rejection) -> None:
    """Record a rejected delivery, unless the same content has been accepted."""
    accepted = connection.execute(
        "SELECT 1 FROM ops.delivery WHERE sha256 = ? AND status <> 'rejected'",
        [rejection.delivery.sha256],
    ).fetchall()
    if not accepted:
        with transaction(connection):
            _record(connection, rejection.delivery, rejection.results)


def record_wave_checks(
    connection: duckdb.DuckDBPyConnection,
    wave: str,
    results: Sequence[CheckResult],
    *,
    all_of_them: bool,
) -> None:
    """Record checks of a wave's figures on its deliveries in use, in place of earlier ones.

    `all_of_them`: what other checks of its figures found before stands no more.
    """
    in_use = connection.execute(
        "SELECT sha256 FROM ops.delivery WHERE wave = ? AND status = 'accepted' ORDER BY sha256",
        [wave],
    ).fetchall()
    rules = [result.rule for result in results]
    checks = [(sha256, *_check(result)) for (sha256,) in in_use for result in results]
    with transaction(connection):
        for (sha256,) in in_use:
            connection.execute(
                "DELETE FROM ops.check "
                "WHERE sha256 = ? AND (of_wave AND ? OR list_contains(?, rule))",
                [sha256, all_of_them, rules],
            )
        add_rows(connection, "ops.check", pd.DataFrame(checks, columns=CHECK_COLUMNS))


def record_kept(connection: duckdb.DuckDBPyConnection, changed: Iterable[Delivery]) -> None:
    """Record what the archive keeps of deliveries from which respondents were withdrawn."""
    with transaction(connection):
        for one in changed:
            connection.execute(
                """
                UPDATE ops.delivery SET kept_sha256 = ?, withdrawn = ?, row_count = ?
                WHERE sha256 = ?
                """,
                [one.kept_sha256, one.withdrawn, one.row_count, one.sha256],
            )


def _record(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, results: Iterable[CheckResult]
) -> None:
    for table in ("ops.check", "ops.delivery"):
        connection.execute(f"DELETE FROM {table} WHERE sha256 = ?", [delivery.sha256])
    checks = [(delivery.sha256, *_check(result)) for result in results]
    add_rows(connection, "ops.delivery", pd.DataFrame([asdict(delivery)]))
    add_rows(connection, "ops.check", pd.DataFrame(checks, columns=CHECK_COLUMNS))


def _check(result: CheckResult) -> tuple[object, ...]:
    found = result.finding or None
    severity = result.severity.value
    return (
        *(result.rule, severity, result.variable, result.passed, result.failing_rows, found),
        *(result.accepted, result.of_wave),
    )
