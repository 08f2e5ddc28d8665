"""What holds of every page of the site, on a survey in most of the states it can show."""

import re
from itertools import pairwise
from pathlib import PurePosixPath

import html5lib
import pytest
import site_database as db
from site_example import write_example
from site_pages import parsed, site_of, text_by_class, text_of

from warehouse.publication import write_publication
from warehouse.site.page import HERE

PATHS = [
    "index.html",
    "section/confidence.html",
    "kpi/confidence.html",
    "kpi/new.html",
    "section/prevention.html",
    "kpi/broken.html",
    "kpi/never.html",
    "section/access.html",
    "kpi/aware.html",
    "kpi/score.html",
    *(f"area/{area}.html" for area in db.AREAS),
    "board.html",
    "methods.html",
    "data.html",
]


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return write_example(tmp_path_factory.mktemp("published") / "published.duckdb")


@pytest.fixture(scope="module")
def site(database):
    return site_of(database)


@pytest.fixture(scope="module")
def trees(site):
    return {path: parsed(page) for path, page in site.items()}


def test_every_page_has_its_permanent_name(site):
    assert list(site) == PATHS


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_valid_html_below_300_kilobytes(site, path):
    assert parsed(site[path]) is not None
    assert len(site[path].encode()) < 300_000
    with pytest.raises(html5lib.html5parser.ParseError):
        parsed(site[path].replace("</h1>", "", 1))


@pytest.mark.parametrize("path", PATHS)
def test_a_page_needs_nothing_else(site, path):
    assert not re.search(
        r"<script|<img|<iframe|<object|<link rel=\"stylesheet|@import|url\(|https?:", site[path]
    )
    assert re.findall(r"src=\"[^\"]*\"", site[path]) == []


@pytest.fixture(scope="module")
def folder(database, tmp_path_factory):
    return write_publication(database, tmp_path_factory.mktemp("site")).parent


def test_every_link_leads_to_a_page_and_a_place_on_it(site, trees, folder):
    ids = {path: {e.get("id") for e in tree.iter()} for path, tree in trees.items()}
    for path, tree in trees.items():
        for link in (a.get("href") for a in tree.iter("a")):
            page, _, place = link.partition("#")
            parts: list[str] = []
            for part in PurePosixPath(path).parent.joinpath(page).parts if page else [path]:
                parts = parts[:-1] if part == ".." else [*parts, part]
            target = "/".join(parts)
            assert (folder / target).is_file(), (path, link)
            assert target in site or not target.endswith(".html"), (path, link)
            assert not place or place in ids[target], (path, link)


def test_every_page_can_be_reached_from_the_index(trees):
    linked = {a.get("href").partition("#")[0] for a in trees["index.html"].iter("a")}
    assert linked | {""} >= {path for path in PATHS if path != "index.html"}


@pytest.mark.parametrize("path", PATHS)
def test_headings_never_skip_a_level_and_ids_are_unique(trees, path):
    tree = trees[path]
    levels = [int(e.tag[1]) for e in tree.iter() if e.tag in {"h1", "h2", "h3", "h4"}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    named = " ".join(e.get("aria-labelledby") or "" for e in tree.iter()).split()
    assert set(named) <= set(ids)


@pytest.mark.parametrize("path", PATHS)
def test_language_and_skip_link_come_first_and_titles_differ(trees, path):
    tree = trees[path]
    assert tree.get("lang") == "en-GB"
    first_link = next(tree.iter("a"))
    assert (first_link.get("href"), first_link.get("class")) == ("#main", "skip")
    titles = [text_of(next(other.iter("title"))) for other in trees.values()]
    assert titles.count(text_of(next(tree.iter("title")))) == 1


@pytest.mark.parametrize("path", PATHS)
def test_every_page_says_that_it_is_simulated_and_illustrative(trees, path):
    assert text_by_class(trees[path], "banner")[0].startswith("Simulated data, illustrative KPIs.")
    assert text_of(next(trees[path].iter("title"))).startswith("Simulated: ")


@pytest.mark.parametrize("path", PATHS)
def test_every_table_has_a_caption_and_scoped_headers(trees, path):
    for table in trees[path].iter("table"):
        assert text_of(table.find("caption"))
        assert all(h.get("scope") in {"col", "row", "rowgroup"} for h in table.iter("th"))


@pytest.mark.parametrize("path", PATHS)
def test_every_chart_is_named_described_and_has_a_table(trees, path):
    figures = [e for e in trees[path].iter() if e.get("class") == "figure"]
    for figure in figures:
        charts = [e for e in figure.iter() if e.get("role") == "img"]
        for chart in charts:
            name, description = (e for e in chart if e.tag.endswith(("title", "desc")))
            assert text_of(name)
            said = ("Simulated figures. ", "Simulated. Logged", "Recorded by the police; not a")
            assert text_of(description).startswith(said)
        assert not charts or len(list(figure.iter("table"))) == 1
    charts = [e for e in trees[path].iter() if e.get("role") == "img"]
    assert len(charts) == sum(len([e for e in f.iter() if e.get("role") == "img"]) for f in figures)


@pytest.mark.parametrize("path", [path for path in PATHS if path != "methods.html"])
def test_the_markers_on_a_page_are_explained_and_no_others(site, trees, path):
    explained = [text_of(e) for e in trees[path].iter("dt") if text_of(e).startswith("[")]
    body = re.sub(r"<section class=\"markers\".*</section>", "", site[path], flags=re.DOTALL)
    standing = set(
        re.findall(r"\[[a-z]+\]", re.sub(r"<style>.*</style>", "", body, flags=re.DOTALL))
    )
    assert set(explained) == standing


def test_an_older_finding_stands_nowhere(site):
    assert not any("An older finding." in page for page in site.values())


def test_the_same_content_gives_the_same_bytes(database, folder, tmp_path):
    pages = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.html"))
    assert pages == sorted(PATHS)
    again = write_publication(database, tmp_path / "b" / "c").parent
    files = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    assert len(files) > len(PATHS) + 8
    for path in files:
        assert (folder / path).read_bytes() == (again / path).read_bytes(), path


def test_files_are_written_for_any_system(folder):
    names = [path.name for path in folder.rglob("*")]
    assert all(re.fullmatch(r"[a-z0-9_.-]+", name) for name in names)


def luminance(colour):
    digits = "".join(2 * digit for digit in colour) if len(colour) == 3 else colour
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(first, second):
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_text_and_marks_stand_out_from_their_ground_in_every_scheme(scheme):
    # WCAG 2.2: text at least 4.5 to 1 (1.4.3), what a chart is understood by 3 to 1 (1.4.11)
    style = (HERE / "style.css").read_text(encoding="utf-8")
    roots = [dict(re.findall(r"--([\w-]+): #(\w{3,6})\b;", block)) for block in root_blocks(style)]
    chosen = roots[0] | roots[("light", "dark", "print").index(scheme)]
    for text in ("ink", "muted", "accent"):
        for ground in ("paper", "wash"):
            assert contrast(chosen[text], chosen[ground]) >= 4.5, (text, ground)
    assert contrast(chosen["on-accent"], chosen["accent"]) >= 4.5
    assert contrast(chosen["faint"], chosen["paper"]) >= 3
    assert contrast("000", "fff") == pytest.approx(21)


def root_blocks(style):
    blocks = re.findall(r":root \{(.*?)\}", style, flags=re.DOTALL)
    assert len(blocks) == 3
    return blocks
