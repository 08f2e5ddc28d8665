"""What is stored of a wave to compare the next with."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import duckdb
import pandas as pd

from warehouse.store import primary_keys


def facts_before(
    connection: duckdb.DuckDBPyConnection, wave: str, waves: Sequence[str], tables: Collection[str]
) -> tuple[str, dict[str, pd.DataFrame]] | None:
    """Return the nearest wave before `wave` of which each of `tables` has rows, and these rows.

    `waves`: all the survey's, in order of time. None where there is none.
    """
    keys = primary_keys(connection)
    if not set(tables) <= set(keys):
        return None  # a build of an earlier version: its waves are computed again by the next run
    for earlier in reversed(waves[: waves.index(wave)]):
        rows = {
            name: connection.execute(
                f"FROM {name} WHERE wave = ? ORDER BY {keys[name]}", [earlier]
            ).df()
            for name in tables
        }
        if not any(frame.empty for frame in rows.values()):
            return earlier, rows
    return None
