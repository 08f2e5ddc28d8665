"""An area's page: every KPI there, beside the whole force's, with its status and its trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from transforms.estimation.totals import FORCE
from transforms.sentences import Contrast, contrast_words, side_by_side_words, status_counts
from warehouse.site import cells
from warehouse.site.charts import Row, axis_for, dot_chart
from warehouse.site.facts import (
    DomainFacts,
    DomainValue,
    Estimate,
    PlanKpi,
    Published,
)
from warehouse.site.links import area_paths, kpi_path
from warehouse.site.views.area_records import AreaRecords, area_records
from warehouse.site.views.figures import (
    Figure,
    Subject,
    TableGroup,
    axis_words,
    caption,
    described,
)
from warehouse.site.views.kpi import trend_of
from warehouse.site.views.series import Headline, at, contrast_of, headline, shown_period


@dataclass(frozen=True, slots=True)
class AreaKpi:
    """A KPI in one area; `is_judged`: its change there carries a verdict."""

    kpi: PlanKpi
    path: str
    headline: Headline
    is_judged: bool
    shown: Estimate | None
    whole: Estimate | None
    differs: str
    trend: Figure | None


@dataclass(frozen=True, slots=True)
class AreaSection:
    """A section of the Plan in one area: its KPIs side by side, then each."""

    title: str
    figure: Figure | None
    kpis: tuple[AreaKpi, ...]


@dataclass(frozen=True, slots=True)
class AreaView:
    """One area as its page shows it."""

    label: str
    path: str
    domain_label: str
    area_code: str | None
    counts: str
    sections: tuple[AreaSection, ...]
    records: AreaRecords


def area_views(published: Published) -> tuple[AreaView, ...]:
    """Return every area with the KPIs that are broken down by its classification."""
    return tuple(
        _area(published, domain, value) for domain in published.areas for value in domain.values
    )


def _area(published: Published, domain: DomainFacts, value: DomainValue) -> AreaView:
    kpis = [
        kpi for kpi in published.kpis if domain.domain in published.measures[kpi.measure].domains
    ]
    found = tuple(
        _section(published, title, domain, value, [_kpi(published, k, domain, value) for k in held])
        for (_, title), held in groupby(kpis, lambda kpi: (kpi.section, kpi.section_title))
    )
    judged = [one.headline.status for part in found for one in part.kpis if one.is_judged]
    return AreaView(
        label=value.label,
        path=area_paths(published)[domain.domain, value.value],
        domain_label=domain.label,
        area_code=value.area_code,
        counts=status_counts(judged, "KPI") if judged else "",
        sections=found,
        records=area_records(published, value, kpis),
    )


def _kpi(published: Published, kpi: PlanKpi, domain: DomainFacts, value: DomainValue) -> AreaKpi:
    measure = published.measures[kpi.measure]
    cell = (kpi.measure, domain.domain, value.value)
    head = headline(published, kpi, domain.domain, value.value)
    period = shown_period(published, kpi)
    subject = Subject(kpi.kpi, f"{measure.label}, {value.label}", measure, published.survey)
    contrast = contrast_of(published, cell, period) if period else None
    contrasts = [Contrast(value.label, contrast.verdict)] if contrast else []
    family = cells.family(contrast, domain.noun)
    is_judged = kpi.judged_in(domain.domain) is not None
    return AreaKpi(
        kpi=kpi,
        path=kpi_path(kpi),
        headline=head,
        is_judged=is_judged,
        shown=at(published.estimates.get(cell, ()), period) if period else None,
        whole=at(published.estimates.get((kpi.measure, *FORCE), ()), period) if period else None,
        differs=contrast_words(contrasts, published.survey.whole, family),
        trend=trend_of(published, subject, cell, head.evidence if is_judged else ""),
    )


def _section(
    published: Published,
    title: str,
    domain: DomainFacts,
    value: DomainValue,
    kpis: Sequence[AreaKpi],
) -> AreaSection:
    # A mean has a scale of its own, so it is not drawn among shares.
    shown = [
        (one.kpi.title, one.shown, one.whole)
        for one in kpis
        if one.shown is not None and one.shown.scale.is_share
    ]
    if not shown:
        return AreaSection(title, None, tuple(kpis))
    return AreaSection(title, _side_by_side(published, title, value, shown), tuple(kpis))


def _side_by_side(
    published: Published,
    title: str,
    value: DomainValue,
    shown: Sequence[tuple[str, Estimate, Estimate | None]],
) -> Figure:
    """Return an area's KPIs on one scale, the whole force's figure as a stroke in each row."""
    survey = published.survey
    every = [one for _, area, whole in shown for one in (area, whole) if one is not None]
    axis = axis_for(every)
    named = [cells.shown(area, name) for name, area, _ in shown]
    name = f"{value.label}: {title}"
    identity = f"{value.value}-{shown[0][1].measure}"
    words = described(identity, name, side_by_side_words(named, None), survey)
    stroke = f"The upright stroke is {survey.whole}. {survey.each('Each figure')}"
    whole = tuple((name, one) for name, _, one in shown if one is not None)
    return Figure(
        heading="On one scale",
        note=" ".join(["Per cent.", stroke, *axis_words(axis)]),
        chart=dot_chart(words, [Row(*one) for one in shown], None, axis),
        caption=caption(name, survey),
        first_column="KPI",
        groups=(
            TableGroup(value.label, tuple((name, area) for name, area, _ in shown)),
            TableGroup(survey.whole, whole),
        ),
    )
