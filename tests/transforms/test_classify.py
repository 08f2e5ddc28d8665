"""Domains: each respondent has one of the declared values, or none."""

import numpy as np
import pytest
from builders import REFUSED, WAVE, raw_return, small_rows, small_survey

from transforms.classify import classify, value_combinations
from transforms.decode import decode
from transforms.errors import ReturnRejected

LABELLED = {"label": "some label"}


def classified(changes=None, **columns):
    survey = small_survey(changes)
    return classify(decode(raw_return(small_rows(**columns)), survey, WAVE), survey)


def with_domain(values, *source, items=None):
    domain = {"label": "Made up", "values": {v: LABELLED for v in values}, "source": list(source)}
    return {
        "measured": {"domains": {"made_up": domain}},
        "questionnaire": {"items": items or {}},
    }


def values(column):
    return [None if value != value else value for value in column]


def test_one_row_a_respondent_and_one_column_a_domain():
    domains = classified()

    assert list(domains.columns) == ["area", "sex", "age_band"]
    assert domains.index.tolist() == list(range(8))
    assert domains["area"].tolist() == ["north"] * 4 + ["south"] * 4
    assert domains["area"].cat.categories.tolist() == ["north", "south"]
    assert domains["area"].cat.ordered


def test_bands_hold_their_ends_and_nothing_between_or_beyond():
    some = {"measured": {"domains": {"age_band": {"partitions_force": False}}}}
    domains = classified(some, age=[16, 34, 34.5, 35, 64, 65, 110, 998])

    expected = ["16-34", "16-34", None, "35-64", "35-64", "65+", "65+", None]
    assert values(domains["age_band"]) == expected
    assert domains["age_band"].cat.categories.tolist() == ["16-34", "35-64", "65+"]


def test_a_number_in_no_band_is_refused_where_the_values_are_everybody():
    """Else the areas' or ages' figures would silently no longer add up to the force's."""
    with pytest.raises(ReturnRejected, match="2 interviews have a number in age") as refused:
        classified(age=[16, 34, 34.5, 35, 64.5, 65, 110, 998])
    assert "16 to 34, 35 to 64, 65 to 110" in refused.value.expected
    assert "widen the bands" in refused.value.remedy


def test_no_valid_answer_no_value():
    assert values(classified(sex=[1, 2, 9, 9] * 2)["sex"]) == ["male", "female", None, None] * 2


def test_a_recoding_may_join_codes_and_leave_some_out():
    changes = with_domain(
        ["low", "high"], {"item": "confidence", "recode": {5: "low", 4: "low", 1: "high"}}
    )
    domains = classified(changes, Q1=[1, 2, 3, 4, 5, 97, 98, np.nan])

    assert values(domains["made_up"]) == ["high", None, None, "low", "low", None, None, None]
    assert domains["made_up"].cat.categories.tolist() == ["low", "high"]


def test_a_recoding_of_codes_held_as_text():
    gender = {
        "label": "Gender",
        "codes": {"F": {"name": "female", "label": "F"}, 1: {"name": "other", "label": "Other"}},
        "missing": {"-": REFUSED},
    }
    changes = with_domain(
        ["women", "others"],
        {"item": "gender", "recode": {"F": "women", 1: "others"}},
        items={"gender": gender},
    )

    made_up = classified(changes, gender=["F", "1", "-", "F"] * 2)["made_up"]
    assert values(made_up) == ["women", "others", None, "women"] * 2


def test_the_first_source_that_the_wave_asks_is_used():
    later = {"label": "Later", "codes": {1: {"name": "low", "label": "Low"}}}
    changes = with_domain(
        ["low", "high"],
        {"item": "later"},
        {"item": "age", "bands": {"low": [16, 40], "high": [41, 110]}},
        items={"later": {**later, "first_asked": "2026-Q3"}},
    )

    made_up = classified(changes, age=[20, 60] * 4)["made_up"]
    assert values(made_up) == ["low", "high"] * 4


def test_a_domain_that_the_wave_cannot_know_has_no_column():
    later = {"label": "Later", "codes": {1: {"name": "low", "label": "Low"}}}
    changes = with_domain(
        ["low"], {"item": "later"}, items={"later": {**later, "first_asked": "2026-Q3"}}
    )

    assert "made_up" not in classified(changes)


def test_combinations_of_values_are_those_that_somebody_has():
    domains = classified(
        area=[1, 1, 2, 2], sex=[2, 2, 1, 9], respondents=4
    )  # the last refused to say
    held, place = value_combinations(domains, ["area", "sex"])

    assert held == [("north", "female"), ("south", None), ("south", "male")]
    assert place.tolist() == [0, 0, 2, 1]


def test_without_domains_everybody_has_the_one_empty_combination():
    held, place = value_combinations(classified(), [])

    assert held == [()]
    assert place.tolist() == [0] * 8
