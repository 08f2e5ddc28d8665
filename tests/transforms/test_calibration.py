"""Linear, logit and truncated calibration, trimming, own categories and merges; all loud."""

from decimal import Decimal, localcontext
from typing import Any

import builders
import numpy as np
import pandas as pd
import pytest
from builders import small_survey
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.catalogue import Calibration, Margin
from transforms.errors import CalibrationError
from transforms.weighting import (
    MarginCells,
    calibrate,
    margin_cells,
    margin_checks,
    rake,
    weights_by_rule,
)


def margin(name: str, populations: dict[str, float]) -> Margin:
    """A margin over the variables that its name joins by `_by_`."""
    return builders.margin(name, name.split("_by_"), populations)


def sample(**columns: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame(columns).astype("category")


def rule(**keys: Any) -> Calibration:
    return Calibration.model_validate({"margins": ["sex"], **keys})


FOUR = sample(sex=["f", "f", "m", "m"], age=["young", "old", "young", "old"])
SEX = margin("sex", {"f": 60, "m": 40})
AGE = margin("age", {"young": 30, "old": 70})
TWO_MARGINS = margin_cells(FOUR, [SEX, AGE])


def test_linear_by_hand():
    """Design weights 25 each; f needs +10, m −10, young −20, old +20: ±5 and ±10 a person."""
    weights = weights_by_rule(np.ones(4), TWO_MARGINS, rule(method="linear")).weights
    np.testing.assert_allclose(weights, [25 + 5 - 10, 25 + 5 + 10, 25 - 5 - 10, 25 - 5 + 10])


def test_truncated_by_hand():
    """Uncut, f young has 20/25 = 0.8, f old 1.6, m young 0.4, m old 1.2.

    With at least 0.5·25 = 12.5 for m young, the margins leave no choice for the others.
    """
    found = weights_by_rule(
        np.ones(4), TWO_MARGINS, rule(method="truncated", bounds=[0.5, 3])
    ).weights
    np.testing.assert_allclose(found, [30 - 12.5, 60 - 17.5, 12.5, 40 - 12.5])


def test_logit_by_hand():
    """In one step of a single margin all of a category get its factor: 60/50 and 40/50."""
    cells = margin_cells(FOUR, [SEX])
    weights = weights_by_rule(np.ones(4), cells, rule(method="logit", bounds=[0.5, 2])).weights
    np.testing.assert_allclose(weights, [30, 30, 20, 20])


def test_logit_is_logistic_between_its_bounds():
    """ln((f−L)/(U−f)) is a sum of one number a category: f·f, m·m against f·m, m·f add up to 0."""
    found = weights_by_rule(np.ones(4), TWO_MARGINS, rule(method="logit", bounds=[0.3, 2])).weights
    factor = found / 25
    odds = np.log((factor - 0.3) / (2 - factor))
    assert odds[0] - odds[1] - odds[2] + odds[3] == pytest.approx(0, abs=1e-9)
    assert ((factor > 0.3) & (factor < 2)).all()


def test_wide_limits_leave_raking_as_it_is():
    design = np.array([1.0, 2.0, 3.0, 4.0])
    wide = rule(trim={"ratio_to_design": [1e-6, 1e6]})
    np.testing.assert_allclose(
        weights_by_rule(design, TWO_MARGINS, wide).weights,
        rake(design, TWO_MARGINS).weights,
        rtol=1e-10,
    )


def many() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(7)
    people = sample(
        sex=rng.choice(["f", "m"], 300).tolist(), age=rng.choice(["young", "old"], 300).tolist()
    )
    return people, rng.gamma(3, 1, 300)


def test_trimming_is_capping_and_calibrating_the_others_until_both_hold():
    """The plain loop: rake those not at a limit to what is left of the margins, cap, again."""
    people, design = many()
    cells = margin_cells(people, [SEX, AGE])
    found = weights_by_rule(design, cells, rule(trim={"ratio_to_mean": [0.3, 2.2]})).weights
    low, high = 0.3 * 100 / 300, 2.2 * 100 / 300
    weights = rake(design, cells).weights
    capped = np.zeros(300, dtype=bool)
    while ((weights < low - 1e-12) | (weights > high + 1e-12)).any():
        capped |= (weights <= low) | (weights >= high)
        fixed = np.clip(weights, low, high)
        left = tuple(
            target - np.bincount(cells.category[capped, place], fixed[capped], len(target))
            for place, target in enumerate(cells.targets)
        )
        others = MarginCells(cells.margins, cells.names, cells.category[~capped], left)
        weights = fixed.copy()
        weights[~capped] = rake(design[~capped], others).weights
    assert 10 < capped.sum() < 150
    np.testing.assert_allclose(found, weights, rtol=1e-8)


def test_the_wave_says_how_many_weights_were_trimmed():
    people, design = small_people()
    survey = small_survey({"about": {"calibration": {"trim": {"ratio_to_mean": [0.5, 1.5]}}}})
    found = calibrate(design, people, survey)
    relative = found.weights / found.weights.mean()
    at_limit = np.isclose(relative, 0.5) | np.isclose(relative, 1.5)
    assert found.trimmed == at_limit.sum() > 0
    assert ((relative > 0.5 - 1e-9) & (relative < 1.5 + 1e-9)).all()
    checks = margin_checks(found.cells, design, found.weights)
    np.testing.assert_allclose(checks["calibrated"], checks["control_total"], rtol=1e-9)


def small_people() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(3)
    people = pd.DataFrame(
        {
            "area": rng.choice(["north", "south"], 80),
            "sex": rng.choice(["male", "female"], 80),
        }
    ).astype("category")
    return people, rng.gamma(4, 1, 80)


@pytest.mark.parametrize(
    "keys",
    [
        {"method": "logit", "bounds": [0.9, 1.1]},
        {"method": "truncated", "bounds": [0.9, 1.1]},
        {"trim": {"ratio_to_mean": [0.9, 1.1]}},
        {"method": "linear", "trim": {"ratio_to_design": [0.9, 1.1]}},
    ],
)
def test_limits_that_no_weights_can_keep_are_refused(keys):
    """Two of four are m: at least 0.9·50 = 45 of the 40 there should be, 12.5% too many."""
    with pytest.raises(CalibrationError, match=r"sex, category m, stays \+12\.50%.*widen"):
        weights_by_rule(np.ones(4), margin_cells(FOUR, [SEX]), rule(**keys))


@pytest.mark.parametrize("method", ["linear", "truncated", "logit", "raking"])
def test_margins_that_contradict_each_other_are_refused(method):
    """Sex within area says 60 to 40, sex alone 50 to 50: no weights meet both."""
    people = sample(sex=["f", "m", "f", "m"], area=["n", "n", "s", "s"])
    crossed = margin("area_by_sex", {"n|f": 30, "n|m": 20, "s|f": 30, "s|m": 20})
    cells = margin_cells(people, [crossed, margin("sex", {"f": 50, "m": 50})])
    bounds = {"bounds": [0.01, 100]} if method in ("truncated", "logit") else {}
    with pytest.raises(CalibrationError, match=r"category .*%.*contradicts another margin"):
        weights_by_rule(np.ones(4), cells, rule(method=method, **bounds))


def test_too_few_iterations_are_refused():
    keys = {"method": "logit", "bounds": [0.3, 3], "max_iterations": 1}
    with pytest.raises(CalibrationError, match=r"in 1 iterations: .*away.*max_iterations"):
        weights_by_rule(np.ones(4), TWO_MARGINS, rule(**keys))


def test_weights_that_are_not_positive_are_refused():
    """Design weights 25 each: men of the south get 25 − 24 for men, and 24 less for the south."""
    people = pd.DataFrame(
        {"area": ["north", "north", "south", "south"], "sex": ["male", "female"] * 2}
    ).astype("category")
    few = {
        "area": population_of("area", {"north": 98, "south": 2}),
        "sex": population_of("sex", {"male": 2, "female": 98}),
    }
    survey = small_survey({"about": {"calibration": {"method": "linear"}}, "margins": few})
    with pytest.raises(CalibrationError, match=r"gives 1 respondents .* zero or negative.*trunc"):
        calibrate(np.ones(4), people, survey)


def population_of(name: str, populations: dict[str, float]) -> dict[str, Any]:
    return margin(name, populations).model_dump(mode="json")


@pytest.mark.parametrize("off_diagonal", [1e-4, 1e-5])
def test_nearly_aliased_margins_are_settled_not_only_met(off_diagonal):
    """Old men and young women are rare, so sex and age nearly say the same thing.

    In a 2 × 2 table w11·w22/(w12·w21) keeps the design's odds ratio, which makes w11 the root of a
    quadratic: worked with 50 digits. Fitting alone meets the margins and stops too early.
    """
    design = np.array([1.0, off_diagonal, off_diagonal, 1.0])
    age = margin("age", {"young": 60.1, "old": 39.9})
    exact = raked_exactly(Decimal(str(off_diagonal)), Decimal("60.1"))
    cells = margin_cells(FOUR, [SEX, age])
    fitted = fitted_only(design, np.array([60, 40]), np.array([60.1, 39.9]), 1e-8)
    assert np.abs(fitted / exact - 1).max() > 1e-6
    np.testing.assert_allclose(rake(design, cells).weights, exact, rtol=1e-10)
    wide = rule(trim={"ratio_to_design": [1e-9, 1e9]})
    np.testing.assert_allclose(weights_by_rule(design, cells, wide).weights, exact, rtol=1e-10)


def raked_exactly(off_diagonal: Decimal, young: Decimal) -> np.ndarray:
    """x(40 − young + x) = R(60 − x)(young − x), R = 1/off_diagonal², x = young women."""
    with localcontext(prec=50):
        ratio = 1 / off_diagonal**2
        square, linear = 1 - ratio, 40 - young + ratio * (60 + young)
        root = (linear**2 + 4 * square * ratio * 60 * young).sqrt()
        found = [(-linear + sign * root) / (2 * square) for sign in (1, -1)]
        x = next(x for x in found if 0 < x < min(60, young))
        return np.array([float(x), float(60 - x), float(young - x), float(40 - young + x)])


def fitted_only(
    design: np.ndarray, sexes: np.ndarray, ages: np.ndarray, tolerance: float
) -> np.ndarray:
    table = design.reshape(2, 2).copy()
    while np.abs(table.sum(axis=1) / sexes - 1).max() > tolerance:
        table *= (sexes / table.sum(axis=1))[:, None]
        table *= ages / table.sum(axis=0)
    return table.ravel()


def test_a_missing_value_as_a_category_of_its_own():
    """2 of 8 by design weight have no sex: 25% of 100, and 75% of 60 and of 40 for the others."""
    people = sample(sex=["f", "m", None])
    cells = margin_cells(people, [SEX], own_category_by=np.array([3.0, 3.0, 2.0]))
    assert cells.names == (("f", "m", "no value"),)
    np.testing.assert_allclose(cells.targets[0], [45, 30, 25])


def test_where_nobody_lacks_a_value_there_is_no_category_for_it():
    cells = margin_cells(FOUR, [SEX], own_category_by=np.ones(4))
    assert cells.names == (("f", "m"),)
    assert cells.targets[0].tolist() == [60, 40]


def test_a_value_without_a_target_is_refused_beside_an_own_category():
    people = sample(sex=["f", "m", None, "x"])
    with pytest.raises(CalibrationError, match=r"1 respondents, .* are in x, which"):
        margin_cells(people, [SEX], own_category_by=np.ones(4))


def test_the_survey_declares_what_becomes_of_a_missing_value():
    people, design = small_people()
    people.loc[[0, 1, 2], "sex"] = None
    with pytest.raises(CalibrationError, match=r"3 respondents, .* no value of sex.*own_category"):
        calibrate(design, people, small_survey())
    own = small_survey({"about": {"calibration": {"missing_margin_value": "own_category"}}})
    found = calibrate(design, people, own)
    share = found.weights[:3].sum() / found.weights.sum()
    assert share == pytest.approx(design[:3].sum() / design.sum(), rel=1e-9)


def test_merged_categories_are_weighted_as_one():
    """Young women, of whom there are none, join old women: 10 + 50, each of two gets 30."""
    people = sample(sex=["f", "f", "m", "m"], age=["old", "old", "young", "old"])
    crossed = margin("sex_by_age", {"f|young": 10, "f|old": 50, "m|young": 20, "m|old": 20})
    merged = {"sex_by_age": [["f × young", "f × old"]]}
    cells = margin_cells(people, [crossed], merged)
    assert cells.names == (("f × young + f × old", "m × young", "m × old"),)
    np.testing.assert_allclose(rake(np.ones(4), cells).weights, [30, 30, 20, 20])


def test_a_merge_of_an_unknown_category_is_refused():
    with pytest.raises(CalibrationError, match="Margin sex: x is to be merged but is no category"):
        margin_cells(FOUR, [SEX], {"sex": [["f", "x"]]})


METHODS = [
    {"method": "linear"},
    {"method": "logit", "bounds": [0.05, 12]},
    {"method": "truncated", "bounds": [0.05, 12]},
    {"method": "raking", "trim": {"ratio_to_design": [0.05, 12]}},
    {"method": "logit", "bounds": [0.04, 15], "trim": {"ratio_to_design": [0.05, 12]}},
]


@st.composite
def samples(draw: st.DrawFn) -> tuple[pd.DataFrame, list[Margin], np.ndarray]:
    """People over two margins with every cell taken, and positive design weights."""
    size = draw(st.integers(12, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    every = [(sex, age) for sex in "fm" for age in "yxo"]
    drawn = every + [every[place] for place in rng.integers(0, 6, size - 6)]
    young = draw(st.floats(0.2, 0.4))
    totals = {"y": 1000 * young, "x": 300.0, "o": 700 - 1000 * young}
    people = sample(sex=[sex for sex, _ in drawn], age=[age for _, age in drawn])
    margins = [margin("sex", {"f": 600, "m": 400}), margin("age", totals)]
    return people, margins, rng.uniform(0.5, 2, size)


def test_the_search_does_not_go_to_and_fro_between_bounds():
    """Three of 21 people stand for half of the population: factors near 6, bounds from 0.04 to 15.

    Newton's first step from 1 takes them to the upper bound, the next to the lower, and so on for
    ever, were a step taken for its smaller gap alone.
    """
    sex, age = "fffmmmffffmmmmmffmfmf", "yxoyxoxxxyxyxxyoyyxyy"
    people = sample(sex=list(sex), age=list(age))
    totals = {"y": 203.125, "x": 300.0, "o": 496.875}
    cells = margin_cells(people, [margin("sex", {"f": 600, "m": 400}), margin("age", totals)])
    design = np.array(
        [
            *(0.59, 0.5, 0.54, 1.61, 1.31, 0.55, 0.53, 1.02, 1.41, 1.91, 0.68),
            *(1.67, 1.49, 1.4, 0.74, 1.07, 0.6, 1.81, 0.57, 1.31, 0.51),
        ]
    )
    keys = {"method": "logit", "bounds": [0.04, 15], "trim": {"ratio_to_design": [0.05, 12]}}
    found = weights_by_rule(design, cells, rule(**keys))
    checks = margin_checks(cells, design, found.weights)
    np.testing.assert_allclose(checks["calibrated"], checks["control_total"], rtol=1e-9)


@pytest.mark.parametrize("near", [1e-3, 1e-4, 1e-5, 1e-6])
@pytest.mark.parametrize("top", [2, 3, 4])
@pytest.mark.parametrize("method", ["raking", "linear"])
def test_totals_close_to_what_limits_allow_are_met(method, top, near):
    """One margin of 10, 60 and 30 people leaves no choice: w/d is 4(1 − 1e-5), 0.9 and the rest.

    The first is just within a limit of 4. The search passes it, where weights do not move any more.
    """
    people = sample(sex=[*"a" * 10, *"b" * 60, *"c" * 30])
    factors = [top * (1 - near), 0.9, (100 - 10 * top * (1 - near) - 54) / 30]
    totals = dict(zip("abc", np.array([10, 60, 30]) * factors, strict=True))
    cells = margin_cells(people, [margin("sex", totals)])
    keys = {"method": method, "trim": {"ratio_to_design": [0.1, top]}}
    found = weights_by_rule(np.ones(100), cells, rule(**keys))
    np.testing.assert_allclose(found.weights, np.repeat(factors, [10, 60, 30]), rtol=1e-9)


@pytest.mark.parametrize("method", ["truncated", "logit"])
@pytest.mark.parametrize("seed", [1, 319])
def test_totals_that_put_most_weights_at_a_limit_are_met(method, seed):
    """Totals a hundredth of the way from weights that are all at a limit to the design weights."""
    rng = np.random.default_rng(seed)
    people = pd.DataFrame({name: rng.choice(list("abc"), 60) for name in ("sex", "age", "area")})
    design, towards = np.exp(rng.normal(size=60)), rng.normal(size=9)
    pull = sum(
        towards[3 * place : 3 * place + 3][pd.factorize(people[name], sort=True)[0]]
        for place, name in enumerate(people)
    )
    low, high = 0.1, 10.0
    spare, factor = 100 * (1 - low), np.full(60, low)
    scaled = 100 * design / design.sum()
    for one in np.argsort(-pull):
        factor[one] += min(high - low, spare / scaled[one])
        spare -= (factor[one] - low) * scaled[one]
    aim = scaled * (0.99 * factor + 0.01)
    margins = [margin(name, aim_by(people[name], aim)) for name in people]
    cells = margin_cells(people.astype("category"), margins)
    found = weights_by_rule(design, cells, rule(method=method, bounds=[low, high]))
    checks = margin_checks(cells, design, found.weights)
    np.testing.assert_allclose(checks["calibrated"], checks["control_total"], rtol=1e-9)
    ratio = found.weights / scaled
    assert low - 1e-12 <= ratio.min() < ratio.max() <= high + 1e-12


def aim_by(category: pd.Series, aim: np.ndarray) -> dict[str, float]:
    return pd.Series(aim).groupby(category).sum().to_dict()


@settings(max_examples=40, deadline=None)
@given(samples(), st.sampled_from(METHODS))
def test_margins_are_met_and_bounds_hold(drawn, keys):
    people, margins, design = drawn
    cells = margin_cells(people, margins)
    found = weights_by_rule(design, cells, rule(**keys))
    checks = margin_checks(cells, design, found.weights)
    np.testing.assert_allclose(checks["calibrated"], checks["control_total"], rtol=1e-9)
    factor = found.weights / (design * 1000 / design.sum())
    if keys["method"] != "linear":
        assert factor.min() >= 0.05 - 1e-12
        assert factor.max() <= 12 + 1e-12


@settings(max_examples=40, deadline=None)
@given(samples(), st.sampled_from(METHODS), st.floats(1e-3, 1e4))
def test_scale_and_order_do_not_matter(drawn, keys, scale):
    people, margins, design = drawn
    weights = weights_by_rule(design, margin_cells(people, margins), rule(**keys)).weights
    order = np.argsort(design)
    shuffled = margin_cells(people.iloc[order].reset_index(drop=True), margins)
    again = weights_by_rule(scale * design[order], shuffled, rule(**keys)).weights
    np.testing.assert_allclose(again, weights[order], rtol=1e-8, atol=1e-8)
