"""What holds a withdrawn respondent, and how a build comes to hold nothing of one.

A figure of before, less the same figure of after, is what the respondent answered: so the figures
that are made again are left out of the new database file too, not only the respondent's rows.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd

from transforms.errors import StorageError
from warehouse.builds import NOTHING, WAREHOUSE, complete_builds, current_build
from warehouse.database import read_connection
from warehouse.deliveries import Delivery, record_kept
from warehouse.disk import disk_errors, sync_folder
from warehouse.home import Home
from warehouse.keeping import remove_build
from warehouse.lock import require_lock
from warehouse.retention import respondents_of
from warehouse.store import add_rows, primary_keys

TABLE = "ops.withdrawal"
STAYS = ("ops.", "ref.", "record.")
"""Schemas whose rows stay: what happened, what is declared, and what no respondent said."""

OF_FIGURES = ("ops.disclosure", "ops.revision")
"""What happened to figures goes with them: their values of before stand in it."""

COLUMNS = """
    SELECT schema_name || '.' || table_name, list(column_name) FROM duckdb_columns()
    WHERE NOT internal GROUP BY ALL ORDER BY ALL
"""
NEW_FILE: Mapping[str, str] = {TABLE: "false"}
"""Nothing is left out, and yet the rows go into a new file: in the old one, rows deleted long ago
can lie on in free blocks."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A row of ops.withdrawal."""

    number: int
    withdrawn_at: datetime
    wave: str
    sample: str
    respondents: int
    reason: str


@dataclass(frozen=True, slots=True)
class Erased:
    """What a build has to record of withdrawals, and to leave out.

    `kept`: the deliveries as the archive keeps them now.
    """

    withdrawals: tuple[Withdrawal, ...] = ()
    kept: tuple[Delivery, ...] = ()
    leave_out: Mapping[str, str] = field(default_factory=lambda: NOTHING)


NOBODY = Erased()


def record_erased(connection: duckdb.DuckDBPyConnection, erased: Erased) -> None:
    """Record what was withdrawn, and what the archive keeps of the returns it was in."""
    record_kept(connection, erased.kept)
    if erased.withdrawals:
        rows = [asdict(one) for one in erased.withdrawals]
        add_rows(connection, TABLE, pd.DataFrame(rows))


def recorded_withdrawals(connection: duckdb.DuckDBPyConnection) -> frozenset[int]:
    """Return the numbers of the withdrawals that a build holds nothing of any more."""
    if TABLE not in primary_keys(connection):
        return frozenset()
    rows = connection.execute(f"SELECT number FROM {TABLE}").fetchall()
    return frozenset(number for (number,) in rows)


def figures_from(
    connection: duckdb.DuckDBPyConnection, waves: Collection[str], later: Collection[str]
) -> dict[str, str]:
    """Return what to leave out of a new build so that it holds no figure of before.

    `waves`: those computed again, of which every row goes. `later`: these and the waves that are
    combined again since they follow: of them, what is combined goes.
    """
    return {**NEW_FILE, **dict(_conditions(connection, waves, later))}


def _conditions(
    connection: duckdb.DuckDBPyConnection, waves: Collection[str], later: Collection[str]
) -> Iterator[tuple[str, str]]:
    of_later = f"SELECT period FROM ref.period WHERE wave IN ({_quoted(later)})"
    keys = primary_keys(connection)
    for table, columns in connection.execute(COLUMNS).fetchall():
        if table not in keys or (table.startswith(STAYS) and table not in OF_FIGURES):
            continue
        if table.startswith("kpi.") and "wave" in columns:
            yield table, f"wave IN ({_quoted(later)})"
        elif "period" in columns:
            yield table, f"period IN ({of_later})"
        elif "wave" in columns:
            yield table, f"wave IN ({_quoted(waves)})"
        elif table == "estimate.trend":
            yield table, "true"


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names)) or "NULL"


def remove_folders(home: Home, folders: Collection[Path]) -> None:
    """Remove folders of archive, quarantine and reports. Needs `writer_lock`."""
    require_lock(home)
    with disk_errors(
        f"Returns in {home.folder} that hold a withdrawn respondent cannot be removed."
    ):
        for folder in folders:
            shutil.rmtree(folder)
        for parent in {folder.parent for folder in folders}:
            sync_folder(parent)


def remove_candidate(home: Home) -> bool:
    """Remove the release that waits for sign-off, if one does: its figures are of before."""
    require_lock(home)
    with disk_errors(f"The candidate {home.candidate} cannot be removed."):
        if not home.candidate.exists():
            return False
        shutil.rmtree(home.candidate)
        sync_folder(home.folder)
    return True


def builds_with(home: Home, waves: Collection[str]) -> tuple[Path, ...]:
    """Return the builds, but for the current, that hold respondents of these waves.

    One that cannot be read may.
    """
    current = current_build(home)
    others = [folder for folder in complete_builds(home) if folder != current]
    return tuple(folder for folder in others if _may_hold(folder, waves))


def remove_builds(home: Home, folders: Collection[Path]) -> None:
    """Remove builds. Needs `writer_lock`."""
    require_lock(home)
    with disk_errors(f"An old build in {home.builds} cannot be removed."):
        for folder in folders:
            remove_build(folder)
        sync_folder(home.builds)


def _may_hold(folder: Path, waves: Collection[str]) -> bool:
    try:
        return bool(set(waves) & set(respondents_of(folder)))
    except (StorageError, duckdb.Error):
        return True


def conditions_of(home: Home, waves: Collection[str], later: Collection[str]) -> Mapping[str, str]:
    """Return `figures_from` for the current build; nothing where there is none."""
    folder = current_build(home)
    if folder is None:
        return NOTHING
    with read_connection(folder / WAREHOUSE) as connection:
        return figures_from(connection, waves, later)
