"""Changes and contrasts on totals small enough to check by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from builders import small_survey
from scipy import stats
from totals_rows import changed, published, side_by_side, total

from transforms.catalogue import Survey
from transforms.change import (
    BREAK,
    NO_SPREAD,
    NOT_SAME_QUARTERS,
    REST,
    TOO_FEW,
    detectable_change,
    judged,
)
from transforms.combine import waves_affected

SURVEY = small_survey()
NOW, BEFORE = "2027-Q2", "2026-Q2"
QUARTERS = [f"{year}-Q{quarter}" for year, quarter in product(range(2026, 2029), range(1, 5))][1:9]
COMPARISONS = ["baseline", "previous_year", "rest_of_force"]
ROLLING = {
    "about": {"rolling_year": {}, "comparisons": COMPARISONS},
    "plan": {"kpis": {"confidence": {"judged": "baseline", "judged_by": {"area": "baseline"}}}},
}


def rolling(changes: dict[str, object] | None = None) -> Survey:
    """The small survey with rolling years, judged against their baseline by area too."""
    about = {**ROLLING["about"], **(changes or {}).get("about", {})}
    return small_survey({**ROLLING, **(changes or {}), "about": about})


def year_on_year(*rows: dict[str, object], survey: Survey = SURVEY) -> pd.Series:
    frame = judged(changed(rows, survey), survey)
    return frame[frame["comparison"] == "same_quarter_year_before"].iloc[0]


def of(frame: pd.DataFrame, comparison: str, period: str, value: str = "all") -> pd.Series:
    chosen = (frame["comparison"] == comparison) & (frame["period"] == period)
    return frame[chosen & (frame["domain_value"] == value)].iloc[0]


def with_break(wave: str, survey: Survey = SURVEY) -> Survey:
    measures = dict(survey.measured.measures)
    broken = measures["confident"].model_copy(update={"breaks": ()})
    declared = {**broken.model_dump(), "breaks": [{"wave": wave, "reason": "new order"}]}
    return small_survey(
        {
            "about": survey.about.model_dump(),
            "measured": {"measures": {"confident": declared}},
            "plan": survey.plan.model_dump(),
        }
    )


def test_a_change_by_hand():
    row = year_on_year(total(BEFORE, 200), total(NOW, 240, deviation=12))
    se = np.sqrt((8 / 400) ** 2 + (12 / 400) ** 2)
    df = se**4 / ((8 / 400) ** 4 / 40 + (12 / 400) ** 4 / 40)
    assert row["difference"] == pytest.approx(240 / 400 - 200 / 400)
    assert row["standard_error"] == pytest.approx(se)
    assert row["df"] == pytest.approx(df)
    assert row["p_value"] == pytest.approx(2 * stats.t.sf(0.1 / se, df))
    half = stats.t.ppf(0.975, df) * se
    assert (row["ci_lower"], row["ci_upper"]) == pytest.approx((0.1 - half, 0.1 + half))
    assert (row["role"], row["verdict"]) == ("judged", "increase")


def test_detectable_change_is_the_two_quantiles_times_the_standard_error():
    found = detectable_change(np.array([0.02]), np.array([60.0]), np.array([0.05]))
    assert found == pytest.approx([(stats.t.ppf(0.975, 60) + stats.t.ppf(0.8, 60)) * 0.02])


def test_a_fall_that_is_not_significant_is_no_change():
    row = year_on_year(total(BEFORE, 204), total(NOW, 200))
    assert row["verdict"] == "no significant change"
    assert row["p_value"] > 0.05


def test_only_the_judged_comparison_of_the_force_carries_a_verdict():
    rows = [
        *(total(wave, n_y) for wave, n_y in [(BEFORE, 200), ("2027-Q1", 210), (NOW, 320)]),
        *(total(wave, 100, 200, "sex", "male") for wave in (BEFORE, "2027-Q1", NOW)),
    ]
    frame = judged(changed(rows, SURVEY), SURVEY)
    is_judged = frame[frame["role"] == "judged"]
    assert is_judged[["period", "domain"]].to_numpy().tolist() == [[NOW, "all"]]
    assert frame.loc[frame["role"] == "shown", "verdict"].isna().all()
    assert set(frame["comparison"]) == {"same_quarter_year_before", "previous_wave"}


@pytest.mark.parametrize(("n_y", "testable"), [(4, False), (5, True), (395, True), (396, False)])
def test_fewer_than_five_on_a_side_is_not_tested(n_y, testable):
    row = year_on_year(total(BEFORE, 200), total(NOW, n_y))
    assert pd.notna(row["p_value"]) == testable
    assert row["no_verdict_reason"] == TOO_FEW or testable


def test_no_variance_means_no_test():
    row = year_on_year(total(BEFORE, 200, deviation=0), total(NOW, 240, deviation=0))
    assert pd.isna(row["p_value"])
    assert pd.isna(row["verdict"])
    assert row["no_verdict_reason"] == NO_SPREAD


def test_no_change_is_judged_across_a_break():
    row = year_on_year(total(BEFORE, 200), total(NOW, 320), survey=with_break("2027-Q1"))
    assert row["no_verdict_reason"] == BREAK
    assert pd.isna(row["verdict"])
    after = year_on_year(total(BEFORE, 200), total(NOW, 320), survey=with_break(BEFORE))
    assert after["verdict"] == "increase"


def test_one_wave_has_nothing_to_compare():
    assert changed([total(NOW, 200)], SURVEY).empty


def test_a_group_that_only_one_wave_has_is_left_out():
    rows = [
        total(BEFORE, 200),
        total(NOW, 240),
        total(NOW, 20, 40, "sex", "male"),
        total(BEFORE, 0, 0, "sex", "male"),
    ]
    assert set(changed(rows, SURVEY)["domain"]) == {"all"}


# Rolling years ------------------------------------------------------------------------------


def test_the_latest_rolling_year_is_judged_against_the_first_one():
    """Eight quarters of 400, 200 then 240 of them confident: 800/1600 to 960/1600."""
    rows = [total(wave, 200 if place < 4 else 240) for place, wave in enumerate(QUARTERS)]
    row = of(judged(changed(rows, rolling()), rolling()), "baseline", "2027-Q2/2028-Q1")
    error = np.sqrt(8 * 8.0**2) / 1600
    assert row["compared_with"] == "2026-Q2/2027-Q1"
    assert row["difference"] == pytest.approx(960 / 1600 - 800 / 1600)
    assert row["standard_error"] == pytest.approx(error)
    assert row["df"] == pytest.approx(8 * 40)
    assert (row["shared_waves"], row["verdict"]) == (0, "increase")


def test_quarters_that_two_years_share_cancel():
    """Years one quarter apart share three: D = (q5 − q1)/4, so SE = √(8² + 8²)/400/4."""
    rows = [
        total(wave, n_y) for wave, n_y in zip(QUARTERS[:5], [200, 90, 310, 170, 260], strict=True)
    ]
    row = of(changed(rows, rolling()), "baseline", "2026-Q3/2027-Q2")
    assert row["difference"] == pytest.approx((260 - 200) / 400 / 4)
    assert row["standard_error"] == pytest.approx(np.sqrt(2 * 8.0**2) / 400 / 4)
    assert row["df"] == pytest.approx(2 * 40)
    assert row["shared_waves"] == 3


def test_the_year_before_shares_no_quarter_and_needs_all_of_them():
    rows = [total(wave, 200) for wave in QUARTERS]
    frame = changed(rows, rolling())
    years = frame[frame["comparison"] == "previous_year"]
    assert years[["period", "compared_with"]].to_numpy().tolist() == [
        ["2027-Q2/2028-Q1", "2026-Q2/2027-Q1"]
    ]
    without = changed([row for row in rows if row["wave"] != "2026-Q4"], rolling())
    assert not (without["comparison"] == "previous_year").any()


def test_a_break_starts_a_new_baseline_and_no_year_spans_it():
    rows = [total(wave, 200) for wave in QUARTERS]
    broken = with_break("2026-Q3", rolling())
    frame = changed(rows, broken)
    assert set(frame.loc[frame["comparison"] == "baseline", "compared_with"]) == {"2026-Q3/2027-Q2"}
    estimates, _, _ = published(rows, broken)
    spanning = estimates[estimates["period"] == "2026-Q2/2027-Q1"].iloc[0]
    assert (spanning["marker"], pd.isna(spanning["estimate"])) == ("[x]", True)
    first = estimates[estimates["period"] == "2026-Q3/2027-Q2"].iloc[0]
    assert (first["marker"], first["estimate"]) == ("[b]", 0.5)


def test_a_year_of_three_quarters_is_compared_with_the_same_three_only():
    survey = rolling({"about": {"rolling_year": {"fewest_waves": 3}}})
    rows = [total(wave, 200) for wave in QUARTERS if not wave.endswith("Q3")]
    same = of(changed(rows, survey), "previous_year", "2027-Q2/2028-Q1")
    assert same["difference"] == 0
    assert pd.notna(same["p_value"])
    other = [total(wave, 200) for wave in QUARTERS if wave not in ("2026-Q3", "2027-Q4")]
    row = of(changed(other, survey), "previous_year", "2027-Q2/2028-Q1")
    assert row["no_verdict_reason"] == NOT_SAME_QUARTERS
    assert pd.isna(row["p_value"])


def nobody(wave: str, *cell: str) -> dict[str, object]:
    """A wave's totals where nobody was asked."""
    none = dict.fromkeys(("n", "x", "sum_w2", "psus", "strata", "df"), 0)
    return {**total(wave, 0, 1, *cell, deviation=0), **none}


