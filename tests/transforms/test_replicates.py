"""Replicate weights: draws by hand, every replicate on its margins, and the loud ends."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.catalogue import Calibration, ReplicateRule
from transforms.errors import CalibrationError, DesignError
from transforms.estimation import SampleDesign, sample_design, wave_totals
from transforms.replicates import (
    Draws,
    ReplicateWeights,
    batch,
    bootstrap,
    calibrated_draws,
    jackknife,
    lost,
    replicate_shares,
    replicate_variance,
    replicate_weights,
    seed_of,
    stream_of,
)
from transforms.weighting import (
    Calibrated,
    MarginCells,
    limits_of,
    weights_by_rule,
    weights_within,
)


def design(stratum: list[int], psu: list[int], **more: Any) -> SampleDesign:
    if "population_psus" in more:
        more["population_psus"] = pd.Series(more["population_psus"], dtype=float)
    return sample_design(pd.Series(stratum), pd.Series(psu), **more)


def stream(wave: str = "2026-Q2") -> np.random.Generator:
    return stream_of(seed_of("tests", wave))


def rule(**keys: Any) -> Calibration:
    return Calibration.model_validate({"margins": ["area"], **keys})


# 480 respondents in 8 strata of 6 PSUs; two margins of 3 and 4 categories in every PSU.
RNG = np.random.default_rng(20260401)
PSU = np.repeat(np.arange(48), 10)
STRATUM = PSU % 8
WEIGHT = RNG.gamma(3, 20, len(PSU)) + 5
CATEGORY = np.column_stack([RNG.integers(0, 3, len(PSU)), RNG.integers(0, 4, len(PSU))])
CELLS = MarginCells(
    ("area", "age"),
    (("n", "s", "w"), ("16", "35", "55", "75")),
    CATEGORY,
    (np.array([4000.0, 3500, 2500]), np.array([2000.0, 3600, 2700, 1700])),
)
DESIGN = design(list(STRATUM), list(PSU))
METHODS = [
    rule(),
    rule(method="linear"),
    rule(method="logit", bounds=[0.2, 4]),
    rule(method="truncated", bounds=[0.5, 1.8]),
    rule(trim={"ratio_to_design": [0.5, 1.8]}),
    rule(trim={"ratio_to_mean": [0.1, 3.5]}),
]


def wave(
    calibration: Calibration | None = METHODS[0],
    cells: MarginCells = CELLS,
    sampled: SampleDesign = DESIGN,
    weight: np.ndarray = WEIGHT,
    name: str = "2026-Q2",
    survey: str = "tests",
    **declared: Any,
) -> ReplicateWeights:
    """Replicate weights of the wave above; the full sample's own weights play no part in them."""
    held = cells if calibration else None
    full = Calibrated(weight, weight, held, "raking", 1, 0.0)
    declaration = ReplicateRule.model_validate({"count": 50, **declared})
    return replicate_weights(full, sampled, declaration, calibration, survey, name)


def totals(cells: MarginCells, weights: np.ndarray) -> np.ndarray:
    """(categories × replicates)"""
    indicators = np.zeros((len(weights), len(cells.target)))
    np.put_along_axis(indicators, cells.columns, 1.0, axis=1)
    return indicators.T @ weights


# Draws


def test_jackknife_by_hand():
    """Strata of PSUs {1, 2} and {3, 4, 5}: without PSU 1, PSU 2 counts 2/1; without 3, 4 and 5 3/2.

    Values 1, 5 and 2, 3, 7 with weight 1 add up to 18. Leaving one out gives 12 + 10 = 22 and 14,
    then 6 + 15 = 21, 6 + 13.5 = 19.5 and 6 + 7.5 = 13.5: deviations 4, −4, 3, 1.5, −4.5 from 18.
    Variance 1/2·(16 + 16) + 2/3·(9 + 2.25 + 20.25) = 16 + 21 = 37.
    """
    draws = jackknife(design([1, 1, 2, 2, 2], [1, 2, 3, 4, 5]))
    np.testing.assert_allclose(
        draws.multiplier,
        np.array(
            [
                [0, 2, 1, 1, 1],
                [2, 0, 1, 1, 1],
                [1, 1, 0, 1.5, 1.5],
                [1, 1, 1.5, 0, 1.5],
                [1, 1, 1.5, 1.5, 0],
            ]
        ),
    )
    np.testing.assert_allclose(draws.rscales, [1 / 2, 1 / 2, 2 / 3, 2 / 3, 2 / 3])
    theta = np.array([1, 5, 2, 3, 7]) @ draws.multiplier
    np.testing.assert_allclose(theta, [6 + 4 + 12 - 0, 2 + 12, 6 + 15, 6 + 13.5, 6 + 7.5])
    assert replicate_variance(theta, draws.scale, draws.rscales) == pytest.approx(37)


