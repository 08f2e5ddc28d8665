import json
from datetime import UTC, datetime

import duckdb
import pytest
from stored_rows import build_wave

from transforms.errors import UsageError
from warehouse.asking import answer, opened_for_questions, record_access, without_constants
from warehouse.home import home_of

WHEN = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = home_of("small", tmp_path_factory.mktemp("asked"))
    build_wave(home, "2026-Q2")
    return home


@pytest.fixture
def published(home):
    _, connection = opened_for_questions(home, restricted=False)
    with connection:
        yield connection


@pytest.fixture
def restricted(home):
    _, connection = opened_for_questions(home, restricted=True)
    with connection:
        yield connection


def test_the_published_database_answers(published):
    query = "SELECT count(*) AS n FROM estimate.estimate WHERE domain = 'all'"
    assert answer(published, query, as_csv=True) == "n\n1"


def test_respondents_are_in_the_restricted_one_alone(published, restricted):
    query = "SELECT count(*) AS n FROM survey.respondent"
    assert answer(restricted, query, as_csv=True) == "n\n2"
    with pytest.raises(UsageError, match="respondent"):
        answer(published, query, as_csv=True)


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM estimate.estimate",
        "COPY estimate.estimate TO 'taken.csv'",
        "ATTACH 'taken.duckdb'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ],
)
def test_nothing_is_written_and_nothing_else_is_read(restricted, query):
    with pytest.raises(UsageError, match="cannot be answered"):
        answer(restricted, query, as_csv=False)


def test_before_the_first_build_there_is_nothing_to_ask(tmp_path):
    with pytest.raises(UsageError, match="no build yet"):
        opened_for_questions(home_of("small", tmp_path), restricted=False)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("SELECT 1", "SELECT ?"),
        (
            "FROM survey.answer WHERE a = 'änn' AND b=-3.5",
            "FROM survey . answer WHERE a = ? AND b = - ?",
        ),
        ("SELECT x -- 'of Ann'\n, 2 /* Ann */ FROM t", "SELECT x , ? FROM t"),
        ("SELECT 0x1F, $$Ann$$, E'Ann', DATE '1999-01-01'", "SELECT ? , ? , ? , DATE ?"),
        ("SELECT 'Ann", "SELECT ?"),
        ("SELECT 1e5,2", "SELECT ? , ?"),
        ('FROM t WHERE serial = "Ann 10"', "FROM t WHERE serial = ?"),
    ],
)
def test_the_log_holds_queries_without_what_they_look_for(query, kept):
    assert without_constants(query) == kept


def test_each_access_is_a_line_that_only_this_account_reads(home):
    for query in ("SELECT 'Ann'", "SELECT 2"):
        record_access(home, home.builds / "0001", query, WHEN)
    lines = [json.loads(line) for line in home.access_log.read_text().splitlines()]
    assert [line["query"] for line in lines] == ["SELECT ?"] * 2
    assert {line["at"] for line in lines} == {"2026-07-01T09:30:00+00:00"}
    assert {line["build"] for line in lines} == {"0001"}
    assert all(line["account"] for line in lines)
    assert home.access_log.stat().st_mode & 0o777 == 0o600


def test_an_answer_as_csv_is_in_duckdbs_own_words():
    """A huge number keeps its digits, a list its NULL, and "" is not NULL."""
    query = (
        "SELECT 12345678901234567890::HUGEINT AS huge, 1.10::DECIMAL(9, 2) AS decimal, "
        "[1, NULL] AS list, '' AS empty, NULL AS nothing, 'a,\"b\"' AS text"
    )
    with duckdb.connect() as connection:
        said = answer(connection, query, as_csv=True)
    assert said.splitlines() == [
        "huge,decimal,list,empty,nothing,text",
        '12345678901234567890,1.10,"[1, NULL]","",,"a,""b"""',
    ]


def test_several_questions_in_one_are_refused():
    """DuckDB would answer the last and say nothing of the others."""
    with duckdb.connect() as connection:
        with pytest.raises(UsageError, match="several questions in one"):
            answer(connection, "SELECT 1; SELECT 2", as_csv=False)
        assert answer(connection, "SELECT 1 AS one;", as_csv=True) == "one\n1"
