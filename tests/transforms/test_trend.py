"""Slopes over waves, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from builders import small_survey
from scipy import stats
from totals_rows import side_by_side, total

from transforms.catalogue import Survey
from transforms.disclosure import withhold_trends
from transforms.trend import NO_SPREAD, TOO_FEW, slope_coefficients, trends

QUARTERS = [
    *("2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1"),
    *("2027-Q2", "2027-Q3", "2027-Q4", "2028-Q1"),
]
SURVEY = small_survey()
SEASONAL = small_survey({"about": {"trend": {"quarter_effects": True}}})


def trend(*counts: int, survey: Survey = SURVEY, deviation: float = 8.0) -> pd.DataFrame:
    rows = [
        total(wave, n_y, deviation=deviation) for wave, n_y in zip(QUARTERS, counts, strict=False)
    ]
    return trends(side_by_side(rows, survey), survey)


def test_a_slope_by_hand():
    """Six quarters of 400: times −2.5 … 2.5 squared sum to 17.5, so b = Σ t·r / 17.5."""
    counts = [200, 204, 196, 212, 220, 216]
    row = trend(*counts).iloc[0]
    times = np.arange(6) - 2.5
    slope = sum(times * np.array(counts) / 400) / 17.5
    error = np.sqrt(sum((times / 17.5) ** 2)) * 8 / 400
    assert (row["first_wave"], row["last_wave"], row["waves"]) == ("2026-Q2", "2027-Q3", 6)
    assert row["slope"] == pytest.approx(slope)
    assert row["standard_error"] == pytest.approx(error)
    squares = (times / 17.5) ** 2
    df = sum(squares) ** 2 / sum(squares**2 / 40)
    assert row["df"] == pytest.approx(df)
    assert row["p_value"] == pytest.approx(2 * stats.t.sf(slope / error, df))
    half = stats.t.ppf(0.975, df) * error
    assert (row["ci_lower"], row["ci_upper"]) == pytest.approx((slope - half, slope + half))


def test_larger_waves_count_for_more_but_their_variances_do_not():
    bases = np.array([[100.0], [100.0], [400.0], [400.0]])
    times = np.arange(4.0)
    mean = (0 * 100 + 1 * 100 + 2 * 400 + 3 * 400) / 1000
    weighted = bases[:, 0] * (times - mean)
    expected = weighted / sum(weighted * (times - mean))
    assert slope_coefficients(times, bases, None)[:, 0] == pytest.approx(expected)


def test_five_waves_have_no_trend():
    assert trend(200, 204, 196, 212, 220).empty


def test_quarter_effects_leave_the_change_from_year_to_year():
    """A season of ±40 and a rise of 8 a quarter: with two years, b is Σ(q_{t+4} − q_t)/16."""
    season = [40, -40, 10, -10] * 2
    counts = [200 + 8 * place + effect for place, effect in enumerate(season)]
    row = trend(*counts, survey=SEASONAL).iloc[0]
    assert row["seasonal"]
    assert row["slope"] == pytest.approx(8 / 400)
    assert row["standard_error"] == pytest.approx(np.sqrt(8) * 8 / 400 / 16)
    assert not trend(*counts[:7], survey=SEASONAL).iloc[0]["seasonal"]


def test_a_trend_starts_anew_at_a_break():
    measures = {"confident": {"breaks": [{"wave": "2026-Q4", "reason": "new order"}]}}
    survey = small_survey({"measured": {"measures": measures}})
    row = trend(*range(200, 208), survey=survey).iloc[0]
    assert (row["first_wave"], row["waves"]) == ("2026-Q4", 6)
    late = {"confident": {"breaks": [{"wave": "2027-Q1", "reason": "new order"}]}}
    assert trend(*range(200, 208), survey=small_survey({"measured": {"measures": late}})).empty


def test_few_answers_or_no_spread_mean_no_test():
    few = trend(1, 1, 1, 1, 1, 1).iloc[0]
    assert (few["no_test_reason"], pd.isna(few["p_value"])) == (TOO_FEW, True)
    flat = trend(200, 204, 196, 212, 220, 216, deviation=0).iloc[0]
    assert (flat["no_test_reason"], pd.isna(flat["p_value"])) == (NO_SPREAD, True)


def test_a_withheld_point_withholds_the_slope():
    found = trend(200, 204, 196, 212, 220, 216)
    estimates = pd.DataFrame(
        {
            "period": ["2026-Q4", "2028-Q1"],
            "measure": "confident",
            "domain": "all",
            "domain_value": "all",
            "marker": ["[c]", "[u]"],
            "suppression_reason": "a reason",
        }
    )
    row = withhold_trends(found, estimates).iloc[0]
    assert (pd.isna(row["slope"]), row["marker"]) == (True, "[c]")
    outside = withhold_trends(found, estimates[estimates["period"] == "2028-Q1"]).iloc[0]
    assert pd.notna(outside["slope"])
