"""The variance of a difference by the true one, and the test and interval that follow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from totals_rows import total

from transforms.change.testing import tested as outcome_of
from transforms.estimation import share_variances, shares
from transforms.estimation.intervals import wilson
from transforms.windows import Differences, against_rest, outside_difference
from transforms.windows.score import Score, per_effective_base, score_of, score_where

LIMITS = (np.zeros(1), np.ones(1))


def contrast(n_y: int, n: int = 100, rest_y: int = 150, deviation: float = 4.0) -> Differences:
    """North, n_y of n, against a rest of 300 that is independent of it."""
    north = total("W1", n_y, n, "area", "north", deviation=deviation, df=12)
    force = total("W1", n_y + rest_y, n + 300, deviation=np.sqrt(deviation**2 + 8**2))
    return against_rest(pd.DataFrame([force, {**north, "cov_y_force_y": deviation**2}]))


@settings(deadline=None, max_examples=50)
@given(n_y=st.integers(1, 99), rest_y=st.integers(20, 280), deviation=st.floats(1, 12))
def test_the_interval_leaves_nought_out_just_where_p_is_small(n_y, rest_y, deviation):
    found = contrast(n_y, rest_y=rest_y, deviation=deviation)
    outcome = outcome_of(found, LIMITS, 0.95)
    holds_nought = outcome["ci_lower"][0] <= 0 <= outcome["ci_upper"][0]
    assert holds_nought == (outcome["p_value"][0] >= 0.05)
    assert outcome["ci_lower"][0] <= found.difference[0] <= outcome["ci_upper"][0]


def test_against_a_known_figure_it_is_wilsons_interval():
    row = pd.DataFrame([total("W1", 12, 100, deviation=4.0, df=12)])
    found = outcome_of(outside_difference(row, 0.2, 0.0, np.inf), LIMITS, 0.95)
    share = shares(row)
    ends = wilson(
        share,
        share_variances(row, share),
        np.array([100.0]),
        np.array([100.0]),
        np.array([12.0]),
        0.95,
    )
    assert found["ci_lower"] == pytest.approx(ends.lower - 0.2)
    assert found["ci_upper"] == pytest.approx(ends.upper - 0.2)


def test_seeing_few_is_no_surer_than_seeing_many():
    """Eight points below the rest's half and eight above, at the same effective base: alike."""
    below, above = (outcome_of(contrast(n_y, deviation=5.0), LIMITS, 0.95) for n_y in (42, 58))
    assert below["p_value"] == pytest.approx(above["p_value"], rel=1e-9)
    rare = contrast(6, rest_y=45, deviation=2.0)
    by_score, by_error = (outcome_of(one, LIMITS, 0.95) for one in (rare, plain(rare)))
    assert by_score["p_value"] > by_error["p_value"]


def plain(found: Differences) -> Differences:
    return replace(found, score=None)


def test_without_a_score_it_is_the_plain_t_test():
    found = plain(contrast(30))
    outcome = outcome_of(found, LIMITS, 0.95)
    assert outcome["ci_upper"] - found.difference == pytest.approx(
        found.difference - outcome["ci_lower"]
    )


def test_an_effective_base_is_at_most_the_base_and_kishs_where_all_agree():
    rows = pd.DataFrame(
        [
            {**total("W1", 50, 100), "sum_w2": 125.0},
            {**total("W1", 0, 100), "sum_w2": 125.0},
            {**total("W1", 50, 100), "sum_w2": 125.0},
        ]
    )
    parts = per_effective_base(rows, np.array([0.5, 0.0, 0.5]), np.array([0.005, 0.0, 0.001]))
    # 0.25/0.005 = 50; Kish: 100²/125 = 80; 0.25/0.001 = 250, cut at 100.
    assert 1 / parts == pytest.approx([50, 80, 100])


def test_nobody_on_a_side_leaves_an_interval_of_the_bases_width():
    """None of 100 say so. Formerly the domain's own uncertainty was taken as 0."""
    found = contrast(0, rest_y=15)
    ends = outcome_of(found, LIMITS, 0.95)
    score, side = found.score, plain(found)
    assert score is not None
    assert ends["ci_upper"][0] - ends["ci_lower"][0] > 2 * 1.96 * np.sqrt(side.variance[0])


def test_where_no_score_can_be_formed_the_variance_stands():
    score = Score(np.array([0.2, -0.1, 0.3]), np.ones(3), np.ones(3))
    kept = score_where(np.array([True, True, False]), score, np.full(3, 0.5))
    assert kept.at_zero.tolist() == [0.2, 0.5, 0.5]
    assert kept.linear.tolist() == kept.square.tolist() == [1.0, 0.0, 0.0]


def test_the_joint_share_stays_as_it_is():
    """30% of 100 and 60% of 300: 52.5% together. δ = −0.2 would be 37.5% and 57.5%."""
    score = score_of(
        (np.array([0.3]), np.array([0.6])),
        np.array([[0.02], [0.01]]),
        np.array([0.25]),
        np.zeros(1),
    )
    at = score.at_zero + score.linear * -0.2 - score.square * 0.04
    assert at == pytest.approx(0.02 * 0.375 * 0.625 + 0.01 * 0.575 * 0.425)
