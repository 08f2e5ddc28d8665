"""What is stored of a wave to compare the next with."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import duckdb
import pandas as pd

from transforms.catalogue import Survey
from transforms.ties import answers_stored
from warehouse.store import primary_keys


def stored_waves(
    connection: duckdb.DuckDBPyConnection,
    waves: Sequence[str],
    tables: Collection[str],
    also: Collection[str] = (),
) -> tuple[str, ...]:
    """Return those of `waves` of which each of `tables` has rows, in their order.

    `also`: tables that have to be there, and may be empty.
    """
    if not {*tables, *also} <= set(primary_keys(connection)):
        return ()  # a build of an earlier version: its waves are computed again by the next run
    held = [
        {wave for (wave,) in connection.execute(f"SELECT DISTINCT wave FROM {name}").fetchall()}
        for name in tables
    ]
    return tuple(wave for wave in waves if all(wave in stored for stored in held))


def facts_of(
    connection: duckdb.DuckDBPyConnection, wave: str, tables: Collection[str]
) -> dict[str, pd.DataFrame]:
    """Return a wave's rows by table."""
    keys = primary_keys(connection)
    return {
        name: connection.execute(f"FROM {name} WHERE wave = ? ORDER BY {keys[name]}", [wave]).df()
        for name in tables
    }


def given_in(connection: duckdb.DuckDBPyConnection, wave: str, survey: Survey) -> pd.DataFrame:
    """Return what each respondent of a stored wave answered, as `answers_given` returns it.

    In the order of the pseudonyms, which it leaves out.
    """
    return answers_stored(_wide(connection, wave), survey, wave)


def _wide(connection: duckdb.DuckDBPyConnection, wave: str) -> pd.DataFrame:
    items = [
        name
        for (name,) in connection.execute(
            "SELECT DISTINCT item FROM survey.answer WHERE wave = ? ORDER BY item", [wave]
        ).fetchall()
    ]
    chosen = "".join(f", max(code) FILTER (item = ?) AS answer_{n}" for n in range(len(items)))
    # A respondent without any stored answer is not there: every wave asks something.
    rows = connection.execute(
        "SELECT any_value(r.stratum) AS stratum, any_value(r.design_weight) AS design_weight"
        f"{chosen} FROM survey.respondent AS r JOIN survey.answer AS a USING (wave, respondent) "
        "WHERE wave = ? GROUP BY respondent ORDER BY respondent",
        [*items, wave],
    ).df()
    return rows.set_axis(["stratum", "design_weight", *items], axis=1)
