"""A return's wave: by its name, held against its interviews' dates."""

from datetime import datetime

import pandas as pd
import pytest
from builders import raw_return, small_rows, small_survey

from transforms.errors import ReturnRejected
from transforms.identify import identify_wave

SURVEY = small_survey()
AUTUMN = datetime(2026, 10, 1)
TWO_FILES = {
    "about": {
        "returns": {"file_name": {"2026-Q2": "spring", "2026-Q3": "summer", "2026-Q9": "never"}}
    }
}


def test_the_wave_is_the_one_in_the_name():
    assert identify_wave(raw_return(file_name="WM_2026-Q2_final.sav"), SURVEY).name == "2026-Q2"


def test_a_name_that_says_nothing_leaves_it_to_the_dates():
    raw = raw_return(small_rows(start=AUTUMN), file_name="final.sav")

    assert identify_wave(raw, SURVEY).name == "2026-Q4"


def test_unknown_dates_are_no_evidence():
    dates = pd.Series([datetime(2026, 10, 5)] + [pd.NaT] * 7)
    raw = raw_return(small_rows(interview_date=dates), file_name="final.sav")

    assert identify_wave(raw, SURVEY).name == "2026-Q4"


def test_dates_in_text_are_read_where_they_are_iso():
    dates = ["2026-10-01", "2026-12-31T23:59:59"] * 4
    raw = raw_return(small_rows(interview_date=dates), file_name="final.csv")

    assert identify_wave(raw, SURVEY).name == "2026-Q4"


def test_one_date_outside_the_wave_is_too_many_where_only_the_dates_say_it():
    dates = pd.Series([datetime(2026, 10, 5)] * 7 + [datetime(2027, 1, 1)])
    raw = raw_return(small_rows(interview_date=dates), file_name="final.sav")

    with pytest.raises(ReturnRejected, match="no one declared wave holds all its dates") as refused:
        identify_wave(raw, SURVEY)
    assert "such as 2026-Q2" in refused.value.remedy


def test_neither_name_nor_dates():
    raw = raw_return(small_rows().drop(columns="interview_date"), file_name="final.sav")

    with pytest.raises(ReturnRejected, match="does not say its wave"):
        identify_wave(raw, SURVEY)


def test_another_waves_interviews_are_refused_with_both_waves():
    raw = raw_return(small_rows(start=AUTUMN), file_name="small_2026-Q2.sav")

    with pytest.raises(ReturnRejected, match=r"says 2026-Q2 .* only 0.0% .* most were in 2026-Q4"):
        identify_wave(raw, SURVEY)


def test_interviews_of_no_declared_wave_are_refused():
    raw = raw_return(small_rows(start=datetime(2020, 1, 1)), file_name="small_2026-Q2.sav")

    with pytest.raises(ReturnRejected, match="they lie in no one declared wave"):
        identify_wave(raw, SURVEY)


@pytest.mark.parametrize(("inside", "accepted"), [(4, True), (3, False)])
def test_the_name_stands_unless_most_interviews_lie_elsewhere(inside, accepted):
    days = [datetime(2026, 4, 5)] * inside + [datetime(2026, 7, 5)] * (8 - inside)
    raw = raw_return(small_rows(interview_date=pd.Series(days)), file_name="small_2026-Q2.sav")

    if accepted:
        assert identify_wave(raw, SURVEY).name == "2026-Q2"
    else:
        with pytest.raises(ReturnRejected, match="2026-Q3"):
            identify_wave(raw, SURVEY)


def test_the_last_moment_of_the_last_day_is_inside():
    dates = pd.Series([datetime(2026, 6, 30, 23, 59)] * 8)
    raw = raw_return(small_rows(interview_date=dates), file_name="final.sav")

    assert identify_wave(raw, SURVEY).name == "2026-Q2"


@pytest.mark.parametrize("name", ["small_2025-Q1.sav", "small_2031-Q4.sav"])
def test_a_wave_that_is_not_declared_is_refused_with_those_that_are(name):
    with pytest.raises(ReturnRejected, match="not declared") as refused:
        identify_wave(raw_return(file_name=name), SURVEY)
    assert "2026-Q2, 2026-Q3" in refused.value.expected


def test_two_waves_in_one_name_are_refused():
    with pytest.raises(ReturnRejected, match="several waves in its name: 2026-Q2, 2026-Q3"):
        identify_wave(raw_return(file_name="2026-Q2_and_2026-Q3.sav"), SURVEY)


def test_one_expression_for_each_wave():
    survey = small_survey(TWO_FILES)

    assert identify_wave(raw_return(file_name="spring.sav"), survey).name == "2026-Q2"
    with pytest.raises(ReturnRejected, match="several waves in its name: 2026-Q2, 2026-Q3"):
        identify_wave(raw_return(file_name="spring_and_summer.sav"), survey)
    with pytest.raises(ReturnRejected, match="2026-Q9 in its name, which is not declared"):
        identify_wave(raw_return(file_name="never.sav"), survey)


def test_one_expression_for_each_wave_and_no_dates_to_ask():
    survey = small_survey(
        {"about": {"returns": {**TWO_FILES["about"]["returns"], "interview_date": None}}}
    )

    with pytest.raises(ReturnRejected, match="does not say its wave") as refused:
        identify_wave(raw_return(file_name="winter.sav"), survey)
    assert "`file_name` in survey.yaml" in refused.value.remedy


def test_dates_are_found_under_the_name_each_wave_gives_them():
    survey = small_survey(
        {
            "questionnaire": {
                "items": {"interview_date": {"in_wave": {"2026-Q4": {"variable": "IntDate"}}}}
            }
        }
    )
    rows = small_rows(start=AUTUMN).rename(columns={"interview_date": "IntDate"})

    assert identify_wave(raw_return(rows, file_name="final.sav"), survey).name == "2026-Q4"
