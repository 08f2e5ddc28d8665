"""Simulated returns: what a supplier sends, and whether its weighted shares come out true."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from builders import raw_return
from simulated_survey import simulated_survey, tendency

from transforms.catalogue import Survey
from transforms.classify import classify
from transforms.decode import decode
from transforms.errors import DeclarationError
from transforms.simulation import simulate_wave, truth

WAVE = "2026-Q3"


def rows(survey: Survey | None = None, wave: str = WAVE, seed: int | None = None) -> pd.DataFrame:
    return simulate_wave(survey or simulated_survey(), wave, seed).rows


def z_score(shares: Sequence[float], true_share: float) -> float:
    """How many standard errors the mean of the shares lies from the truth."""
    standard_error = np.std(shares, ddof=1) / np.sqrt(len(shares))
    return float((np.mean(shares) - true_share) / standard_error)


def true_share(survey: Survey, measure: str) -> float:
    whole = truth(survey, WAVE).query("domain == 'all'").set_index("measure")
    return float(whole.loc[measure, "true_value"])


def test_a_return_decodes_as_declared():
    """decode() refuses unknown codes, empty cells without a meaning, and answers out of routing."""
    survey = simulated_survey()
    responses = decode(raw_return(rows(survey)), survey, WAVE)
    assert len(responses.respondents) == len(rows(survey)) > 300


def test_the_columns_are_the_supplier_s_in_the_order_of_the_questionnaire():
    survey = simulated_survey()
    assert list(rows(survey)) == [item.variable for item in survey.items_in(WAVE)]


def test_the_same_seed_draws_the_same_rows_and_another_does_not():
    assert rows(seed=7).equals(rows(seed=7))
    assert rows(seed=None).equals(rows(seed=0))
    assert not rows(seed=7).equals(rows(seed=8))
    assert not rows(seed=7)["Q1"].equals(rows(wave="2026-Q4", seed=7)["Q1"])


def test_a_new_question_leaves_the_others_as_they_were():
    with_new = simulated_survey(
        {"tendencies": {"visible": tendency()}},
        {"questionnaire": {"items": {"visible": {"label": "Visible", "codes": YES_NO}}}},
    )
    assert rows(with_new).drop(columns="visible").equals(rows())


YES_NO = {1: {"name": "yes", "label": "Yes"}, 2: {"name": "no", "label": "No"}}


def test_sampling_points_and_serials_differ_between_waves():
    this, following = rows(wave="2026-Q3"), rows(wave="2026-Q4")
    assert not set(this["point"]) & set(following["point"])
    assert not set(this["serial"]) & set(following["serial"])
    assert this["serial"].is_unique


def test_interviews_are_dated_within_the_wave_and_a_point_within_two_weeks():
    survey, drawn = simulated_survey(), rows()
    wave = survey.wave(WAVE)
    assert drawn["interview_date"].dt.date.between(wave.start, wave.end).all()
    days = drawn.groupby("point")["interview_date"].agg(
        lambda dates: (dates.max() - dates.min()).days
    )
    assert days.max() < 14


def test_points_lie_in_one_stratum_and_yield_about_ten_interviews():
    drawn = rows()
    assert len(drawn[["point", "stratum"]].drop_duplicates()) == drawn["point"].nunique() == 40
    assert drawn.groupby("stratum")["point"].nunique().to_dict() == {"north": 20, "south": 20}
    assert drawn.groupby("point").size().mean() == pytest.approx(10, abs=1.5)


def test_an_area_can_have_more_interviews_than_its_share_of_adults():
    survey = simulated_survey({"fieldwork": {"interviews": {"north": 100, "south": 400}}})
    by_area = rows(survey)["stratum"].value_counts()
    assert by_area["south"] > 3 * by_area["north"]
    assert (
        rows(survey).groupby("stratum")["dwellings"].first().pipe(lambda f: f["north"] > f["south"])
    )


def test_design_weights_add_up_to_the_adults_who_would_respond():
    """Of 6,000 × 0.8 + 4,000 × 1 adults, less 30% of the 49% who are men, half would respond."""
    expected = 0.5 * (0.49 * 0.7 + 0.51) * (6000 * 0.8 + 4000)
    sums = [(drawn["dwellings"] * drawn["adults"]).sum() for drawn in map_seeds(range(40))]
    assert np.mean(sums) == pytest.approx(expected, rel=0.02)


def map_seeds(seeds: Sequence[int]) -> list[pd.DataFrame]:
    survey = simulated_survey()
    return [rows(survey, seed=seed) for seed in seeds]


def test_only_one_adult_of_each_address_is_interviewed():
    """Of the north's adults, 3 in 4 share an address with one other: 3/8 ÷ (3/8 + 1/4) are met."""
    north = pd.concat(map_seeds(range(20))).query("area == 1")
    assert (north["adults"] == 2).mean() == pytest.approx(0.6, abs=0.03)


def test_margin_variables_are_never_missing():
    survey = simulated_survey()
    responses = decode(raw_return(rows(survey)), survey, WAVE)
    in_margins = {name for margin in survey.margins_in_use() for name in margin.variables}
    assert in_margins == {"area", "sex"}
    assert classify(responses, survey)[sorted(in_margins)].notna().all(axis=None)


def test_the_routing_is_obeyed():
    drawn = rows()
    assert drawn["Q3"].notna().equals(drawn["Q2"] == 1)
    assert drawn["Q4"].notna().equals(drawn["Q3"] == 1)
    assert 0 < drawn["Q4"].notna().sum() < drawn["Q3"].notna().sum() < len(drawn)


