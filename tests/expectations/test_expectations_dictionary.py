"""The file's own dictionary against the declaration: names, labels, missing codes."""

from typing import Any

import pandas as pd
import pytest
from builders import WAVE, raw_return, small_rows, small_survey

from expectations.codes import label_checks
from expectations.dictionary import (
    renamed_variables,
    unclaimed_variables,
    unexpected_check,
)
from transforms.catalogue import MissingReason
from transforms.labels import plain_label, reason_in
from transforms.responses import RawReturn, Variable

CONFIDENCE = {
    1: "Strongly agree",
    2: "Tend to agree",
    3: "Neither agree nor disagree",
    4: "Tend to disagree",
    5: "Strongly disagree",
    97: "Don't know",
    98: "Refused",
}


def failed_labels(labels: dict[Any, str], **more: Any) -> dict[str, str]:
    """Rule and finding for Q1 with the given labels (and `missing_ranges`) in the file."""
    variable = Variable("Q1", value_labels=labels, **more)
    raw = raw_return(small_rows())
    labelled = RawReturn(raw.file_name, raw.sha256, raw.rows, {**raw.variables, "Q1": variable})
    checks = label_checks(labelled, small_survey().item_in("confidence", WAVE), WAVE)
    return {check.rule: check.finding for check in checks if not check.passed}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Barking & Dagenham", "barking and  Dagenham"),
        ("Don’t know", "DON'T KNOW."),
        ("Don`t know", "dont know"),
        ("16–24", "16 to 24"),
        ("75+", "75 and over"),
        ("Yes – definitely", "Yes, definitely"),
        ("Re\u00a0fused", "Re fused"),
    ],
)
def test_labels_that_differ_in_form_only_are_alike(one, other):
    assert plain_label(one) == plain_label(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Tend to agree", "Tend to disagree"), ("<5", ">5"), ("1", "2"), ("16 to 24", "16 to 25")],
)
def test_labels_that_differ_in_meaning_are_not(one, other):
    assert plain_label(one) != plain_label(other)


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("Don’t know", MissingReason.DONT_KNOW),
        ("Do not know / can't say", MissingReason.DONT_KNOW),
        ("(Spontaneous) Don't know", MissingReason.DONT_KNOW),
        ("Refusal", MissingReason.REFUSED),
        ("Prefer not to say", MissingReason.REFUSED),
        ("Not asked", MissingReason.NOT_ASKED),
        ("Not applicable", MissingReason.NOT_APPLICABLE),
        ("N/A", MissingReason.NOT_APPLICABLE),
        ("Not coded", MissingReason.NOT_CODED),
        ("No answer", MissingReason.NO_ANSWER),
        ("Not stated", MissingReason.NO_ANSWER),
        ("No", None),
        ("Not very worried", None),
        ("The police refused to come", None),
        ("Spontaneous: none of these", None),
    ],
)
def test_a_label_names_a_missing_reason_or_none(label, reason):
    assert reason_in(label) is reason


def test_the_declared_labels_in_any_dress_are_no_finding():
    assert failed_labels(CONFIDENCE) == {}
    assert failed_labels({value: f" {label.upper()}." for value, label in CONFIDENCE.items()}) == {}
    assert failed_labels({**CONFIDENCE, 98: "Refusal"}) == {}
    assert failed_labels({}) == {}


def test_another_wording_is_a_warning_that_shows_both():
    found = failed_labels({**CONFIDENCE, 3: "Neutral", 97: "Hard to say"})
    assert found == {
        "confidence.labels": "Confidence in the local police (Q1): code 3 is “Neutral” in the file "
        "and “Neither agree nor disagree” in the questionnaire; 97 is “Hard to say” in the file "
        "and “Don't know” in the questionnaire."
    }


def test_a_scale_turned_round_is_found():
    turned = {1: CONFIDENCE[5], 2: CONFIDENCE[4], 4: CONFIDENCE[2], 5: CONFIDENCE[1]}
    found = failed_labels(CONFIDENCE | turned)
    assert list(found) == ["confidence.labels_moved"]
    assert "1 is “Strongly disagree” in the file" in found["confidence.labels_moved"]


def test_missing_codes_swapped_are_found():
    assert list(failed_labels({**CONFIDENCE, 97: "Refused", 98: "Don't know"})) == [
        "confidence.labels_moved"
    ]


def test_a_valid_code_that_the_file_calls_missing_is_found():
    found = failed_labels({**CONFIDENCE, 5: "Not applicable"})
    assert list(found) == ["confidence.labels_missing"]


def test_a_valid_code_that_the_file_declares_missing_is_a_warning():
    found = failed_labels(CONFIDENCE, missing_ranges=((5, 5), (97, 98)))
    assert list(found) == ["confidence.user_missing"]
    assert "declares 5 as missing" in found["confidence.user_missing"]
    assert failed_labels(CONFIDENCE, missing_ranges=((97, 98),)) == {}


def renamed(rows: pd.DataFrame, **labels: Variable) -> dict[str, str]:
    raw = raw_return(rows)
    named = RawReturn(raw.file_name, raw.sha256, rows, {**raw.variables, **labels})
    items = small_survey().items_in(WAVE)
    return renamed_variables(named, items, unclaimed_variables(named, items), "serial")


def test_a_serial_number_is_recognised_where_one_column_alone_has_no_two_cells_alike():
    rows = small_rows(40).rename(columns={"serial": "RespID"})
    assert renamed(rows) == {"serial": "RespID"}
    assert renamed(rows.assign(UPRN=rows["RespID"] + 1)) == {}
    assert renamed(rows.assign(RespID=1.0)) == {}


def test_a_renamed_variable_is_recognised_by_its_name():
    assert renamed(small_rows().rename(columns={"Q3": "ReQ3"})) == {"chat_used": "ReQ3"}


def test_a_renamed_variable_is_recognised_by_its_label():
    rows = small_rows().rename(columns={"Q3": "LC_2"})
    assert renamed(rows, LC_2=Variable("LC_2", "Used live chat?")) == {"chat_used": "LC_2"}


def test_a_renamed_variable_is_recognised_by_the_labels_of_its_codes():
    rows = small_rows().rename(columns={"area": "C2"})
    assert renamed(rows, C2=Variable("C2", value_labels={1: "North", 2: "South"})) == {"area": "C2"}


def test_a_renamed_variable_is_recognised_by_its_cells_where_one_alone_could_be_it():
    rows = small_rows(40).rename(columns={"Q1": "xyz"})
    assert renamed(rows) == {"confidence": "xyz"}
    assert renamed(rows.assign(uvw=rows["xyz"])) == {}
    assert renamed(rows.assign(xyz=77.0)) == {}


def test_two_renamed_variables_are_told_apart():
    rows = small_rows().rename(columns={"Q3": "NQ3", "Q4": "NQ4"})
    assert renamed(rows) == {"chat_used": "NQ3", "chat_satisfied": "NQ4"}


def test_variables_that_no_item_reads_are_listed_and_counted():
    rows = small_rows().assign(**{f"extra{number}": 1.0 for number in range(12)})
    unclaimed = unclaimed_variables(
        raw_return(rows.rename(columns={"Q1": "q1"})), small_survey().items_in(WAVE)
    )
    assert unclaimed == tuple(f"extra{number}" for number in range(12))
    check = unexpected_check(unclaimed, raw_return(rows), small_survey(), WAVE)
    finding = check.finding
    assert "does not declare: 12 (extra0, extra1," in finding
    assert finding.endswith("extra8, extra9 and 2 more).")
