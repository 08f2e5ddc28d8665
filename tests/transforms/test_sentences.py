import pytest

from transforms import sentences
from transforms.sentences import Contrast, Family, Shown

WHOLE = "West Midlands Police"
SEVEN = Family("area", 7, "holm")
TOGETHER = ", after adjustment for seven areas being tested together"


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        (["improving"], "The one KPI is improving."),
        (["improving", "improving"], "Both KPIs are improving."),
        (["not yet measurable"] * 2, "Neither of the two KPIs is measurable yet."),
        (["worsening"] * 3, "All three KPIs are worsening."),
        (["not yet measurable"] * 3, "None of the three KPIs is measurable yet."),
        (["no significant change"] * 14, "None of the 14 KPIs shows a significant change."),
        (
            ["worsening", "improving", "no significant change", "improving", "not yet measurable"],
            "Of five KPIs, two are improving, one is worsening, one shows no significant change "
            "and one is not yet measurable.",
        ),
    ],
)
def test_statuses_are_counted_in_words(statuses, words):
    assert sentences.status_counts(statuses, "KPI") == words


def test_areas_that_differ_are_named_and_the_others_are_not_called_alike():
    contrasts = [
        Contrast("Birmingham", "lower"),
        Contrast("Dudley", "higher"),
        Contrast("Solihull", "higher"),
        Contrast("Walsall", "no significant difference"),
    ]
    assert sentences.contrast_words(contrasts, WHOLE, SEVEN) == (
        "Dudley and Solihull are higher and Birmingham is lower than the rest of West Midlands "
        f"Police{TOGETHER}; the others do not differ significantly from it."
    )


def test_no_area_that_differs_is_no_claim_that_all_are_alike():
    contrasts = [Contrast(name, "no significant difference") for name in ("Dudley", "Walsall")]
    assert sentences.contrast_words(contrasts, WHOLE, SEVEN) == (
        f"No area differs significantly from the rest of West Midlands Police{TOGETHER}."
    )


def test_one_area_speaks_for_itself():
    lower, alike = (
        sentences.contrast_words([Contrast("Dudley", verdict)], WHOLE, SEVEN)
        for verdict in ("lower", "no significant difference")
    )
    assert lower == f"Dudley is lower than the rest of West Midlands Police{TOGETHER}."
    assert alike == (
        f"Dudley does not differ significantly from the rest of West Midlands Police{TOGETHER}."
    )


def test_areas_without_a_test_are_named():
    contrasts = [Contrast("Dudley", "higher"), Contrast("Walsall", None)]
    words = sentences.contrast_words(contrasts, WHOLE, Family("area", 1, "holm"))
    assert words == (
        "Dudley is higher than the rest of West Midlands Police. No test was possible for Walsall."
    )
    assert sentences.contrast_words([Contrast("Walsall", None)], WHOLE, SEVEN) == ""


def test_tests_that_are_not_adjusted_are_not_said_to_be():
    unadjusted = Family("area", 7, "none")
    words = sentences.contrast_words([Contrast("Dudley", "higher")], WHOLE, unadjusted)
    assert words == "Dudley is higher than the rest of West Midlands Police."


@pytest.mark.parametrize(
    ("family", "level", "parts"),
    [
        (Family("area"), 0.05, []),
        (Family("area", 1, "holm"), 0.05, ["the only area of its family"]),
        (
            SEVEN,
            0.05,
            ["The seven areas tested here", "Holm’s method", "at 5% or less.", "not adjusted"],
        ),
        (SEVEN, 0.025, ["at 2.5% or less."]),
        (SEVEN, None, ["at a fixed level."]),
        (
            Family("KPI", 14, "benjamini_hochberg"),
            0.05,
            ["The 14 KPIs", "share of false findings", "at 5% or less on average."],
        ),
        (Family("KPI", 14, "none"), 0.05, ["Each of the 14 KPIs is tested on its own"]),
    ],
)
def test_how_tests_were_made_together_is_said_in_words(family, level, parts):
    words = sentences.family_words(family, level)
    assert all(part in words for part in parts), words
    assert bool(words) == bool(parts)


@pytest.mark.parametrize(
    ("shared", "words"),
    [
        (0, ""),
        (1, "The two periods share one quarter, which the tests take into account."),
        (3, "The two periods share three quarters, which the tests take into account."),
    ],
)
def test_shared_quarters_are_said(shared, words):
    assert sentences.shared_words(shared) == words


def test_a_slope_is_for_information():
    slope = Shown("", 0.008, 0.004, 0.012)
    words = sentences.slope_words(slope, "2026-Q2", "2028-Q1", 8, seasonal=True)
    assert words == (
        "+0.8 points a quarter (between +0.4 and +1.2 points) over eight single waves, April to "
        "June 2026 to January to March 2028, effects of the quarter of the year taken out. For "
        "information, without a verdict."
    )
    withheld = Shown("", None)
    assert sentences.slope_words(withheld, "2026-Q2", "2028-Q1", 8, seasonal=False) == ""


def test_a_trend_is_described_line_first_then_the_single_quarters():
    line = [Shown("the year to March 2027", 0.46), Shown("the year to June 2027", 0.5)]
    waves = [Shown("April to June 2026", 0.45), Shown("July to September 2026", None)]
    baseline = Shown("the year to March 2027", 0.46)
    assert " ".join(sentences.trend_words(line, waves, baseline, ["April to June 2027"])) == (
        "Rolling years: from 46.0% in the year to March 2027 to 50.0% in the year to June 2027. "
        "The lowest figure is 46.0% in the year to March 2027, the highest 50.0% in the year to "
        "June 2027. Single quarters: 45.0% in April to June 2026. Withheld in July to September "
        "2026. The baseline is 46.0%. The series breaks at April to June 2027."
    )


def test_waves_alone_are_not_called_rolling_years():
    assert sentences.trend_words([Shown("2013-14", 0.5)], [], None, []) == ["50.0% in 2013-14."]


def test_values_are_listed_in_their_own_order():
    values = [Shown("Dudley", 0.5), Shown("Coventry", 0.6), Shown("Walsall", None)]
    words = sentences.side_by_side_words(values, Shown("West Midlands", 0.55))
    assert words[:2] == [
        "Dudley 50.0%; Coventry 60.0%; Walsall withheld.",
        "The line is West Midlands 55.0%.",
    ]
