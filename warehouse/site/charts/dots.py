"""Figures side by side on one scale: a dot and interval each, with the whole as a line through."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from markupsafe import Markup

from transforms import wording
from transforms.svg import Attributes, Words, add, add_dot, add_text, drawing, percent
from warehouse.site import cells
from warehouse.site.charts.axis import Axis
from warehouse.site.charts.trend import TENTATIVE
from warehouse.site.facts import Estimate
from warehouse.site.svg import markup

ROW, LINE = 34, 16
"""Height of a row of dots, and of a further line of its label (pixels)."""
LABEL_WIDTH = 18
"""A row's label is wrapped at so many characters."""
NARROWEST_LABEL = 8
"""Characters a label is given at least, since few may be wide."""
NARROWEST_VALUE = 6
"""Characters a value is given at least."""
MOST_LABELS_ON_A_PHONE = 4
PHONE = 26.0
"""A phone's width in the chart's own letters (em); a tick's label takes up so much:"""
TICK_LABEL = 2.6
BESIDE = 8
"""Half the height of the stroke that stands for the whole in a row of its own (pixels)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A figure with its label; `beside`: the whole's, where each row has a whole of its own."""

    label: str
    estimate: Estimate
    beside: Estimate | None = None


def dot_chart(words: Words, rows: Sequence[Row], whole: Estimate | None, axis: Axis) -> Markup:
    """Draw a dot and interval for each row; `whole` is a line through all, unless it is None."""
    labels = [textwrap.wrap(row.label, LABEL_WIDTH) for row in rows]
    heights = [ROW + LINE * (len(lines) - 1) for lines in labels]
    svg = drawing(words, "dots", sum(heights))
    longest = max(len(line) for lines in labels for line in lines)
    values = max(len(_value(row.estimate)) for row in rows)
    gutter = max(longest, NARROWEST_LABEL)
    svg.set("style", f"--gutter:{gutter};--values:{max(values, NARROWEST_VALUE)}")
    _draw_scale(svg, axis, sum(heights), _ticks_on_a_phone(gutter, max(values, NARROWEST_VALUE)))
    if whole is not None and whole.share is not None:
        _draw_whole(svg, whole, axis, sum(heights))
    top = 0
    for row, lines, height in zip(rows, labels, heights, strict=True):
        _draw_name(svg, lines, top + height / 2)
        _draw_beside(svg, row.beside, axis, top + height / 2)
        _draw_dot(svg, row.estimate, axis, top + height / 2)
        top += height
    return markup(svg)


def _ticks_on_a_phone(gutter: int, values: int) -> int:
    """Return how many labels the scale has room for, between labels and values (style.css)."""
    room = PHONE - (0.6 * gutter + 1.25) - (0.65 * values + 1.25)
    return min(MOST_LABELS_ON_A_PHONE, 1 + int(room / TICK_LABEL))


def _draw_scale(svg: ET.Element, axis: Axis, height: int, most: int) -> None:
    """Draw the ticks; where a phone has no room for all their labels it leaves out each other."""
    crowded = len(axis.ticks) > most
    for order, tick in enumerate(axis.ticks):
        x = _place(axis, axis.value(tick))
        kind = "zero" if tick == 0 else "grid"
        add(svg, "line", {"class": kind, "x1": x, "x2": x, "y2": height})
        kind = "tick middle wide" if crowded and order % 2 else "tick middle"
        add_text(svg, axis.label(tick), {"class": kind, "x": x, "y": height + 18})


def _draw_whole(svg: ET.Element, whole: Estimate, axis: Axis, height: int) -> None:
    assert whole.share is not None
    place = 100 * axis.place(whole.share)
    x, anchor = percent(place), "end" if place > 66 else "middle" if place > 33 else "start"
    add(svg, "line", {"class": "force", "x1": x, "x2": x, "y1": -2, "y2": height})
    label = f"{whole.label} {whole.scale.figure(whole.share)}"
    add_text(svg, label, {"class": f"forcename {anchor}", "x": x, "y": -8})


def _draw_name(svg: ET.Element, lines: Sequence[str], middle: float) -> None:
    first = middle + 5 - LINE * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        add_text(svg, line, {"class": "name end", "x": -12, "y": first + LINE * number})


def _draw_beside(svg: ET.Element, whole: Estimate | None, axis: Axis, middle: float) -> None:
    if whole is None or whole.share is None:
        return
    x = _place(axis, whole.share)
    ends = {"y1": middle - BESIDE, "y2": middle + BESIDE}
    add(svg, "line", {"class": "beside", "x1": x, "x2": x, **ends})


def _draw_dot(svg: ET.Element, estimate: Estimate, axis: Axis, middle: float) -> None:
    """Draw a value's dot and interval, or its marker with the meaning beside it."""
    if estimate.share is None:
        marker = wording.withheld_marker(estimate.marker)
        label = f"{marker} {wording.marker_word(marker)}"
        add_text(svg, label, {"class": "marker halo", "x": 8, "y": middle + 5})
        return
    if estimate.lower is not None and estimate.upper is not None:
        x1, x2 = _place(axis, estimate.lower), _place(axis, estimate.upper)
        add(svg, "line", {"class": "interval", "x1": x1, "x2": x2, "y1": middle, "y2": middle})
    kind = "open dot" if TENTATIVE & set(estimate.markers) else "dot"
    add_dot(svg, kind, _place(axis, estimate.share), middle, 5)
    beside: Attributes = {"class": "value", "x": "100%", "dx": 12, "y": middle + 5}
    add_text(svg, _value(estimate), beside)


def _value(estimate: Estimate) -> str:
    """Return a figure with its markers, to be written beside it; a withheld one has none."""
    return "" if estimate.share is None else cells.marked(estimate)


def _place(axis: Axis, share: float) -> str:
    return percent(100 * axis.place(share))
