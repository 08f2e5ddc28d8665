"""What other tools pass over in silence stops the wave here, with the message that mends it.

Each message names the margin, the category, by how much it is off, and what to do. (Weights have
no margin: there it is how many.)
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from builders import margin, small_survey
from test_calibration import FOUR, fitted_only, raked_exactly

from transforms.catalogue import Calibration
from transforms.errors import CalibrationError
from transforms.weighting import calibrate, margin_cells, rake, weights_by_rule

AREAS = ["north", "north", "south", "south"]
SEXES = ["male", "female", "male", "female"]
PEOPLE = pd.DataFrame({"area": pd.Categorical(AREAS), "sex": pd.Categorical(SEXES)})


def refusal(
    people: pd.DataFrame = PEOPLE,
    design: list[float] | None = None,
    margins: dict[str, Any] | None = None,
    **keys: Any,
) -> CalibrationError:
    """The error that weighting `people` ends with; `margins` and `keys` change the declaration."""
    changed = {name: declared.model_dump() for name, declared in (margins or {}).items()}
    survey = small_survey({"margins": changed, "about": {"calibration": keys}})
    with pytest.raises(CalibrationError) as caught:
        calibrate(np.array(design or [1.0] * len(people)), people, survey)
    return caught.value


def names(error: CalibrationError, *found: str, remedy: str) -> None:
    for text in found:
        assert text in error.what, error.what
    assert error.expected
    assert remedy in error.remedy, error.remedy


BOUNDED = {"bounds": [0.01, 100]}


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"method": "raking"}, "is still"),
        ({"method": "linear"}, "is still"),
        ({"method": "logit", **BOUNDED}, "stays"),
        ({"method": "truncated", **BOUNDED}, "stays"),
    ],
)
def test_margins_that_contradict_each_other_by_a_tenth(keys, says):
    """North within the crossed margin is 6,000 of 10,000, in its own margin 6,600: 10% more."""
    crossed = {"north|male": 3000, "north|female": 3000, "south|male": 2000, "south|female": 2000}
    error = refusal(
        margins={
            "area": margin("area", ["area"], {"north": 6600, "south": 3400}),
            "sex": margin("sex", ["area", "sex"], crossed),
        },
        **keys,
    )
    assert any(f"{name}, category {value}" in error.what for name, value in categories(crossed))
    assert says in error.what
    assert "%" in error.what
    assert "contradicts another margin" in error.remedy


def categories(crossed: dict[str, int]) -> list[tuple[str, str]]:
    both = [("sex", name.replace("|", " × ")) for name in crossed]
    return [("area", "north"), ("area", "south"), *both]


@pytest.mark.parametrize("keys", [{"method": "raking"}, {"method": "logit", **BOUNDED}])
def test_margins_that_contradict_each_other_by_one_rounded_person(keys):
    """North is 500,000 in one margin and 500,001 in the other: 2e-6 of it, not "0.00%" away."""
    cells = ["north|male", "north|female", "south|male", "south|female"]
    error = refusal(
        margins={
            "area": margin("area", ["area"], {"north": 500_001, "south": 499_999}),
            "sex": margin("sex", ["area", "sex"], dict.fromkeys(cells, 250_000)),
        },
        **keys,
    )
    names(error, "e-", "% ", remedy="contradicts another margin")
    assert "0.00%" not in error.what


def test_margins_whose_totals_differ_by_two_hundredths():
    error = refusal(margins={"sex": margin("sex", ["sex"], {"male": 5000, "female": 5200})})
    names(
        error,
        "Margins area and sex",
        "10,000 and 10,200 (+2.000%)",
        remedy="rescale margins/sex.csv to 10,000",
    )


def test_a_target_without_respondents():
    """Women are 5,100 of 10,000, and none was interviewed."""
    men = PEOPLE.assign(sex=pd.Categorical(["male"] * 4, categories=["male", "female"]))
    names(
        refusal(men),
        "Margin sex: nobody in the sample is in female",
        "5,100 of the population, 51.0%,",
        remedy="merge the category with a neighbour",
    )


def test_a_category_without_a_target():
    """One of four is in the west, which no control total counts."""
    people = PEOPLE.assign(area=pd.Categorical(["north", "north", "south", "west"]))
    names(
        refusal(people),
        "Margin area: 1 respondents, 25.0% of all, are in west",
        remedy="add the category to margins/area.csv",
    )


def test_a_missing_margin_value():
    people = PEOPLE.assign(sex=pd.Categorical(["male", None, "male", "female"]))
    error = refusal(people)
    names(
        error,
        "Margin sex: 1 respondents, 25.0% of all, have no value of sex",
        remedy="`missing_margin_value: own_category` or `impute`",
    )


@pytest.mark.parametrize("weight", [0.0, -1.0, np.nan, np.inf])
def test_a_design_weight_that_is_not_positive(weight):
    names(
        refusal(design=[1.0, weight, 1.0, weight]),
        "2 respondents have a design weight that is missing, zero, negative or infinite",
        remedy="invalid_weight: leave_out_row",
    )


def test_margins_that_are_met_only_without_some_respondents():
    """North women must be nobody: north is 6,000 and men are 6,000, and no southern man was found.

    Fitting brings their weights to 1e-12 and meets every margin: four interviews would be as good
    as thrown away, and nothing would say so.
    """
    people = pd.DataFrame(
        {
            "area": pd.Categorical(["north"] * 8 + ["south"] * 4),
            "sex": pd.Categorical(["male"] * 4 + ["female"] * 8),
        }
    )
    error = refusal(people, margins={"sex": margin("sex", ["sex"], {"male": 6000, "female": 4000})})
    names(
        error,
        "4 of 12 respondents a weight next to nothing",
        "of area, north, 4 of 8",
        remedy="look whether area contradicts another margin",
    )


@pytest.mark.parametrize("unmet", [1.001, 1 + 1e-8])
def test_margins_whose_totals_differ_by_little(unmet):
    """No weights meet both: said before calibration spends a thousand rounds in vain."""
    sexes = {"male": 4900 * unmet, "female": 5100 * unmet}
    names(
        refusal(margins={"sex": margin("sex", ["sex"], sexes)}),
        "Margins area and sex add up to different populations: 10,000 and 10,0",
        remedy="rescale margins/sex.csv",
    )


UNEQUAL = [1.0, 0.001, 0.001, 1.0]
"""With these, margins are nearly aliased: one round or one step is not enough."""


@pytest.mark.parametrize(
    "keys",
    [{"method": "logit", "bounds": [0.001, 1000]}, {"trim": {"ratio_to_design": [1e-6, 1e6]}}],
)
def test_too_few_iterations(keys):
    error = refusal(design=UNEQUAL, max_iterations=1, **keys)
    names(
        error, "in 1 iterations: ", ", category ", "% away", remedy="or allow more `max_iterations`"
    )


def test_too_few_rounds_of_fitting_are_finished_by_newton():
    """One round leaves the margins unmet; the steps after it meet them all the same."""
    survey = small_survey({"about": {"calibration": {"max_iterations": 1}}})
    found = calibrate(np.array(UNEQUAL), PEOPLE, survey)
    exact = raked_exactly(Decimal("0.001"), Decimal(49))
    np.testing.assert_allclose(found.weights / 100, exact, rtol=1e-10)


def test_nearly_aliased_margins_are_not_taken_for_settled():
    """Fitting meets the margins to 1e-8 and the weights are still 2.6e-5 off; ours are exact.

    Old men and young women are rare: sex and age nearly say the same thing. The exact weights are
    the root of a quadratic, worked with 50 digits.
    """
    rare, young = 1e-4, 60.001
    design = np.array([1.0, rare, rare, 1.0])
    exact = raked_exactly(Decimal(str(rare)), Decimal(str(young)))
    fitted = fitted_only(design, np.array([60, 40]), np.array([young, 100 - young]), 1e-8)
    met = np.abs(np.array([fitted[0] + fitted[1], fitted[2] + fitted[3]]) / [60, 40] - 1)
    assert met.max() < 1e-8
    assert np.abs(fitted / exact - 1).max() > 2.6e-5
    sex = margin("sex", ["sex"], {"f": 60, "m": 40})
    age = margin("age", ["age"], {"young": young, "old": 100 - young})
    cells = margin_cells(FOUR, [sex, age])
    np.testing.assert_allclose(rake(design, cells).weights, exact, rtol=1e-10)
    wide = Calibration.model_validate(
        {"margins": ["sex", "age"], "trim": {"ratio_to_design": [1e-9, 1e9]}}
    )
    np.testing.assert_allclose(weights_by_rule(design, cells, wide).weights, exact, rtol=1e-10)
