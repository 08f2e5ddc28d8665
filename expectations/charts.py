"""A figure of fieldwork as a chart with its table, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from xml.etree import ElementTree as ET

from transforms.fieldwork.shown import Bar, Chart
from transforms.svg import Words, add, add_text, drawing, percent, written

ROW, THICK = 28, 16
"""Height of a row and of its bar (pixels)."""

WIDEST = 100.0
"""The longest bar, in per cent of the plot."""


def chart_html(chart: Chart, number: int, *, beyond: bool) -> str:
    """Return a chart, what it says, and its tables; `number`: of its place on the page."""
    noted = "<p><strong>Beyond its bound:</strong> see the findings above.</p>\n" if beyond else ""
    return (
        f'<div class="figure">\n<h3>{escape(chart.title)}</h3>\n'
        f"<p>{escape(chart.told)}</p>\n{noted}{_drawn(chart, number)}\n"
        f"<details>\n<summary>The same as a table</summary>\n{_bars_table(chart)}</details>\n"
        f"{_listed(chart)}</div>"
    )


def _drawn(chart: Chart, number: int) -> str:
    words = Words(f"chart-{number}", chart.title, chart.spoken)
    svg = drawing(words, "bars", ROW * len(chart.bars))
    widest = max((len(bar.label) for bar in chart.bars), default=0)
    values = max((len(_value(bar)) for bar in chart.bars), default=0)
    svg.set("style", f"--gutter:{widest};--values:{values}")
    longest = max((bar.length for bar in chart.bars), default=0.0) or 1.0
    for place, bar in enumerate(chart.bars):
        _draw_bar(svg, bar, WIDEST * bar.length / longest, ROW * place)
    return written(svg)


def _draw_bar(svg: ET.Element, bar: Bar, width: float, top: float) -> None:
    middle = top + ROW / 2
    add_text(svg, bar.label, {"class": "name", "x": -8, "y": middle + 5})
    kind = "bar beyond" if bar.beyond else "bar"
    place = {"y": middle - THICK / 2, "height": THICK}
    add(svg, "rect", {"class": kind, "x": 0, "width": percent(width), **place})
    add_text(svg, _value(bar), {"class": "value", "x": percent(width), "dx": 8, "y": middle + 5})


def _value(bar: Bar) -> str:
    return f"{bar.value} beyond" if bar.beyond and bar.length else bar.value


def _bars_table(chart: Chart) -> str:
    rows = [(bar.label, _value(bar)) for bar in chart.bars]
    return _table(chart.title, (chart.of, chart.counted), rows)


def _listed(chart: Chart) -> str:
    if not chart.rows:
        return ""
    return _table(f"{chart.title}: the first {len(chart.rows)}", chart.heads, chart.rows)


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table that scrolls inside itself; the first cell of a row names it."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        f"{''.join(f'<td>{escape(cell)}</td>' for cell in others)}</tr>\n"
        for first, *others in rows
    )
    return (
        f'<div class="table" role="region" aria-label="{escape(caption)}" tabindex="0">\n<table>\n'
        f"<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}</tbody>\n</table>\n</div>\n"
    )
