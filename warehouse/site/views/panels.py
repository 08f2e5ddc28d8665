"""A KPI over time in each value of a domain: small charts that share both axes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from transforms.estimation.totals import FORCE
from transforms.sentences import series_words
from warehouse.site import cells
from warehouse.site.charts import Axis, TimeAxis, axis_for, panel_chart, time_axis
from warehouse.site.facts import DomainFacts, DomainValue, Estimate, PlanKpi, Published
from warehouse.site.links import area_paths
from warehouse.site.views.figures import Subject
from warehouse.site.views.series import line_of

FEWEST_FOR_A_LINE = 2
"""Figures over time below which small charts would have nothing to show."""

Line = tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A small chart of one value over time; `path`: its page, where it has one."""

    label: str
    path: str | None
    latest: str
    chart: Markup


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A row of the table behind small charts: a period, and each value's figure in it."""

    heading: str
    figures: tuple[Estimate | None, ...]


@dataclass(frozen=True, slots=True)
class Panels:
    """Small charts that share both axes, and the table behind them."""

    heading: str
    note: str
    panels: tuple[Panel, ...]
    caption: str
    columns: tuple[str, ...]
    rows: tuple[PeriodRow, ...]


def panels_of(
    published: Published, kpi: PlanKpi, subject: Subject, domain: DomainFacts
) -> Panels | None:
    """Return each value of a domain over time; None where there is too little to show."""
    lines = {
        value: line_of(published, (kpi.measure, domain.domain, value.value))
        for value in domain.values
    }
    every = [one for line in lines.values() for one in line]
    if len({one.period.name for one in every if one.share is not None}) < FEWEST_FOR_A_LINE:
        return None
    whole = line_of(published, (kpi.measure, *FORCE))
    axis = axis_for([*every, *whole])
    time = time_axis(published.waves, [*every, *whole])
    paths = area_paths(published)
    heading = f"Each {domain.noun} over time{', rolling years' if published.has_years else ''}"
    survey = published.survey
    shown = survey.each("") if survey.lacking else f"The band is the {survey.interval}."
    band = f"{shown} The grey line is {survey.whole}."
    return Panels(
        heading=heading,
        note=subject.note(axis, band),
        panels=tuple(
            _panel(value, line, whole, subject, axis, time, paths.get((domain.domain, value.value)))
            for value, line in lines.items()
        ),
        caption=subject.caption(f"{heading[:1].lower()}{heading[1:]}"),
        columns=tuple(value.label for value in domain.values),
        rows=_rows(published, lines.values()),
    )


def _panel(
    value: DomainValue,
    line: Line,
    whole: Line,
    subject: Subject,
    axis: Axis,
    time: TimeAxis,
    path: str | None,
) -> Panel:
    described = series_words([cells.shown(one, one.period.label) for one in line])
    words = subject.words(f"panel-{value.value}", f"{value.label} over time", described)
    return Panel(
        label=value.label,
        path=path,
        latest=cells.marked(line[-1]) if line else "",
        chart=panel_chart(words, line, whole, axis, time),
    )


def _rows(published: Published, lines: Iterable[Sequence[Estimate]]) -> tuple[PeriodRow, ...]:
    columns = [{one.period.name: one for one in line} for line in lines]
    names = {name for column in columns for name in column}
    return tuple(
        PeriodRow(period.heading, tuple(column.get(period.name) for column in columns))
        for period in published.periods.values()
        if period.name in names
    )
