"""The wide table: one row a respondent, labelled columns, for analysts and the table macros.

`survey.wide`, and beside it a view by the survey's name, are made from the long tables and the
declaration, so they hold nothing of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import duckdb

from warehouse.database import transaction

FIXED = {
    "wave": "The wave",
    "respondent": "The respondent's pseudonym",
    "sample": "The sample drawn from",
    "stratum": "Sampling stratum",
    "psu": "Primary sampling unit, unique within the wave",
    "interview_date": "Day of the interview",
    "design_weight": "Inverse chance of selection",
    "calibration_weight": "Weight after calibration: the one to estimate with",
}
"""Columns that every survey has, as survey.respondent has them."""

SAME = "survey.wide, by the survey's name"

OUTPUTS = frozenset(
    {
        *("measure", "period", "compared_with", "estimate", "standard_error", "df", "ci_lower"),
        *("ci_upper", "interval_method", "unweighted_base", "weighted_base", "effective_base"),
        *("marker", "method", "difference", "p_value", "one", "other", "no_test_reason"),
    }
)
"""Columns of the macros' answers: nothing asked for by name may be called so."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type, the expression that gives it, and what it holds.

    `role`: what it is a column of; `of`: the name of that domain, item or measure.
    """

    name: str
    kind: str
    value: str
    comment: str
    role: Literal["fixed", "domain", "answer", "measure"] = "fixed"
    of: str = ""


def write_wide(connection: duckdb.DuckDBPyConnection, survey: str) -> None:
    """Write survey.wide anew, and the view of the survey's name, from what the database holds."""
    columns = wide_columns(connection)
    with transaction(connection):
        connection.execute("DROP TABLE IF EXISTS survey.wide")
        connection.execute(_table(columns))
        connection.execute(_rows(columns, connection))
        view = _name(view_name(connection, survey))
        connection.execute(f"CREATE OR REPLACE VIEW survey.{view} AS FROM survey.wide")
        for statement in _comments(columns, view):
            connection.execute(statement)


def wide_columns(connection: duckdb.DuckDBPyConnection) -> list[Column]:
    """Return the columns of survey.wide, in order, as what is declared makes them."""
    return [*_fixed(), *_domains(connection), *_items(connection), *_measures(connection)]


def view_name(connection: duckdb.DuckDBPyConnection, survey: str) -> str:
    """Return what the view is called: as the survey, unless a table has that name."""
    tables = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'survey'"
    ).fetchall()
    return f"{survey}_respondents" if (survey,) in tables else survey


def _fixed() -> Iterator[Column]:
    kinds = {"interview_date": "DATE", "design_weight": "DOUBLE", "calibration_weight": "DOUBLE"}
    for name, comment in FIXED.items():
        yield Column(name, kinds.get(name, "VARCHAR"), f"r.{name}", comment)


def _domains(connection: duckdb.DuckDBPyConnection) -> Iterator[Column]:
    """Yield a column a domain: its values' labels, in their declared order."""
    held = connection.execute(
        "SELECT domain, any_value(domain_label), list(domain_value ORDER BY value_order), "
        "list(value_label ORDER BY value_order) FROM ref.domain WHERE domain_order > 0 "
        "GROUP BY domain, domain_order ORDER BY domain_order"
    ).fetchall()
    for name, label, values, labels in held:
        pairs = ", ".join(
            f"{_text(value)}: {_text(one)}" for value, one in zip(values, labels, strict=True)
        )
        yield Column(
            name=_free(name, "domain"),
            kind=_choice(labels),
            value=f"MAP {{{pairs}}}[r.domains[{_text(name)}]]",
            comment=f"{label}; NULL where there is no value",
            role="domain",
            of=name,
        )


def _items(connection: duckdb.DuckDBPyConnection) -> Iterator[Column]:
    """Yield a column an item that is stored: a code's label, a number or a date."""
    domains = {name for (name,) in connection.execute("SELECT domain FROM ref.domain").fetchall()}
    held = connection.execute(
        "SELECT item, type, label FROM ref.item WHERE type <> 'identifier' ORDER BY item_order"
    ).fetchall()
    for name, kind, label in held:
        if name in FIXED:
            continue
        labels = _labels(connection, name)
        column = _free(f"{name}_answer" if name in domains else name, "answer")
        yield Column(
            name=column,
            kind=_choice(labels) if labels else "DATE" if kind == "date" else "DOUBLE",
            value=f"a.{_name('i_' + name)}",
            comment=f"Answer: {label}; NULL where there is no valid one (survey.answer says why)",
            role="answer",
            of=name,
        )


