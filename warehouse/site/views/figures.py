"""Figures of a page: a chart, the note under its heading, and the table behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from transforms import wording
from transforms.scales import SHARES, Scale
from transforms.sentences import Shown, side_by_side_words, trend_words
from transforms.svg import Words
from transforms.waves import Wave
from transforms.wording import as_heading
from warehouse.site import cells
from warehouse.site.charts import (
    Level,
    Lines,
    Row,
    TimeAxis,
    axis_for,
    dot_chart,
    time_axis,
    trend_chart,
)
from warehouse.site.charts.axis import Axis
from warehouse.site.facts import Estimate, MeasureFacts, SurveyFacts

TableRow = tuple[str, Estimate]
"""A row header and its figure."""


@dataclass(frozen=True, slots=True)
class TableGroup:
    """Rows of a table under a heading of their own; None: they need none."""

    heading: str | None
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart and the table behind it."""

    heading: str
    note: str
    chart: Markup
    caption: str
    first_column: str
    groups: tuple[TableGroup, ...]
    scale: Scale = SHARES


@dataclass(frozen=True, slots=True)
class Subject:
    """What a figure speaks of: an id for its page, a name for its tables, the measure."""

    id: str
    name: str
    measure: MeasureFacts
    survey: SurveyFacts

    def note(self, axis: Axis, *marks: str) -> str:
        """Say what a chart's marks are, of whom, and where its axis starts if not at zero."""
        scale, base = self.measure.scale, self.measure.base_label
        of_whom = (
            f"Per cent of {base}." if scale.is_share else f"{as_heading(scale.words)}: {base}."
        )
        return " ".join([*marks, of_whom, *axis_words(axis)])

    def caption(self, text: str) -> str:
        """Name a table so that it can stand alone."""
        return caption(f"{self.name}: {text}", self.survey, self.measure.scale)

    def words(self, part: str, title: str, sentences: Sequence[str]) -> Words:
        """Name and describe a chart to someone who cannot see it."""
        return described(f"{self.id}-{part}", f"{self.name}, {title}", sentences, self.survey)


def caption(name: str, survey: SurveyFacts, scale: Scale = SHARES) -> str:
    """Name a table of figures so that it can stand alone."""
    simulated = "; simulated" if survey.simulated else ""
    return f"{name} ({scale.words}, {survey.with_interval}{simulated})"


def described(name: str, title: str, sentences: Sequence[str], survey: SurveyFacts) -> Words:
    """Name and describe a chart to someone who cannot see it."""
    simulated = ["Simulated figures."] if survey.simulated else []
    return Words(name, title, " ".join([*simulated, *sentences]))


def axis_words(axis: Axis) -> list[str]:
    """Say where a share's axis starts, if not at zero; a mean's is its whole scale."""
    if axis.starts_at_zero or not axis.scale.is_share:
        return []
    return [f"The axis starts at {axis.label(axis.low)}, not at zero."]


def trend_figure(
    subject: Subject, heading: str, lines: Lines, waves: Sequence[Wave], finding: str = ""
) -> Figure:
    """Return a measure's figures over time; `finding`: what is found of them, said first."""
    also = [lines.baseline.share] if lines.baseline else []
    axis, time = axis_for(lines.figures, also), time_axis(waves, lines.figures)
    words = subject.words("trend", "over time", _said(finding, _trend_words(lines, time)))
    return Figure(
        heading=heading,
        note=subject.note(axis, *_marks(lines, subject.survey)) + _withheld_words(lines.figures),
        chart=trend_chart(words, lines, axis, time),
        caption=subject.caption("over time"),
        first_column="Period",
        groups=_trend_groups(lines),
        scale=subject.measure.scale,
    )


def _said(finding: str, sentences: Sequence[str]) -> list[str]:
    return [finding, *sentences] if finding else list(sentences)


def _marks(lines: Lines, survey: SurveyFacts) -> list[str]:
    """Say what the line, the band and the points of a trend are."""
    points = f"Small points: single quarters, each with its {survey.interval}."
    behind = [points] if lines.points else []
    if not lines.line:
        return behind
    level = [f"Baseline: {_level_name(lines.baseline)}."] if lines.baseline else []
    if not lines.line[0].period.is_year:
        return [survey.each("Each wave"), *level]
    if len(lines.line) == 1:
        return [
            f"Large point: the rolling year, four quarters, with its {survey.interval}.",
            *behind,
        ]
    line = f"Line: rolling years, the four quarters up to each, with {survey.interval} as a band."
    return [line, *behind, *level]


def _level_name(level: Level) -> str:
    return f"{level.scale.figure(level.share)}, {level.name}"


def _trend_words(lines: Lines, time: TimeAxis) -> list[str]:
    level = lines.baseline
    baseline = Shown(level.name, level.share, scale=level.scale) if level else None
    breaks = [wording.wave_words(wave.name) for wave in time.waves if wave.name in time.breaks]
    return trend_words(_named(lines.line), _named(lines.points), baseline, breaks)


def _named(estimates: Sequence[Estimate]) -> list[Shown]:
    return [cells.shown(one, one.period.label) for one in estimates]


def _trend_groups(lines: Lines) -> tuple[TableGroup, ...]:
    groups = (("Rolling years", lines.line), ("Single quarters", lines.points))
    grouped = any(one.period.is_year for one in lines.line) or bool(lines.points)
    return tuple(
        TableGroup(heading if grouped else None, tuple((e.period.heading, e) for e in estimates))
        for heading, estimates in groups
        if estimates
    )


def _withheld_words(estimates: Sequence[Estimate]) -> str:
    """Say what the markers mean that stand in the place of a figure over time."""
    withheld = {
        wording.withheld_marker(one.marker)
        for one in estimates
        if one.share is None and not one.is_incomplete
    }
    return "".join(f" {one}: withheld, {wording.marker_word(one)}." for one in sorted(withheld))


def dots_figure(
    subject: Subject,
    domain_label: str,
    heading: str,
    values: Sequence[Estimate],
    whole: Estimate | None,
    axis: Axis,
    finding: str = "",
) -> Figure:
    """Return the values of a domain side by side, the whole as a line through all.

    `finding`: what is found of them, said first to someone who cannot see them.
    """
    rows = [Row(estimate.label, estimate) for estimate in values]
    part = values[0].domain
    shown = [cells.shown(one, one.label) for one in values]
    line = cells.shown(whole, whole.label) if whole else None
    words = subject.words(part, f"by {heading}", _said(finding, side_by_side_words(shown, line)))
    table = tuple((one.label, one) for one in (*values, *((whole,) if whole else ())))
    return Figure(
        heading=heading,
        note=subject.note(axis, subject.survey.each("Each")),
        chart=dot_chart(words, rows, whole, axis),
        caption=subject.caption(heading),
        first_column=domain_label,
        groups=(TableGroup(None, table),),
        scale=subject.measure.scale,
    )
