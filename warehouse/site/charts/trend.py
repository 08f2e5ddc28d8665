"""One measure over time: a line with its band, single waves behind it, the baseline, the breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from markupsafe import Markup

from transforms import wording
from transforms.scales import SHARES, Scale
from transforms.svg import Attributes, Words, add, add_dot, add_text, drawing, percent
from warehouse.site.charts.axis import Axis
from warehouse.site.charts.plot import (
    LINE,
    Plot,
    draw_breaks,
    draw_interval,
    draw_run,
    draw_shares,
    draw_wave_names,
)
from warehouse.site.charts.time import TimeAxis
from warehouse.site.facts import Estimate
from warehouse.site.svg import markup

HEIGHT = 220
TENTATIVE = frozenset({"[p]", "[r]", "[u]"})
"""Markers of figures drawn as an open dot."""
YEARS, WAVES, BASELINE, BREAK = "rolling year", "single quarters", "baseline", "break in series"


@dataclass(frozen=True, slots=True)
class Level:
    """A figure that later ones are compared with; `since`: its last wave, None from outside."""

    name: str
    share: float
    since: str | None
    scale: Scale = SHARES


@dataclass(frozen=True, slots=True)
class Lines:
    """The figures of a trend, each in order of time.

    `line`: those joined by the strong line. `points`: single waves behind it; empty where the line
    is made of them. `baseline`: None where there is none yet.
    """

    line: tuple[Estimate, ...]
    points: tuple[Estimate, ...] = ()
    baseline: Level | None = None

    @property
    def figures(self) -> tuple[Estimate, ...]:
        """Every figure of the chart."""
        return (*self.line, *self.points)


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the right of the plot: a value at its height, and what it is the value of."""

    share: float
    kind: str
    lines: tuple[str, ...]


def trend_chart(words: Words, lines: Lines, axis: Axis, time: TimeAxis) -> Markup:
    """Draw one measure over time; breaks, withheld figures and missing waves are gaps."""
    plot = Plot(axis, time, HEIGHT)
    svg = drawing(words, "trend", HEIGHT)
    draw_shares(svg, plot)
    draw_wave_names(svg, plot)
    if lines.baseline is not None:
        _draw_baseline(svg, lines.baseline, plot)
    for point in lines.points:
        _draw_point(svg, point, plot)
    for run in time.runs(lines.line):
        draw_run(svg, run, plot)
    for estimate in lines.line:
        _draw_on_line(svg, estimate, lines, plot)
    _draw_withheld(svg, lines, plot)
    draw_breaks(svg, plot, BREAK)
    _draw_labels(svg, lines, plot)
    return markup(svg)


def _draw_baseline(svg: ET.Element, baseline: Level, plot: Plot) -> None:
    """Draw a line across at the baseline, from the wave it ends with."""
    y, start = plot.y(baseline.share), plot.time.places.get(baseline.since or "", 0.0)
    ends: Attributes = {"x1": percent(start), "x2": "100%", "y1": y, "y2": y}
    add(svg, "line", {"class": "baseline", **ends})


def _draw_point(svg: ET.Element, estimate: Estimate, plot: Plot) -> None:
    """Draw a single wave behind the line: a faint dot with a thin interval."""
    if estimate.share is None:
        return
    draw_interval(svg, estimate, plot, "faint")
    kind = "open point" if _is_tentative(estimate) else "point"
    add_dot(svg, kind, plot.x(estimate), plot.y(estimate.share), 3)


def _draw_on_line(svg: ET.Element, estimate: Estimate, lines: Lines, plot: Plot) -> None:
    """Draw a dot for what a line does not show: single waves, the latest, the marked, the alone."""
    is_wave = estimate.period.kind == "wave"
    seen = [one for one in lines.line if one.share is not None]
    alone = [run[0] for run in plot.time.runs(lines.line) if len(run) == 1]
    if estimate.share is None or not (
        is_wave or estimate is seen[-1] or estimate in alone or _is_tentative(estimate)
    ):
        return
    if is_wave or estimate in alone:
        draw_interval(svg, estimate, plot, "interval")
    kind = "open dot" if _is_tentative(estimate) else "dot"
    add_dot(svg, kind, plot.x(estimate), plot.y(estimate.share), 4)