def test_a_bootstrap_draws_one_less_than_there_are_and_scales_up():
    """With 6 PSUs in a stratum: 5 draws, each worth 6/5, so a stratum's multipliers add up to 6."""
    draws = bootstrap(DESIGN, 200, stream())
    times = draws.multiplier * 5 / 6
    np.testing.assert_allclose(times, np.round(times), atol=1e-12)
    for stratum in range(8):
        rows = DESIGN.stratum == stratum
        np.testing.assert_allclose(draws.multiplier[rows].sum(axis=0), 6)
    assert draws.scale == pytest.approx(1 / 199)
    assert draws.rscales.tolist() == [1.0] * 200


def test_bootstrap_draws_are_even():
    """5 draws of 6 PSUs: on average 5/6 times each, with variance 5·(1/6)·(5/6)."""
    times = bootstrap(DESIGN, 20_000, stream()).multiplier * 5 / 6
    assert abs(times.mean(axis=1) - 5 / 6).max() < 5 * np.sqrt(5 / 6 * 5 / 6 / 20_000)
    assert times.var(axis=1).mean() == pytest.approx(25 / 36, rel=0.02)


@pytest.mark.parametrize("policy", ["centre", "certainty", "average"])
@pytest.mark.parametrize("population", [None, [12, 12, 12, 9, 9, 1, 8]])
def test_a_jackknife_of_a_total_is_the_linearised_variance(policy, population):
    """For a total both are the same sum, whatever the lonely PSU counts for and is drawn from."""
    more = {} if population is None else {"population_psus": population}
    sampled = design([1, 1, 1, 2, 2, 3, 4], list(range(7)), lonely_psu=policy, **more)
    y = np.array([0.0, 1, 1, 1, 0, 1, 1])
    weight = np.array([3.0, 4, 5, 2, 6, 7, 4])
    linearised = linearised_total(sampled, y, weight)
    draws = jackknife(sampled)
    theta = (y * weight) @ draws.multiplier[sampled.psu]
    assert replicate_variance(theta, draws.scale, draws.rscales) == pytest.approx(linearised)


@pytest.mark.parametrize("policy", ["centre", "certainty", "average"])
@pytest.mark.parametrize("population", [None, [12, 12, 12, 9, 9, 1, 8]])
def test_a_bootstrap_of_a_total_is_on_average_the_linearised_variance(policy, population):
    more = {} if population is None else {"population_psus": population}
    sampled = design([1, 1, 1, 2, 2, 3, 4], list(range(7)), lonely_psu=policy, **more)
    y = np.array([0.0, 1, 1, 1, 0, 1, 1])
    weight = np.array([3.0, 4, 5, 2, 6, 7, 4])
    draws = bootstrap(sampled, 40_000, stream())
    assert (draws.multiplier >= 0).all()
    theta = (y * weight) @ draws.multiplier[sampled.psu]
    variance = replicate_variance(theta, draws.scale, draws.rscales)
    assert variance == pytest.approx(linearised_total(sampled, y, weight), rel=0.03)


def linearised_total(sampled: SampleDesign, y: np.ndarray, weight: np.ndarray) -> float:
    uncalibrated = Calibrated(weight, weight, None, "none", 0, 0.0)
    indicators = pd.DataFrame({"y": y})
    found = wave_totals(
        indicators, pd.DataFrame(index=range(len(y))), uncalibrated, sampled, {"y": ()}
    )
    return float(found["var_y"].iloc[0])