def _labels(connection: duckdb.DuckDBPyConnection, item: str) -> list[str]:
    """Return the labels of an item's valid answers in the order of their codes."""
    held = connection.execute(
        "SELECT label FROM ref.code WHERE item = ? AND missing_reason IS NULL GROUP BY label "
        "ORDER BY min(try_cast(code AS DOUBLE)), min(code)",
        [item],
    ).fetchall()
    return [label for (label,) in held]


def _measures(connection: duckdb.DuckDBPyConnection) -> Iterator[Column]:
    """Yield a column a measure: y in its base, NULL outside it."""
    held = connection.execute(
        "SELECT measure, label, kind FROM ref.measure ORDER BY measure_order"
    ).fetchall()
    for name, label, kind in held:
        what = "the score" if kind == "mean" else "1 where the answer counts, 0 where not"
        yield Column(
            f"y_{name}",
            "DOUBLE",
            f"m.{_name('y_' + name)}",
            f"{label}: {what}; NULL outside the base",
            "measure",
            name,
        )


def _table(columns: Iterable[Column]) -> str:
    declared = ", ".join(f"{_name(one.name)} {one.kind}" for one in columns)
    return f"CREATE TABLE survey.wide ({declared}, PRIMARY KEY (wave, respondent))"


def _rows(columns: Iterable[Column], connection: duckdb.DuckDBPyConnection) -> str:
    items = connection.execute("SELECT item FROM ref.item ORDER BY item_order").fetchall()
    measures = connection.execute("SELECT measure FROM ref.measure").fetchall()
    answers = _pivoted([name for (name,) in items], "item", "value", "i_")
    indicators = _pivoted([name for (name,) in measures], "measure", "y", "y_")
    chosen = ", ".join(f"CAST({one.value} AS {one.kind}) AS {_name(one.name)}" for one in columns)
    return f"""
        INSERT INTO survey.wide BY NAME
        WITH labelled AS (
            SELECT s.wave, s.respondent, s.item, coalesce(c.label, s.code) AS value
            FROM survey.answer AS s
            LEFT JOIN ref.code AS c ON c.wave = s.wave AND c.item = s.item AND c.code = s.code
            WHERE s.code IS NOT NULL
        ),
        answers AS (SELECT wave, respondent{answers} FROM labelled GROUP BY wave, respondent),
        measures AS (
            SELECT wave, respondent{indicators} FROM survey.indicator GROUP BY wave, respondent
        )
        SELECT {chosen} FROM survey.respondent AS r
        LEFT JOIN answers AS a ON a.wave = r.wave AND a.respondent = r.respondent
        LEFT JOIN measures AS m ON m.wave = r.wave AND m.respondent = r.respondent
        ORDER BY r.wave, r.respondent
    """


def _pivoted(names: Iterable[str], key: str, value: str, prefix: str) -> str:
    """Return `, any_value(value) FILTER (key = name) AS prefix+name` for each name."""
    return "".join(
        f", any_value({value}) FILTER ({key} = {_text(name)}) AS {_name(prefix + name)}"
        for name in names
    )


def _comments(columns: Iterable[Column], view: str) -> Iterator[str]:
    what = "A respondent in a wave, with labelled columns; for survey.estimate and its like"
    yield f"COMMENT ON TABLE survey.wide IS {_text(what)}"
    yield f"COMMENT ON VIEW survey.{view} IS {_text(SAME)}"
    for one in columns:
        for place in ("wide", view):
            told = _text(one.comment)
            yield f"COMMENT ON COLUMN survey.{place}.{_name(one.name)} IS {told}"


def _free(name: str, kind: str) -> str:
    """Return a name that no fixed column and no column of an answer has."""
    return f"{name}_{kind}" if name in OUTPUTS or name in FIXED else name


def _choice(labels: Iterable[str]) -> str:
    return f"ENUM ({', '.join(_text(label) for label in dict.fromkeys(labels))})"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
