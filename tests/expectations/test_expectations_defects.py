"""Defects put into a clean return, several to a file, each found by its rule and by no other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from builders import WAVE, raw_return, small_rows, small_survey

from expectations import validate
from transforms.classify import classify
from transforms.decode import decode
from transforms.errors import ReturnRejected
from transforms.responses import RawReturn, Variable
from transforms.validation import Severity, Validation
from transforms.weighting import calibrate

CRITICAL, WARNING = Severity.CRITICAL.value, Severity.WARNING.value
DEFAULT_ROWS = 120


@dataclass(frozen=True)
class Spoilt:
    """A return with defects, and the rule and severity that each is to be found by."""

    spoil: Callable[[pd.DataFrame], Any]
    found: dict[str, str]
    survey: dict[str, Any] = field(default_factory=dict)
    rows: int = DEFAULT_ROWS


def cells(rows: pd.DataFrame, variable: str, values: dict[int, Any]) -> None:
    """Replace single cells, keeping what the column's type becomes."""
    column = rows[variable].astype("object")
    for row, value in values.items():
        column.iloc[row] = value
    rows[variable] = column.infer_objects()


def spoil_design(rows: pd.DataFrame) -> None:
    cells(rows, "serial", {1: 1001.0, 2: np.nan})
    cells(rows, "stratum", {4: np.nan, 8: 20.0})
    cells(rows, "point", {13: np.nan})
    cells(rows, "dwellings", {6: 0.0, 9: -1.0})
    cells(rows, "adults", {7: np.inf, 10: np.nan, 11: 99.0})


def spoil_answers(rows: pd.DataFrame) -> None:
    cells(rows, "Q1", {0: 77.0})
    cells(rows, "Q2", {1: 1.5})
    cells(rows, "age", {2: 7.0, 3: np.inf, 7: np.nan})
    cells(rows, "sex", {4: np.nan, 5: 9.0})
    cells(rows, "area", {5: 3.0})
    cells(rows, "interview_date", {6: pd.NaT})


def routing_slips(rows: pd.DataFrame) -> None:
    cells(rows, "Q3", {0: np.nan, 1: 1.0})
    cells(rows, "Q4", {0: np.nan, 2: 97.0, 4: np.nan})


def routing_faults(rows: pd.DataFrame) -> None:
    cells(rows, "Q3", {0: np.nan, 4: np.nan, 1: 1.0, 3: 1.0})
    cells(rows, "Q4", {0: np.nan, 4: np.nan, 8: np.nan, 12: np.nan, 2: 1.0, 6: 98.0})


def routing_ruined_for_few(rows: pd.DataFrame) -> None:
    """Of 1,200, 60 have used Live Chat; the script did not ask 12 of them: 1% of all, 20% of 60."""
    users = rows.index[rows["Q3"] == 1]
    rows.loc[users[60:], "Q3"] = 2.0
    rows.loc[users[60:], "Q4"] = np.nan
    rows.loc[users[:12], "Q4"] = np.nan


def lose_answers(rows: pd.DataFrame) -> None:
    rows["Q1"] = np.nan
    rows["Q2"] = 97.0
    rows["age"] = np.nan
    rows[["Q3", "Q4"]] = np.nan


def lose_weights_and_dates(rows: pd.DataFrame) -> None:
    rows["dwellings"] = np.nan
    rows["interview_date"] = pd.NaT
    rows["serial"] = np.nan


def late_dates(rows: pd.DataFrame) -> None:
    cells(rows, "interview_date", {0: datetime(2026, 7, 1), 1: datetime(2026, 3, 31, 23, 59)})
    cells(rows, "interview_date", {2: datetime(2026, 6, 30, 21, 30), 3: datetime(2026, 4, 1)})


def another_wave(rows: pd.DataFrame) -> None:
    rows["interview_date"] += timedelta(days=91)


def wrong_types(rows: pd.DataFrame) -> None:
    cells(rows, "Q1", {0: "Strongly agree", 1: "-"})
    rows["age"] = "unknown"
    cells(rows, "dwellings", {3: "n/a"})
    rows["interview_date"] = 13_800_000_000.0 + rows.index


