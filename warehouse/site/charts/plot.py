"""What charts over time share: the plot, its scales, and a line with its band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from xml.etree import ElementTree as ET

from transforms import wording
from transforms.svg import add, add_text, percent, short, stretched
from warehouse.site.charts.axis import Axis
from warehouse.site.charts.time import TimeAxis
from warehouse.site.facts import Estimate

MOST_LABELS, MOST_LABELS_ON_A_PHONE = 8, 3
LINE = 16
"""Height of a line of small text (pixels)."""


@dataclass(frozen=True, slots=True)
class Plot:
    """The scales of a chart over time: shares upwards, waves along, `height` in pixels."""

    axis: Axis
    time: TimeAxis
    height: int

    def y(self, share: float) -> float:
        """Return a share's height in pixels from the top."""
        return self.height * (1 - self.axis.place(share))

    def x(self, estimate: Estimate) -> str:
        """Return a figure's place along, as a percentage."""
        return percent(self.time.place(estimate))


def draw_shares(svg: ET.Element, plot: Plot, every: int = 1) -> None:
    """Draw a line across for every so many ticks, with its label at the left."""
    for tick in plot.axis.ticks[::every]:
        y = plot.y(plot.axis.value(tick))
        kind = "zero" if tick == 0 else "grid"
        add(svg, "line", {"class": kind, "x2": "100%", "y1": y, "y2": y})
        add_text(svg, plot.axis.label(tick), {"class": "tick end", "x": -8, "y": y + 4})


def draw_wave_names(svg: ET.Element, plot: Plot) -> None:
    """Write the waves under the axis, from the last backwards, fewer on a phone."""
    waves = plot.time.waves
    every = ceil(len(waves) / MOST_LABELS)
    every_on_a_phone = every * ceil(ceil(len(waves) / every) / MOST_LABELS_ON_A_PHONE)
    for back, wave in enumerate(reversed(waves)):
        if back % every:
            continue
        kind = "tick middle" if back % every_on_a_phone == 0 else "tick middle wide"
        for line, part in enumerate(wording.wave_short(wave.name)):
            y = plot.height + 20 + LINE * line
            x = percent(plot.time.places[wave.name])
            add_text(svg, part, {"class": kind, "x": x, "y": y})


def draw_run(svg: ET.Element, run: Sequence[Estimate], plot: Plot) -> None:
    """Draw the band of the intervals and the line through the shares of figures that are joined."""
    if len(run) > 1 and all(e.lower is not None and e.upper is not None for e in run):
        upper = [(plot.time.place(e), e.upper) for e in run]
        lower = [(plot.time.place(e), e.lower) for e in reversed(run)]
        _draw_path(svg, "band", f"{_route([*upper, *lower], plot)}Z", plot)
    draw_line(svg, run, plot, "line")


def draw_line(svg: ET.Element, run: Sequence[Estimate], plot: Plot, kind: str) -> None:
    """Draw a line through the shares of figures that are joined; one alone has none."""
    if len(run) > 1:
        _draw_path(svg, kind, _route([(plot.time.place(e), e.share) for e in run], plot), plot)


def draw_breaks(svg: ET.Element, plot: Plot, name: str = "") -> None:
    """Draw an upright line for each break of the series, named above it if `name` is given."""
    for place in plot.time.gaps():
        x, anchor = percent(place), "end" if place > 80 else "middle" if place > 20 else "start"
        add(svg, "line", {"class": "break", "x1": x, "x2": x, "y2": plot.height})
        if name:
            add_text(svg, name, {"class": f"tick {anchor}", "x": x, "y": -6})


def draw_interval(svg: ET.Element, estimate: Estimate, plot: Plot, kind: str) -> None:
    """Draw a figure's interval as an upright line, where it has one."""
    if estimate.lower is None or estimate.upper is None:
        return
    x, y1, y2 = plot.x(estimate), plot.y(estimate.upper), plot.y(estimate.lower)
    add(svg, "line", {"class": kind, "x1": x, "x2": x, "y1": y1, "y2": y2})


def _draw_path(svg: ET.Element, kind: str, route: str, plot: Plot) -> None:
    """Draw a path as wide as the plot: places in a path cannot be given in per cent."""
    plane = stretched(1000, plot.height)
    add(plane, "path", {"class": kind, "d": f"M{route}"})
    svg.append(plane)


def _route(ends: Sequence[tuple[float, float | None]], plot: Plot) -> str:
    """Return a path through places in per cent and shares, in the stretched drawing."""
    return "L".join(
        f"{short(10 * place)} {short(plot.y(share))}" for place, share in ends if share is not None
    )
