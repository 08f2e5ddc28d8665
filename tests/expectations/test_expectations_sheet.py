"""A line of totals under the interviews, and labels where codes should be."""

import numpy as np
import pandas as pd
import pytest
from builders import raw_return, small_rows, small_survey

from expectations import validate
from expectations.frame import decoded_items
from expectations.sheet import last_row_check

WAVE = "2026-Q2"


def last_row(rows: pd.DataFrame):
    raw = raw_return(rows)
    serial = decoded_items(raw, small_survey(), WAVE).get("serial")
    return last_row_check(raw, serial)


def with_line(**cells: object) -> pd.DataFrame:
    rows = small_rows(40).astype("object")
    return pd.concat([rows, pd.DataFrame([cells], columns=rows.columns)], ignore_index=True)


def test_interviews_to_the_end_are_none_the_worse():
    assert last_row(small_rows(40)).passed


def test_sums_under_the_columns_are_no_interview():
    rows = small_rows(40)
    sums = {name: rows[name].sum() for name in ("age", "dwellings", "Q1", "adults")}
    found = last_row(with_line(serial="Total", **sums))
    assert not found.passed
    assert found.finding.startswith("The last row, 41, is no interview: ")
    assert "the sum or the mean of the column" in found.finding


def test_means_are_none_either():
    more = {name: np.arange(40) * step + 1 for name, step in (("age", 1.3), ("dwellings", 0.7))}
    rows = small_rows(40).assign(**more, adults=np.arange(40) * 0.2 + 1)
    line = {name: rows[name].mean() for name in ("age", "dwellings", "adults")}
    assert not last_row(pd.concat([rows, pd.DataFrame([line])], ignore_index=True)).passed


@pytest.mark.parametrize("note", ["Base: all respondents", None])
def test_a_note_is_no_interview(note):
    found = last_row(with_line(serial=note))
    assert not found.passed
    assert "hardly any of its cells is filled" in found.finding


def test_an_interview_that_was_broken_off_is_one():
    assert last_row(with_line(serial=1041.0, area=1.0)).passed


def test_labels_are_said_to_be_labels():
    rows = small_rows(40)
    said = {1.0: "Strongly agree", 2.0: "tend to agree", 3.0: "Neither agree nor disagree"}
    rows["Q1"] = rows["Q1"].map(said).fillna("Strongly disagree")
    found = {one.rule: one for one in validate(raw_return(rows), small_survey(), WAVE).results}
    assert "the labels of the answers instead of their codes in 40 rows" in (
        found["confidence.type"].finding
    )
    assert found["return.labels_sent"].passed, "of one column its own finding says it"
    rows["area"] = rows["area"].map({1.0: "North", 2.0: "South"})
    found = {one.rule: one for one in validate(raw_return(rows), small_survey(), WAVE).results}
    assert "in 2 questions (area, confidence)" in found["return.labels_sent"].finding
    assert "North" not in found["return.labels_sent"].finding + found["area.type"].finding


def test_a_question_sorted_without_the_others_is_told():
    rows = small_rows(80).assign(serial=np.arange(80) + 1001.0)
    rows["Q1"] = np.sort(np.arange(80) % 5 + 1.0)
    found = {one.rule: one for one in validate(raw_return(rows), small_survey(), WAVE).results}
    assert "(Q1)" in found["return.sorted"].finding
    whole = rows.assign(serial=rows["serial"].to_numpy()[::-1])
    found = {one.rule: one for one in validate(raw_return(whole), small_survey(), WAVE).results}
    assert found["return.sorted"].passed, "the file is in the order of the question"
