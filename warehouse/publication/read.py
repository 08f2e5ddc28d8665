"""The published database as rows of the contract; the order is the declared one, then time's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from transforms.contract import (
    ChangeRow,
    EstimateRow,
    KpiRow,
    RecordChangeRow,
    RecordRevisionRow,
    RecordRow,
    ReleaseEntry,
    RevisionRow,
    Row,
)
from transforms.record_periods import record_days
from transforms.sdmx import time_period
from warehouse.database import read_connection

R = TypeVar("R", bound=Row)
Days = Mapping[str, str]
"""Each period's SDMX notation."""

PLACES = """
    LEFT JOIN ref.domain AS place
        ON place.domain = found.domain AND place.domain_value = found.domain_value
"""
NAMED = """
    measured.label AS measure_label, coalesce(measured.unit, 'proportion') AS unit,
    coalesce(place.value_label, found.domain_value) AS value_label, place.area_code
"""
PLACE_ORDER = "coalesce(domain_order, 0), coalesce(value_order, 0), found.domain_value"

ESTIMATES = f"""
    SELECT found.* EXCLUDE (suppression_reason, deff_kish), suppression_reason AS withheld_reason,
        spoken.kind AS period_kind, spoken.period_start, spoken.period_end, {NAMED}
    FROM estimate.estimate AS found JOIN ref.period AS spoken USING (period)
    JOIN ref.measure AS measured USING (measure) {PLACES}
    ORDER BY measure_order, {PLACE_ORDER}, period_order
"""
CHANGES = f"""
    SELECT found.* EXCLUDE (unit, standard_error, df, ci_lower, ci_upper, suppression_reason),
        found.standard_error AS difference_standard_error, found.df AS difference_df,
        found.ci_lower AS difference_ci_lower, found.ci_upper AS difference_ci_upper,
        suppression_reason AS withheld_reason, {NAMED}
    FROM estimate.change AS found JOIN ref.period AS spoken USING (period)
    JOIN ref.measure AS measured USING (measure) {PLACES}
    ORDER BY measure_order, {PLACE_ORDER}, period_order, comparison
"""
KPIS = f"""
    SELECT found.* EXCLUDE (unit, suppression_reason), suppression_reason AS withheld_reason,
        declared.section_title, declared.owner, {NAMED}
    FROM kpi.kpi AS found JOIN ref.kpi AS declared USING (kpi) JOIN ref.wave USING (wave)
    JOIN ref.measure AS measured ON measured.measure = found.measure {PLACES}
    ORDER BY section_order, kpi_order, {PLACE_ORDER}, wave_order
"""
REVISIONS = f"""
    SELECT found.*, {NAMED}
    FROM kpi.revision AS found JOIN ref.period AS spoken USING (period)
    JOIN ref.measure AS measured USING (measure) {PLACES}
    ORDER BY release, measure_order, {PLACE_ORDER}, period_order
"""
RELEASES = """
    SELECT * REPLACE (
        strftime(released_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ') AS released_at)
    FROM kpi.release ORDER BY number
"""
RECORD_SOURCE = "title, declared.kind AS source_kind, quantity, unit, simulated"
RECORDS = f"""
    SELECT found.* EXCLUDE (area_order, label), {RECORD_SOURCE}
    FROM record.figure AS found JOIN record.series AS declared USING (series)
    ORDER BY series_order, area_order, period_end, found.kind, period
"""
RECORD_CHANGES = f"""
    SELECT found.*, place.area_label, place.area_code, place.period_start, place.period_end,
        {RECORD_SOURCE}
    FROM record.change AS found JOIN record.series AS declared USING (series)
    JOIN record.figure AS place USING (series, area, period)
    ORDER BY series_order, area_order, place.period_end
"""
RECORD_REVISIONS = f"""
    WITH place AS (
        SELECT series, area, any_value(area_label) AS area_label, any_value(area_code) AS area_code,
            any_value(area_order) AS area_order
        FROM record.figure GROUP BY series, area
    )
    SELECT found.*, coalesce(area_label, area) AS area_label, area_code, {RECORD_SOURCE}
    FROM record.revision AS found JOIN record.series AS declared USING (series)
    LEFT JOIN place USING (series, area)
    ORDER BY release, series_order, coalesce(area_order, 0), area, period
"""
PERIODS = "SELECT period, period_start, period_end FROM ref.period"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of every file; `release`: the release they belong to, None in a draft."""

    kpis: tuple[KpiRow, ...]
    estimates: tuple[EstimateRow, ...]
    changes: tuple[ChangeRow, ...]
    revisions: tuple[RevisionRow, ...]
    records: tuple[RecordRow, ...]
    record_changes: tuple[RecordChangeRow, ...]
    record_revisions: tuple[RecordRevisionRow, ...]
    release: ReleaseEntry | None


def read_rows(published: Path) -> Rows:
    """Return the rows that `published` (a published.duckdb) holds."""
    with read_connection(published) as connection:
        periods = connection.execute(PERIODS).fetchall()
        days = {name: time_period(name, start, end) for name, start, end in periods}
        released = releases(connection)
        return Rows(
            kpis=_rows(connection, KPIS, KpiRow, days),
            estimates=_rows(connection, ESTIMATES, EstimateRow, days),
            changes=_rows(connection, CHANGES, ChangeRow, days),
            revisions=_rows(connection, REVISIONS, RevisionRow, days),
            records=_record_rows(connection, RECORDS, RecordRow),
            record_changes=_record_rows(connection, RECORD_CHANGES, RecordChangeRow),
            record_revisions=_record_rows(connection, RECORD_REVISIONS, RecordRevisionRow),
            release=released[-1] if released else None,
        )


def releases(connection: duckdb.DuckDBPyConnection) -> tuple[ReleaseEntry, ...]:
    """Return the releases up to the database's own, in order; none in a draft."""
    return tuple(ReleaseEntry(**record) for record in _records(connection, RELEASES))


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, model: type[R], days: Days
) -> tuple[R, ...]:
    return tuple(
        model(**{**record, "time_period": days[record["period"]]})
        for record in _records(connection, query)
    )


def _record_rows(
    connection: duckdb.DuckDBPyConnection, query: str, model: type[R]
) -> tuple[R, ...]:
    """Return rows on records, whose periods are their own."""
    return tuple(
        model(**{name: held[name] for name in model.model_fields})
        for held in map(_with_time_period, _records(connection, query))
    )


def _with_time_period(row: Mapping[str, Any]) -> Mapping[str, Any]:
    start, end = record_days(row["period"])
    return {**row, "time_period": time_period(row["period"], start, end)}


def _records(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