def test_a_quarter_that_asked_nobody_is_in_no_year():
    """Three quarters must not pass for a year, nor be tested against one."""
    survey = rolling()
    rows = [nobody(wave) if wave == "2026-Q4" else total(wave, 200) for wave in QUARTERS]
    estimates, changes, _ = published(rows, survey)
    years = estimates.set_index("period")
    for year in ("2026-Q2/2027-Q1", "2026-Q4/2027-Q3"):
        assert pd.isna(years.loc[year, "estimate"])
        assert years.loc[year, "marker"] == "[x]"
    assert years.loc["2027-Q1/2027-Q4", "unweighted_base"] == 1600
    assert of(changes, "baseline", "2027-Q2/2028-Q1")["compared_with"] == "2027-Q1/2027-Q4"


def test_a_group_that_a_quarter_misses_is_not_tested_against_its_whole_year():
    """North of 2027-Q4 was not interviewed: its year of three quarters against one of four."""
    survey = rolling()
    force = [total(wave, 200) for wave in QUARTERS]
    north = [
        nobody(wave, "area", "north")
        if wave == "2027-Q4"
        else total(wave, 80, 200, "area", "north", df=15)
        for wave in QUARTERS
    ]
    frame = changed([*force, *north], survey)
    for comparison in ("previous_year", "baseline", "rest_of_force"):
        row = of(frame, comparison, "2027-Q2/2028-Q1", "north")
        assert row["no_verdict_reason"] == NOT_SAME_QUARTERS
        assert pd.isna(row["p_value"])
    assert pd.isna(of(frame, "rest_of_force", "2026-Q3/2027-Q2", "north")["no_verdict_reason"])


