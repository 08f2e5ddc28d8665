"""What is said of releases: the list of them, a notice of withdrawal, and the Atom feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from transforms import wording
from warehouse.site.page import HERE as SITE

HERE = Path(__file__).parent
ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """When a release was withdrawn, and why."""

    at: datetime
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Announced:
    """What everybody may know of a release."""

    number: int
    at: datetime
    on: date
    latest_wave: str
    corrects: int | None
    note: str | None
    revisions: int
    withdrawn: Withdrawn | None

    @property
    def title(self) -> str:
        """Its name: "Release 3: figures to January to March 2028"."""
        return f"Release {self.number}: figures to {wording.wave_words(self.latest_wave)}"

    @property
    def summary(self) -> str:
        """What is particular about it, in sentences."""
        corrects = f"Corrects release {self.corrects}." if self.corrects else ""
        figures = "figure was" if self.revisions == 1 else "figures were"
        revised = (
            f"{wording.number(self.revisions)} published {figures} revised."
            if self.revisions
            else ""
        )
        return " ".join(part for part in (corrects, revised, self.note) if part)


@dataclass(frozen=True, slots=True)
class Announcement:
    """Every release of a survey that was public, the newest first."""

    survey: str
    title: str
    run_by: str
    simulated: bool
    releases: tuple[Announced, ...]

    @property
    def heading(self) -> str:
        """The survey's title, which says where nothing is real."""
        return f"{'Simulated: ' if self.simulated else ''}{self.title}"


def releases_page(said: Announcement, root: str) -> str:
    """Return the list of releases; `root`: the way from the page to the public folder."""
    return _page("releases.html", said, root=root)


def withdrawn_page(said: Announcement, release: Announced, root: str) -> str:
    """Return the notice that stands in the place of a release that was withdrawn."""
    return _page("withdrawn.html", said, root=root, release=release)


def feed_text(said: Announcement, root: str) -> str:
    """Return the Atom feed of releases, revisions and withdrawals, the newest first.

    `root`: the way from the feed to the public folder.
    """
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en-GB"})
    _text(feed, "title", said.heading)
    _text(feed, "id", _identity(said, "feed"))
    _text(feed, "updated", _moment(max(_moments(said))))
    _text(ET.SubElement(feed, "author"), "name", said.run_by)
    ET.SubElement(feed, "link", {"rel": "self", "href": "feed.xml"})
    ET.SubElement(feed, "link", {"rel": "alternate", "href": f"{root}releases.html"})
    for release in said.releases:
        _entries(feed, said, release, root)
    ET.indent(feed)
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f"{declaration}{ET.tostring(feed, encoding='unicode')}\n"


def _entries(feed: ET.Element, said: Announcement, release: Announced, root: str) -> None:
    place = f"release/{release.number}"
    page = f"{root}{place}/index.html"
    if release.withdrawn is not None:
        withdrawn = f"Release {release.number} was withdrawn"
        entry = _entry(feed, said, f"{place}/withdrawn", withdrawn, release.withdrawn.at, page)
        _text(entry, "summary", release.withdrawn.reason)
    elif release.revisions:
        figures = f"{wording.number(release.revisions)} revised in release {release.number}"
        data = f"{root}{place}/data.html"
        entry = _entry(feed, said, f"{place}/revisions", f"Figures: {figures}", release.at, data)
        _text(entry, "summary", release.note or "")
    entry = _entry(feed, said, place, release.title, release.at, page)
    _text(entry, "summary", release.summary or "New figures.")


def _entry(
    feed: ET.Element, said: Announcement, name: str, title: str, at: datetime, page: str
) -> ET.Element:
    entry = ET.SubElement(feed, "entry")
    _text(entry, "title", title)
    _text(entry, "id", _identity(said, name))
    _text(entry, "updated", _moment(at))
    ET.SubElement(entry, "link", {"rel": "alternate", "href": page})
    return entry


def _moments(said: Announcement) -> list[datetime]:
    withdrawn = [release.withdrawn.at for release in said.releases if release.withdrawn]
    return [*(release.at for release in said.releases), *withdrawn]


def _identity(said: Announcement, name: str) -> str:
    """Return a permanent identity that needs no address: the same wherever the folder is served."""
    return uuid5(NAMESPACE_URL, f"perceptions/{said.survey}/{name}").urn


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _page(template: str, said: Announcement, **shows: object) -> str:
    pages = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    pages.filters["date"] = wording.date_words
    style = Markup((SITE / "style.css").read_text(encoding="utf-8"))
    return pages.get_template(template).render(said=said, style=style, **shows)
