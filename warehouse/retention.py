"""Respondents removed when their time is up: the totals stand, and need no respondent again."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd

from warehouse.builds import WAREHOUSE, Build, complete_builds, current_build
from warehouse.database import read_connection, transaction
from warehouse.deliveries import deliveries
from warehouse.disk import disk_errors, sync_folder
from warehouse.home import Home
from warehouse.keeping import remove_build
from warehouse.lock import require_lock
from warehouse.quarantine import rejected_deliveries
from warehouse.reports import forget_reports
from warehouse.store import add_rows, primary_keys, read_arrow

OF_RESPONDENTS = (
    "survey.respondent",
    "survey.answer",
    "survey.indicator",
    "survey.replicate_draw",
    "survey.replicate_factor",
    "survey.replicate_category",
    "survey.answer_count",
    "survey.stratum_count",
)
"""Tables with a row a respondent, that only make weights of respondents, or that count respondents
in cells of any size for the checks of the next wave."""


def of_waves(waves: Collection[str]) -> dict[str, str]:
    """Return what to leave out of a build so that these waves have no respondents in it."""
    names = ", ".join(f"'{wave}'" for wave in sorted(waves))
    return dict.fromkeys(OF_RESPONDENTS, f"wave IN ({names})")


def record_reduction(making: Build, home: Home, waves: Collection[str], when: datetime) -> None:
    """Record in a build which waves lost how many respondents, by the build it starts from."""
    counted = respondents_of(current_build(home))
    rows = [
        {"wave": wave, "reduced_at": when, "respondents": counted.get(wave, 0)}
        for wave in sorted(waves)
    ]
    add_rows(making.connection, "ops.reduction", pd.DataFrame(rows))


def undo_reduction(connection: duckdb.DuckDBPyConnection, wave: str) -> None:
    """Forget that a wave was reduced: a return has brought its respondents again."""
    with transaction(connection):
        connection.execute("DELETE FROM ops.reduction WHERE wave = ?", [wave])


def reduced_waves(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return the waves whose respondents are no longer kept; none in a warehouse of before."""
    if "ops.reduction" not in primary_keys(connection):
        return frozenset()
    return frozenset(read_arrow(connection, "ops.reduction")["wave"].to_pylist())


def sweep(home: Home, rejected_before: datetime) -> tuple[Path, ...]:
    """Remove what else holds respondents of reduced waves; return what was removed.

    Their returns in archive and quarantine with their reports, refused returns received before a
    moment, and builds made before. Doing it again changes nothing: a run that was killed is made
    good by the next. Needs `writer_lock`.
    """
    require_lock(home)
    current = current_build(home)
    if current is None:
        return ()
    with read_connection(current / WAREHOUSE) as connection:
        reduced, known = reduced_waves(connection), deliveries(connection)
    folders = [home.archive / one.sha256 for one in known if one.wave in reduced]
    refused = [rejection.delivery for rejection in rejected_deliveries(home)]
    folders += [
        home.quarantine / one.sha256
        for one in refused
        if one.wave in reduced or one.received_at < rejected_before
    ]
    removed = [folder for folder in folders if folder.is_dir()]
    with disk_errors(f"Returns in {home.folder} that are no longer kept cannot be removed."):
        for folder in removed:
            shutil.rmtree(folder)
        sync_folder(home.archive)
        sync_folder(home.quarantine)
    reports = forget_reports(home, (one.sha256 for one in known if one.wave in reduced))
    return (*removed, *reports, *_remove_builds(home, reduced, current))


def _remove_builds(home: Home, reduced: Collection[str], current: Path) -> list[Path]:
    """Remove the builds, other than the current, that hold respondents of reduced waves."""
    others = [folder for folder in complete_builds(home) if folder != current]
    holding = [folder for folder in others if set(reduced) & set(respondents_of(folder))]
    with disk_errors(f"An old build in {home.builds} cannot be removed."):
        for folder in holding:
            remove_build(folder)
        sync_folder(home.builds)
    return holding


def respondents_of(folder: Path | None) -> dict[str, int]:
    """Return the respondents that a build holds, by wave; none where there is no build."""
    if folder is None:
        return {}
    query = "SELECT wave, count(*) FROM survey.respondent GROUP BY wave"
    with read_connection(folder / WAREHOUSE) as connection:
        return {wave: count for wave, count in connection.execute(query).fetchall()}
