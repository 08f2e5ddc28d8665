"""The published values as a reader meets them: sections, KPIs, and figures with their tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from markupsafe import Markup

from transforms import wording
from transforms.estimation.totals import FORCE
from transforms.waves import Wave
from warehouse.site.charts import Axis, axis_for, dot_chart, trend_chart
from warehouse.site.read import (
    Change,
    DomainFacts,
    Estimate,
    Finding,
    MeasureFacts,
    PlanKpi,
    Published,
    SurveyFacts,
)
from warehouse.site.svg import Words

T = TypeVar("T")

UNMEASURED = "not yet measurable"


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart and the table behind it; `rows` are (row header, estimate)."""

    heading: str
    note: str
    chart: Markup
    caption: str
    first_column: str
    rows: tuple[tuple[str, Estimate], ...]


@dataclass(frozen=True, slots=True)
class KpiView:
    """One KPI as the page shows it; `latest` and `trend` are None before the first figure."""

    kpi: PlanKpi
    measure: MeasureFacts
    status: str
    finding: Finding | None
    latest: Estimate | None
    trend: Figure | None
    areas: tuple[Figure, ...]
    breakdowns: tuple[Figure, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section of the Plan with its KPIs."""

    section: str
    title: str
    kpis: tuple[KpiView, ...]


def sections(published: Published) -> tuple[SectionView, ...]:
    """Return the Plan's sections, each with its KPIs, in the declared order."""
    grouped = groupby(published.kpis, lambda kpi: (kpi.section, kpi.section_title))
    return tuple(
        SectionView(name, title, tuple(kpi_view(kpi, published) for kpi in kpis))
        for (name, title), kpis in grouped
    )


def latest_wave(published: Published) -> Wave | None:
    """Return the last wave that has an estimate; None before the first."""
    published_waves = {estimate.wave for estimate in published.estimates}
    return next((w for w in reversed(published.waves) if w.name in published_waves), None)


def kpi_view(kpi: PlanKpi, published: Published) -> KpiView:
    """Return everything the page shows of one KPI."""
    subject = _Subject(kpi, published.measures[kpi.measure], published.survey)
    series = tuple(e for e in published.estimates if e.measure == kpi.measure)
    trend = tuple(e for e in series if (e.domain, e.value) == FORCE)
    latest = trend[-1] if trend else None
    wave = latest.wave if latest else None
    finding = _one(f for f in published.findings if (f.kpi, f.wave) == (kpi.kpi, wave))
    latest_wave_estimates = [e for e in series if e.wave == wave]
    figures = _breakdown_figures(subject, published.domains, latest_wave_estimates)
    return KpiView(
        kpi=kpi,
        measure=subject.measure,
        status=finding.status if finding else UNMEASURED,
        finding=finding,
        latest=latest,
        trend=_trend_figure(subject, trend, published.waves) if trend else None,
        areas=tuple(figure for domain, figure in figures if domain.is_area),
        breakdowns=tuple(figure for domain, figure in figures if not domain.is_area),
        changes=tuple(
            change
            for change in published.changes
            if (change.measure, change.wave) == (kpi.measure, wave)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Subject:
    """What every figure of a KPI speaks of."""

    kpi: PlanKpi
    measure: MeasureFacts
    survey: SurveyFacts

    def note(self, axis: Axis) -> str:
        """Say what a chart's marks are, and where its axis starts if not at zero."""
        marks = f"{self.measure.label}: per cent, with {self.survey.interval}."
        start = "" if axis.starts_at_zero else f" The axis starts at {axis.low}%, not at zero."
        return f"{marks} Base: {self.measure.base_label}.{start}"

    def caption(self, text: str) -> str:
        """Name a table so that it can stand alone."""
        simulated = "; simulated" if self.survey.simulated else ""
        name = f"{self.measure.label}: {text}"
        return f"{name} (per cent, with {self.survey.interval}{simulated})"

    def words(self, part: str, title: str, sentences: Sequence[str]) -> Words:
        """Name and describe a chart to someone who cannot see it."""
        simulated = ["Simulated figures."] if self.survey.simulated else []
        description = " ".join([*simulated, *sentences])
        return Words(f"{self.kpi.kpi}-{part}", f"{self.measure.label}, {title}", description)


def _trend_figure(subject: _Subject, trend: Sequence[Estimate], waves: Sequence[Wave]) -> Figure:
    names = [wave.name for wave in waves]
    shown = waves[names.index(trend[0].wave) : names.index(trend[-1].wave) + 1]
    words = subject.words("trend", "by wave", _trend_words(trend))
    return Figure(
        heading="Over time",
        note=subject.note(axis_for(trend)) + _withheld_words(trend),
        chart=trend_chart(words, trend, shown),
        caption=subject.caption(f"{subject.survey.whole}, by wave"),
        first_column="Wave",
        rows=tuple((wording.wave_words(estimate.wave), estimate) for estimate in trend),
    )


def _breakdown_figures(
    subject: _Subject, domains: Sequence[DomainFacts], estimates: Sequence[Estimate]
) -> list[tuple[DomainFacts, Figure]]:
    """Return a figure for each domain of the measure in one wave, all on one scale."""
    axis = axis_for(estimates)
    force = _one(e for e in estimates if (e.domain, e.value) == FORCE)
    by_domain = {
        domain: tuple(e for e in estimates if e.domain == domain.domain)
        for domain in domains
        if domain.domain in subject.measure.domains
    }
    return [
        (domain, _breakdown_figure(subject, domain, values, force, axis))
        for domain, values in by_domain.items()
        if values
    ]


def _breakdown_figure(
    subject: _Subject,
    domain: DomainFacts,
    values: Sequence[Estimate],
    force: Estimate | None,
    axis: Axis,
) -> Figure:
    heading = f"{domain.label}, {wording.wave_words(values[0].wave)}"
    words = subject.words(domain.domain, f"by {heading}", _dots_words(values, force))
    whole = [force] if force else []
    return Figure(
        heading=heading,
        note=subject.note(axis),
        chart=dot_chart(words, values, force, axis),
        caption=subject.caption(heading),
        first_column=domain.label,
        rows=tuple((estimate.label, estimate) for estimate in [*values, *whole]),
    )


def _withheld_words(trend: Sequence[Estimate]) -> str:
    """Say what the markers mean that stand in the place of a figure over time."""
    withheld = (wording.withheld_marker(e.marker) for e in trend if e.share is None)
    return "".join(f" {m}: withheld, {wording.marker_word(m)}." for m in sorted(set(withheld)))


def _trend_words(trend: Sequence[Estimate]) -> list[str]:
    """Describe a series: its ends, its range, what is withheld and where it breaks."""
    seen = [estimate for estimate in trend if estimate.share is not None]
    withheld = [wording.wave_words(e.wave) for e in trend if e.share is None]
    broken = [wording.wave_words(e.wave) for e in trend if e.breaks_series]
    return [
        *([_ends_words(seen)] if seen else []),
        *([f"Withheld in {_listed(withheld)}."] if withheld else []),
        *([f"The series breaks at {_listed(broken)}."] if broken else []),
    ]


def _ends_words(seen: Sequence[Estimate]) -> str:
    def at(estimate: Estimate) -> str:
        return f"{wording.percent(estimate.share or 0.0)} in {wording.wave_words(estimate.wave)}"

    if len(seen) == 1:
        return f"{at(seen[0])}."
    ordered = sorted(seen, key=lambda estimate: estimate.share or 0.0)
    return (
        f"From {at(seen[0])} to {at(seen[-1])}. "
        f"The lowest figure is {at(ordered[0])}, the highest {at(ordered[-1])}."
    )


def _dots_words(values: Sequence[Estimate], force: Estimate | None) -> list[str]:
    """Describe a domain's values in their declared order: a rank would be noise."""

    def of(estimate: Estimate) -> str:
        if estimate.share is None:
            return f"{estimate.label} withheld"
        return f"{estimate.label} {wording.percent(estimate.share)}"

    line = [f"The line is {of(force)}."] if force and force.share is not None else []
    listed = "; ".join(of(estimate) for estimate in values)
    return [f"{listed}.", *line, "The intervals are in the table below."]


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _one(found: Iterator[T]) -> T | None:
    return next(found, None)
