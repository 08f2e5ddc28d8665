import math
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stored_rows import changes, empty_warehouse, estimates, respondents, statuses

from transforms.errors import ContractError
from warehouse.store import add_rows, read_table, replace_all, replace_wave

SECRET = "Mrs Example of Walsall"


@pytest.fixture
def connection():
    return empty_warehouse()


def wave_of(connection, wave, names=("ada", "bob"), share=0.5):
    rows = {
        "survey.respondent": respondents(wave, names),
        "estimate.estimate": estimates(wave, share),
    }
    replace_wave(connection, wave, rows)


def test_rows_are_read_back_as_they_were_given_in_the_order_of_the_key(connection):
    given_rows = respondents("2026-Q2", ("bob", "ada"))
    replace_wave(connection, "2026-Q2", {"survey.respondent": given_rows})
    read = read_table(connection, "survey.respondent")
    assert list(read["respondent"]) == ["ada", "bob"]
    assert read["domains"][0] == {"sex": "female", "area": "north"}
    assert read["interview_date"][0] == pd.Timestamp("2026-04-01")
    assert list(read.columns) == list(given_rows.columns)


def test_storing_a_wave_again_changes_nothing(connection):
    wave_of(connection, "2026-Q2")
    before = [read_table(connection, name) for name in ("survey.respondent", "estimate.estimate")]
    wave_of(connection, "2026-Q2")
    after = [read_table(connection, name) for name in ("survey.respondent", "estimate.estimate")]
    for earlier, later in zip(before, after, strict=True):
        pd.testing.assert_frame_equal(earlier, later)


def test_a_wave_replaces_its_own_rows_and_no_other_waves(connection):
    wave_of(connection, "2026-Q2", share=0.4)
    wave_of(connection, "2026-Q3", share=0.5)
    wave_of(connection, "2026-Q2", names=("eve",), share=0.6)
    read = read_table(connection, "estimate.estimate").dropna(subset="estimate")
    assert dict(zip(read["period"], read["estimate"], strict=True)) == {
        "2026-Q2": 0.6,
        "2026-Q3": 0.5,
    }
    people = read_table(connection, "survey.respondent")
    assert list(people["respondent"]) == ["eve", "ada", "bob"]


def test_where_one_table_fails_the_wave_keeps_all_it_had(connection):
    wave_of(connection, "2026-Q2", share=0.4)
    rows = {
        "survey.respondent": respondents("2026-Q2", ("eve",)),
        "estimate.estimate": estimates("2026-Q2").assign(standard_error=-1.0),
    }
    with pytest.raises(ContractError):
        replace_wave(connection, "2026-Q2", rows)
    assert list(read_table(connection, "survey.respondent")["respondent"]) == ["ada", "bob"]
    assert read_table(connection, "estimate.estimate")["estimate"][0] == 0.4
    wave_of(connection, "2026-Q2", share=0.6)


def test_a_whole_table_is_replaced(connection):
    replace_all(connection, {"estimate.change": changes()})
    replace_all(connection, {"estimate.change": changes(difference=0.07)})
    assert list(read_table(connection, "estimate.change")["difference"]) == [0.07]


def test_an_empty_frame_empties_the_table(connection):
    replace_all(connection, {"estimate.change": changes()})
    replace_all(connection, {"estimate.change": changes().iloc[:0].astype("object")})
    assert len(read_table(connection, "estimate.change")) == 0


def test_rows_of_another_wave_are_refused(connection):
    with pytest.raises(ContractError, match="another period"):
        replace_wave(connection, "2026-Q2", {"estimate.estimate": estimates("2026-Q3")})
    with pytest.raises(ContractError, match="replaced whole"):
        replace_wave(connection, "2026-Q2", {"ref.item": pd.DataFrame()})


def test_columns_that_differ_are_named(connection):
    wrong = estimates("2026-Q2").drop(columns="df").assign(note="x")
    with pytest.raises(ContractError, match=r"missing \['df'\], unknown \['note'\]"):
        replace_wave(connection, "2026-Q2", {"estimate.estimate": wrong})


