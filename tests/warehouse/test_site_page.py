import dataclasses
import re
from datetime import date
from itertools import pairwise

import html5lib
import pytest
import site_database as db

from transforms.waves import Wave
from warehouse.site import write_site
from warehouse.site.page import HERE, render_page
from warehouse.site.read import read_published

LAST, BEFORE, YEAR_BEFORE = "2028-Q1", "2027-Q4", "2027-Q1"
YEARS = (
    Wave(name="2007-08", start=date(2007, 4, 1), end=date(2008, 3, 31)),
    Wave(name="2013-14", start=date(2013, 4, 1), end=date(2014, 3, 31)),
)


def judged_finding():
    return db.finding(
        db.CONFIDENCE,
        LAST,
        0.5238,
        "improving",
        "Rose by 3.1 points, as required.",
        compared_with=YEAR_BEFORE,
        difference=0.031,
        p_value=0.01,
        detectable_change=0.044,
    )


def figures(measure="confidence"):
    force = [
        db.estimate(wave.name, measure, 0.49 + 0.005 * order, 0.023, 2800 + order)
        for order, wave in enumerate(db.QUARTERS)
    ]
    breakdowns = [
        db.estimate(LAST, measure, 0.4 + 0.02 * order, 0.06, 390, (domain, value))
        for domain, (_, values) in db.DOMAINS.items()
        for order, value in enumerate(values)
        if value != "solihull"
    ]
    withheld = db.estimate(LAST, measure, None, base=31, domain=("area", "solihull"))
    return [*force[:-1], db.estimate(LAST, measure, 0.5238, 0.023, 2812), *breakdowns, withheld]


def comparisons():
    return [
        db.change(
            LAST,
            YEAR_BEFORE,
            "confidence",
            0.031,
            comparison="same_quarter_year_before",
            role="judged",
        ),
        db.change(LAST, BEFORE, "confidence", -0.004),
    ]


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    path = tmp_path_factory.mktemp("published") / "published.duckdb"
    return db.one_kpi(path, figures(), [judged_finding()], comparisons())


@pytest.fixture(scope="module")
def page(database, tmp_path_factory):
    return write_site(database, tmp_path_factory.mktemp("site")).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tree(page):
    return parsed(page)


def parsed(page):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def text_of(element):
    return " ".join("".join(element.itertext()).split())


def text_by_class(tree, name):
    return [text_of(e) for e in tree.iter() if name in (e.get("class") or "").split()]


def one_page(tmp_path, *args, **changes):
    path = db.one_kpi(tmp_path / "published.duckdb", *args, **changes)
    return render_page(read_published(path))


def test_the_page_is_valid_html(page):
    assert parsed(page) is not None
    with pytest.raises(html5lib.html5parser.ParseError):
        parsed(page.replace("</h1>", "", 1))


def test_the_page_needs_nothing_else(page):
    assert not re.search(r"<script|<img|<iframe|<object|<link rel=\"stylesheet|@import|url\(", page)
    assert set(re.findall(r"(?:src|href)=\"([^#\"][^\"]*)\"", page)) == {"data:,"}


def test_the_first_lines_of_a_kpi_are_in_the_order_a_reader_needs(tree):
    article = text_of(next(e for e in tree.iter("article")))
    parts = [
        "Simulated figures · Illustrative KPI",
        "An increase in the share who think the police do a good job locally",
        "Rose by 3.1 points, as required.",
        "52.4%",
        "between 50.1% and 54.7%",
        "January to March 2028; base 2,812 people",
        "✓ Improving",
        "Required: an increase. No numeric target is set.",
        "Over time",
        "Local Policing Area, January to March 2028",
    ]
    places = [article.index(part) for part in parts]
    assert places == sorted(places)


def test_the_judged_comparison_and_the_others_are_kept_apart(tree):
    facts = text_by_class(tree, "facts")[0]
    assert (
        "Comparison judged With January to March 2027 (the same quarter a year before): "
        "+3.1 points (95% interval: between −0.9 and +7.1 points)" in facts
    )
    assert (
        "Shown without a verdict With October to December 2027 (the wave before): "
        "−0.4 points (95% interval: between −4.4 and +3.6 points)" in facts
    )


