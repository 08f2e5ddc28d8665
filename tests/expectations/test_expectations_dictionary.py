"""The file's own dictionary against the declaration: names, labels, missing codes."""

from typing import Any

import pytest
from builders import WAVE, raw_return, small_rows, small_survey

from expectations.dictionary import (
    label_checks,
    missing_variable,
    plain_label,
    reason_in,
    unclaimed_variables,
    unexpected_check,
)
from transforms.catalogue import MissingReason
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
    checks = label_checks(labelled, small_survey().item_in("confidence", WAVE))
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


def test_a_renamed_variable_is_recognised_by_name_or_by_label():
    item = small_survey().item_in("chat_used", WAVE)
    raw = raw_return(small_rows().rename(columns={"Q3": "LC_2", "Q1": "ReQ3"}))
    assert missing_variable(item, raw, ("LC_2",)) is None
    assert missing_variable(item, raw, ("LC_2", "ReQ3")) == "ReQ3"
    labelled = {**raw.variables, "LC_2": Variable("LC_2", "Used live chat?")}
    by_label = RawReturn(raw.file_name, raw.sha256, raw.rows, labelled)
    assert missing_variable(item, by_label, ("LC_2", "ReQ3")) == "LC_2"
    assert missing_variable(item, by_label, ()) is None


def test_variables_that_no_item_reads_are_listed_and_counted():
    rows = small_rows().assign(**{f"extra{number}": 1.0 for number in range(12)})
    unclaimed = unclaimed_variables(
        raw_return(rows.rename(columns={"Q1": "q1"})), small_survey().items_in(WAVE)
    )
    assert unclaimed == tuple(f"extra{number}" for number in range(12))
    finding = unexpected_check(unclaimed).finding
    assert "does not declare: 12 (extra0, extra1," in finding
    assert finding.endswith("extra8, extra9 and 2 more).")
