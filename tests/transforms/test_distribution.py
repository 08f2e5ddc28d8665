"""Tests of whole distributions: worked sums, and what must hold of any table."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from transforms.distribution import (
    CategoryTotals,
    Crosstab,
    adjusted_wald,
    crosstab,
    rao_scott,
    shares_with_covariance,
    two_periods,
    wald,
)
from transforms.errors import DesignError
from transforms.estimation import sample_design
from transforms.weighting import Calibrated
from transforms.windows import satterthwaite

NOW, BEFORE = np.array([1.0, 0.0]), np.array([0.0, 1.0])


def simple_sample(row: list[int], column: list[int]) -> Crosstab:
    """Everybody a PSU of their own, one stratum, weight 1."""
    everyone = pd.Series(range(len(row)))
    weights = np.ones(len(row))
    design = sample_design(pd.Series(0, index=everyone.index), everyone)
    unweighted = Calibrated(weights, weights, None, "none", 0, 0.0)
    return crosstab(np.array(row), np.array(column), unweighted, design)


def multinomial(counts: list[int], df: float, inflation: float = 1.0) -> CategoryTotals:
    """Totals of a simple random sample, their covariance n(diag(p) − pp') times `inflation`."""
    n = np.array(counts, dtype=float)
    share = n / n.sum()
    covariance = inflation * n.sum() * (np.diag(share) - np.outer(share, share))
    return CategoryTotals(n, covariance, n.astype(np.int64), df)


def test_in_a_simple_random_sample_the_test_is_pearsons():
    row = [0] * 30 + [1] * 50
    column = [0] * 10 + [1] * 20 + [0] * 30 + [1] * 20
    table = simple_sample(row, column)
    classical = stats.chi2_contingency([[10, 20], [30, 20]], correction=False)
    found = rao_scott(table)
    # (10·20 − 20·30)²·80 / (30·50·40·40)
    assert found.pearson == pytest.approx(400**2 * 80 / (30 * 50 * 40 * 40), rel=1e-12)
    assert found.pearson == pytest.approx(classical.statistic, rel=1e-12)
    assert found.first_order.ndf == 1 and found.df == 79


def test_a_design_effect_of_three_divides_the_statistic_by_three():
    # Both samples have the same answers, so that observed and expected shares agree exactly.
    counts = [40, 60, 100]
    plain = rao_scott(two_periods([multinomial(counts, 50)] * 2, NOW, BEFORE))
    tripled = rao_scott(two_periods([multinomial(counts, 50, 3.0)] * 2, NOW, BEFORE))
    assert plain.design_effects == pytest.approx([1.0, 1.0], rel=1e-10)
    assert tripled.design_effects == pytest.approx([3.0, 3.0], rel=1e-10)
    # Equal design effects: d₀ is the classical 2, the reference F(2, 2·df).
    assert tripled.second_order.ndf == pytest.approx(2.0, rel=1e-10)


def test_two_answers_have_satterthwaites_degrees_of_freedom():
    now, before = multinomial([30, 70], 12, 2.0), multinomial([110, 90], 40, 1.5)
    found = rao_scott(two_periods([now, before], NOW, BEFORE))
    # What each period adds to the variance of the logit difference: V(p)/(p(1 − p))².
    variances = [
        covariance[0, 0] / (share[0] * share[1]) ** 2
        for share, covariance in map(shares_with_covariance, (now, before))
    ]
    wanted = satterthwaite(np.array(variances), np.array([12.0, 40.0])).item()
    assert found.df == pytest.approx(wanted, rel=1e-10)
    assert found.second_order.ddf == pytest.approx(wanted, rel=1e-10)


def test_shares_add_up_and_so_do_their_covariances():
    share, covariance = shares_with_covariance(multinomial([12, 30, 58], 20, 1.7))
    assert share == pytest.approx([0.12, 0.30, 0.58])
    # 1.7·p(1 − p)/n of a simple random sample of 100
    assert covariance[0, 0] == pytest.approx(1.7 * 0.12 * 0.88 / 100)
    assert covariance[0, 1] == pytest.approx(-1.7 * 0.12 * 0.30 / 100)
    assert covariance.sum(axis=0) == pytest.approx(0.0, abs=1e-15)


def test_windows_that_share_a_wave_are_correlated_through_it():
    """Var(r_S − r_T) from the table is Σ v_q of methods §4: the shared wave almost cancels."""
    waves = [multinomial([30, 70], 12), multinomial([45, 55], 15), multinomial([60, 40], 20)]
    latest, earlier = np.array([0.0, 1.0, 1.0]), np.array([1.0, 1.0, 0.0])
    table = two_periods(waves, latest, earlier)
    whole = table.totals.sum(axis=1)
    share = table.totals[:, 0] / whole
    gradient = np.array(
        [
            *((1 - share[0]) / whole[0], -share[0] / whole[0]),
            *(-(1 - share[1]) / whole[1], share[1] / whole[1]),
        ]
    )
    expected = 0.0
    for wave, s, t in zip(waves, latest / whole[0], earlier / whole[1], strict=True):
        alpha, beta = s - t, share[0] * s - share[1] * t
        var_y, var_x = wave.covariance[0, 0], wave.covariance.sum()
        cov = wave.covariance[0].sum()
        expected += alpha**2 * var_y - 2 * alpha * beta * cov + beta**2 * var_x
    found = gradient @ table.covariances.sum(axis=0) @ gradient
    assert found == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("test", [wald, adjusted_wald, lambda t: rao_scott(t).second_order])
def test_order_of_answers_and_units_of_weights_are_irrelevant(test):
    now, before = multinomial([30, 50, 20], 12, 2.0), multinomial([60, 90, 90], 40, 1.5)
    order = [2, 0, 1]

    def changed(one: CategoryTotals) -> CategoryTotals:
        covariance = one.covariance[np.ix_(order, order)] * 1000**2
        return CategoryTotals(one.totals[order] * 1000, covariance, one.counts[order], one.df)

    found = test(two_periods([changed(now), changed(before)], NOW, BEFORE))
    wanted = test(two_periods([now, before], NOW, BEFORE))
    assert 0.0001 < wanted.p_value < 0.2
    for name in ("statistic", "ndf", "ddf", "p_value"):
        assert getattr(found, name) == pytest.approx(getattr(wanted, name), rel=1e-9)


def test_an_answer_nobody_gave_in_either_period_is_no_answer():
    with_empty = [multinomial([30, 0, 70], 12), multinomial([45, 0, 55], 15)]
    without = [multinomial([30, 70], 12), multinomial([45, 55], 15)]
    found = rao_scott(two_periods(with_empty, NOW, BEFORE)).second_order
    assert found == rao_scott(two_periods(without, NOW, BEFORE)).second_order


def test_a_period_against_itself_has_no_test():
    same = two_periods([multinomial([30, 50, 20], 12)], np.array([1.0]), np.array([1.0]))
    for result in (rao_scott(same).second_order, rao_scott(same).first_order, wald(same)):
        assert np.isnan(result.p_value) and np.isnan(result.statistic)


def test_a_table_of_one_column_is_refused():
    one_answer = two_periods([multinomial([30, 0], 12), multinomial([45, 0], 15)], NOW, BEFORE)
    with pytest.raises(DesignError, match="single row or column"):
        rao_scott(one_answer)


def test_a_table_with_a_rectangle_of_empty_cells_is_refused():
    totals = np.array([[0.0, 0.0, 20.0], [0.0, 0.0, 30.0], [10.0, 15.0, 25.0]])
    with pytest.raises(DesignError, match="too many empty cells"):
        rao_scott(Crosstab(totals, np.eye(9)[None], np.array([20.0]), 100))
