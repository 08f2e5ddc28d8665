"""What the pages are made from: the published database read into frozen values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from transforms.estimation.totals import FORCE
from transforms.scales import Scale, plain
from transforms.waves import Wave
from warehouse.site.facts import (
    AcceptedFinding,
    Cell,
    ChainFacts,
    ChainStep,
    Change,
    DomainFacts,
    DomainValue,
    Estimate,
    Finding,
    MarginFacts,
    MeasureFacts,
    PeriodFacts,
    PlanKpi,
    Published,
    ReleaseFacts,
    Slope,
    SurveyFacts,
    TableFacts,
    WaveQuality,
)
from warehouse.site.read_records import read_records

T = TypeVar("T")
Rows = list[tuple[Any, ...]]

SURVEY = """
    SELECT survey, title, run_by, fieldwork_by, covers, whole, simulated, illustrative,
        survey_version, confidence, significance_level, minimum_count, minimum_base,
        method_note, sources, address, lacking, contact
    FROM ref.survey
"""

WAVES = "SELECT wave, period_start, period_end FROM ref.wave ORDER BY wave_order"

PERIODS = """
    SELECT period, kind, wave, waves, period_start, period_end, label
    FROM ref.period ORDER BY period_order
"""

KPIS = """
    SELECT kpi, section, section_title, title, statement, measure, required_direction, judged,
        judged_by, owner
    FROM ref.kpi ORDER BY section_order, kpi_order
"""

SHARE_DECIMALS = """
    (SELECT if(bool_and(interval_method = 'none'
            AND abs(100 * estimate - round(100 * estimate)) < 1e-9), 0, 1)
        FROM estimate.estimate)
"""
"""Decimals of per cent: none where every figure was taken over from tables of whole per cent."""

MEASURES = f"""
    WITH newest_label AS (
        SELECT measure, name, max_by(code.label, (wave_order, code)) AS label
        FROM ref.measure JOIN ref.code USING (item) JOIN ref.wave USING (wave)
        WHERE list_contains(counts, name) OR list_contains(map_keys(scores), name)
        GROUP BY measure, name
    )
    SELECT measure, any_value(measure.label), any_value(question), any_value(base_label),
        any_value(domains),
        list((newest_label.label, scores[name]) ORDER BY list_position(counts, name),
            list_position(map_keys(scores), name)) FILTER (name IS NOT NULL),
        any_value(scale_lower), any_value(scale_upper), any_value(unit), {SHARE_DECIMALS}
    FROM ref.measure JOIN ref.item USING (item) LEFT JOIN newest_label USING (measure)
    GROUP BY measure ORDER BY any_value(measure_order)
"""

CHAINS = """
    SELECT chain, chain_label, step_label, share_of_all, share_of_previous
    FROM ref.chain ORDER BY chain_order, step
"""

DOMAINS = """
    SELECT domain, domain_label, domain_value, value_label, area_code
    FROM ref.domain WHERE domain <> $force_domain ORDER BY domain_order, value_order
"""

MARGINS = """
    SELECT any_value(variables), list_sort(list_distinct(list((source, reference_date))))
    FROM ref.margin GROUP BY margin ORDER BY margin
"""

ESTIMATES = """
    SELECT period, measure, e.domain, e.domain_value, coalesce(value_label, e.domain_value),
        estimate, ci_lower, ci_upper, unweighted_base, interval_method, marker, suppression_reason
    FROM estimate.estimate e JOIN ref.period USING (period)
    LEFT JOIN ref.domain d ON d.domain = e.domain AND d.domain_value = e.domain_value
    ORDER BY period_order, measure, domain_order, value_order, e.domain_value
"""

CHANGES = """
    SELECT found.period, coalesce(earlier.label, found.compared_with), comparison, measure, domain,
        domain_value, difference, ci_lower, ci_upper, shared_waves, role, family_size,
        adjustment, detectable_change, verdict, no_verdict_reason, marker, suppression_reason
    FROM estimate.change AS found JOIN ref.period AS later ON later.period = found.period
    LEFT JOIN ref.period AS earlier ON earlier.period = found.compared_with
    ORDER BY later.period_order, measure, domain, domain_value, comparison
"""

SLOPES = """
    SELECT measure, domain, domain_value, first_wave, last_wave, waves, seasonal, slope, ci_lower,
        ci_upper
    FROM estimate.trend ORDER BY ALL
"""

FINDINGS = """
    SELECT kpi, found.wave, found.period, domain, domain_value, status, evidence, measurable_from,
        comparison, family_size, adjustment, detectable_change
    FROM kpi.kpi AS found JOIN ref.wave USING (wave)
    ORDER BY wave_order, kpi, domain, domain_value
"""

QUALITY = """
    SELECT found.period,
        max(unweighted_base) FILTER (domain = $force_domain),
        max_by(effective_base, unweighted_base) FILTER (domain = $force_domain),
        count(*), count(*) FILTER (estimate IS NULL),
        count(*) FILTER (estimate IS NOT NULL AND contains(marker, '[u]')),
        any_value(interviews), any_value(cases_issued), any_value(cases_not_eligible),
        any_value(findings), any_value(not_accepted)
    FROM estimate.estimate AS found JOIN ref.period USING (period)
    LEFT JOIN ref.wave AS declared ON declared.wave = found.period
    LEFT JOIN quality.wave AS held ON held.wave = found.period
    WHERE kind = 'wave' GROUP BY found.period, period_order ORDER BY period_order
