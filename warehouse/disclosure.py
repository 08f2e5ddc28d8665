"""Which figures some build has published, and which of them are withheld by now."""

from __future__ import annotations

import duckdb


def remember_shown(connection: duckdb.DuckDBPyConnection) -> None:
    """Add every figure that is shown in estimate.estimate to ops.shown."""
    connection.execute("""
        INSERT INTO ops.shown
        SELECT period, measure, domain, domain_value FROM estimate.estimate
        WHERE estimate IS NOT NULL
        ORDER BY ALL ON CONFLICT DO NOTHING
    """)


def shown_and_withheld(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Return each figure that was published and is confidential by now, in words."""
    rows = connection.execute("""
        SELECT period, measure, domain, domain_value FROM ops.shown_and_withheld ORDER BY ALL
    """).fetchall()
    return tuple(
        f"{measure}, {domain} {value}, {period}" for period, measure, domain, value in rows
    )