def test_a_half_step_keeps_everybody_and_the_variance_of_a_total():
    """Half the deviations, four times their squares."""
    for make in (
        lambda step: bootstrap(DESIGN, 80, stream(), step),
        lambda s: jackknife(DESIGN, s),
    ):
        full, half = make(1.0), make(0.5)
        assert half.multiplier.min() == 0.5
        np.testing.assert_allclose(half.multiplier, (1 + full.multiplier) / 2)
        y = np.arange(48.0)
        variances = [
            replicate_variance(y @ one.multiplier, one.scale, one.rscales) for one in (full, half)
        ]
        assert variances[0] == pytest.approx(variances[1])


def test_a_jackknife_needs_a_stratum_of_two():
    with pytest.raises(DesignError, match="none to leave out"):
        jackknife(design([1, 2], [1, 2], lonely_psu="certainty"))


# Streams


def test_waves_and_surveys_have_streams_of_their_own():
    first = wave().draws.multiplier
    np.testing.assert_array_equal(first, wave().draws.multiplier)
    for other in (wave(name="2026-Q3"), wave(survey="others")):
        assert other.seed != wave().seed
        assert (other.draws.multiplier != first).any(axis=0).all()
    assert seed_of("a", "bc") != seed_of("ab", "c")


def test_a_stream_never_changes():
    """Stored replicates can be made again, by any later version."""
    assert seed_of("west_midlands", "2026-Q2") == "b8360653ae8011a9d5912a9d6bff97a8"
    drawn = bootstrap(design([1, 1, 1, 2, 2], list(range(5))), 4, stream("golden"))
    np.testing.assert_allclose(
        drawn.multiplier.T,
        [[1.5, 0, 1.5, 2, 0], [0, 0, 3, 0, 2], [1.5, 1.5, 0, 2, 0], [1.5, 0, 1.5, 2, 0]],
    )


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(len(PSU))))
def test_the_order_of_rows_leaves_replicates_unchanged(order):
    order = np.array(order)
    shuffled = wave(
        cells=replace(CELLS, category=CATEGORY[order]),
        sampled=design(list(STRATUM[order]), list(PSU[order])),
        weight=WEIGHT[order],
    )
    before = wave()
    np.testing.assert_array_equal(shuffled.draws.multiplier, before.draws.multiplier)
    np.testing.assert_allclose(shuffled.weights(), before.weights()[order], rtol=1e-10)


# Calibration


def alone(calibration: Calibration, multiplier: np.ndarray) -> np.ndarray:
    """One replicate's weights, calibrated without the others, by the wave's own code."""
    held = multiplier > 0
    cells = replace(CELLS, category=CATEGORY[held])
    weights = np.zeros(len(WEIGHT))
    drawn = (WEIGHT * multiplier)[held]
    if calibration.trim is None or calibration.trim.ratio_to_design is not None:
        weights[held] = weights_by_rule(drawn, cells, calibration).weights
    else:
        whole = limits_of(WEIGHT, calibration)
        limits = replace(whole, low=whole.low[held], high=whole.high[held])
        weights[held] = weights_within(drawn, cells, calibration, limits).weights
    return weights


@pytest.mark.parametrize("steps", [batch.STEPS, 1], ids=["in the batch", "one by one"])
@pytest.mark.parametrize("calibration", METHODS, ids=str)
def test_every_replicate_is_what_it_would_be_alone(calibration, steps, monkeypatch):
    monkeypatch.setattr(batch, "STEPS", steps)
    found = wave(calibration)
    assert found.calibration is not None
    if steps == 1:
        assert found.calibration.one_by_one > 0
    elif calibration.trim is None:
        assert found.calibration.one_by_one == 0
    weights = found.weights()
    for replicate, multiplier in enumerate(found.draws.multiplier[DESIGN.psu].T):
        np.testing.assert_allclose(
            weights[:, replicate], alone(calibration, multiplier), rtol=1e-9, atol=1e-9
        )


