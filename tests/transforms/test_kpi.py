"""A KPI's status and its evidence in words."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import small_survey
from totals_rows import published, total

SURVEY = small_survey()
NOW, BEFORE = "2027-Q2", "2026-Q2"
QUARTERS = [
    *("2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1"),
    *("2027-Q2", "2027-Q3", "2027-Q4", "2028-Q1"),
]
ROLLING = small_survey(
    {
        "about": {"rolling_year": {}, "comparisons": ["baseline"]},
        "plan": {"kpis": {"confidence": {"judged": "baseline", "judged_by": {"area": "baseline"}}}},
    }
)


def kpi(before: int, now: int, *, direction: str = "increase") -> pd.Series:
    survey = small_survey({"plan": {"kpis": {"confidence": {"required_direction": direction}}}})
    _, _, rows = published([total(BEFORE, before), total(NOW, now)], survey)
    return rows[rows["wave"] == NOW].iloc[0]


def rolling(*counts: int, value: str = "all") -> pd.DataFrame:
    """The KPI's rows, wave by wave, where these of 400 are confident in each quarter."""
    rows = [total(wave, n_y) for wave, n_y in zip(QUARTERS, counts, strict=False)]
    _, _, found = published(rows, ROLLING)
    return found[found["domain_value"] == value].set_index("wave")


@pytest.mark.parametrize(
    ("before", "now", "direction", "status"),
    [
        (200, 260, "increase", "improving"),
        (200, 260, "decrease", "worsening"),
        (260, 200, "increase", "worsening"),
        (260, 200, "decrease", "improving"),
        (200, 202, "increase", "no significant change"),
        (200, 3, "increase", "not yet measurable"),
    ],
)
def test_status_sets_the_verdict_against_the_required_direction(before, now, direction, status):
    assert kpi(before, now, direction=direction)["status"] == status


def test_a_significant_rise_is_told_with_both_figures():
    assert kpi(200, 260)["evidence"] == (
        "Rose by 15.0 points, from 50.0% in April to June 2026 to 65.0% in April to June 2027; "
        "this is a statistically significant increase, as required."
    )


def test_a_change_against_the_requirement_says_so():
    assert kpi(260, 200)["evidence"].endswith(
        "this is a statistically significant decrease, where an increase is required."
    )


def test_no_significant_change_says_what_could_have_been_detected():
    row = kpi(200, 202)
    assert "would have been detected four times in five" in row["evidence"]
    assert f"about {100 * row['detectable_change']:.1f} points" in row["evidence"]
    assert "rose" not in row["evidence"].lower()


def test_the_first_year_is_not_yet_measurable_and_says_from_when():
    _, _, rows = published([total("2026-Q3", 200)], SURVEY)
    row = rows.iloc[0]
    assert (row["status"], row["measurable_from"]) == ("not yet measurable", "2027-Q3")
    assert row["evidence"].endswith(
        "The first change that can be judged comes with July to September 2027."
    )


def test_a_missing_year_before_is_named():
    _, _, rows = published([total("2026-Q3", 200), total(NOW, 220)], SURVEY)
    assert rows[rows["wave"] == NOW]["evidence"].item() == (
        "No change is judged: there is no figure for April to June 2026. "
        "The first change that can be judged comes with July to September 2027."
    )


# Rolling years ------------------------------------------------------------------------------


def test_an_incomplete_year_has_no_figure_and_says_from_when_it_can_be_judged():
    row = rolling(200, 200).loc["2026-Q3"]
    assert (row["status"], row["measurable_from"]) == ("not yet measurable", "2027-Q2")
    assert pd.isna(row["estimate"])
    assert row["evidence"] == (
        "There is no figure for the year to September 2026 yet: not every quarter of the year has "
        "a figure. The first change that can be judged comes with April to June 2027."
    )


def test_the_first_complete_year_is_the_baseline():
    row = rolling(200, 200, 200, 200).loc["2027-Q1"]
    assert (row["status"], row["estimate"]) == ("not yet measurable", 0.5)
    assert row["evidence"].startswith("No change is judged: this is the baseline of later figures.")


