"""Questions understood otherwise than meant: one answer, or an error, never a wrong one."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from asked_warehouse import asked_warehouse

PEOPLE = pd.DataFrame(
    {
        "wave": ["2026-Q1"] * 4,
        "stratum": ["a", "a", "b", "b"],
        "psu": ["1", "2", "3", "4"],
        "weight": [1.0, 2.0, 3.0, 2.0],
        "sex": ["f", "m", "f", "m"],
        "agrees": [1.0, 0.0, 1.0, 0.0],
    }
)


@pytest.fixture(scope="module")
def warehouse():
    with asked_warehouse(PEOPLE, {"agrees": "proportion"}, ["sex"]) as connection:
        yield connection


def test_a_wave_named_twice_counts_once(warehouse):
    """Y = 1 + 3, X = 8, r = 1/2; e = w(y − r)/8 = 1/16, −2/16, 3/16, −2/16 by unit.

    V = (3/16)² + (5/16)² = 34/256. Counted twice, 8 respondents would halve it.
    """
    question = "survey.estimate('agrees', periods := ['2026-Q1'], waves := ['2026-Q1'])"
    (row,) = warehouse.sql(f"FROM {question}").df().to_dict("records")
    assert (row["period"], row["unweighted_base"], row["weighted_base"]) == ("2026-Q1", 4, 8)
    assert row["standard_error"] == pytest.approx(np.sqrt(34) / 16, rel=1e-13)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("survey.estimate(NULL)", "no measure: NULL.*agrees"),
        ("survey.estimate('agrees', by_columns := [NULL])", "no column.*NULL.*sex"),
        ("survey.estimate('agrees', periods := [NULL])", "no period: NULL.*2026-Q1"),
        ("survey.estimate('agrees', periods := [])", "list of periods is empty"),
        ("survey.estimate('agrees', waves := [])", "list of waves is empty"),
        ("survey.change('agrees', '2026-Q1', NULL)", "no period: NULL"),
        ("survey.difference('agrees', 'sex', NULL)", "no value of sex: NULL.*F, M"),
        ("survey.difference('agrees', 'sex', 'F', other := 'F')", "compared with itself"),
        ("survey.difference('agrees', 'sex', 'F', by_columns := ['sex'])", "cannot be compared"),
        ("survey.difference('agrees', 'wave', '2026-Q1')", "compared with survey.change"),
        ("estimate.calibrated('agrees', domain := NULL)", "no domain of agrees: NULL.*all"),
        ("estimate.published(NULL)", "no measure: NULL"),
        ("estimate.published('agrees', periods := [])", "list of periods is empty"),
    ],
)
def test_what_has_no_answer_is_an_error_and_not_an_empty_one(warehouse, question, told):
    with pytest.raises(duckdb.InvalidInputException, match=told):
        warehouse.sql(f"FROM {question}").fetchall()


def test_what_may_be_left_out_may_be_null(warehouse):
    (row,) = warehouse.sql(
        "FROM survey.estimate('agrees', by_columns := NULL, periods := NULL, waves := NULL)"
    ).fetchall()
    assert row[0] == "agrees"
    assert warehouse.sql("FROM estimate.published_change('agrees')").fetchall() == []


def test_groups_that_never_answered_in_one_period_cannot_be_compared():
    """Women were asked alone: of 2 and 3 women's weights one agrees, and no man answered."""
    women = PEOPLE.assign(agrees=PEOPLE["agrees"].where(PEOPLE["sex"] == "f"))
    with asked_warehouse(women, {"agrees": "proportion"}, ["sex"]) as connection:
        with pytest.raises(duckdb.InvalidInputException, match="In none of these periods"):
            connection.sql("FROM survey.difference('agrees', 'sex', 'F')").fetchall()
        assert connection.sql("FROM survey.estimate('agrees', ['sex'])").fetchall() != []
