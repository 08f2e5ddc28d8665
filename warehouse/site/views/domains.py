"""A KPI by area or another domain: side by side, over time, what was judged, who differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.estimation.totals import FORCE
from transforms.sentences import (
    Contrast,
    contrast_words,
    family_words,
    shared_words,
    status_counts,
)
from warehouse.site import cells
from warehouse.site.charts import axis_for
from warehouse.site.facts import (
    Change,
    DomainFacts,
    PeriodFacts,
    PlanKpi,
    Published,
)
from warehouse.site.links import area_paths
from warehouse.site.views.figures import Figure, Subject, dots_figure
from warehouse.site.views.panels import Panels, panels_of
from warehouse.site.views.series import (
    at,
    contrast_of,
    headline,
    in_domain,
    judged_change,
    shown_period,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """The status of a KPI in one value of a domain, with the judged change and the contrast."""

    label: str
    path: str | None
    status: str
    change: Change | None
    contrast: Change | None


@dataclass(frozen=True, slots=True)
class DomainView:
    """A KPI by one domain."""

    label: str
    noun: str
    figure: Figure
    differs: str
    judged_words: str
    against: str
    judged: tuple[Judged, ...]
    panels: Panels | None


def domain_views(
    published: Published, kpi: PlanKpi, subject: Subject
) -> list[tuple[DomainFacts, DomainView]]:
    """Return a view for each domain of the measure that has figures, all on one scale."""
    period = shown_period(published, kpi)
    if period is None:
        return []
    found = {
        domain: in_domain(published, kpi.measure, domain, period)
        for domain in published.domains
        if domain.domain in subject.measure.domains
    }
    whole = at(published.estimates.get((kpi.measure, *FORCE), ()), period)
    every = [one for values in found.values() for one in values]
    axis = axis_for([*every, *([whole] if whole else [])])
    views = []
    for domain, values in found.items():
        if values:
            heading = f"{domain.label}, {period.label.removeprefix('the ')}"
            judged = _judged(published, kpi, domain, period)
            differs = _differs(judged, domain.noun, published.survey.whole)
            dots = dots_figure(subject, domain.label, heading, values, whole, axis, differs)
            views.append((domain, _view(published, kpi, subject, domain, judged, differs, dots)))
    return views


def _view(
    published: Published,
    kpi: PlanKpi,
    subject: Subject,
    domain: DomainFacts,
    judged: tuple[Judged, ...],
    differs: str,
    dots: Figure,
) -> DomainView:
    return DomainView(
        label=domain.label,
        noun=domain.noun,
        figure=dots,
        differs=differs,
        judged_words=_judged_words(judged, domain.noun, published.survey.significance_level),
        against=next((one.change.compared_with for one in judged if one.change), ""),
        judged=judged,
        panels=panels_of(published, kpi, subject, domain) if domain.is_area else None,
    )


def _judged(
    published: Published, kpi: PlanKpi, domain: DomainFacts, period: PeriodFacts
) -> tuple[Judged, ...]:
    """Return what was judged of each value of a domain; nothing where it is not judged."""
    if kpi.judged_in(domain.domain) is None:
        return ()
    paths = area_paths(published)
    found = []
    for value in domain.values:
        head = headline(published, kpi, domain.domain, value.value)
        cell = (kpi.measure, domain.domain, value.value)
        if head.finding is not None:
            found.append(
                Judged(
                    label=value.label,
                    path=paths.get((domain.domain, value.value)),
                    status=head.status,
                    change=judged_change(published, cell, head.finding.period),
                    contrast=contrast_of(published, cell, period),
                )
            )
    return tuple(found)


def _judged_words(judged: Sequence[Judged], noun: str, level: float | None) -> str:
    """Say how many values have each status, and how they were tested together."""
    if not judged:
        return ""
    changes = [one.change for one in judged if one.change is not None]
    tested = next((change for change in changes if change.family_size), None)
    shared = max((change.shared_waves for change in changes), default=0)
    counts = status_counts([one.status for one in judged], noun)
    parts = [counts, family_words(cells.family(tested, noun), level), shared_words(shared)]
    return " ".join(part for part in parts if part)


def _differs(judged: Sequence[Judged], noun: str, whole: str) -> str:
    """Say which values differ from the rest of the force, after adjustment."""
    made = [one.contrast for one in judged if one.contrast is not None]
    contrasts = [Contrast(one.label, one.contrast.verdict) for one in judged if one.contrast]
    tested = next((change for change in made if change.family_size), None)
    return contrast_words(contrasts, whole, cells.family(tested, noun))