def test_a_table_that_does_not_exist_is_named(connection):
    with pytest.raises(ContractError, match=r"no table estimate\.level"):
        replace_all(connection, {"estimate.level": pd.DataFrame()})


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("unweighted_base", 60.5, "int32"),
        ("unweighted_base", "60", "int32"),
        ("estimate", "0.5", "double"),
        ("measure", 7, "string"),
    ],
)
def test_a_value_of_another_type_is_refused_not_converted(connection, column, value, expected):
    wrong = estimates("2026-Q2").astype({column: "object"})
    wrong.loc[0, column] = value
    with pytest.raises(ContractError) as caught:
        replace_wave(connection, "2026-Q2", {"estimate.estimate": wrong})
    assert f"estimate.estimate.{column}" in caught.value.what
    assert expected in caught.value.expected


def test_an_infinite_number_is_refused_and_a_missing_one_is_null(connection):
    rows = estimates("2026-Q2")
    with pytest.raises(ContractError, match="infinite"):
        replace_wave(
            connection, "2026-Q2", {"estimate.estimate": rows.assign(deff_design=math.inf)}
        )
    replace_wave(connection, "2026-Q2", {"estimate.estimate": rows.assign(deff_design=np.nan)})
    nulls = connection.execute("SELECT count(*) FROM estimate.estimate WHERE deff_design IS NULL")
    assert nulls.fetchall() == [(2,)]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda rows: pd.concat([rows, rows]),
        lambda rows: rows.assign(psu=None),
        lambda rows: rows.assign(design_weight=-1.0),
        lambda rows: rows.assign(domains="text"),
        lambda rows: rows.assign(interview_date=SECRET),
    ],
)
def test_no_message_about_wrong_rows_quotes_a_value(connection, wrong):
    rows = wrong(respondents("2026-Q2", (SECRET,)))
    with pytest.raises(ContractError) as caught:
        replace_wave(connection, "2026-Q2", {"survey.respondent": rows})
    assert "survey.respondent" in caught.value.what
    assert SECRET not in repr(caught.value)
    assert caught.value.__context__ is None


CONTRADICTIONS = [
    {"estimate": 1.5},
    {"estimate": 0.5, "ci_lower": 0.6},
    {"estimate": 0.5, "ci_lower": 0.1, "ci_upper": None},
    {"estimate": 0.5, "ci_upper": 1.2},
    {"estimate": 0.5, "suppression_reason": "withheld"},
    {"estimate": None, "suppression_reason": None},
    {"estimate": None, "suppression_reason": "withheld"},
    {"standard_error": None},
    {"unweighted_base": None},
    {"unweighted_base": -1},
]


@pytest.mark.parametrize("figures", CONTRADICTIONS, ids=str)
def test_an_estimate_that_contradicts_itself_is_refused(connection, figures):
    rows = estimates("2026-Q2").iloc[:1].assign(**figures)
    with pytest.raises(ContractError, match="break its rules"):
        replace_wave(connection, "2026-Q2", {"estimate.estimate": rows})


def withheld(columns, kept=()):
    return {name: None for name in columns if name not in kept} | {"suppression_reason": "withheld"}


CHANGE_FIGURES = (
    *("difference", "standard_error", "df", "ci_lower", "ci_upper", "p_value"),
    *("detectable_change", "verdict"),
)


@pytest.mark.parametrize(
    "figures",
    [
        {"difference": 1.5},
        {"compared_with": "2027-Q2"},
        {"role": "shown"},
        {"verdict": "decrease"},
        {"verdict": "rise"},
        {"p_value": None},
        {"p_value": 1.2},
        {"ci_lower": 0.12},
        {"suppression_reason": "withheld"},
        withheld(["difference"]),
        *(withheld(CHANGE_FIGURES, kept=(name,)) for name in CHANGE_FIGURES),
    ],
    ids=str,
)
def test_a_change_that_contradicts_itself_or_gives_a_withheld_one_away_is_refused(
    connection, figures
):
    with pytest.raises(ContractError):
        replace_all(connection, {"estimate.change": changes(**figures)})


