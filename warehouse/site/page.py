"""The pages themselves: views in templates, each a file that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from transforms import wording
from warehouse.site import cells, links
from warehouse.site.downloads import downloads, kpi_downloads
from warehouse.site.facts import Published
from warehouse.site.views import about
from warehouse.site.views.area import area_views
from warehouse.site.views.board import board_view
from warehouse.site.views.plan import area_links, counts, newest_period, sections
from warehouse.site.views.records import record_views

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be written: its path from the index, its title, its template and what it shows.

    `summary`: what others say of it where it is shared; "": what they say of the index.
    """

    path: str
    title: str
    template: str
    shows: Mapping[str, Any]
    summary: str = ""


def render_site(published: Published, preview: str | None = None) -> Mapping[str, str]:
    """Return every page as HTML, by its path from the index.

    `preview`: the path of a picture for those who share a page, where there is one.
    """
    templates = _environment(published)
    templates.globals |= {"preview": preview, "summary": counts(sections(published))}
    return {page.path: _rendered(page, templates, published) for page in _pages(published)}


def render_preview(published: Published) -> str:
    """Return what a picture is taken of, 1200 × 630: what the Plan's KPIs say, in a sentence."""
    shows = {"counts": counts(sections(published)), "period": newest_period(published)}
    return _environment(published).get_template("preview.html").render(shows)


def _pages(published: Published) -> Iterator[Page]:
    plan, areas = sections(published), area_views(published)
    index = {
        "sections": plan,
        "counts": counts(plan),
        "period": newest_period(published),
        "areas": area_links(published),
    }
    yield Page(links.INDEX, "", "index.html", index)
    for section in plan:
        yield Page(section.path, section.title, "section.html", {"section": section})
        for view in section.kpis:
            shows = {"shown": view, "section": section}
            yield Page(view.path, view.kpi.title, "kpi.html", shows, view.kpi.statement)
    for area in areas:
        yield Page(area.path, area.label, "area.html", {"area": area})
    board = {"board": board_view(published, plan), "sections": plan}
    yield Page(links.BOARD, "Board paper", "board.html", board)
    yield Page(links.METHODS, "How the figures are made", "methods.html", _methods(published))
    yield Page(links.DATA, "Data", "data.html", _data(published))


def _methods(published: Published) -> Mapping[str, Any]:
    return {
        "margins": about.margin_words(published),
        "methods": about.interval_methods(published),
        "adjustments": about.adjustments(published),
        "sources": about.sources(published),
        "has_years": published.has_years,
        "has_records": bool(published.records),
        "markers": about.marker_meanings(" ".join(wording.MARKER_MEANINGS), published.survey),
    }


def _data(published: Published) -> Mapping[str, Any]:
    return {
        "figures": about.figures(published),
        "withheld": about.withheld(published),
        "measures": tuple(published.measures.values()),
        "tables": published.tables,
        "records": record_views(published),
        "waves": published.waves,
        "has_years": published.has_years,
        "downloads": downloads(published.release is not None),
    }


def _rendered(page: Page, templates: Environment, published: Published) -> str:
    root = "../" * page.path.count("/")
    shows = {**page.shows, "root": root, "path": page.path}
    body = templates.get_template(page.template).render(shows)
    return templates.get_template("page.html").render(
        root=root,
        path=page.path,
        title=page.title,
        shared_as=page.summary or templates.globals["summary"],
        body=Markup(body),
        style=Markup((HERE / "style.css").read_text(encoding="utf-8")),
        markers=about.marker_meanings(body, published.survey) if page.path != links.METHODS else {},
        has_areas=bool(published.areas),
    )


def _environment(published: Published) -> Environment:
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {
        "figure": cells.figure,
        "marked": cells.marked,
        "cell": cells.cell,
        "notes": cells.notes,
        "interval": cells.interval,
        "base": cells.base,
        "difference": cells.difference,
        "difference_interval": cells.difference_interval,
        "heading": wording.as_heading,
        "date": wording.date_words,
        "number": wording.number,
        "percent": wording.percent,
        "wave": wording.wave_words,
    }
    templates.globals |= {
        "survey": published.survey,
        "release": published.release,
        "address": f"{published.survey.address}/" if published.survey.address else "",
        "status_words": wording.STATUS_WORDS,
        "kpi_downloads": kpi_downloads(published.release is not None),
    }
    return templates