def test_a_withheld_area_has_a_marker_a_meaning_and_its_reason_but_no_figure(tree):
    row = next(row for row in tree.iter("tr") if text_of(row).startswith("Solihull"))
    reason = "[u] low reliability: fewer than 50 people answered"
    assert [text_of(cell) for cell in row.iter("td")] == ["[u]", "[u]", "[u]", "31", reason]


def test_the_markers_on_the_page_are_explained_and_no_others(page, tree):
    meanings = text_by_class(tree, "facts")[-1]
    assert meanings.startswith("[u] low reliability: too few people")
    assert "withheld where the base is below 50" in meanings
    assert "[c]" not in page


def test_every_table_has_a_caption_and_scoped_headers(tree):
    tables = list(tree.iter("table"))
    assert len(tables) == 4
    for table in tables:
        assert "(per cent, with 95% interval; simulated)" in text_of(table.find("caption"))
        assert all(header.get("scope") in {"col", "row"} for header in table.iter("th"))


def test_headings_never_skip_a_level_and_ids_are_unique(tree):
    levels = [int(e.tag[1]) for e in tree.iter() if e.tag in {"h1", "h2", "h3", "h4"}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    named = " ".join(e.get("aria-labelledby") or "" for e in tree.iter()).split()
    targets = [a.get("href")[1:] for a in tree.iter("a")]
    assert set(named) | set(targets) <= set(ids)


def test_language_and_skip_link_come_first(tree):
    assert tree.get("lang") == "en-GB"
    first_link = next(tree.iter("a"))
    assert (first_link.get("href"), first_link.get("class")) == ("#main", "skip")


def test_every_chart_is_described_from_its_figures(tree):
    names = [text_of(e) for e in tree.iter() if e.tag.endswith("desc")]
    assert len(names) == 4
    assert names[0].startswith(
        "Simulated figures. From 49.0% in April to June 2026 to 52.4% in January to March 2028. "
    )
    assert "Birmingham 40.0%" in names[1]
    assert "Solihull withheld" in names[1]
    assert "The line is West Midlands 52.4%." in names[1]


def test_the_same_content_gives_the_same_bytes_whatever_the_order_of_rows(
    database, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("again")
    again = db.one_kpi(
        folder / "published.duckdb", figures()[::-1], [judged_finding()], comparisons()[::-1]
    )
    first = write_site(database, folder / "a").read_bytes()
    assert write_site(again, folder / "b" / "c").read_bytes() == first
    assert write_site(again, folder / "b" / "c").read_bytes() == first


def test_only_a_simulated_survey_says_so(tmp_path, page):
    assert "Simulated data." in page
    real = one_page(tmp_path, figures(), survey={"simulated": False, "illustrative": None})
    assert "imulated" not in real
    assert "llustrative" not in real


def test_declared_words_are_escaped(tmp_path):
    page = one_page(
        tmp_path,
        figures(),
        survey={"title": "<b>Bold</b> & more"},
        label="Good</title></svg><script>alert(1)</script>",
    )
    assert "<b>Bold" not in page
    assert "<script" not in page
    assert parsed(page) is not None


def test_a_kpi_without_any_figure_is_not_yet_measurable(tmp_path):
    tree = parsed(one_page(tmp_path, []))
    assert "No wave has been published yet." in text_of(tree)
    assert text_by_class(tree, "finding") == ["No figure has been published for this KPI yet."]
    assert set(text_by_class(tree, "status")) == {"… Not yet measurable"}
    assert not list(tree.iter("table"))


def test_a_withheld_headline_shows_its_marker_and_when_it_can_be_measured(tmp_path):
    finding = db.finding(
        db.CONFIDENCE, LAST, None, "not yet measurable", "Withheld.", measurable_from="2028-Q2"
    )
    withheld = db.estimate(LAST, "confidence", None, base=None, marker="[c]")
    tree = parsed(one_page(tmp_path, [withheld], [finding]))
    assert text_by_class(tree, "large") == ["[c]"]
    headline = text_by_class(tree, "headline")[0]
    assert "[c] confidential: fewer than 50 people answered" in headline
    assert "base [c] people" in headline
    assert "Measurable from: April to June 2028." in headline


def test_a_share_that_only_rounds_to_zero_is_marked_low(tmp_path):
    tree = parsed(one_page(tmp_path, [db.estimate(LAST, "confidence", 0.0003, 0.002)]))
    assert "0.0%" in text_by_class(tree, "headline")[0]
    assert "[low] rounds to zero but is not zero" in text_by_class(tree, "headline")[0]


def test_a_figure_without_an_interval_says_it_is_not_available(tmp_path):
    bare = db.estimate(LAST, "confidence", 0.0, ci_lower=None, ci_upper=None)
    tree = parsed(one_page(tmp_path, [bare]))
    row = next(row for row in tree.iter("tr") if text_of(row).startswith("January to March"))
    assert [text_of(cell) for cell in row.iter("td")] == ["0.0%", "[x]", "[x]", "700", ""]
    assert "between" not in text_by_class(tree, "headline")[0]


def test_yearly_waves_without_areas_are_named_by_their_days_and_not_joined(tmp_path):
    estimates = [db.estimate(wave.name, "confidence", 0.6) for wave in YEARS]
    by_sex = [db.estimate("2013-14", "confidence", 0.6, domain=("sex", "male"))]
    page = one_page(tmp_path, [*estimates, *by_sex], declared=YEARS, by=("sex",))
    assert "Latest wave: 2013-14 (1 April 2013 to 31 March 2014)." in page
    assert 'class="line"' not in page
    assert '<details class="more" open>' in page
    assert parsed(page) is not None


def test_unknown_rules_are_not_stated(tmp_path):
    unknown = dict.fromkeys(
        ["confidence", "significance_level", "minimum_count", "minimum_base", "sources"]
    )
    page = one_page(tmp_path, figures(), survey=unknown)
    assert "95" not in re.sub(r"<svg.*?</svg>|<style>.*?</style>", "", page, flags=re.DOTALL)
    assert "two-sided" not in page
    assert "per cent, with interval" in page


def test_twelve_kpis_stay_below_300_kilobytes(tmp_path):
    every_wave = [{**row, "period": w.name} for w in db.QUARTERS for row in figures()[7:]]
    path = db.one_kpi(tmp_path / "published.duckdb", every_wave, [judged_finding()], comparisons())
    one = read_published(path)
    twelve = dataclasses.replace(
        one, kpis=tuple(dataclasses.replace(one.kpis[0], kpi=f"kpi_{i}") for i in range(12))
    )
    page = render_page(twelve)
    assert page.count("<article") == 12
    assert 100_000 < len(page.encode()) < 300_000


def luminance(colour):
    digits = "".join(2 * digit for digit in colour) if len(colour) == 3 else colour
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(first, second):
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_text_stands_out_from_its_ground_in_every_scheme(scheme):
    # WCAG 2.2, 1.4.3: at least 4.5 to 1
    style = (HERE / "style.css").read_text(encoding="utf-8")
    roots = [dict(re.findall(r"--([\w-]+): #(\w{3,6})\b;", block)) for block in root_blocks(style)]
    chosen = roots[0] | roots[("light", "dark", "print").index(scheme)]
    for text in ("ink", "muted", "accent"):
        for ground in ("paper", "wash"):
            assert contrast(chosen[text], chosen[ground]) >= 4.5, (text, ground)
    assert contrast(chosen["on-accent"], chosen["accent"]) >= 4.5
    assert contrast("000", "fff") == pytest.approx(21)


def root_blocks(style):
    blocks = re.findall(r":root \{(.*?)\}", style, flags=re.DOTALL)
    assert len(blocks) == 3
    return blocks
