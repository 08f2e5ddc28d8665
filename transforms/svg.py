"""Elements of an inline SVG: places in per cent or pixels, text as text, nothing unescaped."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

Attributes = dict[str, str | float]


@dataclass(frozen=True, slots=True)
class Words:
    """A chart's name and what it shows, for those who cannot see it; `id` is unique on the page."""

    id: str
    title: str
    description: str


def drawing(words: Words, kind: str, height: int) -> ET.Element:
    """Return an empty chart that is read out as its title and description."""
    names = f"{words.id}-title {words.id}-desc"
    svg = ET.Element("svg", {"class": kind, "role": "img", "aria-labelledby": names})
    svg.set("height", str(height))
    ET.SubElement(svg, "title", {"id": f"{words.id}-title"}).text = words.title
    ET.SubElement(svg, "desc", {"id": f"{words.id}-desc"}).text = words.description
    return svg


def stretched(width: int, height: int) -> ET.Element:
    """Return a drawing as wide as its parent: paths cannot be given in per cent."""
    frame = {"viewBox": f"0 0 {width} {height}", "preserveAspectRatio": "none"}
    return ET.Element("svg", {**frame, "width": "100%", "height": str(height)})


def add(parent: ET.Element, tag: str, attributes: Attributes) -> ET.Element:
    """Append an element; numbers are written to a tenth of a pixel."""
    texts = {n: v if isinstance(v, str) else short(v) for n, v in attributes.items()}
    return ET.SubElement(parent, tag, texts)


def add_text(parent: ET.Element, text: str, attributes: Attributes) -> None:
    """Append text."""
    add(parent, "text", attributes).text = text


def add_dot(parent: ET.Element, kind: str, x: str, y: float, radius: float) -> None:
    """Append a dot."""
    add(parent, "circle", {"class": kind, "cx": x, "cy": y, "r": radius})


def percent(place: float) -> str:
    """Return a place along the width: 33.333 is "33.3%"."""
    return f"{short(place)}%"


def short(value: float) -> str:
    """Return a coordinate to a tenth, without a needless zero or minus."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def written(svg: ET.Element) -> str:
    """Return the drawing as text to put in a page."""
    return ET.tostring(svg, encoding="unicode")