NOT_JUDGED = dict.fromkeys(
    ["verdict", "adjusted_p", "family_size", "adjustment", "detectable_change"]
)
"""What judging adds to a test that was made."""


def test_a_change_withheld_with_everything_about_it_is_stored(connection):
    replace_all(
        connection, {"estimate.change": changes(**{**withheld(CHANGE_FIGURES), **NOT_JUDGED})}
    )


@pytest.mark.parametrize(
    "figures",
    [
        {"status": "worsening"},
        {"required_direction": "decrease"},
        {"status": "on target"},
        {"adjusted_p": None},
        {"compared_with": None},
        {"difference": None},
        {"estimate": None},
        {"suppression_reason": "withheld"},
    ],
    ids=str,
)
def test_a_kpi_whose_status_is_not_what_its_figures_say_is_refused(connection, figures):
    with pytest.raises(ContractError):
        replace_all(connection, {"kpi.kpi": statuses(**figures)})


def test_a_kpi_that_improves_and_one_that_worsens_are_stored(connection):
    fell = {"difference": -0.1, "difference_ci_lower": -0.14, "difference_ci_upper": -0.06}
    worse = statuses(kpi="damage", status="worsening", **fell)
    better = statuses(kpi="fear", status="improving", required_direction="decrease", **fell)
    replace_all(connection, {"kpi.kpi": pd.concat([statuses(), worse, better])})
    assert len(read_table(connection, "kpi.kpi")) == 3


@pytest.mark.parametrize("both", [{"code": "1", "missing_reason": "refused"}, {}])
def test_an_answer_is_either_given_or_missing(connection, both):
    row = {"wave": "w", "respondent": "ada", "item": "q", "code": None, "missing_reason": None}
    with pytest.raises(ContractError):
        replace_wave(connection, "w", {"survey.answer": pd.DataFrame([row | both])})


def test_moments_days_and_lists_come_back_as_they_went(connection):
    row = {
        "run": 1,
        "started_at": datetime(2026, 6, 1, 12, 0, 0, 123456, tzinfo=UTC),
        "ended_at": datetime(2026, 6, 1, 12, 1, tzinfo=UTC),
        "code_version": "1",
        "survey_version": "2",
        "inputs": ("a", "b"),
        "waves_computed": (),
        "outcome": "done",
    }
    add_rows(connection, "ops.run", pd.DataFrame([row]))
    day = {"wave": "w", "wave_order": 1, "period_start": date(2026, 4, 1)}
    day |= {"period_end": date(2026, 6, 30), "cases_issued": 2_000, "cases_not_eligible": None}
    add_rows(connection, "ref.wave", pd.DataFrame([day]))
    run = read_table(connection, "ops.run").iloc[0]
    assert run["started_at"] == row["started_at"]
    assert list(run["inputs"]) == ["a", "b"]
    assert list(run["waves_computed"]) == []
    assert read_table(connection, "ref.wave")["period_start"][0] == pd.Timestamp("2026-04-01")


finite = st.floats(allow_nan=False, allow_infinity=False, width=64)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(texts, finite, st.none() | texts), unique_by=lambda row: row[0], max_size=5)
)
def test_every_finite_number_and_every_text_survives_to_the_last_bit(rows):
    frame = pd.DataFrame(rows, columns=["category", "calibrated", "note"])
    stored = frame.drop(columns="note").assign(
        wave="w", margin="m", respondents=1, design_weighted=1.0, control_total=1.0
    )
    connection = empty_warehouse()
    replace_wave(connection, "w", {"survey.margin_check": stored})
    read = read_table(connection, "survey.margin_check")
    pairs = zip(read["category"], read["calibrated"], strict=True)
    assert {name: value.hex() for name, value in pairs} == {
        name: value.hex() for name, value, _ in rows
    }
