"""A warehouse that holds just what the table macros read, in memory or in a file, from frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pandas as pd

from warehouse import database
from warehouse.store import add_rows
from warehouse.wide import write_wide

SURVEY = {
    "survey": "small",
    "title": "A small survey",
    "run_by": "nobody",
    "fieldwork_by": "nobody",
    "covers": "people",
    "whole": "everybody",
    "simulated": True,
    "survey_version": "0",
    "confidence": 0.95,
    "significance_level": 0.05,
    "minimum_count": 5,
    "minimum_base": 50,
    "minimum_df": 8,
    "maximum_width": 0.3,
    "interval_method": "korn_graubard",
    "pooling": "equal",
    "fewest_waves": 4,
    "lonely_psu": "fail",
}


def asked_warehouse(
    people: pd.DataFrame,
    measures: Mapping[str, str],
    domains: Sequence[str] = (),
    populations: Mapping[str, float] | None = None,
    breaks: Sequence[str] = (),
    path: Path | None = None,
    **survey: object,
) -> duckdb.DuckDBPyConnection:
    """A warehouse of `people`: columns wave, stratum, psu, weight, the domains and the measures.

    `measures`: by name, proportion or mean; a missing value is outside the base. `populations`: of
    each wave. A column drawn_from holds the sampling points in the population of a stratum.
    """
    connection = duckdb.connect(str(path or ":memory:"))
    connection.execute(database.OPEN_SCHEMA + database.RESTRICTED_SCHEMA)
    _declare(connection, people, measures, domains, breaks, {**SURVEY, **survey})
    names = [f"{number:07d}" for number in range(len(people))]
    rows = people.assign(
        respondent=names,
        domains=[
            {k: v for k, v in one.items() if not pd.isna(v)}
            for one in people[list(domains)].to_dict("records")
        ],
    )
    _add(connection, "survey.respondent", _respondents(rows))
    for measure in measures:
        asked = rows[rows[measure].notna()]
        _add(
            connection,
            "survey.indicator",
            asked[["wave", "respondent"]].assign(measure=measure, y=asked[measure], x=1.0),
        )
    _add(connection, "survey.design", _design(rows))
    _add(connection, "estimate.total", _totals(people, measures, populations or {}))
    write_wide(connection, "small")
    return connection


def _declare(connection, people, measures, domains, breaks, survey):
    waves = sorted(people["wave"].unique())
    dates = {"period_start": pd.Timestamp("2026-01-01"), "period_end": pd.Timestamp("2026-03-31")}
    _add(connection, "ref.survey", pd.DataFrame([survey]))
    _add(
        connection,
        "ref.wave",
        pd.DataFrame({"wave": waves, "wave_order": range(1, len(waves) + 1), **dates}),
    )
    years = [waves[end - 3 : end + 1] for end in range(3, len(waves))]
    periods = [("wave", [wave]) for wave in waves] + [("rolling_year", year) for year in years]
    for order, (kind, held) in enumerate(periods, 1):
        name = held[0] if kind == "wave" else f"{held[0]}/{held[-1]}"
        connection.execute(
            "INSERT INTO ref.period VALUES (?, ?, ?, ?, ?, '2026-01-01', '2026-03-31', ?)",
            [name, order, kind, held[-1], held, name],
        )
    for order, (name, kind) in enumerate(measures.items(), 1):
        mean = kind == "mean"
        connection.execute(
            "INSERT INTO ref.measure BY NAME SELECT ? AS measure, ? AS measure_order, ? AS label, "
            "? AS kind, 'item' AS item, ? AS counts, ? AS scale_lower, ? AS scale_upper, "
            "? AS unit, [] AS leaves_base, 'people' AS base_label, ? AS domains, ? AS breaks",
            [
                *(name, order, name, kind, [] if mean else ["yes"]),
                *(0.0, 10.0 if mean else 1.0, "points" if mean else None),
                *(list(domains), list(breaks)),
            ],
        )
    connection.execute("INSERT INTO ref.domain VALUES ('all', 'all', 0, 1, 'All', 'All', NULL)")
    for order, name in enumerate(domains, 1):
        for place, value in enumerate(sorted(people[name].dropna().unique()), 1):
            connection.execute(
                "INSERT INTO ref.domain VALUES (?, ?, ?, ?, ?, ?, NULL)",
                [name, value, order, place, name, value.capitalize()],
            )


def _respondents(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "wave": rows["wave"],
            "respondent": rows["respondent"],
            "sample": "main",
            "stratum": rows["stratum"].astype(str),
            "psu": rows["psu"].astype(str),
            "domains": rows["domains"],
            "design_weight": rows.get("design_weight", rows["weight"]),
            "calibration_weight": rows["weight"],
        }
    )


def _design(rows: pd.DataFrame) -> pd.DataFrame:
    drawn_from = rows.get("drawn_from", pd.Series(float("nan"), index=rows.index))
    strata = rows.assign(drawn_from=drawn_from, stratum=rows["stratum"].astype(str))
    found = strata.groupby(["wave", "stratum"], as_index=False).agg(
        psus=("psu", "nunique"),
        population_psus=("drawn_from", "first"),
        respondents=("psu", "size"),
    )
    return found


def _totals(people: pd.DataFrame, measures, populations) -> pd.DataFrame:
    """Rows that say which waves hold which measure; their figures are not read here."""
    figures = dict.fromkeys(
        [
            *("y", "x", "var_y", "var_x", "cov_yx", "sum_wy2", "sum_w2", "n", "psus", "strata"),
            *("df", "cov_y_force_y", "cov_y_force_x", "cov_x_force_y", "cov_x_force_x"),
        ],
        0,
    )
    held = [
        {
            **{"wave": wave, "measure": measure, "domain": "all", "domain_value": "all"},
            **figures,
            "control_total": populations.get(wave),
        }
        for wave, rows in people.groupby("wave")
        for measure in measures
        if rows[measure].notna().any()
    ]
    return pd.DataFrame(held)


def _add(connection: duckdb.DuckDBPyConnection, table: str, rows: pd.DataFrame) -> None:
    """Add rows; columns that they lack are NULL."""
    lacking = [name for name in connection.sql(f"FROM {table}").columns if name not in rows]
    empty = pd.DataFrame({name: [None] * len(rows) for name in lacking}, index=rows.index)
    add_rows(connection, table, pd.concat([rows, empty], axis=1))
