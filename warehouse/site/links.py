"""The permanent name of every page, relative to the index."""

from __future__ import annotations

import re
from collections.abc import Mapping

from warehouse.site.facts import PlanKpi, Published

INDEX, METHODS, DATA, BOARD = "index.html", "methods.html", "data.html", "board.html"


def kpi_path(kpi: PlanKpi) -> str:
    """Return a KPI's page: kpi/local_confidence.html."""
    return f"kpi/{kpi.kpi}.html"


def section_path(section: str) -> str:
    """Return the page of a section of the Plan: section/trust.html."""
    return f"section/{section}.html"


def area_paths(published: Published) -> Mapping[tuple[str, str], str]:
    """Return the page of each area, by domain and value: area/birmingham.html.

    Where two classifications name an area alike, the later one's page has the domain's name too, so
    that a classification declared later changes no address.
    """
    found: dict[tuple[str, str], str] = {}
    for domain in published.areas:
        for value in domain.values:
            slug = _slug(value.value)
            path = f"area/{slug}.html"
            if path in found.values():
                path = f"area/{_slug(domain.domain)}-{slug}.html"
            found[domain.domain, value.value] = path
    return found


def _slug(name: str) -> str:
    """Return a name as a file name that every system takes: lower case, no sign but - and _."""
    return re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-")
