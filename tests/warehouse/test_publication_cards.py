"""Cards to show elsewhere: what they say, that they need nothing else, and that they are safe."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import html5lib
import pytest
from site_example import write_example
from site_pages import text_of

from warehouse.publication.cards import card_files, card_of, html_card, svg_card
from warehouse.site.read import read_published

SVG = "{http://www.w3.org/2000/svg}"
SAID = [
    "Simulated: Local confidence",
    "52.4%",
    "✓ Improving",
    "between 51.2% and 53.6%",
    "Year to March 2028",
    "Required: an increase",
    "Public perceptions survey. Draft.",
]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return read_published(write_example(tmp_path_factory.mktemp("cards") / "published.duckdb"))


@pytest.fixture
def card(published):
    return card_of(published.kpis[0], published)


def fragment(text):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(text)


def test_every_kpi_has_a_picture_and_html(published):
    names = {kpi.kpi for kpi in published.kpis}
    assert card_files(published).keys() == {f"{n}.{kind}" for n in names for kind in ("svg", "txt")}


def test_both_say_what_the_page_says_first(card):
    picture = ET.fromstring(svg_card(card))
    assert [element.text for element in picture.iter(f"{SVG}text")] == SAID
    assert picture.find(f"{SVG}title").text == SAID[0]
    told = picture.find(f"{SVG}desc").text
    assert all(line.rstrip(".") in told for line in SAID[1:])
    text = text_of(fragment(html_card(card)))
    assert all(line in text for line in SAID)


def test_a_quarter_alone_says_its_quarter_and_a_kpi_without_a_figure_says_so(published):
    files = card_files(published)
    assert "January to March 2028" in files["new.txt"]
    assert "… Not yet measurable" in files["new.txt"]
    assert "No figure yet" in files["never.txt"]


def test_a_card_loads_nothing_and_links_only_to_the_declared_address(published, card):
    for text in card_files(published).values():
        assert not re.search(r"<script|<img|url\(|href|src=", text)
    survey = replace(published.survey, address="https://example.org/p")
    linked = html_card(card_of(published.kpis[0], replace(published, survey=survey)))
    assert re.findall(r"https?://[^\"]*", linked) == ["https://example.org/p/kpi/confidence.html"]


def test_titles_are_never_markup(published):
    kpi = replace(published.kpis[0], title='<b>"A & B"</b>')
    card = card_of(kpi, published)
    assert "<b>" not in html_card(card)
    assert 'Simulated: <b>"A & B"</b>' in text_of(fragment(html_card(card)))
    assert ET.fromstring(svg_card(card)).find(f"{SVG}b") is None


def test_long_words_stay_within_the_picture(card):
    long = replace(card, title="A title that is far too long for one line of the picture " * 2)
    picture = ET.fromstring(svg_card(long))
    lines = [element for element in picture.iter(f"{SVG}text")]
    assert max(len(line.text) for line in lines) <= 46
    tops = [float(line.get("y")) for line in lines]
    assert tops == sorted(set(tops))
    height = float(picture.get("viewBox").split()[3])
    assert tops[-1] < height
