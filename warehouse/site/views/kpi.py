"""A KPI's page: its headline, its trend, its areas and breakdowns, its comparisons."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.estimation.totals import FORCE
from transforms.sentences import (
    COMPARISON_WORDS,
    Shown,
    detectable_words,
    family_words,
    shared_words,
    slope_words,
)
from warehouse.site import cells
from warehouse.site.charts import Lines
from warehouse.site.facts import Cell, Change, MeasureFacts, PlanKpi, Published
from warehouse.site.links import kpi_path
from warehouse.site.views.domains import DomainView, domain_views
from warehouse.site.views.figures import Figure, Subject, trend_figure
from warehouse.site.views.records import RecordView, record_views
from warehouse.site.views.series import (
    Headline,
    baseline_of,
    comparisons_of,
    headline,
    line_of,
    waves_of,
)


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One comparison of the force's figure in words."""

    comparison: str
    later: str
    earlier: str
    difference: str
    interval: str
    verdict: str


@dataclass(frozen=True, slots=True)
class KpiView:
    """One KPI as its page shows it; `trend` is None before the first figure."""

    kpi: PlanKpi
    path: str
    measure: MeasureFacts
    headline: Headline
    trend: Figure | None
    areas: tuple[DomainView, ...]
    breakdowns: tuple[DomainView, ...]
    comparisons: tuple[ComparisonRow, ...]
    shared: str
    slope: str
    detectable: str
    family: str
    records: tuple[RecordView, ...]


def kpi_view(kpi: PlanKpi, published: Published) -> KpiView:
    """Return everything a KPI's page shows."""
    measure = published.measures[kpi.measure]
    subject = Subject(kpi.kpi, measure.label, measure, published.survey)
    cell = (kpi.measure, *FORCE)
    head = headline(published, kpi, *FORCE)
    views = domain_views(published, kpi, subject)
    compared = _comparisons(published, cell, head)
    finding = head.finding
    detectable = finding.detectable_change if finding else None
    level = published.survey.significance_level
    return KpiView(
        kpi=kpi,
        path=kpi_path(kpi),
        measure=measure,
        headline=head,
        trend=trend_of(published, subject, cell, head.evidence),
        areas=tuple(view for domain, view in views if domain.is_area),
        breakdowns=tuple(view for domain, view in views if not domain.is_area),
        comparisons=tuple(_row(change) for change in compared),
        shared=shared_words(max((change.shared_waves for change in compared), default=0)),
        slope=_slope(published, cell),
        detectable=detectable_words(detectable, measure.scale) if detectable is not None else "",
        family=family_words(cells.family(finding, "KPI"), level),
        records=record_views(published, kpi.kpi),
    )


def trend_of(
    published: Published, subject: Subject, cell: Cell, finding: str = ""
) -> Figure | None:
    """Return a measure over time in a domain value; None before its first figure."""
    line = line_of(published, cell)
    lines = Lines(line, waves_of(published, cell), baseline_of(published, cell, line))
    if not lines.figures:
        return None
    return trend_figure(subject, "Over time", lines, published.waves, finding)


def _comparisons(published: Published, cell: Cell, head: Headline) -> tuple[Change, ...]:
    """Return the comparisons of the headline's period and its last wave, the judged one first."""
    if head.figure is None:
        return ()
    period = head.figure.period
    return comparisons_of(published, cell, [period, published.periods.get(period.wave)])


def _row(change: Change) -> ComparisonRow:
    return ComparisonRow(
        comparison=COMPARISON_WORDS.get(change.comparison, change.comparison.replace("_", " ")),
        later=change.period.label,
        earlier=change.compared_with,
        difference=cells.difference(change),
        interval=cells.difference_interval(change),
        verdict=cells.verdict(change),
    )


def _slope(published: Published, cell: Cell) -> str:
    found = published.slopes.get(cell)
    if found is None:
        return ""
    slope = Shown("", found.slope, found.lower, found.upper, found.scale)
    return slope_words(
        slope, found.first_wave, found.last_wave, found.waves, seasonal=found.seasonal
    )