"""

ACCEPTED = """
    SELECT wave, rule, accepted_by, reason
    FROM quality.accepted JOIN ref.wave USING (wave) ORDER BY wave_order, rule
"""

RELEASE = """
    SELECT number, released_on, corrects, note,
        (SELECT count(*) FROM kpi.revision WHERE release = number)
            + (SELECT count(*) FROM record.revision WHERE release = number)
    FROM kpi.release ORDER BY number DESC LIMIT 1
"""

TABLES = """
    SELECT schema_name || '.' || table_name, comment FROM duckdb_tables()
    WHERE schema_name IN ('ref', 'estimate', 'kpi', 'record', 'quality') AND comment IS NOT NULL
    ORDER BY list_position(['kpi', 'estimate', 'record', 'quality', 'ref'], schema_name), table_name
"""


def read_published(path: Path) -> Published:
    """Return what `published.duckdb` at `path` says, read without locking it for writers."""
    with duckdb.connect(str(path), read_only=True) as connection:
        periods = {row[0]: PeriodFacts(*row) for row in _rows(connection, PERIODS)}
        measures = {row[0]: _measure(*row) for row in _rows(connection, MEASURES)}
        scales = {name: measure.scale for name, measure in measures.items()}
        estimates = (
            Estimate(periods[row[0]], *_scaled(row[1:], scales[row[1]]))
            for row in _rows(connection, ESTIMATES)
        )
        changes = (
            Change(periods[row[0]], *_scaled(row[1:], scales[row[3]]))
            for row in _rows(connection, CHANGES)
        )
        findings = (
            Finding(kpi, wave, periods[period], *row)
            for kpi, wave, period, *row in _rows(connection, FINDINGS)
        )
        slopes = [Slope(*_scaled(row, scales[row[0]])) for row in _rows(connection, SLOPES)]
        return Published(
            survey=SurveyFacts(*_rows(connection, SURVEY)[0]),
            waves=tuple(Wave(name=n, start=s, end=e) for n, s, e in _rows(connection, WAVES)),
            periods=periods,
            kpis=tuple(PlanKpi(*row) for row in _rows(connection, KPIS)),
            measures=measures,
            domains=_domains(_rows(connection, DOMAINS)),
            margins=tuple(MarginFacts(*row) for row in _rows(connection, MARGINS)),
            estimates=_by(lambda one: (one.measure, one.domain, one.value), estimates),
            changes=_by(lambda one: (one.measure, one.domain, one.value), changes),
            slopes={(one.measure, one.domain, one.value): one for one in slopes},
            findings=_by(lambda one: (one.kpi, one.domain, one.value), findings),
            tables=tuple(TableFacts(*row) for row in _rows(connection, TABLES)),
            chains=_chains(_rows(connection, CHAINS)),
            quality=tuple(WaveQuality(*row) for row in _rows(connection, QUALITY)),
            accepted=tuple(AcceptedFinding(*row) for row in _rows(connection, ACCEPTED)),
            records=read_records(connection),
            release=next((ReleaseFacts(*row) for row in _rows(connection, RELEASE)), None),
        )


def _measure(
    name: str,
    label: str,
    question: str | None,
    base_label: str,
    domains: list[str],
    answers: list[tuple[str, float | None]] | None,
    *scale: Any,
) -> MeasureFacts:
    """Return a measure; `answers`: labels of the answers that count, or score, and their scores."""
    counted = [
        answer if score is None else f"{answer} {plain(score)}" for answer, score in answers or ()
    ]
    return MeasureFacts(name, label, question, base_label, domains, counted or None, Scale(*scale))


def _scaled(row: tuple[Any, ...], scale: Scale) -> tuple[Any, ...]:
    """Return a row with the scale of its measure."""
    return (*row, scale)


def _chains(rows: Rows) -> tuple[ChainFacts, ...]:
    """Return the chains with their steps, both in their order."""
    return tuple(
        ChainFacts(*chain, tuple(ChainStep(*step) for _, _, *step in steps))
        for chain, steps in groupby(rows, lambda row: (row[0], row[1]))
    )


def _by(key: Callable[[T], Cell], rows: Iterable[T]) -> Mapping[Cell, tuple[T, ...]]:
    """Return the rows of each cell, in the order they come."""
    found: dict[Cell, list[T]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return {cell: tuple(held) for cell, held in found.items()}


def _domains(rows: Rows) -> tuple[DomainFacts, ...]:
    """Return the classifications in their order; areas by name, since their order means nothing."""
    labels = {domain: label for domain, label, *_ in rows}
    values = {
        domain: [DomainValue(*value) for name, _, *value in rows if name == domain]
        for domain in labels
    }
    return tuple(
        DomainFacts(domain, label, tuple(_by_name(values[domain])))
        for domain, label in labels.items()
    )


def _by_name(values: list[DomainValue]) -> list[DomainValue]:
    is_area = any(value.area_code is not None for value in values)
    return sorted(values, key=lambda value: value.label.casefold()) if is_area else values


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> Rows:
    force = {"force_domain": FORCE[0]}
    wanted = {name: value for name, value in force.items() if f"${name}" in query}
    return connection.execute(query, wanted).fetchall()
