import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms import wording
from transforms.waves import Wave


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.5238, "52.4%"),
        (0.0, "0.0%"),
        (1.0, "100.0%"),
        (0.5235, "52.4%"),
        (0.5225, "52.3%"),
        (0.0004, "0.0%"),
        (-0.0004, "0.0%"),
        (-0.0, "0.0%"),
        (0.0005, "0.1%"),
        (0.9996, "100.0%"),
        (1e-17, "0.0%"),
    ],
)
def test_a_share_is_a_percentage_with_one_decimal_halves_away_from_zero(value, words):
    assert wording.percent(value) == words


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_a_number_is_never_worded(value):
    with pytest.raises(ValueError, match="cannot be published"):
        wording.percent(value)


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0"), (999, "999"), (12345, "12,345"), (1234567.5, "1,234,568"), (-0.2, "0")],
)
def test_counts_are_whole_and_separated(count, words):
    assert wording.number(count) == words


@pytest.mark.parametrize(
    ("wave", "words", "short"),
    [
        ("2026-Q1", "January to March 2026", ("Jan–Mar", "2026")),
        ("2026-Q2", "April to June 2026", ("Apr–Jun", "2026")),
        ("2027-Q4", "October to December 2027", ("Oct–Dec", "2027")),
        ("2007-08", "2007-08", ("2007-08", "")),
        ("2026-Q5", "2026-Q5", ("2026-Q5", "")),
    ],
)
def test_a_quarter_is_named_by_its_months_and_other_waves_by_themselves(wave, words, short):
    assert wording.wave_words(wave) == words
    assert wording.wave_short(wave) == short


def test_a_period_is_named_by_its_first_and_last_day():
    wave = Wave(name="2007-08", start=date(2007, 4, 1), end=date(2008, 3, 31))
    assert wording.period_words(wave) == "1 April 2007 to 31 March 2008"


@pytest.mark.parametrize(("level", "words"), [(0.95, "95%"), (0.975, "97.5%"), (0.07, "7%")])
def test_a_level_is_written_as_it_was_declared(level, words):
    assert wording.level_words(level) == words


def test_markers_are_taken_one_by_one_and_each_has_a_meaning():
    assert wording.markers("[p][r]") == ("[p]", "[r]")
    assert wording.markers(None) == ()
    assert wording.marker_word("[c]") == "confidential"
    assert wording.marker_word("[p]") == "provisional"
    assert all(wording.markers(marker) == (marker,) for marker in wording.MARKER_MEANINGS)


@pytest.mark.parametrize(
    ("marker", "stands"), [("[c]", "[c]"), ("[r][u]", "[u]"), ("[p]", "[x]"), (None, "[x]")]
)
def test_a_withheld_value_has_a_marker_in_its_place(marker, stands):
    assert wording.withheld_marker(marker) == stands


def test_every_status_of_the_warehouse_has_its_own_word_and_symbol_and_no_arrow():
    statuses = {"improving", "worsening", "no significant change", "not yet measurable"}
    assert set(wording.STATUS_WORDS) == statuses
    symbols = [words.symbol for words in wording.STATUS_WORDS.values()]
    assert len(set(symbols)) == len(symbols)
    assert not set("".join(symbols)) & set("↑↓→▲▼↗↘△▽")


@given(st.floats(0, 1))
def test_a_percentage_is_within_half_a_tenth_of_the_share(value):
    words = wording.percent(value)
    assert re.fullmatch(r"\d{1,3}\.\d%", words)
    assert abs(float(words[:-1]) - 100 * value) <= 0.05 + 1e-12


@pytest.mark.parametrize(
    ("label", "heading"),
    [
        ("the year to March 2027", "Year to March 2027"),
        ("April to June 2026", "April to June 2026"),
        ("2013-14", "2013-14"),
    ],
)
def test_a_period_can_be_a_heading(label, heading):
    assert wording.as_heading(label) == heading


@pytest.mark.parametrize(
    ("written", "sentence"),
    [(" First ", "First."), ("Two areas were exchanged.", "Two areas were exchanged."), ("", "")],
)
def test_what_a_person_has_written_ends_as_a_sentence(written, sentence):
    assert wording.as_sentence(written) == sentence


@pytest.mark.parametrize(("wave", "end"), [("2027-Q1", "Mar 2027"), ("2013-14", "2013-14")])
def test_a_small_axis_names_the_last_month(wave, end):
    assert wording.wave_end(wave) == end


@pytest.mark.parametrize(
    ("names", "words"),
    [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_names_are_listed_as_in_a_text(names, words):
    assert wording.listed(names) == words
