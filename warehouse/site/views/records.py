"""Records beside a KPI: what they are, what they say, and who should supply what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from transforms import wording
from transforms.catalogue.base import WHOLE
from transforms.counts.words import (
    EVERY_WORDS,
    YearWords,
    break_words,
    label_words,
    missing_words,
    ratio_words,
    year_words,
)
from transforms.svg import Words
from warehouse.site.charts.records import record_chart
from warehouse.site.facts import Published
from warehouse.site.record_facts import RecordChange, RecordFacts, RecordFigure

FEWEST_FOR_A_CHART = 8
"""Figures below which a chart would say no more than the table."""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A row of a table: a period, its figure, the change on the year before, and notes."""

    heading: str
    value: str
    change: str
    interval: str
    notes: str


@dataclass(frozen=True, slots=True)
class AreaTable:
    """The figures of areas: a column a period, a row an area."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class RecordView:
    """A series as a page shows it; `missing`: who should supply it, "" where it is supplied.

    `finding`: "" of figures that are shown only. `chart`: None of a few figures.
    """

    id: str
    title: str
    label: str
    missing: str
    finding: str
    breaks: tuple[str, ...]
    note: str
    citation: str
    unit: str
    chart: Markup | None
    chart_note: str
    years: tuple[RecordRow, ...]
    singles: tuple[RecordRow, ...]
    areas: AreaTable | None

    @property
    def groups(self) -> tuple[tuple[str, tuple[RecordRow, ...]], ...]:
        """The rows of the table under their headings; a group without rows is left out."""
        groups = (("Years", self.years), ("Single periods", self.singles))
        return tuple(group for group in groups if group[1])


def record_views(published: Published, kpi: str | None = None) -> tuple[RecordView, ...]:
    """Return the series beside a KPI, those with figures first; of every KPI where None."""
    beside = [one for one in published.records if kpi is None or kpi in one.kpis]
    ordered = sorted(beside, key=lambda one: not one.supplied)
    return tuple(record_view(one, kpi or "all") for one in ordered)


def record_view(series: RecordFacts, page: str, area: str = WHOLE) -> RecordView:
    """Return a series as a page shows it: of the whole, with its areas, or of one area alone."""
    singles = series.of("single", area) or series.of("year", area)
    years = _latest_years(series, area)
    return RecordView(
        id=f"{page}-{series.series}",
        title=series.title,
        label=label_words(series.kind, simulated=series.simulated),
        missing=_missing(series),
        finding=_finding(series, area),
        breaks=_breaks(series, singles),
        note=series.note or "",
        citation=f"{series.source}. {series.licence}." if series.supplied else "",
        unit=series.unit,
        chart=_chart(series, singles, page),
        chart_note=f"{wording.as_heading(series.unit)} {EVERY_WORDS[series.every]}.",
        years=tuple(_row(series, figure) for figure in reversed(years)),
        singles=tuple(_row(series, figure) for figure in reversed(series.of("single", area))),
        areas=_areas(series) if area == WHOLE else None,
    )


def _missing(series: RecordFacts) -> str:
    if series.supplied:
        return ""
    return missing_words(series.unit, series.every, series.supplied_by)


def _latest_years(series: RecordFacts, area: str) -> list[RecordFigure]:
    """Return the years that end in the month that the latest ends in: they share no part."""
    years = series.of("year", area)
    return [year for year in years if year.end.month == years[-1].end.month]


def _finding(series: RecordFacts, area: str) -> str:
    """Return what the latest year says beside the one before; "" of figures shown only."""
    years = _latest_years(series, area)
    change = series.change(area, years[-1].period) if years else None
    if change is None:
        return ""
    before = change.compared_with
    labels = {year.period: year.label for year in years}
    return year_words(
        YearWords(
            kind=series.kind,
            unit=series.unit,
            year=years[-1].label,
            year_before=labels.get(before, before),
            count=change.value,
            before=change.value_before,
            ratio=change.ratio,
            lower=change.lower,
            upper=change.upper,
            verdict=change.verdict,
            reason=change.no_verdict_reason,
        )
    )


def _breaks(series: RecordFacts, singles: Sequence[RecordFigure]) -> tuple[str, ...]:
    labels = {figure.period: figure.label.removeprefix("the ") for figure in singles}
    return tuple(
        break_words(
            labels.get(one.since, one.since),
            labels.get(one.until, one.until) if one.until else None,
            one.reason,
        )
        for one in series.breaks
    )


def _chart(series: RecordFacts, singles: Sequence[RecordFigure], page: str) -> Markup | None:
    if len(singles) < FEWEST_FOR_A_CHART:
        return None
    words = Words(
        f"record-{page}-{series.series}".replace("_", "-"),
        f"{series.title}, over time",
        " ".join(
            [label_words(series.kind, simulated=series.simulated), *_described(series, singles)]
        ),
    )
    return record_chart(words, singles, _break_days(series))


def _break_days(series: RecordFacts) -> frozenset[date]:
    """Return the days from which on figures are comparable with each other, but no earlier ones."""
    starts = {figure.period: figure.start for figure in series.figures}
    return frozenset(
        starts[one.since] for one in series.breaks if one.until is None and one.since in starts
    )


def _described(series: RecordFacts, singles: Sequence[RecordFigure]) -> list[str]:
    """Return the chart in sentences: its ends, its extremes, its gaps and breaks."""
    held = [one for one in singles if not one.is_broken]
    if not held:
        return []
    first, last = held[0], held[-1]
    lowest, highest = min(held, key=_value), max(held, key=_value)
    return [
        f"From {_named(first)} to {_named(last)}, in {series.unit}.",
        f"Lowest {_named(lowest)}, highest {_named(highest)}.",
        *_breaks(series, singles),
    ]


def _value(figure: RecordFigure) -> float:
    return figure.value


def _named(figure: RecordFigure) -> str:
    return f"{_number(figure.value)} in {figure.label}"


def _row(series: RecordFacts, figure: RecordFigure) -> RecordRow:
    change = series.change(figure.area, figure.period)
    if change is None or change.ratio is None:
        moved = change.marker or "[x]" if change else "–"
        interval = "–"
    else:
        moved = ratio_words(change.ratio)
        interval = f"{ratio_words(change.lower)} to {ratio_words(change.upper)}"
    return RecordRow(
        heading=wording.as_heading(figure.label),
        value=_number(figure.value),
        change=moved,
        interval=interval,
        notes=_notes(figure, change),
    )


def _notes(figure: RecordFigure, change: RecordChange | None) -> str:
    """Return a row's notes; reasons of breaks stand once, above the table."""
    said = [f"{one} {wording.marker_word(one)}" for one in wording.markers(figure.marker)]
    if change is not None and change.verdict is not None:
        said.append(change.verdict)
    elif change is not None and change.marker:
        said.append("not judged across a break")
    elif change is not None:
        said.append(f"not judged: {change.no_verdict_reason}")
    return wording.as_heading("; ".join(said))


def _areas(series: RecordFacts) -> AreaTable | None:
    """Return the years of every area beside each other; None of a series of the whole alone."""
    labels = dict.fromkeys((one.area, one.area_label) for one in series.figures)
    if len(labels) < 2:
        return None
    years = {one.period: one for one in series.figures if one.kind == "year"}
    shown = [years[name] for name in sorted(years, key=lambda name: years[name].end)]
    cells = {(one.area, one.period): one for one in series.figures}
    return AreaTable(
        columns=tuple(wording.as_heading(year.label) for year in shown),
        rows=tuple(
            (label, tuple(_cell(cells.get((area, year.period))) for year in shown))
            for area, label in labels
        ),
    )


def _cell(figure: RecordFigure | None) -> str:
    if figure is None:
        return "[x]"
    return " ".join(part for part in (_number(figure.value), figure.marker) if part)


def _number(value: float) -> str:
    """Return a figure as supplied: whole ones with thousands separated, others to one decimal."""
    return wording.number(value) if float(value).is_integer() else f"{wording.rounded(value, 1):,}"