def text_that_reads(rows: pd.DataFrame) -> None:
    rows["Q1"] = rows["Q1"].map(lambda code: f"{code:.0f}")
    rows["interview_date"] = rows["interview_date"].dt.strftime("%Y-%m-%d")
    rows.columns = [name.upper() for name in rows.columns]


def rename(rows: pd.DataFrame) -> None:
    rows.insert(0, "ReQ3", rows.pop("Q3"))
    rows["interviewer"] = 7.0


def lose_the_south(rows: pd.DataFrame) -> None:
    rows["area"] = 1.0


def few_without_weight(rows: pd.DataFrame) -> None:
    cells(rows, "adults", {row: np.nan for row in range(6)})
    cells(rows, "sex", {0: 9.0})


def many_without_weight(rows: pd.DataFrame) -> None:
    cells(rows, "adults", {row: np.nan for row in range(7)})


def no_one_asked(rows: pd.DataFrame) -> None:
    """Nobody knows Live Chat, so nobody is to be asked the rest: no fault."""
    rows["Q2"] = 2.0
    rows[["Q3", "Q4"]] = np.nan


LEAVE_OUT = {"about": {"design": {"invalid_weight": "leave_out_row"}}}
CROSSED = {
    "about": {"calibration": {"margins": ["area_sex"]}},
    "margins": {
        "area_sex": {
            "name": "area_sex",
            "variables": ["area", "sex"],
            "control_totals": [
                {
                    "category": [area, sex],
                    "population": 2500,
                    "source": "made up",
                    "reference_date": "2022-06-30",
                }
                for area in ("north", "south")
                for sex in ("male", "female")
            ],
        }
    },
}

MERGED = CROSSED | {
    "about": {
        "calibration": {
            "margins": ["area_sex"],
            "merge": {"area_sex": [["south × male", "south × female"]]},
        }
    }
}
OWN_CATEGORY = {"about": {"calibration": {"missing_margin_value": "own_category"}}}


def refuse_sex(rows: pd.DataFrame) -> None:
    cells(rows, "sex", {0: 9.0, 5: 9.0})


def no_men_in_the_south(rows: pd.DataFrame) -> None:
    rows.loc[(rows["area"] == 2) & (rows["sex"] == 1), "sex"] = 2.0


def several(*spoils: Callable[[pd.DataFrame], Any]) -> Callable[[pd.DataFrame], None]:
    """Defects that do not touch one another, in one file: a check costs half a second."""

    def spoil(rows: pd.DataFrame) -> None:
        for one in spoils:
            one(rows)

    return spoil


