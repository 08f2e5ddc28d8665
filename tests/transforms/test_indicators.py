"""Indicators: 1 counts, 0 is in the base and does not, nothing is outside the base."""

import numpy as np
import pytest
from builders import WAVE, raw_return, small_rows, small_survey
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.catalogue import MissingReason
from transforms.decode import decode
from transforms.errors import DeclarationError
from transforms.indicators import indicators


def indicated(changes=None, **columns):
    survey = small_survey(changes)
    return indicators(decode(raw_return(small_rows(**columns)), survey, WAVE), survey)


def values(column):
    return [None if np.isnan(value) else value for value in column]


def test_dont_know_stays_in_the_base_and_the_others_leave_it():
    #          agree  tend  neither  disagree  don't know  refused  blank
    confident = indicated(Q1=[1, 2, 3, 5, 97, 98, np.nan, 1])["confident"]

    assert values(confident) == [1, 1, 0, 0, 0, None, None, 1]
    assert np.nanmean(confident) == (1 + 1 + 0 + 0 + 0 + 1) / 6


def test_one_row_a_respondent_and_one_column_a_measure():
    frame = indicated()

    assert list(frame.columns) == ["confident", "chat_aware", "chat_satisfied"]
    assert frame.index.tolist() == list(range(8))
    assert (frame.dtypes == "float64").all()


def test_those_not_asked_are_outside_the_base():
    yes, no, blank = 1.0, 2.0, np.nan
    satisfied = indicated(
        Q2=[yes, yes, yes, yes, yes, no, yes, no],
        Q3=[yes, yes, yes, no, yes, blank, yes, blank],
        Q4=[yes, no, 97, blank, blank, blank, 98, blank],
    )["chat_satisfied"]

    # used it: satisfied, not, unsure; then not used, used and silent, unaware, refused, unaware
    assert values(satisfied) == [1, 0, 0, None, None, None, None, None]


@settings(max_examples=8, deadline=None)
@given(st.sets(st.sampled_from(["dont_know", "refused", "no_answer"])))
def test_the_reasons_that_leave_the_base_are_the_measures_own(leaving):
    changes = {"measured": {"measures": {"confident": {"leaves_base": sorted(leaving)}}}}
    confident = indicated(changes, Q1=[97, 98, np.nan, 1, 5, 1, 5, 1])["confident"]

    reasons = ["dont_know", "refused", "no_answer"]
    assert values(confident)[:3] == [None if reason in leaving else 0 for reason in reasons]
    assert values(confident)[3:] == [1, 0, 1, 0, 1]


def test_every_reason_leaves_the_base_by_default_but_dont_know():
    leaves = small_survey().measures["confident"].leaves_base

    assert set(MissingReason) - set(leaves) == {MissingReason.DONT_KNOW}


def test_a_measure_whose_item_is_not_asked_has_no_column():
    changes = {"questionnaire": {"items": {"confidence": {"first_asked": "2026-Q3"}}}}

    assert "confident" not in indicated(changes)


def test_a_measure_that_nothing_can_count_towards_is_a_mistake():
    changes = {"measured": {"measures": {"confident": {"counts": ["excellent", "good"]}}}}

    with pytest.raises(DeclarationError, match="confident counts excellent, good") as raised:
        indicated(changes)
    assert "strongly_agree, tend_to_agree" in raised.value.expected


def test_codes_follow_the_wave():
    turned = {
        1: {"name": "strongly_disagree", "label": "Strongly disagree"},
        5: {"name": "strongly_agree", "label": "Strongly agree"},
    }
    changes = {"questionnaire": {"items": {"confidence": {"in_wave": {WAVE: {"codes": turned}}}}}}

    assert values(indicated(changes, Q1=[1, 5.0] * 4)["confident"]) == [0, 1] * 4
