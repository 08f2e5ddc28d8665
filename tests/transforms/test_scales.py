"""Figures in words: shares in per cent, means on their own scale."""

import pandas as pd
import pytest
from builders import small_survey
from hypothesis import given
from hypothesis import strategies as st

from transforms.scales import SHARES, Scale, scale_of, with_units

TEN = Scale(0.0, 10.0, "points on a scale from 0 to 10")
FIVE = Scale(-2.0, 2.0, "points on a scale from −2 to 2")


@pytest.mark.parametrize(
    ("scale", "value", "written"),
    [
        (SHARES, 0.5238, "52.4%"),
        (Scale(share_decimals=0), 0.69, "69%"),
        (TEN, 6.44, "6.4"),
        (TEN, 6.45, "6.5"),
        (TEN, 10.0, "10.0"),
        # On a narrow scale a tenth is a lot, so there are two decimals.
        (FIVE, 0.425, "0.43"),
        (FIVE, -0.425, "−0.43"),
        (FIVE, -0.001, "0.00"),
    ],
)
def test_an_estimate_is_written_on_its_scale(scale, value, written):
    assert scale.figure(value) == written


@pytest.mark.parametrize(
    ("scale", "difference", "size", "signed"),
    [
        (SHARES, -0.031, "3.1 points", "−3.1"),
        (TEN, 0.31, "0.3 points on a scale from 0 to 10", "+0.3"),
        (FIVE, -0.31, "0.31 points on a scale from −2 to 2", "−0.31"),
        (TEN, 0.04, "0.0 points on a scale from 0 to 10", "0.0"),
        (SHARES, 0.01, "1.0 points", "+1.0"),
        (SHARES, -0.0001, "0.0 points", "0.0"),
    ],
)
def test_a_difference_has_its_unit(scale, difference, size, signed):
    assert scale.size(difference) == size
    assert scale.signed(difference) == signed
    assert scale.signed_size(difference) == f"{signed} {size.partition(' ')[2]}"


@given(st.sampled_from([SHARES, TEN, FIVE]), st.floats(-1, 1))
def test_a_difference_and_its_opposite_have_the_same_size(scale, difference):
    assert scale.size(difference) == scale.size(-difference)
    signs = {scale.signed(difference)[0], scale.signed(-difference)[0]}
    assert signs in ({"+", "−"}, {"0"})


def test_intervals_are_in_words():
    assert SHARES.interval(0.501, 0.547) == "between 50.1% and 54.7%"
    assert TEN.interval(6.1, 6.72) == "between 6.1 and 6.7"
    assert SHARES.difference_interval(-0.012, 0.05) == "between −1.2 and +5.0 points"
    assert TEN.difference_interval(-0.12, 0.5) == "between −0.1 and +0.5"


def test_a_mean_is_never_called_per_cent():
    assert (SHARES.heading, SHARES.words) == ("Per cent", "per cent")
    assert (TEN.heading, TEN.words) == ("Mean", "mean in points on a scale from 0 to 10")


def test_only_a_share_can_round_to_zero():
    """A mean of nought is a place on the scale like any other."""
    assert SHARES.rounds_to_zero(0.0004)
    assert not SHARES.rounds_to_zero(0.0005)
    assert not SHARES.rounds_to_zero(0.0)
    assert not FIVE.rounds_to_zero(0.0004)


@pytest.mark.parametrize(
    ("scale", "value", "label"),
    [(SHARES, 0.4, "40%"), (SHARES, 0.07, "7%"), (TEN, 2.0, "2"), (FIVE, -1.0, "−1")],
)
def test_a_tick_has_no_needless_decimals(scale, value, label):
    assert scale.tick(value) == label


def test_what_cannot_be_published_is_refused():
    with pytest.raises(ValueError, match="cannot be published"):
        TEN.figure(float("nan"))


AGREEMENT = {
    "label": "Agreement",
    "item": "confidence",
    "kind": "mean",
    "scores": {
        "strongly_agree": 2,
        "tend_to_agree": 1,
        "neither": 0,
        "tend_to_disagree": -1,
        "strongly_disagree": -2,
    },
    "base_label": "all adults",
}


def test_a_measures_scale_is_that_of_its_scores_and_its_unit_may_be_declared():
    survey = small_survey(
        {"measured": {"measures": {"agreement": AGREEMENT, "rises": AGREEMENT | {"unit": "steps"}}}}
    )
    assert scale_of(survey.measures["confident"]) == SHARES
    assert scale_of(survey.measures["agreement"]) == FIVE
    assert scale_of(survey.measures["rises"]) == Scale(-2.0, 2.0, "steps")


def test_rows_of_measures_are_given_their_units():
    survey = small_survey({"measured": {"measures": {"agreement": AGREEMENT}}})
    rows = with_units(pd.DataFrame({"measure": ["confident", "agreement"]}), survey)
    assert rows["unit"].isna().tolist() == [True, False]
    assert rows["unit"].iloc[1] == "points on a scale from −2 to 2"