def test_a_declared_baseline_is_pooled_from_its_waves():
    """2026-Q2 and Q3 with 100 and 140 of 400 against a year: quarters differ, so no verdict."""
    waves = {"waves": ["2026-Q2", "2026-Q3"]}
    plan = {"kpis": {"confidence": {"judged": "baseline", "baseline": waves}}}
    survey = rolling({"plan": plan})
    rows = [total(wave, {0: 100, 1: 140}.get(place, 200)) for place, wave in enumerate(QUARTERS)]
    row = of(changed(rows, survey), "baseline", "2027-Q2/2028-Q1")
    assert row["compared_with"] == "2026-Q2/2026-Q3"
    assert row["difference"] == pytest.approx(800 / 1600 - 240 / 800)
    assert row["no_verdict_reason"] == NOT_SAME_QUARTERS


def test_an_outside_figure_brings_its_own_error():
    outside = {"estimate": 0.45, "standard_error": 0.01, "label": "2019/20", "source": "made up"}
    plan = {"kpis": {"confidence": {"judged": "baseline", "baseline": outside, "judged_by": {}}}}
    survey = rolling({"plan": plan})
    rows = [total(wave, 200) for wave in QUARTERS[:4]]
    row = of(judged(changed(rows, survey), survey), "baseline", "2026-Q2/2027-Q1")
    own = 4 * 8.0**2 / 1600**2
    assert (row["compared_with"], row["difference"]) == ("2019/20", pytest.approx(0.05))
    assert row["standard_error"] == pytest.approx(np.sqrt(own + 0.01**2))
    # The outside figure's degrees of freedom are not declared: it adds nothing to the divisor.
    assert row["df"] == pytest.approx((own + 0.01**2) ** 2 / (own**2 / 160))
    assert row["verdict"] == "increase"