SPOILT = {
    "nothing": Spoilt(several(), {}),
    "text that reads, names in capitals": Spoilt(several(no_one_asked, text_that_reads), {}),
    "no rows": Spoilt(several(), {"return.rows": CRITICAL}, rows=0),
    "design": Spoilt(
        spoil_design,
        {
            "serial.blanks": CRITICAL,
            "serial.unique": CRITICAL,
            "stratum.blanks": CRITICAL,
            "point.blanks": CRITICAL,
            "point.nested": CRITICAL,
            "dwellings.weight": CRITICAL,
            "adults.weight": CRITICAL,
        },
    ),
    "answers": Spoilt(
        spoil_answers,
        {
            "confidence.codes": CRITICAL,
            "chat_aware.codes": CRITICAL,
            "age.range": CRITICAL,
            "age.blanks": CRITICAL,
            "interview_date.blanks": CRITICAL,
            "sex.blanks": CRITICAL,
            "margin.sex.classified": CRITICAL,
            "area.codes": CRITICAL,
            "margin.area.classified": CRITICAL,
        },
    ),
    "wrong types": Spoilt(
        wrong_types,
        {
            "confidence.type": CRITICAL,
            "age.type": CRITICAL,
            "dwellings.type": CRITICAL,
            "interview_date.type": CRITICAL,
        },
    ),
    "slips": Spoilt(
        several(routing_slips, late_dates, few_without_weight),
        {
            "chat_used.asked": WARNING,
            "chat_used.not_asked": WARNING,
            "chat_satisfied.asked": WARNING,
            "chat_satisfied.not_asked": WARNING,
            "interview_date.period": WARNING,
            "adults.weight": WARNING,
        },
        LEAVE_OUT,
    ),
    "faults": Spoilt(
        several(routing_faults, another_wave, many_without_weight),
        {
            "chat_used.asked": CRITICAL,
            "chat_used.not_asked": CRITICAL,
            "chat_satisfied.asked": CRITICAL,
            "chat_satisfied.not_asked": CRITICAL,
            "interview_date.period": CRITICAL,
            "adults.weight": CRITICAL,
        },
        LEAVE_OUT,
    ),
    "routing ruined for few": Spoilt(
        routing_ruined_for_few,
        {"chat_satisfied.asked": CRITICAL, "return.rows": CRITICAL},
        {"about": {"returns": {"minimum_rows": 1201}}},
        rows=1200,
    ),
    "all null": Spoilt(
        several(lose_answers, lose_weights_and_dates),
        {
            "confidence.answered": CRITICAL,
            "chat_aware.answered": CRITICAL,
            "age.blanks": CRITICAL,
            "age.answered": CRITICAL,
            "dwellings.weight": CRITICAL,
            "interview_date.blanks": CRITICAL,
            "interview_date.answered": CRITICAL,
            "serial.blanks": CRITICAL,
            "margin.area.occupied": CRITICAL,
            "margin.sex.occupied": CRITICAL,
        },
    ),
    "renamed": Spoilt(
        several(rename, lose_the_south),
        {
            "chat_used.exists": CRITICAL,
            "margin.area.occupied": CRITICAL,
            "return.variables": WARNING,
        },
    ),
    "a crossed category lost": Spoilt(
        no_men_in_the_south, {"margin.area_sex.occupied": CRITICAL}, CROSSED
    ),
    "a crossed category merged": Spoilt(no_men_in_the_south, {}, MERGED),
    "sex refused": Spoilt(refuse_sex, {"margin.sex.classified": CRITICAL}),
    "sex refused, a category of its own": Spoilt(refuse_sex, {}, OWN_CATEGORY),
}


@cache
def spoilt(name: str) -> tuple[RawReturn, Validation]:
    spoilt = SPOILT[name]
    rows = small_rows(spoilt.rows)
    spoilt.spoil(rows)
    raw = raw_return(rows)
    return raw, validate(raw, small_survey(spoilt.survey), WAVE)


def failed(validation: Validation) -> dict[str, str]:
    return {r.rule: r.severity.value for r in validation.results if not r.passed}


@pytest.mark.parametrize("name", SPOILT)
def test_each_defect_is_found_by_its_rule_and_nothing_else_is(name):
    _, validation = spoilt(name)
    assert failed(validation) == SPOILT[name].found
    assert validation.accepted == (CRITICAL not in SPOILT[name].found.values())


@pytest.mark.parametrize("name", SPOILT)
def test_a_finding_says_what_where_and_what_to_do(name):
    _, validation = spoilt(name)
    for result in validation.results:
        texts = (result.finding, result.expected, result.remedy)
        assert all(texts) if not result.passed else not any(texts)
        assert all(text.endswith(".") for text in texts if text)
        if result.variable is not None and not result.passed:
            assert result.variable in result.finding


@pytest.mark.parametrize("name", SPOILT)
def test_what_decoding_and_weighting_refuse_is_rejected_before(name):
    raw, validation = spoilt(name)
    survey = small_survey(SPOILT[name].survey)
    try:
        responses = decode(raw, survey, WAVE)
        calibrate(
            responses.respondents["design_weight"].to_numpy(),
            classify(responses, survey),
            survey,
        )
        refused = len(raw.rows) == 0
    except ReturnRejected:
        refused = True
    assert not (refused and validation.accepted)


def test_rows_are_named_by_serial_number_in_order_of_number():
    _, validation = spoilt("faults")
    (period,) = (r for r in validation.results if r.rule == "interview_date.period")
    assert period.failing_rows == 120
    assert period.serials == tuple(str(1001 + number) for number in range(20))
    assert "120 of 120 rows" in period.finding
    assert period.expected == "Dates from 1 April 2026 to 30 June 2026."


