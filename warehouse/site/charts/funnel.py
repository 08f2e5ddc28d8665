"""A chain of questions: a bar for each step on one base, and what passes from each to the next."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from markupsafe import Markup

from transforms import wording
from transforms.svg import Words, add, add_text, drawing, percent
from warehouse.site import cells
from warehouse.site.facts import Estimate
from warehouse.site.svg import markup

NAME, BAR, LINE, GAP = 24, 22, 18, 14
"""Heights in pixels: a step's name, its bar, a line of what passes on, and the space around it."""
PASSING_WIDTH = 44
"""What passes on is wrapped at so many characters, which a phone has room for."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A step: its name, its share of all, and what passes to it from the step before, in words.

    `passing`: each on a line of its own; none of the first step.
    """

    name: str
    estimate: Estimate
    passing: tuple[str, ...]


def funnel_chart(words: Words, bars: Sequence[Bar]) -> Markup:
    """Draw each step's share of the first step's base; the pale bar behind each is all of it."""
    passing = [_wrapped(bar.passing) for bar in bars]
    heights = [NAME + BAR + (LINE * len(lines) + 2 * GAP if lines else 0) for lines in passing]
    svg = drawing(words, "funnel", sum(heights))
    top = 0
    for bar, lines, height in zip(bars, passing, heights, strict=True):
        for number, line in enumerate(lines):
            y = top + GAP + LINE * (number + 0.8)
            add_text(svg, line, {"class": "passing", "x": 12, "y": y})
        if lines:
            foot = top + height - NAME - BAR - GAP / 2
            add(svg, "line", {"class": "zero", "x1": 2, "x2": 2, "y1": top, "y2": foot})
        _draw_step(svg, bar, top + height - NAME - BAR)
        top += height
    return markup(svg)


def _wrapped(passing: Sequence[str]) -> list[str]:
    return [line for part in passing for line in textwrap.wrap(part, PASSING_WIDTH)]


def _draw_step(svg: ET.Element, bar: Bar, top: int) -> None:
    """Draw a step's name, its bar with the interval, and its figure or marker at the right."""
    add_text(svg, bar.name, {"class": "name", "x": 0, "y": top + 16})
    add_text(svg, _value(bar.estimate), {"class": "value end", "x": "100%", "y": top + 16})
    middle = top + NAME + BAR / 2
    add(svg, "rect", {"class": "track", "y": top + NAME, "width": "100%", "height": BAR})
    share, lower, upper = bar.estimate.share, bar.estimate.lower, bar.estimate.upper
    if share is None:
        return
    width = percent(100 * share)
    add(svg, "rect", {"class": "bar", "y": top + NAME, "width": width, "height": BAR})
    if lower is not None and upper is not None:
        x1, x2 = percent(100 * lower), percent(100 * upper)
        for kind in ("under", "error"):
            add(svg, "line", {"class": kind, "x1": x1, "x2": x2, "y1": middle, "y2": middle})


def _value(estimate: Estimate) -> str:
    if estimate.share is None:
        marker = wording.withheld_marker(estimate.marker)
        return f"{marker} {wording.marker_word(marker)}"
    return cells.marked(estimate)
