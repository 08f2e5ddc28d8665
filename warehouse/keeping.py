"""Builds kept and removed, and an earlier one made current again."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from transforms.errors import StorageError, UsageError
from warehouse.builds import (
    PUBLISHED,
    WAREHOUSE,
    complete_builds,
    current_build,
    make_current,
    require_readable,
)
from warehouse.database import read_connection
from warehouse.deliveries import Delivery, deliveries
from warehouse.disk import disk_errors, sync_folder
from warehouse.home import Home
from warehouse.lock import require_lock
from warehouse.runs import Run, last_run
from warehouse.store import primary_keys


@dataclass(frozen=True, slots=True)
class Restored:
    """A build that is current again.

    `left_behind`: returns in use in the build that was current, and not in this one.
    """

    folder: Path
    left_behind: tuple[Delivery, ...]


def keep_newest(home: Home, count: int) -> tuple[Path, ...]:
    """Remove all but the newest `count` complete builds; return those removed. Needs `writer_lock`.

    The current build stays whatever its number. A reader that has a removed file open can read on.
    """
    require_lock(home)
    current = current_build(home)
    builds = complete_builds(home)
    old = [folder for folder in builds[: max(len(builds) - count, 0)] if folder != current]
    with disk_errors(f"An old build in {home.builds} cannot be removed."):
        for folder in old:
            remove_build(folder)
        sync_folder(home.builds)
    return tuple(old)


def restore_build(home: Home, number: int) -> Restored:
    """Make the build of that number current again, having read all of it. Needs `writer_lock`.

    UsageError where there is no such build, StorageError where its databases cannot be read.
    """
    require_lock(home)
    numbers = {int(folder.name): folder for folder in complete_builds(home)}
    if number not in numbers:
        raise UsageError(
            f"There is no build {number} in {home.builds}.",
            expected=f"one of {', '.join(map(str, numbers)) or 'none: no run has completed yet'}.",
            remedy="see `perceptions builds`.",
        )
    folder = numbers[number]
    require_whole_build(folder)
    in_use = _accepted(linked_build(home) or next(reversed(numbers.values())))
    make_current(home, folder)
    kept = {one.sha256 for one in _accepted(folder)}
    return Restored(folder, tuple(one for one in in_use if one.sha256 not in kept))


def linked_build(home: Home) -> Path | None:
    """Return the current build; None where there is none, or `current` leads to none."""
    try:
        return current_build(home)
    except StorageError:
        return None


def run_that_made(folder: Path) -> Run | None:
    """Return the run that ended with a build; None where its warehouse cannot be read."""
    try:
        with read_connection(folder / WAREHOUSE) as connection:
            return last_run(connection)
    except (StorageError, duckdb.Error):
        return None


def require_whole_build(folder: Path) -> None:
    """Read every row of both databases of a build; StorageError where one cannot be read."""
    for name in (WAREHOUSE, PUBLISHED):
        _require_whole(folder / name)
    require_readable(folder)


def _require_whole(path: Path) -> None:
    with read_connection(path) as connection:
        try:
            for table in primary_keys(connection):
                connection.execute(f"SELECT bit_xor(hash(row)) FROM {table} AS row").fetchall()
        except duckdb.Error:
            pass
        else:
            return
    raise StorageError(
        f"{path} is damaged: not all of it can be read.",
        remedy="choose another build (`perceptions builds`), or restore a backup.",
    )


def _accepted(folder: Path | None) -> tuple[Delivery, ...]:
    """Return the returns in use in a build; none where it cannot say: it may be the broken one."""
    if folder is None:
        return ()
    try:
        with read_connection(folder / WAREHOUSE) as connection:
            return tuple(one for one in deliveries(connection) if one.status == "accepted")
    except (StorageError, duckdb.Error):
        return ()


def remove_build(folder: Path) -> None:
    """Remove a build: first its completeness, so that one half removed is never taken for whole."""
    (folder / PUBLISHED).unlink()
    shutil.rmtree(folder)
