"""Margin values imputed for weighting: by hand, whatever the order, and counted nowhere else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from builders import margin, raw_return, small_rows, small_survey
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.decode import decode
from transforms.errors import CalibrationError
from transforms.wave import process_wave
from transforms.weighting import calibrate, own_numbers
from transforms.weighting.imputing import FEWEST_DONORS, impute

AREA = margin("area", ["area"], {"north": 60, "south": 40})
SEX = margin("sex", ["sex"], {"male": 49, "female": 51})
MARGINS = [AREA, SEX]
IMPUTING = {"about": {"calibration": {"missing_margin_value": "impute"}}}


def people(area: list[str | None], sex: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area": pd.Categorical(area, ["north", "south"], ordered=True),
            "sex": pd.Categorical(sex, ["male", "female"], ordered=True),
        }
    )


NORTH = people(["north"] * 6 + ["south"] * 5, ["male"] * 2 + ["female"] * 3 + [None] + ["male"] * 5)
WEIGHTS = np.array([1.0, 1, 2, 2, 2, 9, *[5] * 5])
"""Known in the north: men of 1 + 1 = 2, women of 2 + 2 + 2 = 6, so a quarter are men."""


@pytest.mark.parametrize(
    ("number", "sex"), [(0.0, "male"), (0.2499, "male"), (0.2501, "female"), (0.9999, "female")]
)
def test_a_value_is_drawn_by_design_weight_from_those_alike(number, sex):
    """Below 2 / (2 + 6) = 0.25 it is male; the south, all men, has no say in it."""
    found = impute(NORTH, WEIGHTS, MARGINS, np.full(11, number))
    assert found.classified["sex"][5] == sex
    assert found.respondents == 1
    assert found.classified.drop(index=5).equals(NORTH.drop(index=5))
    assert found.classified["sex"].dtype == NORTH["sex"].dtype


def test_a_class_of_too_few_donors_is_widened_to_all():
    """In the north four have a sex, one fewer than it takes: all nine are donors.

    Men: 2 of the north and 25 of the south are 27 of 31, so 0.87 is male and 0.88 female.
    """
    fewer = NORTH.drop(index=4).reset_index(drop=True)
    weights = np.delete(WEIGHTS, 4)
    assert FEWEST_DONORS == 5
    low, high = (impute(fewer, weights, MARGINS, np.full(10, n)) for n in (0.87, 0.88))
    assert pytest.approx(0.871, abs=1e-4) == 27 / 31
    assert low.classified["sex"][4] == "male"
    assert high.classified["sex"][4] == "female"


def test_the_last_declared_domain_is_given_up_first():
    """Nobody else is a young man in the north; five are in the north, and five are young.

    The margins are declared area, then age: the class that is kept is the north's, all of whom are
    women; the young of the south are men.
    """
    frame = people(["north"] * 6 + ["south"] * 5, ["female"] * 5 + [None] + ["male"] * 5)
    frame["age"] = pd.Categorical(["old"] * 5 + ["young"] * 6)
    age = margin("age", ["age"], {"young": 50, "old": 50})
    by_area = impute(frame, np.ones(11), [AREA, age, SEX], np.full(11, 0.5))
    assert by_area.classified["sex"][5] == "female"
    by_age = impute(frame, np.ones(11), [age, AREA, SEX], np.full(11, 0.5))
    assert by_age.classified["sex"][5] == "male"


def test_who_lacks_several_takes_them_from_one_donor():
    """All men are of the north and all women of the south, so nobody becomes a man of the south."""
    frame = people(["north"] * 5 + ["south"] * 5 + [None], ["male"] * 5 + ["female"] * 5 + [None])
    for number in np.linspace(0, 0.99, 12):
        found = impute(frame, np.ones(11), MARGINS, np.full(11, number)).classified.loc[10]
        assert (found["area"], found["sex"]) in {("north", "male"), ("south", "female")}
        assert found["sex"] == ("male" if number < 0.5 else "female")


def test_a_domain_of_which_nobody_has_a_value_is_refused():
    frame = people(["north", "south"], [None, None])
    with pytest.raises(CalibrationError, match="Nobody in the sample has a value of sex") as caught:
        impute(frame, np.ones(2), MARGINS, np.zeros(2))
    assert "leave its margin out" in caught.value.remedy


def test_numbers_are_each_respondents_own():
    serials, main = pd.Series(["1001", "1002"]), pd.Series(["main", "main"])
    first = own_numbers("small", "2026-Q2", main, serials)
    assert ((first >= 0) & (first < 1)).all()
    np.testing.assert_array_equal(own_numbers("small", "2026-Q2", main, serials[::-1]), first[::-1])
    for other in (
        own_numbers("small", "2026-Q3", main, serials),
        own_numbers("other", "2026-Q2", main, serials),
        own_numbers("small", "2026-Q2", pd.Series(["boost", "boost"]), serials),
    ):
        assert not np.isin(other, first).any()


def test_numbers_are_spread_evenly():
    """Of 4,000, 1,000 are in each quarter, give or take 4 × √(4000 · ¼ · ¾) = 110."""
    serials = pd.Series(range(4000)).astype("str")
    numbers = own_numbers("small", "2026-Q2", pd.Series(["main"] * 4000), serials)
    counts, _ = np.histogram(numbers, bins=4, range=(0, 1))
    assert (np.abs(counts - 1000) < 110).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_the_rows_changes_no_draw(seed):
    rng = np.random.default_rng(seed)
    frame = people(
        rng.choice(["north", "south", None], 60).tolist(),
        rng.choice(["male", "female", None], 60).tolist(),
    )
    weights, numbers = rng.gamma(2, 1, 60), rng.random(60)
    order = rng.permutation(60)
    found = impute(frame, weights, MARGINS, numbers).classified
    again = impute(frame.iloc[order], weights[order], MARGINS, numbers[order]).classified
    pd.testing.assert_frame_equal(again, found.iloc[order])


def test_imputed_values_weigh_and_are_counted_nowhere():
    """The margins are met with everybody in a category; the domain's base lacks the two."""
    rows = small_rows(80)
    rows.loc[[3, 17], "sex"] = 9.0
    survey = small_survey(IMPUTING)
    responses = decode(raw_return(rows), survey, "2026-Q2")
    tables = process_wave(responses, responses.respondents["serial"], survey)
    checks = tables["survey.margin_check"].set_index(["margin", "category"])
    assert checks.loc["sex", "respondents"].sum() == 80
    np.testing.assert_allclose(checks["calibrated"], checks["control_total"], rtol=1e-9)
    assert tables["survey.calibration"]["imputed"].tolist() == [2]
    assert [len(held) for held in tables["survey.respondent"]["domains"]].count(2) == 2
    totals = tables["estimate.total"].query("measure == 'confident'")
    assert totals.query("domain == 'sex'")["n"].sum() == 78
    assert totals.query("domain == 'all'")["n"].sum() == 80


def test_the_order_of_a_returns_rows_changes_no_weight():
    rows = small_rows(80)
    rows.loc[[3, 17, 44], "sex"] = 9.0
    survey = small_survey(IMPUTING)
    weights = []
    for order in (np.arange(80), np.random.default_rng(5).permutation(80)):
        shuffled = rows.iloc[order].reset_index(drop=True)
        responses = decode(raw_return(shuffled), survey, "2026-Q2")
        held = process_wave(responses, responses.respondents["serial"], survey)["survey.respondent"]
        weights.append(held.set_index("respondent")["calibration_weight"].sort_index())
    pd.testing.assert_series_equal(weights[0], weights[1], rtol=1e-12)


def test_where_nobody_lacks_a_value_nothing_changes():
    frame = people(["north", "north", "south", "south"], ["male", "female"] * 2)
    design = np.array([1.0, 2, 3, 4])
    imputing = calibrate(design, frame, small_survey(IMPUTING), np.zeros(4))
    np.testing.assert_array_equal(
        imputing.weights, calibrate(design, frame, small_survey()).weights
    )
    assert imputing.imputed == 0
