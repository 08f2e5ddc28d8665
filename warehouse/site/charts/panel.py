"""One of several small charts over time that share both axes, with the whole as a grey line."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from markupsafe import Markup

from transforms import wording
from transforms.svg import Words, add_dot, add_text, drawing
from warehouse.site.charts.axis import Axis
from warehouse.site.charts.plot import (
    Plot,
    draw_breaks,
    draw_interval,
    draw_line,
    draw_run,
    draw_shares,
)
from warehouse.site.charts.time import TimeAxis
from warehouse.site.facts import Estimate
from warehouse.site.svg import markup

HEIGHT = 90


def panel_chart(
    words: Words,
    line: Sequence[Estimate],
    whole: Sequence[Estimate],
    axis: Axis,
    time: TimeAxis,
) -> Markup:
    """Draw one value's figures over time with their band; `whole`: the line beside it."""
    plot = Plot(axis, time, HEIGHT)
    svg = drawing(words, "panel", HEIGHT)
    draw_shares(svg, plot, every=2)
    _draw_ends(svg, plot)
    for run in time.runs(whole):
        draw_line(svg, run, plot, "whole")
    for run in time.runs(line):
        draw_run(svg, run, plot)
    draw_breaks(svg, plot)
    for estimate in _dotted(line, time):
        draw_interval(svg, estimate, plot, "interval")
        add_dot(svg, "dot", plot.x(estimate), plot.y(estimate.share or 0.0), 3)
    _draw_withheld(svg, line, plot)
    return markup(svg)


def _dotted(line: Sequence[Estimate], time: TimeAxis) -> list[Estimate]:
    """Return the figures that no line shows."""
    return [run[0] for run in time.runs(line) if len(run) == 1]


def _draw_ends(svg: ET.Element, plot: Plot) -> None:
    """Write the first and the last wave under the axis."""
    first, last = plot.time.waves[0], plot.time.waves[-1]
    for wave, kind, x in ((first, "tick", "0%"), (last, "tick end", "100%")):
        add_text(svg, wording.wave_end(wave.name), {"class": kind, "x": x, "y": HEIGHT + 18})


def _draw_withheld(svg: ET.Element, line: Sequence[Estimate], plot: Plot) -> None:
    for estimate in line:
        if estimate.share is None and not estimate.is_incomplete:
            marker = wording.withheld_marker(estimate.marker)
            x, y = plot.x(estimate), HEIGHT - 4
            add_text(svg, marker, {"class": "marker middle", "x": x, "y": y})
