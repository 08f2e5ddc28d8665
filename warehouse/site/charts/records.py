"""Records over time: a line from zero, interrupted where figures are missing or not comparable."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from math import ceil, floor, log10
from xml.etree import ElementTree as ET

from markupsafe import Markup

from transforms import wording
from transforms.svg import (
    Attributes,
    Words,
    add,
    add_dot,
    add_text,
    drawing,
    percent,
    short,
    stretched,
)
from warehouse.site.record_facts import RecordFigure
from warehouse.site.svg import markup

HEIGHT, INSET = 200, 2
"""Pixels upwards; per cent of the width kept free at either side."""
MOST_TICKS, MOST_YEARS, MOST_YEARS_ON_A_PHONE = 5, 8, 4
BROKEN, MISSING, BREAK = "not comparable", "no figures", "break in series"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Plot:
    """The scales: figures from zero to `top`, days from `first` to `last`."""

    top: float
    first: date
    last: date

    def x(self, day: date) -> float:
        """Return a day's place in per cent of the width."""
        span = max((self.last - self.first).days, 1)
        return INSET + (100 - 2 * INSET) * (day - self.first).days / span

    def middle(self, figure: RecordFigure) -> float:
        """Return a figure's place: the middle of its period."""
        return (self.x(figure.start) + self.x(figure.end + ONE_DAY)) / 2

    def y(self, value: float) -> float:
        """Return a figure's height in pixels from the top."""
        return HEIGHT * (1 - value / self.top)


def record_chart(
    words: Words, figures: Sequence[RecordFigure], breaks: Collection[date] = ()
) -> Markup:
    """Draw figures of single periods in order of time; at least one.

    `breaks`: the days from which on figures are not comparable with those before.
    """
    step = _step(max(figure.value for figure in figures))
    top = step * max(1, ceil(max(figure.value for figure in figures) / step))
    plot = _Plot(top, figures[0].start, figures[-1].end + ONE_DAY)
    svg = drawing(words, "trend records", HEIGHT)
    _draw_ticks(svg, plot, step)
    _draw_years(svg, plot)
    _draw_broken(svg, plot, figures)
    _draw_missing(svg, plot, figures)
    for day in breaks:
        _draw_break(svg, plot, day)
    for run in _runs(figures, breaks):
        _draw_run(svg, plot, run)
    last = figures[-1]
    add_dot(svg, "dot", percent(plot.middle(last)), plot.y(last.value), 4)
    label: Attributes = {"class": "value", "x": "100%", "dx": 8.0, "y": plot.y(last.value) + 5}
    add_text(svg, wording.number(last.value), label)
    return markup(svg)


def _step(highest: float) -> float:
    """Return the round distance between ticks of an axis from zero."""
    power = 10.0 ** floor(log10(max(highest, 1) / MOST_TICKS))
    steps = (power * factor for factor in (1, 2, 5, 10))
    return next(step for step in steps if ceil(highest / step) <= MOST_TICKS)


def _draw_ticks(svg: ET.Element, plot: _Plot, step: float) -> None:
    for place in range(round(plot.top / step) + 1):
        value = step * place
        kind = "grid" if place else "zero"
        add(svg, "line", {"class": kind, "x2": "100%", "y1": plot.y(value), "y2": plot.y(value)})
        add_text(svg, f"{value:,.10g}", {"class": "tick end", "x": -8, "y": plot.y(value) + 4})


def _draw_years(svg: ET.Element, plot: _Plot) -> None:
    """Write years under the axis, each where it begins, from the last backwards."""
    years = range(plot.last.year, plot.first.year, -1)
    starts = [date(year, 1, 1) for year in years if date(year, 1, 1) < plot.last]
    every = max(1, ceil(len(starts) / MOST_YEARS))
    shown = starts[::every]
    on_a_phone = max(1, ceil(len(shown) / MOST_YEARS_ON_A_PHONE))
    for place, day in enumerate(shown):
        kind = "tick middle" if place % on_a_phone == 0 else "tick middle wide"
        x = percent(plot.x(day))
        add(svg, "line", {"class": "zero", "x1": x, "x2": x, "y1": HEIGHT, "y2": HEIGHT + 5})
        add_text(svg, str(day.year), {"class": kind, "x": x, "y": HEIGHT + 20})


def _draw_broken(svg: ET.Element, plot: _Plot, figures: Sequence[RecordFigure]) -> None:
    """Shade periods that are not comparable, and name them above."""
    for broken, run in groupby(figures, lambda one: one.is_broken):
        if not broken:
            continue
        held = list(run)
        start, end = plot.x(held[0].start), plot.x(held[-1].end + ONE_DAY)
        place: Attributes = {"x": percent(start), "width": percent(end - start)}
        add(svg, "rect", {"class": "aside", "height": HEIGHT, **place})
        _name(svg, BROKEN, (start + end) / 2, -6)


def _draw_break(svg: ET.Element, plot: _Plot, day: date) -> None:
    """Draw an upright line where figures stop being comparable, and name it above."""
    if plot.first < day < plot.last:
        x = percent(plot.x(day))
        add(svg, "line", {"class": "break", "x1": x, "x2": x, "y2": HEIGHT})
        _name(svg, BREAK, plot.x(day), -6)


def _draw_missing(svg: ET.Element, plot: _Plot, figures: Sequence[RecordFigure]) -> None:
    for before, after in pairwise(figures):
        if after.start > before.end + ONE_DAY:
            middle = (plot.x(before.end) + plot.x(after.start)) / 2
            _name(svg, MISSING, middle, HEIGHT - 10)


def _name(svg: ET.Element, text: str, place: float, y: float) -> None:
    anchor = "end" if place > 85 else "middle" if place > 15 else "start"
    add_text(svg, text, {"class": f"tick halo {anchor}", "x": percent(place), "y": y})


def _runs(
    figures: Sequence[RecordFigure], breaks: Collection[date]
) -> Iterator[list[RecordFigure]]:
    """Yield the runs of figures that a line may join."""
    run: list[RecordFigure] = []
    for figure in figures:
        follows = run and run[-1].end + ONE_DAY == figure.start
        joined = follows and figure.start not in breaks
        if run and not (joined and run[-1].is_broken == figure.is_broken):
            yield run
            run = []
        run.append(figure)
    if run:
        yield run


def _draw_run(svg: ET.Element, plot: _Plot, run: Sequence[RecordFigure]) -> None:
    """Draw a line through comparable figures; dots where they are not, or where one is alone."""
    broken = run[0].is_broken
    if len(run) > 1 and not broken:
        route = "L".join(f"{short(10 * plot.middle(f))} {short(plot.y(f.value))}" for f in run)
        plane = stretched(1000, HEIGHT)
        add(plane, "path", {"class": "line", "d": f"M{route}"})
        svg.append(plane)
    for figure in run if broken or len(run) == 1 else ():
        kind = "open point" if broken else "dot"
        add_dot(svg, kind, percent(plot.middle(figure)), plot.y(figure.value), 3)
