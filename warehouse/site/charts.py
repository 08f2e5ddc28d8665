"""Charts as small, fluid SVG: text stays text at its own size, whatever the width of the screen.

Horizontal places are percentages of the plot, so one drawing serves a phone and a print; heights
are pixels. Axis labels stand outside the plot (`overflow: visible`), in the margins the style
gives it. Colours are the page's CSS variables.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor
from xml.etree import ElementTree as ET

from markupsafe import Markup

from transforms import wording
from transforms.waves import Wave
from warehouse.site.read import Estimate
from warehouse.site.svg import (
    Attributes,
    Words,
    add,
    add_text,
    drawing,
    markup,
    percent,
    short,
    stretched,
)

STEPS = (1, 2, 5, 10, 20, 25)
"""Distances between ticks, in per cent."""
MOST_TICKS = 5
MOST_EMPTY = 0.4
"""The share of an axis that may be empty for the sake of starting at zero."""
NARROWEST = 20
"""An axis that does not start at zero spans at least so many points: noise is not magnified."""

TREND_HEIGHT = 220
INSET = 4
"""Per cent of the plot's width kept free at either side of the first and last wave."""
MOST_LABELS, MOST_LABELS_ON_A_PHONE = 8, 4
CONTIGUOUS_DAYS = 31
"""Waves further apart are not joined by a line: nothing was asked in between."""

ROW, LINE = 34, 16
"""Height of a row of dots, and of a further line of its label (pixels)."""
LABEL_WIDTH = 18
"""A row's label is wrapped at so many characters."""
NARROWEST_LABEL = 8
"""Characters a label is given at least, since few may be wide."""

TENTATIVE = frozenset({"[p]", "[r]", "[u]"})
"""Markers of figures drawn as an open dot."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale in whole per cent, from `low` to `high`, with a tick every `step`."""

    low: int
    high: int
    step: int

    @property
    def ticks(self) -> range:
        """The values that carry a label."""
        return range(self.low, self.high + 1, self.step)

    @property
    def starts_at_zero(self) -> bool:
        """True where the whole share can be seen; otherwise the page says it cannot."""
        return self.low == 0

    def place(self, share: float) -> float:
        """Return where a share (0 to 1) lies on the axis: 0 at its start, 1 at its end."""
        return (100 * share - self.low) / (self.high - self.low)


def axis_for(estimates: Sequence[Estimate]) -> Axis:
    """Return an axis with few ticks that holds every estimate and interval.

    It starts at zero unless more than two fifths of it would then be empty.
    """
    ends = [100 * end for e in estimates for end in (e.lower, e.share, e.upper) if end is not None]
    if not ends:
        return Axis(0, 100, 25)
    low, high = min(ends), max(ends)
    if low <= MOST_EMPTY * high or high <= NARROWEST:
        low = 0.0
    else:
        slack = max(0.0, NARROWEST - (high - low)) / 2
        low, high = max(0.0, low - slack), min(100.0, high + slack)
    return _whole_ticks(low, high)


def _whole_ticks(low: float, high: float) -> Axis:
    for step in STEPS:
        first, last = step * floor(low / step), step * max(1, ceil(high / step))
        if (last - first) / step <= MOST_TICKS and last <= 100:
            return Axis(first, max(last, first + step), step)
    return Axis(0, 100, STEPS[-1])


def trend_chart(words: Words, estimates: Sequence[Estimate], waves: Sequence[Wave]) -> Markup:
    """Draw one measure over time: a dot a wave, its interval, and a band behind what is joined.

    `estimates`: one for each wave that has the measure, in order of time; `waves`: all waves of
    the axis. A break, a wave without a figure and waves far apart are gaps.
    """
    axis = axis_for(estimates)
    places = dict(zip((w.name for w in waves), _places_in_time(waves), strict=True))
    svg = drawing(words, "trend", TREND_HEIGHT)
    _draw_shares(svg, axis)
    _draw_wave_names(svg, waves, places)
    for run in _joined(estimates, waves):
        _draw_run(svg, run, axis, places)
    for estimate in estimates:
        _draw_point(svg, estimate, axis, places[estimate.wave])
    _draw_breaks(svg, estimates, places)
    _draw_values(svg, [e for e in estimates if e.share is not None], axis, places)
    return markup(svg)


def _places_in_time(waves: Sequence[Wave]) -> list[float]:
    """Return where each wave's middle lies, in per cent of the plot's width."""
    middles = [(w.start.toordinal() + w.end.toordinal()) / 2 for w in waves]
    span = middles[-1] - middles[0]
    if not span:
        return [50.0 for _ in middles]
    return [INSET + (100 - 2 * INSET) * (middle - middles[0]) / span for middle in middles]