def test_a_row_without_serial_number_is_named_by_its_place():
    _, validation = spoilt("design")
    by_rule = {result.rule: result for result in validation.results}
    assert by_rule["serial.blanks"].serials == ("row 3",)
    assert by_rule["serial.unique"].serials == ("1001",)
    assert by_rule["serial.unique"].failing_rows == 2
    assert by_rule["point.nested"].serials == ("1009", "1010")
    assert by_rule["adults.weight"].serials == ("1008", "1011", "1012")


def test_a_missing_variable_is_named_with_its_question_and_its_likely_new_name():
    _, validation = spoilt("renamed")
    missing, _area = validation.failures(Severity.CRITICAL)
    assert missing.finding.startswith("Used Live Chat (Q3) is not in the return. It may be ReQ3")
    assert "`variable: ReQ3`" in missing.remedy
    (extra,) = validation.failures(Severity.WARNING)
    assert "1 (interviewer)" in extra.finding


def test_rules_on_an_absent_or_unreadable_variable_are_left_out():
    rules = {result.rule for result in spoilt("renamed")[1].results}
    assert "chat_used.codes" not in rules
    assert "chat_satisfied.asked" not in rules
    unreadable = {result.rule for result in spoilt("wrong types")[1].results}
    assert "age.range" not in unreadable
    assert "confidence.answered" not in unreadable


def test_an_empty_category_is_named_in_words():
    (lost,) = spoilt("a crossed category lost")[1].failures(Severity.CRITICAL)
    assert lost.finding == "Area by Sex: nobody in the return is in South, Male."
    assert "merge the category" in lost.remedy


def test_too_few_answers_are_counted_among_those_asked():
    by_rule = {result.rule: result for result in spoilt("all null")[1].results}
    aware = by_rule["chat_aware.answered"]
    assert aware.finding == (
        "Aware of Live Chat (Q2): 0 of 120 respondents asked gave a valid answer."
    )
    assert aware.failing_rows == 120


def test_results_come_in_the_order_of_the_declaration():
    raw, first = spoilt("nothing")
    assert validate(raw, small_survey(), WAVE) == first
    rules = [result.rule for result in first.results]
    assert len(set(rules)) == len(rules)
    whole = [f"return.{name}" for name in ("simulated", "last_row", "labels_sent", "sorted")]
    assert rules[:6] == [*whole, "return.rows", "serial.exists"]
    assert rules.index("age.range") < rules.index("confidence.codes")
    of_the_interviews = ["fieldwork.one_day", "age.rounded"]
    assert rules[-3:] == ["return.variables", *of_the_interviews]


def test_split_samples_and_declared_blanks_are_no_fault():
    """Half are not asked Q1 (blank), among whom none can answer: 60 of 60 asked did."""
    rows = small_rows(DEFAULT_ROWS)
    rows.loc[rows.index % 2 == 0, "Q1"] = np.nan
    survey = small_survey(
        {"questionnaire": {"items": {"confidence": {"blank": "not_asked"}}}},
    )
    assert failed(validate(raw_return(rows), survey, WAVE)) == {}
    rows["Q1"] = np.nan
    assert failed(validate(raw_return(rows), survey, WAVE)) == {"confidence.answered": CRITICAL}


def test_the_files_own_word_is_read_beside_its_rows():
    """It says that it is simulated, and labels refused and don't know the other way round."""
    labels = {1: "Yes", 2: "No", 97: "Refused", 98: "Don't know"}
    raw = raw_return(small_rows(DEFAULT_ROWS))
    variables = {**raw.variables, "Q2": Variable("Q2", value_labels=labels)}
    labelled = RawReturn(raw.file_name, raw.sha256, raw.rows, variables, simulated=True)
    assert failed(validate(labelled, small_survey(), WAVE)) == {
        "return.simulated": CRITICAL,
        "chat_aware.labels_moved": CRITICAL,
    }
