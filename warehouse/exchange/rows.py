"""A wave's respondents as an export takes them: one row each, with weights, replicates, design."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from transforms.arrays import Floats
from warehouse.exchange.codes import Codes, codes_of
from warehouse.wide import Column, wide_columns

Kind = Literal["text", "number", "date", "code"]
Level = Literal["nominal", "ordinal", "scale"]

LABELLED = """
    SELECT w.* EXCLUDE (wave), d.population_psus FROM survey.wide AS w
    JOIN survey.design AS d ON d.wave = w.wave AND d.stratum = w.stratum
    WHERE w.wave = ? ORDER BY w.respondent
"""
REPLICATES = """
    SELECT list(weight ORDER BY replicate) FROM survey.replicate_weight WHERE wave = ?
    GROUP BY respondent ORDER BY respondent
"""
DESCRIBED = {
    "respondent": "Pseudonym of the respondent",
    "sample": "Sample drawn from",
    "stratum": "Sampling stratum",
    "psu": "Primary sampling unit, unique within the wave",
    "interview_date": "Day of the interview",
    "design_weight": "Inverse chance of selection",
    "calibration_weight": "Final weight, after calibration: the one to estimate with",
    "population_psus": "Units in the stratum's population; empty: no finite population correction",
}


@dataclass(frozen=True, slots=True)
class Variable:
    """A column of an export. `labels`: of codes; `missing`: codes that are no valid answer."""

    name: str
    kind: Kind
    label: str
    level: Level
    labels: Mapping[float, str]
    missing: tuple[float, ...] = ()
    renumbered: bool = False


def labelled_rows(connection: duckdb.DuckDBPyConnection, wave: str) -> pa.Table:
    """Return a wave's rows of survey.wide, without the wave, and the units drawn from."""
    return connection.sql(LABELLED, params=[wave]).to_arrow_table()


def replicate_weights(connection: duckdb.DuckDBPyConnection, wave: str) -> Floats:
    """(respondents, replicates) a wave's replicate weights; no column where it has none."""
    held = connection.execute(REPLICATES, [wave]).fetchall()
    if not held:
        return np.empty((0, 0))
    return np.array([weights for (weights,) in held], dtype=np.float64)


def replicate_names(count: int) -> list[str]:
    """Return the names of the columns of replicate weights, in order."""
    digits = len(str(count))
    return [f"replicate_{number:0{digits}d}" for number in range(1, count + 1)]


def variables_of(connection: duckdb.DuckDBPyConnection, wave: str) -> list[Variable]:
    """Return what the columns of a wave's coded rows are."""
    fixed = Column("population_psus", "DOUBLE", "", "")
    columns = [one for one in (*wide_columns(connection), fixed) if one.name != "wave"]
    return [_variable(connection, wave, one) for one in columns]


def coded_rows(connection: duckdb.DuckDBPyConnection, wave: str) -> pd.DataFrame:
    """Return a wave's rows with codes in the place of labels, missing answers as their codes.

    An answer that is missing for a reason without a code is not a number.
    """
    rows = labelled_rows(connection, wave).to_pandas(date_as_object=True)
    answers = _answers(connection, wave)
    coded = {
        column.name: _coded(connection, wave, column, answers, rows["respondent"])
        for column in wide_columns(connection)
        if column.role in ("domain", "answer")
    }
    held: pd.DataFrame = rows.assign(**coded)
    return held


def _answers(connection: duckdb.DuckDBPyConnection, wave: str) -> dict[str, pd.DataFrame]:
    """Return by item its answers, indexed by respondent: code and missing_reason."""
    held = connection.execute(
        "SELECT item, respondent, code, missing_reason FROM survey.answer WHERE wave = ?", [wave]
    ).df()
    return {
        str(item): rows.set_index("respondent")[["code", "missing_reason"]].astype(object)
        for item, rows in held.groupby("item")
    }


