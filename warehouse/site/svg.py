"""A drawing as HTML that a page takes as it is."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from markupsafe import Markup

from transforms.svg import written


def markup(svg: ET.Element) -> Markup:
    """Return the drawing as HTML to put in a page."""
    return Markup(written(svg))
