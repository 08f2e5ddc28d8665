"""Which published figures a page speaks of: a KPI's headline, its line over time, its baseline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transforms.estimation.totals import FORCE
from transforms.sentences import COMPARISON_WORDS
from warehouse.site.charts import Level
from warehouse.site.facts import (
    Cell,
    Change,
    DomainFacts,
    Estimate,
    Finding,
    PeriodFacts,
    PlanKpi,
    Published,
)

UNMEASURED = "not yet measurable"
UNPUBLISHED = "No figure has been published for this KPI yet."


@dataclass(frozen=True, slots=True)
class Headline:
    """A KPI's status with its evidence, and its figure, for the force or a domain value.

    `figure`: None before the first. `quarter`: the latest single wave's figure, where the rolling
    year is not complete yet. `measurable`: the wave from which on it can be judged, if known.
    """

    status: str
    evidence: str
    figure: Estimate | None
    quarter: Estimate | None
    measurable: PeriodFacts | None
    finding: Finding | None

    @property
    def shown(self) -> Estimate | None:
        """The figure for a list: the headline's, else the latest single wave's."""
        return self.quarter or self.figure


def headline(published: Published, kpi: PlanKpi, domain: str, value: str) -> Headline:
    """Return a KPI's headline in a domain value."""
    finding = latest_finding(published, kpi, domain, value)
    cell = (kpi.measure, domain, value)
    figure = figure_of(published, kpi, cell)
    quarter = None
    if figure is not None and figure.is_incomplete:
        quarter = at(published.estimates.get(cell, ()), published.periods[figure.period.wave])
    until = finding.measurable_from if finding else None
    return Headline(
        status=finding.status if finding else UNMEASURED,
        evidence=finding.evidence if finding else UNPUBLISHED,
        figure=figure,
        quarter=quarter,
        measurable=published.periods.get(until or ""),
        finding=finding,
    )


def latest_finding(published: Published, kpi: PlanKpi, domain: str, value: str) -> Finding | None:
    """Return the KPI's newest finding in a domain value; None where it is not judged there."""
    found = published.findings.get((kpi.kpi, domain, value), ())
    return found[-1] if found else None


def figure_of(published: Published, kpi: PlanKpi, cell: Cell) -> Estimate | None:
    """Return the figure a KPI's verdict speaks of, in a domain value; the newest without one."""
    _, domain, value = cell
    estimates = published.estimates.get(cell, ())
    finding = latest_finding(published, kpi, domain, value)
    finding = finding or latest_finding(published, kpi, *FORCE)
    if finding is not None:
        return at(estimates, finding.period)
    return estimates[-1] if estimates else None


def at(estimates: Iterable[Estimate], period: PeriodFacts) -> Estimate | None:
    """Return the figure of a period; None where there is none."""
    return next((one for one in estimates if one.period.name == period.name), None)


def line_of(published: Published, cell: Cell) -> tuple[Estimate, ...]:
    """Return the figures that a line over time joins: rolling years, or waves without them.

    Years before the first complete one are left out.
    """
    kind = "rolling_year" if published.has_years else "wave"
    figures = [e for e in published.estimates.get(cell, ()) if e.period.kind == kind]
    first = next((i for i, e in enumerate(figures) if not e.is_incomplete), len(figures))
    return tuple(figures[first:])


def waves_of(published: Published, cell: Cell) -> tuple[Estimate, ...]:
    """Return the single waves behind rolling years; none where the line is made of them."""
    if not published.has_years:
        return ()
    return tuple(e for e in published.estimates.get(cell, ()) if e.period.kind == "wave")


def shown_period(published: Published, kpi: PlanKpi) -> PeriodFacts | None:
    """Return the period that areas and breakdowns are shown for.

    The latest rolling year, or the latest wave while the year is not complete.
    """
    return latest_period(published, kpi.measure)


def latest_period(published: Published, measure: str) -> PeriodFacts | None:
    """Return a measure's latest complete rolling year; the latest wave where there is none."""
    cell = (measure, *FORCE)
    line = line_of(published, cell)
    latest = published.estimates.get(cell, ())[-1:]
    newest = line[-1:] if line and not line[-1].is_incomplete else ()
    waves = tuple(e for e in published.estimates.get(cell, ()) if e.period.kind == "wave")[-1:]
    return next((one.period for one in (*newest, *waves, *latest)), None)


def in_domain(
    published: Published, measure: str, domain: DomainFacts, period: PeriodFacts
) -> tuple[Estimate, ...]:
    """Return a measure's figures in a period for each value of a domain that has one, in order."""
    found = (
        at(published.estimates.get((measure, domain.domain, value.value), ()), period)
        for value in domain.values
    )
    return tuple(one for one in found if one is not None)


def comparisons_of(
    published: Published, cell: Cell, periods: Sequence[PeriodFacts | None]
) -> tuple[Change, ...]:
    """Return the comparisons with earlier figures of each period, the judged one first."""
    names = {period.name for period in periods if period is not None}
    found = [
        change
        for change in published.changes.get(cell, ())
        if change.period.name in names and change.comparison != "rest_of_force"
    ]
    order = list(COMPARISON_WORDS)
    return tuple(sorted(found, key=lambda one: (one.role != "judged", order.index(one.comparison))))


def judged_change(published: Published, cell: Cell, period: PeriodFacts) -> Change | None:
    """Return the judged comparison of a figure; None where there is none."""
    return _of_role(published, cell, period, "judged")


def contrast_of(published: Published, cell: Cell, period: PeriodFacts) -> Change | None:
    """Return a figure's comparison with the rest of the force, where it carries a verdict."""
    return _of_role(published, cell, period, "contrast")


def _of_role(published: Published, cell: Cell, period: PeriodFacts, role: str) -> Change | None:
    found = published.changes.get(cell, ())
    return next((c for c in found if (c.period.name, c.role) == (period.name, role)), None)


def baseline_of(published: Published, cell: Cell, line: Sequence[Estimate]) -> Level | None:
    """Return the baseline that the latest figure of a line is compared with, if one can be."""
    latest = next((one for one in reversed(line) if one.share is not None), None)
    change = next(
        (
            change
            for change in published.changes.get(cell, ())
            if latest is not None
            and (change.period.name, change.comparison) == (latest.period.name, "baseline")
            and change.difference is not None
        ),
        None,
    )
    if latest is None or latest.share is None or change is None or change.difference is None:
        return None
    labels = {period.label: period for period in published.periods.values()}
    earlier = labels.get(change.compared_with)
    since = earlier.wave if earlier else None
    return Level(change.compared_with, latest.share - change.difference, since, latest.scale)
