"""The index and the sections of the Plan: each KPI with its status and latest figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from transforms.estimation.totals import FORCE
from transforms.sentences import status_counts
from warehouse.site.facts import PeriodFacts, Published
from warehouse.site.links import area_paths, section_path
from warehouse.site.views.chain import ChainView, chain_views
from warehouse.site.views.kpi import KpiView, kpi_view
from warehouse.site.views.series import headline


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section of the Plan with its KPIs, and how many have each status, in words."""

    section: str
    path: str
    title: str
    kpis: tuple[KpiView, ...]
    counts: str
    chains: tuple[ChainView, ...]


@dataclass(frozen=True, slots=True)
class AreaLink:
    """An area's page."""

    label: str
    path: str


@dataclass(frozen=True, slots=True)
class AreaLinks:
    """The areas of one classification."""

    label: str
    areas: tuple[AreaLink, ...]


def sections(published: Published) -> tuple[SectionView, ...]:
    """Return the Plan's sections, each with its KPIs, in the declared order."""
    grouped = groupby(published.kpis, lambda kpi: (kpi.section, kpi.section_title))
    return tuple(
        _section(published, name, title, [kpi_view(kpi, published) for kpi in kpis])
        for (name, title), kpis in grouped
    )


def counts(sections: Sequence[SectionView]) -> str:
    """Return how many KPIs of the Plan have each status, in words; "" without a KPI."""
    statuses = [view.headline.status for section in sections for view in section.kpis]
    return status_counts(statuses, "KPI") if statuses else ""


def newest_period(published: Published) -> PeriodFacts | None:
    """Return the newest period that a KPI's figure speaks of; None before the first."""
    shown = [headline(published, kpi, *FORCE).shown for kpi in published.kpis]
    periods = {one.period.name for one in shown if one is not None}
    return next(
        (one for one in reversed(tuple(published.periods.values())) if one.name in periods), None
    )


def area_links(published: Published) -> tuple[AreaLinks, ...]:
    """Return the areas' pages, by classification, in the order of their names."""
    paths = area_paths(published)
    return tuple(
        AreaLinks(
            domain.label,
            tuple(
                AreaLink(value.label, paths[domain.domain, value.value]) for value in domain.values
            ),
        )
        for domain in published.areas
    )


def _section(published: Published, name: str, title: str, kpis: Sequence[KpiView]) -> SectionView:
    statuses = [view.headline.status for view in kpis]
    return SectionView(
        section=name,
        path=section_path(name),
        title=title,
        kpis=tuple(kpis),
        counts=status_counts(statuses, "KPI"),
        chains=chain_views(published, [view.kpi.measure for view in kpis]),
    )