@pytest.mark.parametrize(
    ("alike", "verdict", "reason"),
    [(None, None, BREAK), ("2026-Q2", None, BREAK), ("2027-Q3", "increase", None)],
)
def test_an_outside_figure_is_not_compared_across_a_break(alike, verdict, reason):
    """Put anew in 2027-Q1: the figure is of the old question, unless it is said to be."""
    outside = {"estimate": 0.45, "standard_error": 0.01, "label": "2019/20", "source": "made up"}
    outside |= {"comparable_with": alike} if alike else {}
    plan = {"kpis": {"confidence": {"judged": "baseline", "baseline": outside, "judged_by": {}}}}
    broken = {"confident": {"breaks": [{"wave": "2027-Q1", "reason": "put anew"}]}}
    survey = rolling({"plan": plan, "measured": {"measures": broken}})
    rows = [total(wave, 200) for wave in QUARTERS]
    row = of(judged(changed(rows, survey), survey), "baseline", "2027-Q1/2027-Q4")
    assert (row["verdict"] if verdict else None) == verdict
    assert (row["no_verdict_reason"] if reason else None) == reason
    assert pd.isna(row["p_value"]) == (reason is not None)


# Against the rest of the force --------------------------------------------------------------


def test_an_area_against_the_rest_of_the_force_by_hand():
    """North 60 of 200, the force 180 of 400: the rest is 120 of 200, and independent of north.

    1/n_e is 0.05²/(0.3 · 0.7) in north and 0.06²/(0.6 · 0.4) elsewhere. Were there no difference,
    both shares would be 0.45; were it δ, 0.45 + δ/2 and 0.45 − δ/2.
    """
    survey = small_survey({"about": {"comparisons": ["rest_of_force"]}})
    north = total(NOW, 60, 200, "area", "north", deviation=10, df=15)
    # Independent halves: the force's variance is the sum, and Cov(north, force) = V(north).
    force = total(NOW, 180, 400, deviation=np.sqrt(10**2 + 12**2))
    row = of(
        changed([force, {**north, "cov_y_force_y": 100.0}], survey), "rest_of_force", NOW, "north"
    )
    assert row["compared_with"] == REST
    assert row["difference"] == pytest.approx(60 / 200 - 120 / 200)
    assert row["standard_error"] == pytest.approx(np.sqrt((10 / 200) ** 2 + (12 / 200) ** 2))
    v, w = 0.05**2 / (0.3 * 0.7), 0.06**2 / (0.6 * 0.4)
    df = (v + w) ** 2 / (v**2 / 15 + w**2 / (40 - 15))
    assert row["df"] == pytest.approx(df)
    assert row["p_value"] == pytest.approx(
        2 * stats.t.sf(0.3 / np.sqrt(0.45 * 0.55 * (v + w)), df), rel=1e-9
    )
    for end in (row["ci_lower"], row["ci_upper"]):
        here, there = 0.45 + end / 2, 0.45 - end / 2
        variance = v * here * (1 - here) + w * there * (1 - there)
        assert (end + 0.3) ** 2 == pytest.approx(stats.t.ppf(0.975, df) ** 2 * variance)
    assert row["ci_lower"] < -0.3 < row["ci_upper"] < 0


def test_a_domain_that_is_the_whole_force_has_no_rest():
    survey = small_survey({"about": {"comparisons": ["rest_of_force"]}})
    rows = [total(NOW, 180), total(NOW, 180, 400, "area", "north")]
    assert changed(rows, survey).empty