@pytest.mark.parametrize("calibration", METHODS, ids=str)
@pytest.mark.parametrize("declared", [{}, {"method": "jackknife", "count": None}], ids=str)
def test_every_replicate_meets_every_margin(calibration, declared):
    found = wave(calibration, **declared)
    weights = found.weights()
    gaps = totals(CELLS, weights) / CELLS.target[:, None] - 1
    assert abs(gaps).max() < 1e-10
    assert found.calibration is not None
    assert found.calibration.largest_relative_gap == pytest.approx(abs(gaps).max(), abs=1e-12)
    np.testing.assert_array_equal(weights == 0, found.draws.multiplier[DESIGN.psu] == 0)


def test_aliased_margins_are_met_too():
    """Age within area shares the areas' totals, so some categories follow from others."""
    crossed = CATEGORY[:, 0] * 4 + CATEGORY[:, 1]
    held = np.bincount(crossed, weights=WEIGHT, minlength=12) * 3
    areas = held.reshape(3, 4).sum(axis=1)
    cells = MarginCells(
        ("area_age", "area"),
        (tuple(map(str, range(12))), ("n", "s", "w")),
        np.column_stack([crossed, CATEGORY[:, 0]]),
        (held, areas),
    )
    found = wave(cells=cells)
    assert found.calibration is not None
    assert found.calibration.one_by_one == 0
    gaps = totals(cells, found.weights()) / cells.target[:, None] - 1
    assert abs(gaps).max() < 1e-10


def test_scaling_design_weights_changes_nothing():
    np.testing.assert_allclose(wave(weight=WEIGHT * 7).weights(), wave().weights(), rtol=1e-9)


def test_without_calibration_a_weight_is_the_design_weight_times_the_multiplier():
    found = wave(None)
    assert found.factors is None
    np.testing.assert_array_equal(
        found.weights(), WEIGHT[:, None] * found.draws.multiplier[DESIGN.psu]
    )


def test_blocks_are_the_weights():
    found = wave(count=150)
    np.testing.assert_array_equal(np.hstack(list(found.blocks())), found.weights())


# Lost categories