def test_missing_answers_carry_the_item_s_own_codes_in_the_declared_shares():
    answers = pd.concat(map_seeds(range(10)))["Q1"]
    assert (answers == 97).mean() == pytest.approx(0.10, abs=0.015)
    assert (answers == 98).mean() == pytest.approx(0.05, abs=0.01)
    assert set(answers) == {1, 2, 3, 4, 5, 97, 98}


def test_a_question_the_wave_does_not_ask_has_no_column_and_sets_no_condition():
    late = {"questionnaire": {"items": {"chat_aware": {"first_asked": "2026-Q4"}}}}
    survey = simulated_survey(changes=late)
    drawn = rows(survey, wave="2026-Q3")
    assert "Q2" not in drawn and drawn["Q3"].notna().all()
    assert "chat_aware" not in set(truth(survey, "2026-Q3")["measure"])
    assert "Q2" in rows(survey, wave="2026-Q4")


def test_answers_are_alike_within_sampling_points_as_much_as_declared():
    """The variance of points' shares is p(1 − p)/n where adults are independent, more where not."""
    assert _excess_variance(0.0) == pytest.approx(1.0, abs=0.15)
    assert _excess_variance(0.3) > 2.0


def _excess_variance(correlation: float) -> float:
    survey = simulated_survey({"psu_correlation": correlation})
    excess = []
    for seed in range(15):
        drawn = rows(survey, seed=seed)
        by_point = (drawn["Q2"] == 1).groupby(drawn["point"])
        excess.append(((by_point.mean() - 0.5) ** 2 * by_point.size()).mean() / 0.25)
    return float(np.mean(excess))


ADULTS = {(1, 1): 2940, (1, 2): 3060, (2, 1): 1960, (2, 2): 2040}
"""By area and sex: 6,000 and 4,000, of whom 49% are men in each."""


@pytest.fixture(scope="module")
def strong() -> Survey:
    """Answers that depend on everything that selection and response depend on."""
    effects = {
        "area": {"north": 1.0},
        "sex": {"male": -2.0},
        "household": {"alone": 1.5},
        "age_band": {"65+": -1.0},
    }
    used = tendency(0.7, effects={"sex": {"male": 1.0}}, missing={"refused": 0.1})
    return simulated_survey(
        {"tendencies": {"chat_aware": tendency(effects=effects), "chat_used": used}}
    )


@pytest.fixture(scope="module")
def samples(strong) -> list[pd.DataFrame]:
    return [rows(strong, seed=seed) for seed in range(60)]


def calibrated_weight(drawn: pd.DataFrame) -> pd.Series:
    design = drawn["dwellings"] * drawn["adults"]
    cell = [drawn["area"], drawn["sex"]]
    totals = pd.Series([ADULTS[key] for key in zip(*cell, strict=True)], drawn.index)
    return design * totals / design.groupby(cell).transform("sum")


def share_of(answer: pd.Series, counting: list[int], weight: pd.Series) -> float:
    valid = answer.isin([1, 2, 3, 4, 5, 97] if 5 in set(answer) else [1, 2])
    return float(np.average(answer[valid].isin(counting), weights=weight[valid]))


@pytest.mark.parametrize(
    ("measure", "variable", "counting"),
    [("chat_aware", "Q2", [1]), ("chat_satisfied", "Q4", [1]), ("confident", "Q1", [1, 2])],
)
def test_calibrated_shares_are_true_on_average(strong, samples, measure, variable, counting):
    shares = [share_of(s[variable], counting, calibrated_weight(s)) for s in samples]
    assert abs(z_score(shares, true_share(strong, measure))) < 3.5


def test_shares_without_the_design_weight_or_the_calibration_are_not_true(strong, samples):
    """What the weights put right is there to be put right."""
    expected = true_share(strong, "chat_aware")
    unweighted = [share_of(s["Q2"], [1], s["serial"] * 0 + 1) for s in samples]
    design_weighted = [share_of(s["Q2"], [1], s["dwellings"] * s["adults"]) for s in samples]
    assert abs(z_score(unweighted, expected)) > 6
    assert abs(z_score(design_weighted, expected)) > 6


def test_strata_may_cross_areas_with_a_characteristic():
    survey = simulated_survey({"fieldwork": {"strata": ["area", "sex"]}})
    drawn = rows(survey)
    assert set(drawn["stratum"]) == {"north-male", "north-female", "south-male", "south-female"}
    assert (drawn.groupby("stratum")["point"].nunique() >= 2).all()
    assert drawn["stratum"].str.endswith("-male").equals(drawn["sex"] == 1)


def test_an_item_that_nothing_fills_is_refused():
    survey = simulated_survey(
        changes={"questionnaire": {"items": {"extra": {"label": "Extra", "codes": YES_NO}}}}
    )
    with pytest.raises(DeclarationError, match="how these items are filled: extra"):
        rows(survey)


def test_response_by_a_domain_that_no_margin_holds_is_refused():
    survey = simulated_survey({"response": {"effects": {"age_band": {"65+": 0.5}}}})
    with pytest.raises(DeclarationError, match="response depends on a domain that no margin holds"):
        rows(survey)


def test_a_household_given_by_what_is_drawn_later_is_refused():
    shares = {"16-34": {1: 1.0}, "35-64": {1: 1.0}, "65+": {1: 1.0}}
    survey = simulated_survey({"household": {"given": "age_band", "shares": shares}})
    with pytest.raises(DeclarationError, match="household is given by age_band"):
        rows(survey)