def test_contrasts_are_a_family_of_their_own_in_judged_domains():
    survey = rolling()
    rows = [
        row
        for wave in QUARTERS
        for row in (
            total(wave, 200),
            {**total(wave, 130, 200, "area", "north"), "cov_y_force_y": 64.0},
            {**total(wave, 70, 200, "area", "south"), "cov_y_force_y": 0.0},
            {**total(wave, 100, 200, "sex", "male"), "cov_y_force_y": 32.0},
        )
    ]
    _, shown, _ = published(rows, survey)
    latest = shown[shown["period"] == "2027-Q2/2028-Q1"].set_index(["comparison", "domain_value"])
    north = latest.loc[("rest_of_force", "north")]
    assert (north["role"], north["verdict"]) == ("contrast", "higher")
    assert (north["family"], north["family_size"]) == ("confidence:area:rest_of_force", 2)
    assert latest.loc[("rest_of_force", "male"), "role"] == "shown"
    assert latest.loc[("baseline", "north"), "family"] == "confidence:area"
    assert latest.loc[("baseline", "all"), "family"] == "headline"


# Families -----------------------------------------------------------------------------------


def family(*p_values: float, adjustment: str = "holm") -> pd.DataFrame:
    """Judge tests of one family with these p values; df is large, the level 5%."""
    rows = pd.DataFrame({"p_value": p_values, "difference": 0.1, "standard_error": 0.02})
    rows = rows.assign(df=1e6, role="judged", family="headline")
    plan = {"adjustment": adjustment}
    return judged(rows, small_survey({"plan": plan}))


def test_holm_by_hand():
    """Sorted 0.01, 0.02, 0.04: 3 × 0.01, then 2 × 0.02, then 1 × 0.04 raised to the one before."""
    frame = family(0.04, 0.01, 0.02)
    assert frame["adjusted_p"].tolist() == pytest.approx([0.04, 0.03, 0.04])
    assert frame["verdict"].tolist() == ["increase"] * 3


def test_benjamini_and_hochberg_by_hand():
    """Sorted 0.01, 0.03, 0.04 of three: 3 × 0.01, then 3/2 × 0.03, lowered to 0.04."""
    frame = family(0.04, 0.01, 0.03, adjustment="benjamini_hochberg")
    assert frame["adjusted_p"].tolist() == pytest.approx([0.04, 0.03, 0.04])


def test_a_test_that_was_not_made_is_no_member_of_the_family():
    frame = family(0.03, np.nan)
    assert frame["adjusted_p"].iloc[0] == 0.03
    assert frame["family_size"].tolist() == [1, pd.NA]
    assert pd.isna(frame["verdict"].iloc[1])


def test_a_family_detects_less_than_a_single_test():
    """Two members: α/2 in the first quantile, 0.8 in the second; unadjusted: α."""
    normal = stats.norm.ppf
    assert family(0.2, 0.3)["detectable_change"].iloc[0] == pytest.approx(
        (normal(1 - 0.05 / 4) + normal(0.8)) * 0.02, rel=1e-4
    )
    alone = family(0.2, 0.3, adjustment="none")["detectable_change"].iloc[0]
    assert alone == pytest.approx((normal(0.975) + normal(0.8)) * 0.02, rel=1e-4)


def test_a_change_that_family_adjustment_undoes_is_no_change():
    frame = family(0.04, 0.5)
    assert frame["verdict"].tolist() == ["no significant change"] * 2


# What a changed wave brings about -----------------------------------------------------------


def test_a_corrected_wave_affects_what_is_made_of_it_or_compared_with_it():
    by_wave = side_by_side([total(wave, 200) for wave in QUARTERS], rolling())
    held = {"confident": by_wave.waves_of("confident")}
    # The first year is everybody's baseline.
    assert waves_affected(["2026-Q3"], held, rolling()) == tuple(QUARTERS[1:])
    # 2027-Q4 is part of the last two years only.
    assert waves_affected(["2027-Q4"], held, rolling()) == ("2027-Q4", "2028-Q1")
    assert waves_affected(["2028-Q1"], held, rolling()) == ("2028-Q1",)


def test_a_corrected_wave_that_now_asks_nobody_affects_what_it_was_the_baseline_of():
    survey = rolling()
    held = {"confident": frozenset(QUARTERS) - {"2026-Q3"}}
    assert "2028-Q1" in waves_affected({"2026-Q3"}, held, survey)