def _is_tentative(estimate: Estimate) -> bool:
    return bool(TENTATIVE & set(estimate.markers))


def _draw_withheld(svg: ET.Element, lines: Lines, plot: Plot) -> None:
    """Write the marker of each withheld figure at the foot, and the others above their figures."""
    withheld = {e.period.wave: e for e in lines.figures if e.share is None and not e.is_incomplete}
    for estimate in withheld.values():
        marker = wording.withheld_marker(estimate.marker)
        place: Attributes = {"x": plot.x(estimate), "y": HEIGHT - 8}
        add_text(svg, marker, {"class": "marker middle", **place})
    for wave in dict.fromkeys(estimate.period.wave for estimate in lines.figures):
        _draw_markers(svg, [one for one in lines.figures if one.period.wave == wave], plot)


def _draw_markers(svg: ET.Element, figures: Sequence[Estimate], plot: Plot) -> None:
    """Write the markers of what is drawn at one place once, above all of it."""
    # A break is a labelled gap already; that there are no intervals is said below the chart.
    shown = [one for one in figures if one.share is not None]
    found = dict.fromkeys(marker for one in shown for marker in one.markers)
    markers = [marker for marker in found if marker not in ("[b]", "[i]")]
    if not markers:
        return
    ends = [end for one in shown for end in (one.upper, one.share) if end is not None]
    y = min(map(plot.y, ends)) - 8
    marks: Attributes = {"class": "tick middle halo", "x": plot.x(shown[0]), "y": y}
    add_text(svg, " ".join(markers), marks)


def _draw_labels(svg: ET.Element, lines: Lines, plot: Plot) -> None:
    """Name the lines at their right ends, clear of each other, and the points where they begin."""
    labels = list(_labels(lines, plot))
    heights = spread(
        [plot.y(label.share) for label in labels],
        [LINE * len(label.lines) + 4.0 for label in labels],
        HEIGHT,
    )
    for label, middle in zip(labels, heights, strict=True):
        first = middle + 5 - LINE * (len(label.lines) - 1) / 2
        for number, line in enumerate(label.lines):
            kind = label.kind if number == 0 else "tick"
            place: Attributes = {"x": "100%", "dx": 8, "y": first + LINE * number}
            add_text(svg, line, {"class": kind, **place})
    seen = [estimate for estimate in lines.points if estimate.share is not None]
    if seen:
        _name_points(svg, seen[0], lines, plot)


def _labels(lines: Lines, plot: Plot) -> Iterator[Label]:
    """Yield the label of the line, if its latest figure is the chart's, and of the baseline."""
    latest = lines.line[-1] if lines.line else None
    is_last = latest is not None and latest.period.wave == plot.time.waves[-1].name
    if is_last and latest is not None and latest.share is not None:
        name = (YEARS,) if latest.period.is_year else ()
        yield Label(latest.share, "value", (latest.scale.figure(latest.share), *name))
    if lines.baseline is not None:
        share = lines.baseline.share
        yield Label(share, "level", (lines.baseline.scale.figure(share), BASELINE))


def _name_points(svg: ET.Element, first: Estimate, lines: Lines, plot: Plot) -> None:
    """Name the single waves above all that is drawn in the left half, or below it."""
    left = [e for e in lines.figures if e.share is not None and plot.time.place(e) <= 50]
    ends = [plot.y(end) for e in left for end in (e.lower, e.share, e.upper) if end is not None]
    above, below = min(ends) - 10, max(ends) + 18
    y = above if above >= LINE else below if below <= HEIGHT - LINE else -6.0
    add_text(svg, WAVES, {"class": "tick halo", "x": plot.x(first), "dx": -4, "y": y})


def spread(middles: Sequence[float], sizes: Sequence[float], height: float) -> list[float]:
    """Return the middles of labels moved as little as keeps them from overlapping.

    `sizes`: the height of each; they stay within `height` where there is room for all.
    """
    order = sorted(range(len(middles)), key=lambda place: (middles[place], place))
    moved = list(middles)
    lowest = 0.0
    for place in order:
        moved[place] = max(middles[place], lowest + sizes[place] / 2)
        lowest = moved[place] + sizes[place] / 2
    highest = height
    for place in reversed(order):
        moved[place] = min(moved[place], highest - sizes[place] / 2)
        highest = moved[place] - sizes[place] / 2
    return moved