def test_years_that_share_quarters_say_so():
    row = rolling(200, 200, 200, 200, 320).loc["2027-Q2"]
    assert row["evidence"] == (
        "Rose by 7.5 points, from 50.0% in the year to March 2027 to 57.5% in the year to June "
        "2027; this is a statistically significant increase, as required. The two periods share "
        "three quarters, which the test takes into account."
    )


def test_two_whole_years_share_none():
    row = rolling(*[200] * 4, *[240] * 4).loc["2028-Q1"]
    assert row["status"] == "improving"
    assert "share" not in row["evidence"]


def family_of_two(now: int, confidence: float = 0.95) -> pd.Series:
    """Confidence among two KPIs that are tested together; the other one does not move."""
    aware = {**ROLLING.plan.kpis["confidence"].model_dump(), "measure": "chat_aware"}
    kpis = {"confidence": {"judged": "baseline"}, "aware": {**aware, "judged_by": {}}}
    survey = small_survey(
        {
            "about": {
                "rolling_year": {},
                "comparisons": ["baseline"],
                "estimation": {"confidence": confidence},
            },
            "plan": {"kpis": kpis},
        }
    )
    rows = [
        total(wave, n_y, measure=measure, deviation=8.0)
        for place, wave in enumerate(QUARTERS)
        for measure, n_y in (("confident", 200 if place < 4 else now), ("chat_aware", 200))
    ]
    _, _, found = published(rows, survey)
    return found[(found["wave"] == "2028-Q1") & (found["kpi"] == "confidence")].iloc[0]


def test_a_verdict_that_stands_in_its_family_says_so():
    assert family_of_two(240)["evidence"].endswith(
        "It remains so when the two figures of its family are adjusted for being tested together."
    )


def test_a_change_significant_only_alone_is_no_change_and_says_so():
    """D = 3 points, SE = √512/1600 = 1.41: p = 0.035 alone, 0.07 of two."""
    row = family_of_two(212)
    assert row["p_value"] < 0.05 < row["adjusted_p"]
    assert row["status"] == "no significant change"
    assert row["difference_ci_lower"] > 0
    assert row["evidence"].startswith(
        "No statistically significant change once the two figures of its family are adjusted"
    )
    assert "Taken alone it would have been significant" in row["evidence"]


def test_an_interval_of_a_higher_confidence_than_the_test_is_not_said_to_leave_out_no_change():
    """p = 0.035 alone: the 99% interval holds 0. D = 3.5 points: p = 0.014, 0.027 of two."""
    alone = family_of_two(212, confidence=0.99)
    assert alone["difference_ci_lower"] < 0 < alone["difference_ci_upper"]
    assert "Taken alone it would have been significant." in alone["evidence"]
    both = family_of_two(214, confidence=0.99)
    assert both["status"] == "improving"
    assert both["difference_ci_lower"] < 0
    assert "Its interval is of a higher confidence than the test" in both["evidence"]


def test_areas_are_judged_too():
    rows = [
        row
        for place, wave in enumerate(QUARTERS)
        for row in (
            total(wave, 200),
            total(wave, 100 if place < 4 else 130, 200, "area", "north", deviation=5),
            total(wave, 100, 200, "area", "south", deviation=5),
        )
    ]
    _, _, found = published(rows, ROLLING)
    latest = found[found["wave"] == "2028-Q1"].set_index("domain_value")
    assert latest["status"].to_dict() == {
        "all": "no significant change",
        "north": "improving",
        "south": "no significant change",
    }
    assert latest.loc["north", "family_size"] == 2


def test_an_outside_baseline_is_named_in_the_evidence():
    outside = {"estimate": 0.4, "standard_error": 0.01, "label": "2019/20", "source": "made up"}
    kpis = {"confidence": {"judged": "baseline", "baseline": outside}}
    survey = small_survey(
        {"about": {"rolling_year": {}, "comparisons": ["baseline"]}, "plan": {"kpis": kpis}}
    )
    _, _, found = published([total(wave, 200) for wave in QUARTERS[:4]], survey)
    assert "from 40.0% (2019/20) to 50.0%" in found.iloc[-1]["evidence"]
