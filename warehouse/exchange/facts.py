"""What goes with exported respondents: windows, replicates, code book and provenance, as CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import duckdb
import pandas as pd

from warehouse.exchange.rows import Variable, replicate_names, variables_of
from warehouse.spss import variable_names

R_LONELY_PSU: Final = {"centre": "adjust"}
"""What R's option survey.lonely.psu calls the policies that it names otherwise."""

SURVEY = """
    SELECT survey, title, simulated, lonely_psu, minimum_count,
        EXISTS (FROM survey.design WHERE population_psus IS NOT NULL) AS corrected
    FROM ref.survey
"""
WINDOWS = """
    SELECT CAST(? AS VARCHAR) AS measure, p.period, w._wave AS wave, w._a AS factor
    FROM survey._windows(?, (SELECT list(period) FROM ref.period), NULL) AS w
    JOIN ref.period AS p ON p.period = w.period JOIN ref.wave AS v ON v.wave = w._wave
    WHERE w._whole AND w._a IS NOT NULL
    QUALIFY bool_and(list_contains(CAST(? AS VARCHAR[]), w._wave)) OVER (PARTITION BY p.period)
    ORDER BY p.period_order, v.wave_order
"""
REPLICATES = """
    SELECT wave, method, generate_subscripts(rscales, 1) AS replicate,
        scale * unnest(rscales) AS factor
    FROM survey.replication WHERE list_contains(CAST(? AS VARCHAR[]), wave) ORDER BY wave, replicate
"""
SOURCES = """
    SELECT v.wave, v.sample, d.file_name, v.sha256,
        CAST(d.received_at AT TIME ZONE 'UTC' AS VARCHAR) AS received_at_utc, d.row_count,
        v.survey_version, v.code_version
    FROM ops.wave_version AS v LEFT JOIN ops.delivery AS d ON d.sha256 = v.sha256
    WHERE list_contains(CAST(? AS VARCHAR[]), v.wave) ORDER BY v.wave, v.sample
"""


def fact_tables(
    connection: duckdb.DuckDBPyConnection, waves: Sequence[str]
) -> Mapping[str, pd.DataFrame]:
    """Return the tables by name.

    survey: one row. sources: a wave's delivery. windows: measure × period × wave, the factor of the
    wave's weights; only periods all of whose waves are exported. replicates: wave × replicate, the
    factor of its squared deviation. variables: wave × column. codes: wave × column × code.
    """
    described = {wave: _with_replicates(connection, wave) for wave in waves}
    return {
        "survey": _survey(connection),
        "sources": _read(connection, SOURCES, [list(waves)]),
        "windows": _windows(connection, waves),
        "replicates": _read(connection, REPLICATES, [list(waves)]),
        "variables": _variables(described),
        "codes": _codes(described),
    }


def _read(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[object]
) -> pd.DataFrame:
    return connection.execute(query, parameters).df()


def _survey(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    held = _read(connection, SURVEY, [])
    return held.assign(r_lonely_psu=held["lonely_psu"].replace(dict(R_LONELY_PSU)))


def _windows(connection: duckdb.DuckDBPyConnection, waves: Sequence[str]) -> pd.DataFrame:
    held = connection.execute("SELECT measure FROM ref.measure ORDER BY measure_order").fetchall()
    return pd.concat(
        [_read(connection, WINDOWS, [name, name, list(waves)]) for (name,) in held],
        ignore_index=True,
    )


def _with_replicates(connection: duckdb.DuckDBPyConnection, wave: str) -> list[Variable]:
    held = connection.execute(
        "SELECT replicates FROM survey.replication WHERE wave = ?", [wave]
    ).fetchall()
    return [
        *variables_of(connection, wave),
        *(
            Variable(name, "number", f"Replicate weight {place}", "scale", {})
            for place, name in enumerate(replicate_names(held[0][0] if held else 0), 1)
        ),
    ]


def _variables(described: Mapping[str, Sequence[Variable]]) -> pd.DataFrame:
    rows = [
        {
            **{"wave": wave, "name": one.name, "sav_name": names[one.name], "kind": one.kind},
            **{"level": one.level, "label": one.label, "renumbered": one.renumbered},
        }
        for wave, variables in described.items()
        for names in [variable_names(one.name for one in variables)]
        for one in variables
    ]
    return pd.DataFrame(rows)


def _codes(described: Mapping[str, Sequence[Variable]]) -> pd.DataFrame:
    rows = [
        {
            "wave": wave,
            "name": one.name,
            "code": code,
            "label": label,
            "missing": code in one.missing,
        }
        for wave, variables in described.items()
        for one in variables
        for code, label in one.labels.items()
    ]
    return pd.DataFrame(rows, columns=["wave", "name", "code", "label", "missing"])