def rare_psus(psus: int) -> list[int]:
    return [6 * (number % 8) + number // 8 for number in range(psus)]


def with_rare(psus: int) -> MarginCells:
    """A margin whose last category has a respondent in each of `psus` PSUs, by stratum."""
    rare = np.zeros(len(PSU), dtype=np.int64)
    rare[[np.flatnonzero(DESIGN.psu == psu)[0] for psu in rare_psus(psus)]] = 1
    return MarginCells(("kind",), (("usual", "rare"),), rare[:, None], (np.array([9800.0, 200.0]),))


def test_a_replicate_that_loses_a_category_is_drawn_again_and_counted():
    """In 4 PSUs of 4 strata, a category is lost in ((5/6)^5)^4 of the replicates, 2.6%."""
    cells = with_rare(4)
    found = wave(cells=cells, count=400)
    first = bootstrap(DESIGN, 400, stream()).multiplier
    lost_at_first = (first[rare_psus(4)] == 0).all(axis=0)
    assert found.redrawn >= lost_at_first.sum() > 0
    np.testing.assert_array_equal(
        found.draws.multiplier[:, ~lost_at_first], first[:, ~lost_at_first]
    )
    assert not (found.draws.multiplier[rare_psus(4)] == 0).all(axis=0).any()
    assert abs(totals(cells, found.weights())[1] / 200 - 1).max() < 1e-10


def test_a_single_replicate_can_be_drawn_again():
    """About 1 in 100 replicates loses a category of 5 PSUs: in some waves exactly one of 100."""
    redrawn = [wave(cells=with_rare(5), count=100, name=str(n)).redrawn for n in range(12)]
    assert redrawn.count(1) >= 2


def test_a_category_lost_too_often_refuses_the_wave():
    with pytest.raises(CalibrationError, match=r"kind.*rare.*2 sampling points.*half_step"):
        wave(cells=with_rare(2), count=400)


@pytest.mark.parametrize("declared", [{"lost_category": "refuse"}, {"method": "jackknife"}])
def test_a_lost_category_refuses_the_wave_where_that_is_declared(declared):
    with pytest.raises(
        CalibrationError, match=r"Margin kind: .* nobody in rare.*1 sampling point\b"
    ):
        wave(cells=with_rare(1), **({"count": None} | declared))


@pytest.mark.parametrize("method", ["bootstrap", "jackknife"])
def test_a_half_step_loses_nobody(method):
    found = wave(cells=with_rare(1), method=method, count=None, lost_category="half_step")
    assert found.redrawn == 0
    assert (found.weights() > 0).all()
    assert abs(totals(with_rare(1), found.weights())[1] / 200 - 1).max() < 1e-10


def test_a_replicate_that_cannot_be_calibrated_refuses_the_wave():
    """Bounds that fit the sample may not fit a replicate."""
    with pytest.raises(CalibrationError, match=r"Replicate \d+ of 50: .*kind.*rare.*half_step"):
        wave(rule(method="truncated", bounds=[0.9, 1.1]), cells=with_rare(40))


@pytest.mark.parametrize("calibration", METHODS[:2])
def test_a_lost_category_that_nobody_looked_for_is_refused_too(calibration):
    """It leaves Newton's equations of that replicate singular; the others are solved with them."""
    multiplier = np.ones((48, 3))
    multiplier[rare_psus(3), 1] = 0
    draws = Draws(multiplier, 1.0, np.ones(3))
    with pytest.raises(CalibrationError, match=r"Replicate 2 of 3: .*kind.*rare"):
        calibrated_draws(draws, DESIGN.psu, WEIGHT, with_rare(3), calibration)


def test_lost_categories_are_counted_by_weight_not_by_rows():
    multiplier = np.ones((48, 2))
    multiplier[rare_psus(3), 1] = 0
    np.testing.assert_array_equal(
        lost.lost_categories(with_rare(3), DESIGN.psu, multiplier), [[False, False], [False, True]]
    )


# Variances


def test_variance_by_hand():
    """Replicates 1, 2, 6: mean 3, squares 4 + 1 + 9 = 14; about 2 they are 1 + 0 + 16 = 17."""
    theta = np.array([1.0, 2, 6])
    assert replicate_variance(theta, 1 / 2) == pytest.approx(7)
    assert replicate_variance(theta, 1 / 2, full_sample=2.0) == pytest.approx(8.5)
    rscales = np.array([1.0, 0, 1])
    # A replicate of rscale 0 is not in the mean either: (1 + 6)/2 = 3.5.
    assert replicate_variance(theta, 1, rscales) == pytest.approx(2.5**2 + 2.5**2)
    both = replicate_variance(np.array([theta, 2 * theta]), 1 / 2)
    np.testing.assert_allclose(both, [7, 28])


def test_no_variance_where_a_replicate_has_no_estimate():
    assert np.isnan(replicate_variance(np.array([0.5, np.nan, 0.4]), 1 / 2))


def test_shares_are_ratios_of_weighted_sums():
    """Every measure and domain value at once is each by itself."""
    y = (RNG.random(len(PSU)) < 0.4).astype(float)
    y[::9] = np.nan
    indicators = pd.DataFrame({"a": y, "b": 1 - np.nan_to_num(y)})
    classified = pd.DataFrame({"area": pd.Categorical.from_codes(CATEGORY[:, 0], list("nsw"))})
    classified.loc[::11, "area"] = np.nan
    found = wave(count=70)
    shares = replicate_shares(indicators, classified, {"a": ["area"], "b": []}, found)
    assert shares.keys.to_numpy().tolist() == [
        *(["a", "all", "all"], ["a", "area", "n"], ["a", "area", "s"], ["a", "area", "w"]),
        ["b", "all", "all"],
    ]
    weights = found.weights()
    inside = ~np.isnan(y) & (classified["area"] == "s").to_numpy()
    np.testing.assert_allclose(
        shares.share[2], (y[inside] @ weights[inside]) / weights[inside].sum(axis=0)
    )
    np.testing.assert_allclose(
        shares.share[4], indicators["b"].to_numpy() @ weights / weights.sum(axis=0)
    )


def test_a_domain_without_anybody_in_a_replicate_has_no_share_there():
    classified = pd.DataFrame({"point": pd.Categorical(PSU.astype(str))})
    found = wave(method="jackknife", count=None)
    one = pd.DataFrame({"a": np.ones(len(PSU))})
    shares = replicate_shares(one, classified, {"a": ["point"]}, found)
    assert np.isnan(shares.share[1:]).sum() == 48