def _joined(estimates: Sequence[Estimate], waves: Sequence[Wave]) -> Iterator[list[Estimate]]:
    """Yield the runs of estimates that a line may join."""
    by_name = {wave.name: wave for wave in waves}
    run: list[Estimate] = []
    for estimate in estimates:
        if run and not _may_join(run[-1], estimate, by_name[run[-1].wave], by_name[estimate.wave]):
            yield run
            run = []
        run.append(estimate)
    yield run


def _may_join(before: Estimate, after: Estimate, earlier: Wave, later: Wave) -> bool:
    seen = before.share is not None and after.share is not None
    near = (later.start - earlier.end).days <= CONTIGUOUS_DAYS
    return seen and near and not after.breaks_series


def _draw_shares(svg: ET.Element, axis: Axis) -> None:
    for tick in axis.ticks:
        y = _height(axis, tick / 100)
        kind = "zero" if tick == 0 else "grid"
        add(svg, "line", {"class": kind, "x2": "100%", "y1": y, "y2": y})
        add_text(svg, f"{tick}%", {"class": "tick end", "x": -8, "y": y + 4})


def _draw_wave_names(svg: ET.Element, waves: Sequence[Wave], places: dict[str, float]) -> None:
    """Write the waves under the axis, from the last backwards, fewer on a phone."""
    every = ceil(len(waves) / MOST_LABELS)
    every_on_a_phone = every * ceil(ceil(len(waves) / every) / MOST_LABELS_ON_A_PHONE)
    for back, wave in enumerate(reversed(waves)):
        if back % every:
            continue
        kind = "tick middle" if back % every_on_a_phone == 0 else "tick middle wide"
        for line, part in enumerate(wording.wave_short(wave.name)):
            y = TREND_HEIGHT + 20 + LINE * line
            add_text(svg, part, {"class": kind, "x": percent(places[wave.name]), "y": y})


def _draw_run(
    svg: ET.Element, run: Sequence[Estimate], axis: Axis, places: dict[str, float]
) -> None:
    """Draw the band of the intervals and the line through the shares of one run."""
    if len(run) == 1:
        return
    plot = stretched(1000, TREND_HEIGHT)
    if all(e.lower is not None and e.upper is not None for e in run):
        upper = [(places[e.wave], e.upper) for e in run]
        lower = [(places[e.wave], e.lower) for e in reversed(run)]
        add(plot, "path", {"class": "band", "d": f"M{_route([*upper, *lower], axis)}Z"})
    line = [(places[e.wave], e.share) for e in run]
    add(plot, "path", {"class": "line", "d": f"M{_route(line, axis)}"})
    svg.append(plot)


def _route(ends: Sequence[tuple[float, float | None]], axis: Axis) -> str:
    """Return a path through places in per cent and shares, in the stretched drawing."""
    return "L".join(
        f"{short(10 * place)} {short(_height(axis, share))}"
        for place, share in ends
        if share is not None
    )


def _draw_point(svg: ET.Element, estimate: Estimate, axis: Axis, place: float) -> None:
    """Draw a wave's dot and interval, or the marker that stands in its place."""
    x = percent(place)
    if estimate.share is None:
        marker = wording.withheld_marker(estimate.marker)
        add_text(svg, marker, {"class": "marker middle", "x": x, "y": TREND_HEIGHT - 8})
        return
    if estimate.lower is not None and estimate.upper is not None:
        y1, y2 = _height(axis, estimate.upper), _height(axis, estimate.lower)
        add(svg, "line", {"class": "interval", "x1": x, "x2": x, "y1": y1, "y2": y2})
    y = _height(axis, estimate.share)
    add(svg, "circle", {"class": _dot_class(estimate), "cx": x, "cy": y, "r": 4})


def _draw_breaks(svg: ET.Element, estimates: Sequence[Estimate], places: dict[str, float]) -> None:
    for before, after in pairwise(estimates):
        if after.breaks_series:
            x = percent((places[before.wave] + places[after.wave]) / 2)
            add(svg, "line", {"class": "break", "x1": x, "x2": x, "y2": TREND_HEIGHT})
            add_text(svg, "break in series", {"class": "tick middle", "x": x, "y": -6})


