"""A KPI's page in the states it can have."""

import re
from datetime import date

import pytest
import site_database as db
from site_example import EVIDENCE, write_example
from site_pages import parsed, rows_of, site_of, text_by_class, text_of

from transforms.waves import Wave

LAST, BEFORE, YEAR_BEFORE = "2028-Q1", "2027-Q4", "2027-Q1"
PATH = "kpi/confidence.html"
YEARS = (
    Wave(name="2007-08", start=date(2007, 4, 1), end=date(2008, 3, 31)),
    Wave(name="2013-14", start=date(2013, 4, 1), end=date(2014, 3, 31)),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return site_of(write_example(tmp_path_factory.mktemp("published") / "published.duckdb"))


@pytest.fixture(scope="module")
def tree(site):
    return parsed(site[PATH])


def one_page(tmp_path, *args, **changes):
    path = db.one_kpi(tmp_path / "published.duckdb", *args, **changes)
    return site_of(path)[PATH]


def quarterly():
    return [db.estimate(wave.name, "confidence", 0.5) for wave in db.QUARTERS]


def test_the_first_lines_are_in_the_order_a_reader_needs(tree):
    article = text_of(next(e for e in tree.iter("article")))
    parts = [
        "Building trust and confidence",
        "Local confidence",
        "An increase in the share who think the police do a good job locally",
        EVIDENCE,
        "52.4%",
        "between 51.2% and 53.6%",
        "Year to March 2028; base 11,000 people",
        "✓ Improving",
        "Required: an increase. No numeric target is set.",
        "Over time",
        "By Local Policing Area",
        "By other groups",
        "What it was compared with",
        "How this was measured",
    ]
    places = [article.index(part) for part in parts]
    assert places == sorted(places)


def test_the_trend_says_what_its_marks_are_and_where_its_axis_starts(tree):
    note = text_by_class(tree, "note")[0]
    assert note == (
        "Line: rolling years, the four quarters up to each, with 95% interval as a band. Small "
        "points: single quarters, each with its 95% interval. Baseline: 49.3%, the year to March "
        "2027. Per cent of adults who answered. The axis starts at 35%, not at zero."
    )
    described = next(text_of(e) for e in tree.iter() if e.tag.endswith("desc"))
    finding = text_by_class(tree, "finding")[0]
    assert described.startswith(
        f"Simulated figures. {finding} Rolling years: from 49.3% in the year to March 2027 to "
        "52.4% in the year to March 2028."
    )
    assert "Single quarters: from 47.0% in April to June 2026 to 52.6%" in described
    assert "The baseline is 49.3%." in described


def test_the_table_behind_the_trend_has_years_and_quarters(tree):
    rows = rows_of(tree, "over time (per cent, with 95% interval; simulated)")
    assert rows[1] == ["Rolling years"]
    assert rows[2] == ["Year to March 2027", "49.3%", "48.1%", "50.5%", "11,000", ""]
    # no row for the three years that were not complete
    assert rows[7] == ["Single quarters"]
    assert rows[-1][0] == "January to March 2028"
    assert rows[-1][-1] == "[p] provisional"


def test_areas_are_ordered_by_name_and_a_sentence_says_which_differ(tree):
    rows = rows_of(tree, "Good or excellent job: Local Policing Area, year to March 2028")
    names = [row[0] for row in rows[1:]]
    assert names == [*(label for label, _ in db.AREAS.values()), "West Midlands"]
    assert (
        "Wolverhampton is higher and Birmingham is lower than the rest of West Midlands, after "
        "adjustment for seven areas being tested together; the others do not differ "
        "significantly from it." in text_of(tree)
    )


def test_a_withheld_area_has_a_marker_a_meaning_and_its_reason_but_no_figure(tree):
    rows = rows_of(tree, "Local Policing Area, year to March 2028")
    row = next(row for row in rows if row[0] == "Walsall")
    reason = "[c] confidential: fewer than 50 people answered"
    assert row[1:] == ["[c]", "[c]", "[c]", "[c]", reason]


def test_the_status_of_each_area_is_in_words_with_how_it_was_tested(tree):
    rows = rows_of(tree, "status by Local Policing Area, against the year to March 2027")
    assert [row[:2] for row in rows[1:4]] == [
        ["Birmingham", "= No significant change"],
        ["Coventry", "= No significant change"],
        ["Dudley", "✓ Improving"],
    ]
    assert rows[1][2] == "+2.0 −2.0 to +6.0"
    words = text_of(tree)
    assert (
        "Of seven areas, one is improving, five show no significant change and one is not yet "
        "measurable. The six areas tested here are adjusted together by Holm’s method" in words
    )


def test_small_multiples_share_their_axes_and_have_a_table(tree):
    panels = [e for e in tree.iter() if "panel" in (e.get("class") or "").split()]
    assert len(panels) == 7
    ticks = [
        [text_of(e) for e in panel.iter() if (e.get("class") or "").startswith("tick")]
        for panel in panels
    ]
    assert all(shown == ticks[0] for shown in ticks)
    rows = rows_of(tree, "each area over time, rolling years")
    assert rows[0] == ["Period", *(label for label, _ in db.AREAS.values())]
    assert rows[1][:2] == ["Year to March 2027", "44.0% 41.0% to 47.0%"]
    assert rows[-1][6] == "[c]"


def test_the_judged_comparison_comes_first_and_the_others_carry_no_verdict(tree):
    rows = rows_of(tree, "comparisons of West Midlands")
    assert rows[1:] == [
        [
            *("Baseline", "Year to March 2027", "Year to March 2028", "+3.1", "−0.9 to +7.1"),
            "Statistically significant increase",
        ],
        [
            *("Year before", "Year to March 2027", "Year to March 2028", "+3.1", "−0.9 to +7.1"),
            "Shown without a verdict",
        ],
        [
            *("Wave before", "October to December 2027", "January to March 2028", "−0.4"),
            *("−4.4 to +3.6", "Shown without a verdict"),
        ],
    ]


def test_what_could_have_been_detected_and_the_family_are_said(tree):
    facts = text_by_class(tree, "facts")[0]
    assert (
        "What could have been detected A true change of about 3.4 points would have been detected "
        "four times in five." in facts
    )
    assert "Tested together The three KPIs tested here are adjusted together" in facts
    assert "Intervals are not adjusted" in facts
    assert "Slope +0.8 points a quarter (between +0.4 and +1.2 points) over eight" in facts
    assert "Question “" not in facts  # the quotation marks are the browser's
    assert "How good a job do the police do in your area?" in facts
    assert "Base: adults who answered." in facts
    assert "(simulated)." in facts


def test_a_year_that_is_not_complete_shows_the_quarter_as_such(site):
    tree = parsed(site["kpi/new.html"])
    headline = text_by_class(tree, "headline")[0]
    assert headline.startswith("Latest single quarter: January to March 2028 20.0%")
    assert "One quarter alone: the rolling year that is judged is not complete." in headline
    assert "… Not yet measurable" in headline
    assert "Measurable from January to March 2028 (fieldwork ends 31 March 2028)." in headline
    assert text_of(next(e for e in tree.iter() if e.get("class") == "large alone")) == "20.0%"
    note = text_by_class(tree, "note")[0]
    assert note.startswith("Small points: single quarters, each with its 95% interval.")
    assert "Local Policing Area, January to March 2028" in text_of(tree)


def test_a_break_is_named_and_the_years_around_it_are_not_joined(site):
    tree = parsed(site["kpi/broken.html"])
    described = next(text_of(e) for e in tree.iter() if e.tag.endswith("desc"))
    assert "The series breaks at January to March 2027." in described
    assert "break in series" in text_by_class(tree, "tick")
    # only the years after it have a figure: two, joined by one line
    assert [
        d.count("L") for d in re.findall(r'class="line" d="([^"]*)"', site["kpi/broken.html"])
    ] == [1]


def test_a_kpi_without_any_figure_is_not_yet_measurable(site):
    tree = parsed(site["kpi/never.html"])
    assert text_by_class(tree, "finding") == ["No figure has been published for this KPI yet."]
    assert text_by_class(tree, "status") == ["… Not yet measurable"]
    assert not list(tree.iter("table"))


def test_a_withheld_headline_shows_its_marker(tmp_path):
    finding = db.finding(
        db.CONFIDENCE, LAST, None, "not yet measurable", "Withheld.", measurable_from="2028-Q1"
    )
    withheld = db.estimate(LAST, "confidence", None, base=None, marker="[c]")
    tree = parsed(one_page(tmp_path, [withheld], [finding]))
    assert text_by_class(tree, "large") == ["[c]"]
    headline = text_by_class(tree, "headline")[0]
    assert "[c] confidential: fewer than 50 people answered" in headline
    assert "base [c] people" in headline


def test_a_comparison_without_a_test_says_why(tmp_path):
    row = db.change(
        LAST,
        YEAR_BEFORE,
        "confidence",
        0.01,
        comparison="same_quarter_year_before",
        role="judged",
        family="headline",
        no_verdict_reason="too few respondents gave one of the answers for a test",
    )
    broken = db.change(LAST, BEFORE, "confidence", None, marker="[b]")
    tree = parsed(one_page(tmp_path, quarterly(), changes=[broken, row]))
    rows = rows_of(tree, "comparisons of West Midlands")
    reason = "Not judged: too few respondents gave one of the answers for a test"
    assert rows[1][-1] == reason
    assert rows[2][3] == "[b] break in series"
    assert rows[2][-1] == "Not shown: fewer than 50 people answered"


def test_years_that_share_quarters_say_so(tmp_path):
    years = [db.estimate(db.year(wave), "confidence", 0.5) for wave in (YEAR_BEFORE, LAST)]
    row = db.judged(
        db.year(LAST),
        db.year(YEAR_BEFORE),
        "confidence",
        0.01,
        "no significant change",
        comparison="baseline",
        shared_waves=3,
    )
    page = one_page(tmp_path, [*quarterly(), *years], changes=[row], years=True)
    assert "The two periods share three quarters, which the tests take into account." in page


def test_a_share_that_only_rounds_to_zero_is_marked_low(tmp_path):
    tree = parsed(one_page(tmp_path, [db.estimate(LAST, "confidence", 0.0003, 0.002)]))
    assert "0.0%" in text_by_class(tree, "headline")[0]
    assert "[low] rounds to zero but is not zero" in text_by_class(tree, "headline")[0]


def test_a_figure_without_an_interval_says_it_is_not_available(tmp_path):
    bare = db.estimate(LAST, "confidence", 0.0, ci_lower=None, ci_upper=None)
    tree = parsed(one_page(tmp_path, [bare]))
    assert rows_of(tree, "over time")[1][1:] == ["0.0%", "[x]", "[x]", "700", ""]
    assert "between" not in text_by_class(tree, "headline")[0]


def test_yearly_waves_without_areas_are_named_by_their_days_and_not_joined(tmp_path):
    estimates = [db.estimate(wave.name, "confidence", 0.6) for wave in YEARS]
    by_sex = [db.estimate("2013-14", "confidence", 0.6, domain=("sex", "male"))]
    page = one_page(tmp_path, [*estimates, *by_sex], declared=YEARS, by=("sex",))
    tree = parsed(page)
    assert "2013-14 (1 April 2013 to 31 March 2014)" in text_by_class(tree, "headline")[0]
    assert 'class="line"' not in page
    assert "rolling" not in page
    assert "By group" in text_of(tree)


def test_declared_words_are_escaped(tmp_path):
    page = one_page(
        tmp_path,
        quarterly(),
        survey={"title": "<b>Bold</b> & more"},
        label="Good</title></svg><script>alert(1)</script>",
    )
    assert "<b>Bold" not in page
    assert "<script" not in page
    assert parsed(page) is not None
