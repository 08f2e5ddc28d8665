"""Changes, what is withheld, and the words for a KPI, on totals small enough to check by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from builders import small_survey
from scipy import stats

from transforms.catalogue import Survey
from transforms.change import BREAK, NO_SPREAD, TOO_FEW, changes, detectable_change, satterthwaite
from transforms.disclosure import withhold_changes, withhold_estimates
from transforms.estimation import estimates_from_totals
from transforms.kpis import kpi_statuses

SURVEY = small_survey()
AGES = {"16-34": [16, 34], "35-64": [35, 64], "65+": [65, 79], "80+": [80, 110]}
NOW, BEFORE = "2027-Q2", "2026-Q2"


def total(
    wave: str,
    n_y: int,
    n: int = 400,
    domain: str = "all",
    value: str = "all",
    deviation: float = 8.0,
    df: int = 40,
    measure: str = "confident",
) -> dict[str, object]:
    """A row of estimate.total with unit weights and SE(r) = deviation/n."""
    return {
        **{"wave": wave, "measure": measure, "domain": domain, "domain_value": value},
        **{"y": float(n_y), "x": float(n), "var_y": deviation**2, "var_x": 0.0, "cov_yx": 0.0},
        **{"sum_w2": float(n), "n": n, "n_y": n_y, "psus": df + 2, "strata": 2, "df": df},
    }


def changed(*rows: dict[str, object], survey: Survey = SURVEY) -> pd.DataFrame:
    return changes(pd.DataFrame(rows), survey)


def year_on_year(*rows: dict[str, object], survey: Survey = SURVEY) -> pd.Series:
    frame = changed(*rows, survey=survey)
    return frame[frame["comparison"] == "same_quarter_year_before"].iloc[0]


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


def test_equal_variances_and_df_double_the_degrees_of_freedom():
    assert satterthwaite((np.array([2.0]),) * 2, (np.array([10.0]),) * 2) == pytest.approx([20])


def test_a_variance_of_zero_adds_no_uncertainty_to_the_df():
    df = satterthwaite((np.array([2.0]), np.array([0.0])), (np.array([10.0]), np.array([0.0])))
    assert df == pytest.approx([10])


def test_detectable_change_is_the_two_quantiles_times_the_standard_error():
    found = detectable_change(np.array([0.02]), np.array([60.0]), 0.05)
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
    frame = changed(*rows)
    judged = frame[frame["role"] == "judged"]
    assert judged[["period", "domain"]].to_numpy().tolist() == [[NOW, "all"]]
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
    broken = small_survey(
        {
            "measured": {
                "measures": {"confident": {"breaks": [{"wave": "2027-Q1", "reason": "new order"}]}}
            }
        }
    )
    row = year_on_year(total(BEFORE, 200), total(NOW, 320), survey=broken)
    assert row["no_verdict_reason"] == BREAK
    assert pd.isna(row["verdict"])
    after = small_survey(
        {
            "measured": {
                "measures": {"confident": {"breaks": [{"wave": BEFORE, "reason": "new order"}]}}
            }
        }
    )
    assert year_on_year(total(BEFORE, 200), total(NOW, 320), survey=after)["verdict"] == "increase"


def test_one_wave_has_nothing_to_compare():
    assert changed(total(NOW, 200)).empty


def test_a_group_that_only_one_wave_has_is_left_out():
    frame = changed(
        total(BEFORE, 200),
        total(NOW, 240),
        total(NOW, 20, 40, "sex", "male"),
        total(BEFORE, 0, 0, "sex", "male"),
    )
    assert set(frame["domain"]) == {"all"}


# What is withheld ---------------------------------------------------------------------------


def withheld(*rows: dict[str, object], survey: Survey = SURVEY) -> pd.DataFrame:
    totals = pd.DataFrame(rows)
    estimates = estimates_from_totals(totals, survey.about.estimation)
    return withhold_estimates(estimates, totals, survey, NOW)


@pytest.mark.parametrize(
    ("n_y", "n", "marker"),
    [
        *((4, 100, "[c]"), (1, 100, "[c]"), (96, 100, "[c]"), (99, 100, "[c]")),
        *((5, 100, None), (95, 100, None), (0, 100, None), (100, 100, None)),
        *((20, 49, "[u]"), (20, 50, None), (3, 49, "[c]")),
    ],
)
def test_small_counts_and_small_bases_are_withheld(n_y, n, marker):
    row = withheld(total(NOW, n_y, n, deviation=3)).iloc[0]
    assert row["marker"] == marker or (marker is None and pd.isna(row["marker"]))
    assert pd.isna(row["estimate"]) == (marker is not None)
    assert pd.isna(row["suppression_reason"]) == (marker is None)


def test_everything_that_would_give_a_withheld_figure_away_goes_with_it():
    row = withheld(total(NOW, 3, 100, deviation=3)).iloc[0]
    given = ["standard_error", "ci_lower", "ci_upper", "weighted_base", "effective_base", "df"]
    assert row[given].isna().all()
    assert row["unweighted_base"] == 100


def test_a_base_of_a_few_people_is_withheld_itself():
    row = withheld(total(NOW, 0, 3, deviation=1)).iloc[0]
    assert pd.isna(row["unweighted_base"])


def test_one_withheld_area_takes_the_smallest_other_with_it():
    rows = withheld(
        total(NOW, 130, 400),
        total(NOW, 3, 100, "area", "north", deviation=3),
        total(NOW, 127, 300, "area", "south"),
    )
    assert rows["marker"].fillna("").tolist() == ["", "[c]", "[c]"]
    assert "worked out" in rows["suppression_reason"].iloc[2]


def test_two_withheld_values_that_are_five_together_protect_each_other():
    rows = withheld(
        total(NOW, 130, 400),
        total(NOW, 3, 100, "age_band", "16-34", deviation=3),
        total(NOW, 2, 100, "age_band", "35-64", deviation=3),
        total(NOW, 125, 200, "age_band", "65+"),
    )
    assert rows["marker"].fillna("").tolist() == ["", "[c]", "[c]", ""]


def test_values_are_withheld_until_together_they_are_no_small_count():
    """One and two people hidden are three together: the third value goes too, not the fourth."""
    survey = small_survey(
        {
            "measured": {
                "domains": {
                    "age_band": {
                        "values": {"80+": {"label": "80 and over"}},
                        "source": [{"item": "age", "bands": AGES}],
                    }
                }
            }
        }
    )
    rows = withheld(
        total(NOW, 200, 700),
        total(NOW, 1, 100, "age_band", "16-34", deviation=3),
        total(NOW, 2, 100, "age_band", "35-64", deviation=3),
        total(NOW, 97, 200, "age_band", "65+"),
        total(NOW, 100, 300, "age_band", "80+"),
        survey=survey,
    )
    assert rows["marker"].fillna("").tolist() == ["", "[c]", "[c]", "[c]", ""]


def test_a_hidden_base_takes_another_withheld_one_with_it():
    rows = withheld(
        total(NOW, 60, 153),
        total(NOW, 1, 3, "age_band", "16-34", deviation=1),
        total(NOW, 9, 20, "age_band", "35-64", deviation=2),
        total(NOW, 50, 130, "age_band", "65+"),
    )
    assert rows["unweighted_base"].isna().tolist() == [False, True, True, False]


def test_nobody_asked_is_not_available():
    row = withheld(total(NOW, 0, 0, deviation=0)).iloc[0]
    assert (row["marker"], row["unweighted_base"]) == ("[x]", 0)


@pytest.mark.parametrize(("deviation", "df"), [(8.0, 7), (70.0, 40)])
def test_an_unreliable_figure_is_published_and_marked(deviation, df):
    row = withheld(total(NOW, 200, deviation=deviation, df=df)).iloc[0]
    assert row["marker"] == "[u]"
    assert row["estimate"] == 0.5


@pytest.mark.parametrize(("n_y", "marker"), [(200, "[b]"), (3, "[b][c]")])
def test_the_first_wave_after_a_break_says_so(n_y, marker):
    breaks = [{"wave": NOW, "reason": "new order"}]
    broken = small_survey({"measured": {"measures": {"confident": {"breaks": breaks}}}})
    row = withheld(total(NOW, n_y), survey=broken).iloc[0]
    assert row["marker"] == marker
    assert pd.isna(row["estimate"]) == (n_y == 3)


def published(*rows: dict[str, object], survey: Survey = SURVEY) -> tuple[pd.DataFrame, ...]:
    """Return estimates of all waves, changes and KPI rows, withheld as published."""
    totals = pd.DataFrame(rows)
    parts = [
        withhold_estimates(
            estimates_from_totals(wave, survey.about.estimation), wave, survey, str(name)
        ).assign(period=name)
        for name, wave in totals.groupby("wave")
    ]
    estimates = pd.concat(parts, ignore_index=True)
    shown = withhold_changes(changes(totals, survey), estimates)
    return estimates, shown, kpi_statuses(estimates, shown, survey)


def test_a_change_with_a_withheld_side_is_withheld():
    _, shown, _ = published(total(BEFORE, 3), total(NOW, 200))
    row = shown.iloc[0]
    assert row[["difference", "standard_error", "ci_lower", "p_value", "verdict"]].isna().all()
    assert row["marker"] == "[c]"


# A KPI's words ------------------------------------------------------------------------------


def kpi(before: int, now: int, *, direction: str = "increase") -> pd.Series:
    survey = small_survey({"plan": {"kpis": {"confidence": {"required_direction": direction}}}})
    _, _, rows = published(total(BEFORE, before), total(NOW, now), survey=survey)
    return rows[rows["period"] == NOW].iloc[0]


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
    _, _, rows = published(total("2026-Q3", 200))
    row = rows.iloc[0]
    assert (row["status"], row["measurable_from"]) == ("not yet measurable", "2027-Q2")
    assert row["evidence"].endswith("the first period that can be judged is April to June 2027.")


def test_a_missing_year_before_is_named():
    _, _, rows = published(total("2026-Q3", 200), total(NOW, 220))
    assert rows[rows["period"] == NOW]["evidence"].item() == (
        "No change is judged: there is no figure for April to June 2026."
    )
