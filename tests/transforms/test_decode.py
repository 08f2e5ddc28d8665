"""Decoding: every cell is an answer, a reason why there is none, or a fault that stops it."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from builders import DONT_KNOW, REFUSED, WAVE, raw_return, small_rows, small_survey
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.catalogue import MissingReason
from transforms.decode import decode
from transforms.errors import ReturnRejected

SURVEY = small_survey()
NA = None


def decoded(survey=SURVEY, **columns):
    return decode(raw_return(small_rows(**columns)), survey, WAVE)


def refused(survey=SURVEY, **columns) -> ReturnRejected:
    with pytest.raises(ReturnRejected) as raised:
        decoded(survey, **columns)
    assert raised.value.remedy
    return raised.value


def with_items(**items):
    return small_survey({"questionnaire": {"items": items}})


def values(column: pd.Series) -> list:
    return [None if pd.isna(value) else value for value in column]


def test_a_valid_return():
    responses = decoded()

    assert responses.wave == WAVE
    assert responses.left_out_rows == 0
    assert list(responses.respondents.columns) == [
        "serial",
        "interview_date",
        "stratum",
        "psu",
        "population_psus",
        "design_weight",
        "sample",
    ]
    assert responses.respondents["serial"].tolist()[:2] == ["1001", "1002"]
    assert responses.respondents["stratum"].tolist() == ["10"] * 4 + ["20"] * 4
    assert responses.respondents["psu"].tolist() == [
        p for p in ("100", "101", "102", "103") for _ in "ab"
    ]
    assert responses.respondents["interview_date"].dtype.kind == "M"
    # dwellings × adults: 50 × 1, 60 × 2, 70 × 1, 50 × 2
    assert responses.respondents["design_weight"].tolist()[:4] == [50, 120, 70, 100]
    assert responses.codes["confidence"].dtype == "Int64"
    assert responses.codes["age"].dtype == "float64"
    assert list(responses.codes.columns) == list(responses.reasons.columns)
    assert "serial" not in responses.codes
    for frame in (responses.respondents, responses.codes, responses.reasons):
        assert frame.index.tolist() == list(range(8))


def test_refused_and_dont_know_and_blank_stay_apart():
    responses = decoded(Q1=[1, 97, 98, np.nan, 5, 97, 2, 3.0])

    assert values(responses.codes["confidence"]) == [1, NA, NA, NA, 5, NA, 2, 3]
    assert values(responses.reasons["confidence"]) == [
        NA, "dont_know", "refused", "no_answer", NA, "dont_know", NA, NA,
    ]  # fmt: skip


def test_a_code_is_missing_only_for_the_item_that_says_so():
    survey = with_items(
        cause={"label": "Cause", "codes": {8: {"name": "family", "label": "Family"}}},
        worry={
            "label": "Worry",
            "codes": {1: {"name": "very", "label": "Very"}},
            "missing": {8: REFUSED, 9: DONT_KNOW},
        },
    )
    responses = decoded(survey, cause=8.0, worry=[1.0, 8.0] * 4)

    assert values(responses.codes["cause"]) == [8] * 8
    assert values(responses.reasons["cause"]) == [NA] * 8
    assert values(responses.codes["worry"]) == [1, NA] * 4
    assert values(responses.reasons["worry"]) == [NA, "refused"] * 4


def test_codes_may_differ_in_a_wave():
    survey = with_items(
        worry={
            "label": "Worry",
            "codes": {1: {"name": "very", "label": "Very"}},
            "missing": {8: REFUSED},
            "blank": "no_answer",
            "in_wave": {
                WAVE: {
                    "variable": "W",
                    "codes": {8: {"name": "very", "label": "Very"}},
                    "missing": {1: DONT_KNOW},
                    "blank": "not_asked",
                }
            },
        },
    )
    responses = decoded(survey, W=[1.0, 8.0, np.nan, 8.0] * 2)

    assert values(responses.codes["worry"]) == [NA, 8, NA, 8] * 2
    assert values(responses.reasons["worry"]) == ["dont_know", NA, "not_asked", NA] * 2


def test_an_item_that_the_wave_does_not_ask_has_no_column():
    survey = with_items(
        later={"label": "Later", "type": "number", "first_asked": "2026-Q3"},
        earlier={"label": "Earlier", "type": "number", "last_asked": WAVE, "blank": "no_answer"},
    )
    responses = decoded(survey, earlier=1.0)

    assert "later" not in responses.codes
    assert "earlier" in responses.codes


def test_routing_tells_a_blank_that_was_passed_by_from_one_that_was_not():
    yes, no, blank, unsure = 1.0, 2.0, np.nan, 97.0
    responses = decoded(
        Q2=[yes, yes, yes, no, blank, unsure, no, no],  # aware
        Q3=[yes, no, blank, blank, blank, blank, yes, blank],  # used
        Q4=[blank, blank, blank, blank, blank, blank, blank, no],  # satisfied
    )

    assert values(responses.reasons["chat_used"]) == [
        NA,  # answered
        NA,
        "no_answer",  # aware, so asked
        "not_asked",
        "not_asked",  # awareness is unknown: the routing led nowhere
        "not_asked",
        "not_asked",  # an answer that routing forbids is not counted
        "not_asked",
    ]
    assert values(responses.reasons["chat_satisfied"]) == [
        "no_answer",  # aware, has used
        "not_asked",  # has not used
        "not_asked",
        "not_asked",
        "not_asked",
        "not_asked",
        "not_asked",  # use is claimed by someone who was never asked about it
        "not_asked",  # satisfaction with what was not used
    ]
    assert values(responses.codes["chat_satisfied"]) == [NA] * 8
    assert values(responses.codes["chat_used"]) == [1, 2, *[NA] * 6]


def test_a_routed_item_says_not_asked_whatever_its_blank_says():
    survey = with_items(chat_used={"blank": "not_applicable"})
    responses = decoded(survey, Q2=[1.0, 2.0] * 4, Q3=np.nan, Q4=np.nan)

    assert values(responses.reasons["chat_used"]) == ["no_answer", "not_asked"] * 4


def test_a_parent_the_wave_does_not_ask_sets_no_condition():
    survey = with_items(chat_aware={"first_asked": "2026-Q3"}, chat_used={"blank": "no_answer"})
    responses = decoded(survey, Q3=[1.0, np.nan] * 4, Q4=np.nan)

    assert values(responses.reasons["chat_used"]) == [NA, "no_answer"] * 4
    assert values(responses.reasons["chat_satisfied"]) == ["no_answer", "not_asked"] * 4


def test_two_parents_must_both_lead_to_the_item():
    survey = with_items(
        chat_satisfied={"asked_if": {"chat_used": ["yes"], "sex": ["female"]}},
    )
    responses = decoded(survey, Q2=1.0, Q3=[1, 1, 2, 2.0] * 2, Q4=np.nan, sex=[1, 2, 1, 2.0] * 2)

    only_second = ["not_asked", "no_answer", "not_asked", "not_asked"]
    assert values(responses.reasons["chat_satisfied"]) == only_second * 2


def test_text_codes():
    survey = with_items(
        gender={
            "label": "Gender",
            "codes": {"M": {"name": "male", "label": "M"}, "F": {"name": "female", "label": "F"}},
            "missing": {"-": REFUSED},
            "blank": "no_answer",
        },
        chat_used={"asked_if": {"gender": ["female"]}},
    )
    responses = decoded(survey, gender=["M", "F ", "-", "  "] * 2, Q2=1.0, Q3=np.nan, Q4=np.nan)

    assert responses.codes["gender"].dtype == "str"
    assert values(responses.codes["gender"]) == ["M", "F", NA, NA] * 2
    assert values(responses.reasons["gender"]) == [NA, NA, "refused", "no_answer"] * 2
    only_female = ["not_asked", "no_answer", "not_asked", "not_asked"]
    assert values(responses.reasons["chat_used"]) == only_female * 2


def test_where_some_codes_are_text_all_are_held_as_text():
    survey = with_items(
        sex={"codes": {"X": {"name": "other", "label": "Other"}}},
        chat_used={"asked_if": {"sex": ["female"]}},
    )
    responses = decoded(survey, sex=["1", "2.0", "X", "9"] * 2, Q2=1.0, Q3=np.nan, Q4=np.nan)

    assert values(responses.codes["sex"]) == ["1", "2", "X", NA] * 2
    assert values(responses.reasons["chat_used"])[:2] == ["not_asked", "no_answer"]


@pytest.mark.parametrize("cells", [[1.0, 97.0], ["1", "97"], ["01", "97.0"], [" 1 ", "+97"]])
def test_a_code_is_the_same_however_the_number_is_written(cells):
    responses = decoded(Q1=cells * 4)

    assert values(responses.codes["confidence"]) == [1, NA] * 4
    assert values(responses.reasons["confidence"]) == [NA, "dont_know"] * 4


def test_codes_declared_apart_by_their_spelling_are_kept_apart():
    codes = {"1": {"name": "one", "label": "One"}, "01": {"name": "nought_one", "label": "01"}}
    survey = with_items(zone={"label": "Zone", "codes": codes})

    assert values(decoded(survey, zone=["1", "01"] * 4).codes["zone"]) == ["1", "01"] * 4
    assert "8 of 8 rows" in refused(survey, zone=1.0).what  # 1.0 could be either


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from([1, 2, 3, 4, 5, 97, 98, None]), min_size=1, max_size=30))
def test_each_cell_is_a_code_or_has_one_reason(cells):
    rows = small_rows(len(cells), Q1=pd.Series(cells, dtype="float64"))
    responses = decode(raw_return(rows), SURVEY, WAVE)

    for item in responses.codes:
        answered = responses.codes[item].notna()
        assert (answered != responses.reasons[item].notna()).all(), item
        assert set(responses.reasons[item].dropna()) <= {reason.value for reason in MissingReason}
    expected = {97: "dont_know", 98: "refused", None: "no_answer"}
    assert values(responses.reasons["confidence"]) == [expected.get(cell) for cell in cells]
    assert values(responses.codes["confidence"]) == [NA if c in expected else c for c in cells]


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(8)))
def test_the_order_of_the_rows_does_not_matter(order):
    rows = small_rows(Q1=[1, 97, 98, np.nan, 5, 97, 2, 3.0])
    shuffled = decode(raw_return(rows.iloc[order].set_axis(order)), SURVEY, WAVE)
    straight = decode(raw_return(rows), SURVEY, WAVE)

    for kind in ("respondents", "codes", "reasons"):
        expected = getattr(straight, kind).iloc[order].reset_index(drop=True)
        pd.testing.assert_frame_equal(getattr(shuffled, kind), expected)


def test_the_return_is_left_as_it_was():
    raw = raw_return()
    before = raw.rows.copy(deep=True)
    decode(raw, SURVEY, WAVE)

    pd.testing.assert_frame_equal(raw.rows, before)


def test_a_variable_is_found_whatever_its_capitals_where_only_one_fits():
    rows = small_rows().rename(columns={"Q1": "q1"})
    assert decode(raw_return(rows), SURVEY, WAVE).codes["confidence"].notna().all()

    both = rows.assign(**{"Q1": 98.0})
    assert decode(raw_return(both), SURVEY, WAVE).codes["confidence"].isna().all()


def test_a_missing_variable_is_named():
    with pytest.raises(ReturnRejected, match=r"has no column Q1 \(Confidence") as raised:
        decode(raw_return(small_rows().drop(columns="Q1")), SURVEY, WAVE)
    assert "under confidence" in raised.value.remedy


def test_an_unknown_code_is_refused_with_its_variable_and_rows_and_not_itself():
    error = refused(Q1=[1, 2, 3, 4, 5, 66, 1, 66.0])

    assert "Q1 (Confidence in the local police) holds something else in 2 of 8 rows" in error.what
    assert "1, 2, 3, 4, 5, or the missing 97, 98" in error.expected
    assert "66" not in str(error)


def test_a_code_between_two_codes_is_no_code():
    assert "1 of 8 rows" in refused(Q1=[1, 2, 3, 4, 5, 1.5, 1, 1]).what


def test_an_empty_cell_without_a_declared_meaning_is_refused():
    error = refused(sex=[1, 2, np.nan, 1, 2, 1, 2, 1.0])

    assert "sex (Sex) is empty in 1 of 8 rows" in error.what
    assert "`blank:` of sex" in error.remedy


def test_numbers_keep_their_missing_codes_and_bounds():
    responses = decoded(age=[16, 110, 998, 999, 20.5, 30, 40, 50])

    assert values(responses.codes["age"]) == [16, 110, NA, NA, 20.5, 30, 40, 50]
    assert values(responses.reasons["age"])[2:4] == ["refused", "dont_know"]
    error = refused(age=[16, 110, 15.9, 111, 20, 30, 40, 50])
    assert "2 of 8 rows" in error.what
    assert "a number of at least 16 and of at most 110" in error.expected


def test_a_number_in_text_is_read_and_a_decimal_comma_is_not():
    assert decoded(age=["16", "998"] * 4).codes["age"].tolist()[::2] == [16.0] * 4
    assert "4 of 8 rows" in refused(age=["16", "16,5"] * 4).what


def test_dates_in_text_are_iso_or_refused():
    responses = decoded(interview_date=["2026-04-30", "2026-05-01T10:30"] * 4)

    dates = responses.respondents["interview_date"]
    assert dates.tolist()[:2] == [datetime(2026, 4, 30), datetime(2026, 5, 1, 10, 30)]
    for wrong in ("30/04/2026", "2026-02-30", "20260430"):
        assert "4 of 8 rows" in refused(interview_date=["2026-04-30", wrong] * 4).what
    error = refused(interview_date=13_996_800_000.0)
    assert "8 of 8 rows" in error.what
    assert "2026-04-30" in error.expected


def test_identifiers_have_no_point_nought():
    responses = decoded(
        serial=[9007199254740991.0, 2, 3.5, 4, 5, 6, 7, 8],
        stratum=["01", "01", "01", "01", "b", "b", "b", "b"],
    )

    assert responses.respondents["serial"].tolist()[:4] == ["9007199254740991", "2", "3.5", "4"]
    assert responses.respondents["stratum"].tolist() == ["01"] * 4 + ["b"] * 4


def test_missing_and_repeated_serial_numbers_are_refused_by_row():
    missing = refused(serial=[1, np.nan, 3, 4, np.nan, 6, 7, 8])
    assert "no serial number in 2 of 8 rows, first in row 2, 5" in missing.what

    repeated = refused(serial=["1", "2", "3", "1 ", "5", "6", "7", "8"])
    assert "a serial number used twice in 2 of 8 rows, first in row 1, 4" in repeated.what


@pytest.mark.parametrize("wrong", [0.0, -2.0, np.nan, np.inf])
def test_an_unusable_weight_is_refused_or_its_row_left_out_and_counted(wrong):
    dwellings = [50.0, wrong, 70, 50, 60, wrong, 50, 60]
    assert (
        "dwellings × adults) is missing, zero or negative in 2 of 8"
        in refused(dwellings=dwellings).what
    )

    leaving = small_survey({"about": {"design": {"invalid_weight": "leave_out_row"}}})
    responses = decoded(leaving, dwellings=dwellings)
    assert responses.left_out_rows == 2
    assert responses.respondents["serial"].tolist() == [f"{1000 + n}" for n in (1, 3, 4, 5, 7, 8)]
    assert responses.codes.index.tolist() == responses.reasons.index.tolist() == list(range(6))
    assert (responses.respondents["design_weight"] > 0).all()
    assert "8 of 8 rows" in refused(leaving, dwellings=wrong).what


def test_two_negative_factors_are_no_weight():
    free = {"questionnaire": {"items": {"adults": {"minimum": None}}}}

    assert (
        "1 of 8 rows"
        in refused(
            small_survey(free), dwellings=[-1.0] + [50.0] * 7, adults=[-1.0] + [1.0] * 7
        ).what
    )


def test_a_row_left_out_is_not_asked_for_anything_else():
    leaving = small_survey({"about": {"design": {"invalid_weight": "leave_out_row"}}})
    first = [np.nan, *[1.0] * 7]

    assert decoded(leaving, dwellings=first, sex=first, stratum=first).left_out_rows == 1


def test_a_missing_stratum_or_psu_is_refused():
    assert (
        "stratum (Sampling stratum) is missing in 1 of 8"
        in refused(stratum=[10, 10, 10, 10, 20, 20, 20, np.nan]).what
    )
    assert (
        "point (Sampling point) is missing in 1 of 8"
        in refused(point=["a", " ", "b", "b", "c", "c", "d", "d"]).what
    )


def test_a_psu_in_two_strata_is_refused():
    error = refused(point=[1, 1, 2, 2, 1, 1, 3, 3.0])

    assert "1 primary sampling units are in more than one stratum" in error.what
    assert "start again in every stratum" in error.remedy


def test_without_a_declared_design_each_respondent_is_a_psu_of_one_stratum():
    survey = small_survey(
        {
            "about": {
                "design": {"stratum": None, "psu": None},
                "returns": {"interview_date": None},
            }
        }
    )
    respondents = decoded(survey).respondents

    assert respondents["stratum"].tolist() == ["all"] * 8
    assert respondents["psu"].tolist() == respondents["serial"].tolist()
    assert respondents["interview_date"].isna().all()


POINTS = {"label": "Sampling points in the stratum", "type": "number", "minimum": 1}
CORRECTED = small_survey(
    {
        "about": {"design": {"population_psus": "points"}},
        "questionnaire": {"items": {"points": POINTS}},
    }
)


def test_the_population_of_psus_is_read_where_it_is_declared():
    points = [4, 4, 4, 4, 90, 90, 90, 90.0]
    assert decoded(CORRECTED, points=points).respondents["population_psus"].tolist() == points
    assert np.isinf(decoded().respondents["population_psus"]).all()


def test_a_missing_population_of_psus_is_refused():
    survey = small_survey(
        {
            "about": {"design": {"population_psus": "points"}},
            "questionnaire": {"items": {"points": {**POINTS, "blank": "no_answer"}}},
        }
    )
    error = refused(survey, points=[4, 4, 4, 4, 90, 90, 90, np.nan])
    assert "points (Sampling points in the stratum) is missing in 1 of 8" in error.what
    assert "number of sampling units" in error.expected


def test_a_stratum_may_be_a_question_with_codes_or_a_number():
    coded = small_survey({"about": {"design": {"stratum": "area"}}})
    assert decoded(coded).respondents["stratum"].tolist() == ["1"] * 4 + ["2"] * 4

    numbered = small_survey({"about": {"design": {"stratum": "adults", "psu": None}}})
    assert decoded(numbered).respondents["stratum"].tolist() == ["1", "2"] * 4