def _draw_values(
    svg: ET.Element, seen: Sequence[Estimate], axis: Axis, places: dict[str, float]
) -> None:
    """Write the latest share (and the first, on a wide screen), and every figure's markers."""
    for estimate in seen:
        if estimate.markers:
            y = _height(axis, estimate.upper or estimate.share or 0.0) - 8
            x = percent(places[estimate.wave])
            add_text(svg, " ".join(estimate.markers), {"class": "tick middle", "x": x, "y": y})
    for estimate in seen[-1:]:
        y = _height(axis, estimate.share or 0.0) + 5
        _draw_value(svg, estimate, {"class": "value", "dx": 10, "y": y}, places)
    if len(seen) > 1:
        _draw_value(svg, seen[0], {"class": "tick wide", "dx": 6, "y": _clear(seen, axis)}, places)


def _draw_value(
    svg: ET.Element, estimate: Estimate, attributes: Attributes, places: dict[str, float]
) -> None:
    assert estimate.share is not None
    x = percent(places[estimate.wave])
    add_text(svg, wording.percent(estimate.share), {"x": x, **attributes})


def _clear(seen: Sequence[Estimate], axis: Axis) -> float:
    """Return a height beside the first dot where the line to the second does not pass."""
    first, second = (_height(axis, estimate.share or 0.0) for estimate in seen[:2])
    below = first + 20
    return below if second < first and below < TREND_HEIGHT else first - 10


def dot_chart(
    words: Words, estimates: Sequence[Estimate], force: Estimate | None, axis: Axis
) -> Markup:
    """Draw a dot and interval for each value of a domain, with the force as a line through all."""
    labels = [textwrap.wrap(estimate.label, LABEL_WIDTH) for estimate in estimates]
    heights = [ROW + LINE * (len(lines) - 1) for lines in labels]
    svg = drawing(words, "dots", sum(heights))
    longest = max(len(line) for lines in labels for line in lines)
    svg.set("style", f"--gutter:{max(longest, NARROWEST_LABEL)}")
    _draw_scale(svg, axis, sum(heights))
    if force is not None and force.share is not None:
        _draw_force(svg, force, axis, sum(heights))
    top = 0
    for estimate, lines, height in zip(estimates, labels, heights, strict=True):
        _draw_name(svg, lines, top + height / 2)
        _draw_dot(svg, estimate, axis, top + height / 2)
        top += height
    return markup(svg)


def _draw_scale(svg: ET.Element, axis: Axis, height: int) -> None:
    crowded = len(axis.ticks) > MOST_LABELS_ON_A_PHONE
    for order, tick in enumerate(axis.ticks):
        x = _place(axis, tick / 100)
        kind = "zero" if tick == 0 else "grid"
        add(svg, "line", {"class": kind, "x1": x, "x2": x, "y2": height})
        kind = "tick middle wide" if crowded and order % 2 else "tick middle"
        add_text(svg, f"{tick}%", {"class": kind, "x": x, "y": height + 18})


def _draw_force(svg: ET.Element, force: Estimate, axis: Axis, height: int) -> None:
    assert force.share is not None
    place = 100 * axis.place(force.share)
    x, anchor = percent(place), "end" if place > 66 else "middle" if place > 33 else "start"
    add(svg, "line", {"class": "force", "x1": x, "x2": x, "y1": -2, "y2": height})
    label = f"{force.label} {wording.percent(force.share)}"
    add_text(svg, label, {"class": f"forcename {anchor}", "x": x, "y": -8})


def _draw_name(svg: ET.Element, lines: Sequence[str], middle: float) -> None:
    first = middle + 5 - LINE * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        add_text(svg, line, {"class": "name end", "x": -12, "y": first + LINE * number})


def _draw_dot(svg: ET.Element, estimate: Estimate, axis: Axis, middle: float) -> None:
    """Draw a value's dot and interval, or its marker with the meaning beside it."""
    if estimate.share is None:
        marker = wording.withheld_marker(estimate.marker)
        label = f"{marker} {wording.marker_word(marker)}"
        add_text(svg, label, {"class": "marker", "x": 8, "y": middle + 5})
        return
    if estimate.lower is not None and estimate.upper is not None:
        x1, x2 = _place(axis, estimate.lower), _place(axis, estimate.upper)
        add(svg, "line", {"class": "interval", "x1": x1, "x2": x2, "y1": middle, "y2": middle})
    x = _place(axis, estimate.share)
    add(svg, "circle", {"class": _dot_class(estimate), "cx": x, "cy": middle, "r": 5})
    value = " ".join([wording.percent(estimate.share), *estimate.markers])
    add_text(svg, value, {"class": "value", "x": "100%", "dx": 12, "y": middle + 5})


def _dot_class(estimate: Estimate) -> str:
    return "open dot" if TENTATIVE & set(estimate.markers) else "dot"


def _place(axis: Axis, share: float) -> str:
    return percent(100 * axis.place(share))


def _height(axis: Axis, share: float) -> float:
    return TREND_HEIGHT * (1 - axis.place(share))
