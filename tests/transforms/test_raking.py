"""Raking: worked tables, every failure loud, and properties."""

import numpy as np
import pandas as pd
import pytest
from builders import margin
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.errors import CalibrationError
from transforms.weighting import effective_base, margin_cells, margin_checks, rake, weight_summary


def sample(**columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns).astype("category")


FOUR = sample(sex=["f", "f", "m", "m"], age=["young", "old", "young", "old"])
SEX = margin("sex", ["sex"], {"f": 60, "m": 40})
AGE = margin("age", ["age"], {"young": 30, "old": 70})


def test_two_margins_on_a_balanced_table_multiply():
    """With equal design weights and one respondent a cell, w = N·share(sex)·share(age)."""
    raked = rake(np.ones(4), margin_cells(FOUR, [SEX, AGE]))
    wanted = [100 * 0.6 * 0.3, 100 * 0.6 * 0.7, 100 * 0.4 * 0.3, 100 * 0.4 * 0.7]
    np.testing.assert_allclose(raked.weights, wanted, rtol=1e-12)
    assert raked.largest_relative_gap < 1e-10


def test_unequal_design_weights_keep_their_ratio_within_a_cell():
    people = sample(sex=["f", "f", "m"])
    raked = rake(np.array([1.0, 3.0, 2.0]), margin_cells(people, [SEX]))
    np.testing.assert_allclose(raked.weights, [60 * 1 / 4, 60 * 3 / 4, 40])


def test_a_crossed_margin_is_met_cell_by_cell():
    crossed = margin(
        "sex_age", ["sex", "age"], {"f|young": 10, "f|old": 50, "m|young": 20, "m|old": 20}
    )
    raked = rake(np.ones(4), margin_cells(FOUR, [crossed]))
    np.testing.assert_allclose(raked.weights, [10, 50, 20, 20])


def test_calibration_is_settled_not_only_the_margins():
    """Weights are d·exp(a + b): in a 2 × 2 table the odds ratio stays that of the design."""
    people = sample(sex=["f", "f", "m", "m"], age=["young", "old", "young", "old"])
    design = np.array([1.0, 1e-4, 1e-4, 1.0])
    weights = rake(design, margin_cells(people, [SEX, AGE]), max_iterations=100_000).weights
    odds = weights[0] * weights[3] / (weights[1] * weights[2])
    assert odds == pytest.approx(1e8, rel=1e-8)


@pytest.mark.parametrize(
    ("design", "says"),
    [([1, 0, 1, 1], "1 respondents"), ([1, -1, 1, -2], "2 respondents"), ([1, np.nan, 1, 1], "1 ")],
)
def test_a_weight_that_is_not_positive_is_refused(design, says):
    with pytest.raises(CalibrationError, match=says):
        rake(np.array(design, dtype=float), margin_cells(FOUR, [SEX]))


def test_margins_with_different_totals_are_refused():
    larger = margin("age", ["age"], {"young": 30.6, "old": 71.4})
    with pytest.raises(CalibrationError, match=r"sex and age.*100 and 102 \(\+2.000%\)"):
        margin_cells(FOUR, [SEX, larger])


def test_a_target_without_respondents_is_refused():
    three = margin("sex", ["sex"], {"f": 60, "m": 30, "x": 10})
    with pytest.raises(CalibrationError, match="nobody in the sample is in x"):
        margin_cells(FOUR, [three])


def test_a_respondent_without_a_target_is_refused():
    women = margin("sex", ["sex"], {"f": 60})
    with pytest.raises(CalibrationError, match=r"2 respondents, .*, are in m, which"):
        margin_cells(FOUR, [women])


def test_a_missing_margin_value_is_refused():
    people = pd.DataFrame({"sex": pd.Categorical(["f", None, "m"])})
    with pytest.raises(
        CalibrationError, match=r"1 respondents, 33\.3% of all, have no value of sex"
    ):
        margin_cells(people, [SEX])


def test_margins_that_contradict_each_other_are_refused():
    """Sex within area says 60 to 40, sex alone 50 to 50: no weights meet both."""
    people = sample(sex=["f", "m", "f", "m"], area=["n", "n", "s", "s"])
    crossed = margin("area_sex", ["area", "sex"], {"n|f": 30, "n|m": 20, "s|f": 30, "s|m": 20})
    even = margin("sex", ["sex"], {"f": 50, "m": 50})
    with pytest.raises(CalibrationError, match=r"still .*% away.*contradicts another margin"):
        rake(np.ones(4), margin_cells(people, [crossed, even]))


def test_an_empty_corner_that_makes_the_margins_impossible_is_refused():
    """All men are young, so at most 30 of the 40 men there should be can be young."""
    people = sample(sex=["f", "f", "m"], age=["young", "old", "young"])
    with pytest.raises(CalibrationError, match="did not meet its margins"):
        rake(np.ones(3), margin_cells(people, [SEX, AGE]))


def test_effective_base_of_unequal_weights():
    assert effective_base(np.array([1.0, 1.0, 2.0])) == (1 + 1 + 2) ** 2 / (1 + 1 + 4)


def test_weight_summary_is_relative_to_the_mean_weight():
    summary = weight_summary(np.array([10.0, 10.0, 40.0]))
    assert summary["smallest_weight"] == 0.5
    assert summary["largest_weight"] == 2.0
    assert summary["deff_kish"] == pytest.approx(3 * (100 + 100 + 1600) / 60**2)


def test_margin_checks_show_before_and_after():
    cells = margin_cells(FOUR, [SEX])
    checks = margin_checks(cells, np.ones(4), rake(np.ones(4), cells).weights)
    assert checks["design_weighted"].tolist() == [2, 2]
    assert checks["calibrated"].tolist() == pytest.approx([60, 40])
    assert checks["control_total"].tolist() == [60, 40]


@st.composite
def samples(draw):
    """People over two margins with every category present, and positive design weights."""
    size = draw(st.integers(12, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sexes = np.concatenate([["f", "f", "f", "m", "m", "m"], rng.choice(["f", "m"], size - 6)])
    ages = np.concatenate([["y", "x", "o", "y", "x", "o"], rng.choice(["y", "x", "o"], size - 6)])
    shares = rng.dirichlet([5, 5, 5])
    sex = margin("sex", ["sex"], {"f": 600, "m": 400})
    totals = dict(zip("yxo", (1000 * shares).tolist(), strict=True))
    totals["o"] += 1000 - sum(totals.values())
    people = sample(sex=list(sexes), age=list(ages))
    return people, [sex, margin("age", ["age"], totals)], rng.gamma(2, 1, size) + 0.05


@settings(max_examples=60, deadline=None)
@given(samples())
def test_every_margin_is_met(drawn):
    people, margins, design = drawn
    cells = margin_cells(people, margins)
    checks = margin_checks(cells, design, rake(design, cells).weights)
    np.testing.assert_allclose(checks["calibrated"], checks["control_total"], rtol=1e-9)


@settings(max_examples=60, deadline=None)
@given(samples(), st.floats(1e-3, 1e4))
def test_the_scale_of_the_design_weights_and_the_order_of_rows_do_not_matter(drawn, scale):
    people, margins, design = drawn
    weights = rake(design, margin_cells(people, margins)).weights
    order = np.argsort(design)
    shuffled = people.iloc[order].reset_index(drop=True)
    again = rake(scale * design[order], margin_cells(shuffled, margins)).weights
    np.testing.assert_allclose(again, weights[order], rtol=1e-8)