def _coded(
    connection: duckdb.DuckDBPyConnection,
    wave: str,
    column: Column,
    answers: Mapping[str, pd.DataFrame],
    respondents: pd.Series,
) -> pd.Series:
    if column.role == "domain":
        return _domain_codes(connection, wave, column.of)
    if column.of not in answers:
        return pd.Series(np.nan, index=respondents.index)
    given = answers[column.of].reindex(respondents).reset_index(drop=True)
    codes = codes_of(connection, wave, column.of)
    if column.kind == "DATE":
        return pd.to_datetime(given["code"]).dt.date
    valid = given["code"].map(codes.valid) if codes.valid else pd.to_numeric(given["code"])
    return valid.astype("float64").fillna(given["missing_reason"].map(codes.missing).astype(float))


def _domain_codes(connection: duckdb.DuckDBPyConnection, wave: str, domain: str) -> pd.Series:
    held = connection.execute(
        "SELECT CAST(d.value_order AS DOUBLE) AS code FROM survey.respondent AS r "
        "LEFT JOIN ref.domain AS d ON d.domain = $2 AND d.domain_value = r.domains[$2] "
        "WHERE r.wave = $1 ORDER BY r.respondent",
        [wave, domain],
    ).df()
    return held["code"]


def _variable(connection: duckdb.DuckDBPyConnection, wave: str, column: Column) -> Variable:
    if column.role == "fixed":
        kind = _kind(column)
        return Variable(column.name, kind, DESCRIBED[column.name], _level(kind), {})
    if column.role == "measure":
        return Variable(column.name, "number", _measure_label(connection, column), "scale", {})
    if column.role == "domain":
        label, labels = _domain(connection, column.of)
        return Variable(column.name, "code", label, "nominal", labels)
    return _answer(connection, column, codes_of(connection, wave, column.of))


def _answer(connection: duckdb.DuckDBPyConnection, column: Column, codes: Codes) -> Variable:
    ((label, ordered),) = connection.execute(
        "SELECT coalesce(question, label), item IN (SELECT item FROM ref.measure "
        "WHERE scores IS NOT NULL) FROM ref.item WHERE item = ?",
        [column.of],
    ).fetchall()
    kind: Kind = "code" if codes.valid else _kind(column)
    return Variable(
        name=column.name,
        kind=kind,
        label=" ".join(label.split()),
        level="ordinal" if ordered and kind == "code" else _level(kind),
        labels={} if kind == "date" else codes.labels,
        missing=() if kind == "date" else tuple(sorted(codes.missing.values())),
        renumbered=codes.renumbered,
    )


def _kind(column: Column) -> Kind:
    return {"DATE": "date", "DOUBLE": "number"}.get(column.kind, "text")  # type: ignore[return-value]


def _level(kind: Kind) -> Level:
    return "scale" if kind in ("number", "date") else "nominal"


def _domain(connection: duckdb.DuckDBPyConnection, domain: str) -> tuple[str, dict[float, str]]:
    held = connection.execute(
        "SELECT domain_label, value_order, value_label FROM ref.domain WHERE domain = ? "
        "ORDER BY value_order",
        [domain],
    ).fetchall()
    return held[0][0], {float(place): label for _, place, label in held}


def _measure_label(connection: duckdb.DuckDBPyConnection, column: Column) -> str:
    ((label, kind),) = connection.execute(
        "SELECT label, kind FROM ref.measure WHERE measure = ?", [column.of]
    ).fetchall()
    what = "score" if kind == "mean" else "1 the answer counts, 0 it does not"
    return f"{label} ({what}; empty: not in the base)"


def held_waves(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the waves whose respondents are in the warehouse, in order of time."""
    held = connection.execute(
        "SELECT wave FROM ref.wave WHERE wave IN (SELECT wave FROM survey.respondent) "
        "ORDER BY wave_order"
    ).fetchall()
    return [wave for (wave,) in held]


def reduced_waves(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Yield the waves whose respondents are no longer kept."""
    for (wave,) in connection.execute("SELECT wave FROM ops.reduction ORDER BY wave").fetchall():
        yield wave
