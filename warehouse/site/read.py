"""What a page is made from: the published database as frozen values, in declared order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from transforms import wording
from transforms.estimation.totals import FORCE
from transforms.waves import Wave

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class SurveyFacts:
    """The survey's row of ref.survey; None: the declaration's rule is not published."""

    survey: str
    title: str
    run_by: str
    fieldwork_by: str
    covers: str
    whole: str
    simulated: bool
    illustrative: str | None
    survey_version: str
    confidence: float | None
    significance_level: float | None
    minimum_count: int | None
    minimum_base: int | None
    method_note: str | None
    sources: list[str] | None

    @property
    def interval(self) -> str:
        """The name of the survey's intervals: "95% interval", or "interval" of unknown level."""
        return "interval" if self.confidence is None else f"{self.confidence:.0%} interval"


@dataclass(frozen=True, slots=True)
class PlanKpi:
    """A KPI as declared, with the section of the Plan it belongs to."""

    kpi: str
    section: str
    section_title: str
    title: str
    statement: str
    measure: str
    required_direction: str
    judged: str
    owner: str


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """A measure, its question, and the labels of the answers that count."""

    measure: str
    label: str
    question: str | None
    base_label: str
    domains: list[str]
    counted: list[str] | None


@dataclass(frozen=True, slots=True)
class DomainFacts:
    """A classification of respondents; `is_area` where its values carry ONS codes."""

    domain: str
    label: str
    is_area: bool


@dataclass(frozen=True, slots=True)
class MarginFacts:
    """A margin the weights are calibrated to: its variables and where its figures come from."""

    variables: list[str]
    sources: list[str]
    reference_dates: list[date]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A published share with its interval and base; each is None where it is withheld."""

    wave: str
    measure: str
    domain: str
    value: str
    label: str
    share: float | None
    lower: float | None
    upper: float | None
    base: int | None
    interval_method: str
    marker: str | None
    suppression_reason: str | None

    @property
    def markers(self) -> tuple[str, ...]:
        """Every marker that belongs to the figure, `[low]` included."""
        low = self.share is not None and wording.rounds_to_zero(self.share)
        return (*wording.markers(self.marker), *(("[low]",) if low else ()))

    @property
    def breaks_series(self) -> bool:
        """True where the figure is not comparable with those before it."""
        return "[b]" in self.markers


@dataclass(frozen=True, slots=True)
class Change:
    """The force's change between two waves, as published."""

    wave: str
    compared_with: str
    comparison: str
    measure: str
    difference: float | None
    lower: float | None
    upper: float | None
    marker: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A KPI's status in one wave for the whole force, with its evidence in words."""

    kpi: str
    wave: str
    status: str
    evidence: str
    measurable_from: str | None
    detectable_change: float | None


@dataclass(frozen=True, slots=True)
class Published:
    """Everything a page says; each tuple is in the declared order."""

    survey: SurveyFacts
    waves: tuple[Wave, ...]
    kpis: tuple[PlanKpi, ...]
    measures: Mapping[str, MeasureFacts]
    domains: tuple[DomainFacts, ...]
    margins: tuple[MarginFacts, ...]
    estimates: tuple[Estimate, ...]
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]


SURVEY = """
    SELECT survey, title, run_by, fieldwork_by, covers, whole, simulated, illustrative,
        survey_version, confidence, significance_level, minimum_count, minimum_base,
        method_note, sources
    FROM ref.survey
"""

WAVES = "SELECT wave, period_start, period_end FROM ref.wave ORDER BY wave_order"

KPIS = """
    SELECT kpi, section, section_title, title, statement, measure, required_direction, judged, owner
    FROM ref.kpi ORDER BY section_order, kpi_order
"""

MEASURES = """
    WITH newest_label AS (
        SELECT measure, name, max_by(code.label, (wave_order, code)) AS label
        FROM ref.measure JOIN ref.code USING (item) JOIN ref.wave USING (wave)
        WHERE list_contains(counts, name) GROUP BY measure, name
    )
    SELECT measure, any_value(measure.label), any_value(question), any_value(base_label),
        any_value(domains), list(newest_label.label ORDER BY list_position(counts, name))
            FILTER (name IS NOT NULL)
    FROM ref.measure JOIN ref.item USING (item) LEFT JOIN newest_label USING (measure)
    GROUP BY measure ORDER BY any_value(measure_order)
"""

DOMAINS = """
    SELECT domain, any_value(domain_label), bool_or(area_code IS NOT NULL)
    FROM ref.domain WHERE domain <> $force_domain GROUP BY domain ORDER BY min(domain_order)
"""

MARGINS = """
    SELECT any_value(variables), list_sort(list_distinct(list(source))),
        list_sort(list_distinct(list(reference_date)))
    FROM ref.margin GROUP BY margin ORDER BY margin
"""

ESTIMATES = """
    SELECT e.period, measure, e.domain, e.domain_value, coalesce(value_label, e.domain_value),
        estimate, ci_lower, ci_upper, unweighted_base, interval_method, marker, suppression_reason
    FROM estimate.estimate e JOIN ref.wave ON wave = e.period
    LEFT JOIN ref.domain d ON d.domain = e.domain AND d.domain_value = e.domain_value
    ORDER BY wave_order, measure, domain_order, value_order, e.domain_value
"""

CHANGES = """
    SELECT period, compared_with, comparison, measure, difference, ci_lower, ci_upper, marker
    FROM estimate.change JOIN ref.wave ON wave = period
    WHERE domain = $force_domain AND domain_value = $force_value
    ORDER BY wave_order, measure, comparison
"""

FINDINGS = """
    SELECT kpi, wave, status, evidence, measurable_from, detectable_change
    FROM kpi.kpi JOIN ref.wave USING (wave)
    WHERE domain = $force_domain AND domain_value = $force_value
    ORDER BY wave_order, kpi
"""


def read_published(path: Path) -> Published:
    """Return what `published.duckdb` at `path` says, read without locking it for writers."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return Published(
            survey=SurveyFacts(*_rows(connection, SURVEY)[0]),
            waves=tuple(Wave(name=n, start=s, end=e) for n, s, e in _rows(connection, WAVES)),
            kpis=tuple(PlanKpi(*row) for row in _rows(connection, KPIS)),
            measures={row[0]: MeasureFacts(*row) for row in _rows(connection, MEASURES)},
            domains=tuple(DomainFacts(*row) for row in _rows(connection, DOMAINS)),
            margins=tuple(MarginFacts(*row) for row in _rows(connection, MARGINS)),
            estimates=tuple(Estimate(*row) for row in _rows(connection, ESTIMATES)),
            changes=tuple(Change(*row) for row in _rows(connection, CHANGES)),
            findings=tuple(Finding(*row) for row in _rows(connection, FINDINGS)),
        )


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> Rows:
    force = {"force_domain": FORCE[0], "force_value": FORCE[1]}
    wanted = {name: value for name, value in force.items() if f"${name}" in query}
    return connection.execute(query, wanted).fetchall()
