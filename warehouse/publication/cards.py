"""Cards: a KPI's figure and status for somebody else's page, as a picture and as HTML to paste."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from xml.etree import ElementTree as ET

from markupsafe import escape

from transforms import wording
from transforms.estimation.totals import FORCE
from warehouse.site import cells
from warehouse.site.facts import PlanKpi, Published
from warehouse.site.links import kpi_path
from warehouse.site.views.series import headline

WIDTH, MARGIN, LINE = 360, 16, 20
TITLE_WIDTH, TEXT_WIDTH = 34, 46
"""Characters that a line of the picture takes, of the widest usual letters."""
STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1b1b1b }
.title { font-weight: 600; font-size: 17px } .large { font-weight: 600; font-size: 34px }
rect { fill: #fff; stroke: #6b6b6b }
@media (prefers-color-scheme: dark) { text { fill: #f2f2f2 } rect { fill: #1b1b1b } }
"""
BORDER = (
    "border:1px solid #6b6b6b;padding:1em;max-width:24em;font-family:system-ui,sans-serif;"
    "background:#fff;color:#1b1b1b"
)


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says, line by line; `address`: the KPI's page, where that is declared."""

    kpi: str
    title: str
    figure: str
    status: str
    lines: tuple[str, ...]
    source: str
    address: str | None


def card_files(published: Published) -> Mapping[str, str]:
    """Return each KPI's card by file name: KPI.svg, and KPI.txt with HTML to paste."""
    cards = [card_of(kpi, published) for kpi in published.kpis]
    pictures = {f"{card.kpi}.svg": svg_card(card) for card in cards}
    return pictures | {f"{card.kpi}.txt": html_card(card) for card in cards}


def card_of(kpi: PlanKpi, published: Published) -> Card:
    """Return what a KPI's card says: no more than its page does first."""
    survey, head = published.survey, headline(published, kpi, *FORCE)
    words = wording.STATUS_WORDS[head.status]
    figure = head.shown
    said = [cells.interval(figure), cells.notes(figure), figure.period.heading] if figure else []
    required = "an increase" if kpi.required_direction == "increase" else "a decrease"
    release = published.release
    standing = (
        f"Release {release.number}, {wording.date_words(release.day)}" if release else "Draft"
    )
    return Card(
        kpi=kpi.kpi,
        title=f"{'Simulated: ' if survey.simulated else ''}{kpi.title}",
        figure=cells.figure(figure) if figure else "No figure yet",
        status=f"{words.symbol} {words.word}",
        lines=(*(line for line in said if line), f"Required: {required}"),
        source=f"{survey.title}. {standing}.",
        address=f"{survey.address}/{kpi_path(kpi)}" if survey.address else None,
    )


def html_card(card: Card) -> str:
    """Return a card as a piece of HTML that needs nothing but itself."""
    title = str(escape(card.title))
    if card.address:
        title = f'<a href="{escape(card.address)}" style="color:inherit">{title}</a>'
    lines = "".join(f"<br>{escape(line)}" for line in card.lines)
    return (
        f'<div role="group" aria-label="{escape(card.title)}" style="{BORDER}">\n'
        f'<p style="margin:0;font-weight:600">{title}</p>\n'
        f'<p style="margin:.3em 0;font-size:2em;font-weight:600">{escape(card.figure)}</p>\n'
        f'<p style="margin:0"><strong>{escape(card.status)}</strong>{lines}</p>\n'
        f'<p style="margin:.6em 0 0;font-size:.85em">{escape(card.source)}</p>\n'
        "</div>\n"
    )


def svg_card(card: Card) -> str:
    """Return a card as a picture: text stays text, and is read out as title and description."""
    svg = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img"})
    ET.SubElement(svg, "title").text = card.title
    said = (card.figure, card.status, *card.lines, card.source)
    ET.SubElement(svg, "desc").text = ". ".join(line.rstrip(".") for line in said) + "."
    ET.SubElement(svg, "style").text = STYLE
    frame = ET.SubElement(svg, "rect", {"x": "0.5", "y": "0.5", "width": str(WIDTH - 1)})
    end = _write(svg, wrap(card.title, TITLE_WIDTH), "title", MARGIN)
    end = _write(svg, [card.figure], "large", end + LINE)
    told = [line for text in (card.status, *card.lines, card.source) for line in _wrapped(text)]
    end = _write(svg, told, "line", end + LINE / 2)
    frame.set("height", f"{end + MARGIN - 1:g}")
    svg.set("viewBox", f"0 0 {WIDTH} {end + MARGIN:g}")
    return f"{ET.tostring(svg, encoding='unicode')}\n"


def _wrapped(text: str) -> Sequence[str]:
    return wrap(text, TEXT_WIDTH)


def _write(svg: ET.Element, lines: Sequence[str], kind: str, top: float) -> float:
    """Append lines of text below `top`; return where they end."""
    for place, line in enumerate(lines, 1):
        at = {"class": kind, "x": str(MARGIN), "y": f"{top + LINE * place:g}"}
        ET.SubElement(svg, "text", at).text = line
    return top + LINE * len(lines)
