"""Series of records read from the published database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb

from warehouse.site.record_facts import RecordBreak, RecordChange, RecordFacts, RecordFigure

SERIES = """
    SELECT series, title, kind, quantity, unit, every, kpis, supplied_by, supplied, simulated,
        source, licence, note
    FROM record.series ORDER BY series_order
"""
BREAKS = "SELECT series, since, until, reason FROM record.break ORDER BY series, since"
FIGURES = """
    SELECT series, area, area_label, period, kind, period_start, period_end, label, value, marker,
        break_reason
    FROM record.figure ORDER BY series, area_order, period_end, kind, period
"""
CHANGES = """
    SELECT series, area, found.period, compared_with, found.value, value_before, ratio, ci_lower,
        ci_upper, family_size, verdict, no_verdict_reason, found.marker
    FROM record.change AS found JOIN record.figure USING (series, area, period)
    ORDER BY series, area_order, period_end
"""


def read_records(connection: duckdb.DuckDBPyConnection) -> tuple[RecordFacts, ...]:
    """Return every declared series, in the order of the declaration."""
    breaks = [(row[0], RecordBreak(*row[1:])) for row in _rows(connection, BREAKS)]
    figures = [(row[0], RecordFigure(*row[1:])) for row in _rows(connection, FIGURES)]
    changes = [(row[0], RecordChange(*row[1:])) for row in _rows(connection, CHANGES)]
    return tuple(
        replace(
            RecordFacts(*row),
            breaks=tuple(one for name, one in breaks if name == row[0]),
            figures=tuple(one for name, one in figures if name == row[0]),
            changes=tuple(one for name, one in changes if name == row[0]),
        )
        for row in _rows(connection, SERIES)
    )


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()
