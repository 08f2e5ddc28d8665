"""Builds: both databases and the pages, made beside the current build and swapped in at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from transforms.errors import ContractError, DeclarationError, StorageError
from warehouse.database import (
    SCHEMA_DIGEST,
    SCHEMA_VERSION,
    Meta,
    checkpoint,
    create_warehouse,
    disk_failure,
    read_connection,
    read_meta,
    write_connection,
)
from warehouse.disk import PRIVATE_FILE, disk_errors, private_folder, sync_folder, sync_tree
from warehouse.home import Home
from warehouse.lock import require_lock
from warehouse.upgrading import carry_over, versions_to_forget
from warehouse.wide import write_wide

WAREHOUSE = "warehouse.duckdb"
PUBLISHED = "published.duckdb"

NOTHING: Mapping[str, str] = {}
"""No row is left out."""


@dataclass(frozen=True, slots=True)
class Build:
    """A build in the making: its number, its folder, and the connection to its warehouse.

    Another thread takes `connection.cursor()`: a connection serves one thread at a time.
    """

    number: int
    folder: Path
    connection: duckdb.DuckDBPyConnection

    @property
    def published(self) -> Path:
        """Where `write_published` has to put the published database."""
        return self.folder / PUBLISHED


@contextmanager
def open_build(
    home: Home, *, simulated: bool, leave_out: Mapping[str, str] = NOTHING
) -> Iterator[Build]:
    """Make the next build in the block; it becomes current when the block ends well.

    It starts from the current build's warehouse, or from an empty one. `leave_out`: by table, a
    condition on rows that the new file must never hold. Where the block or the disk fails, the
    build is removed and the current one stays. Needs `writer_lock`.
    """
    require_lock(home)
    base = current_build(home)
    with disk_errors(f"No build can be made in {home.builds}."):
        _remove_leftovers(home)
        number = _last_number(home) + 1
        folder = home.builds / f"{number:04d}.partial"
        private_folder(folder)
    try:
        connection = _open_warehouse(
            folder / WAREHOUSE, base, home, simulated=simulated, leave_out=leave_out
        )
        with connection:
            yield Build(number, folder, connection)
            write_wide(connection, home.survey)
            checkpoint(connection, folder / WAREHOUSE)
        _swap_in(home, folder)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        about_disk = disk_failure(error, folder)
        if about_disk is None:
            raise
    else:
        return
    raise about_disk


def current_build(home: Home) -> Path | None:
    """Return the folder of the current build, the link resolved once; None before the first.

    Use the folder for everything read together: the link may move between two readings. Where the
    link is gone the newest complete build is current: nothing received is forgotten.
    """
    with disk_errors(f"The link {home.current} cannot be read."):
        if not home.current.is_symlink() and not home.current.exists():
            return max(complete_builds(home), key=lambda folder: int(folder.name), default=None)
        folder = home.current.resolve()
        if home.current.is_symlink() and (folder / WAREHOUSE).is_file():
            return folder
    raise StorageError(
        f"{home.current} does not lead to a build.",
        expected=f"a symbolic link to a folder in {home.builds} that holds {WAREHOUSE}.",
        remedy="make the last complete build current again: perceptions builds, then perceptions "
        "restore NUMBER. If it is a folder or a file, put that elsewhere first.",
    )


def complete_builds(home: Home) -> tuple[Path, ...]:
    """Return the folders of the complete builds, the oldest first."""
    numbered = (folder for folder in home.builds.iterdir() if folder.name.isdigit())
    complete = [folder for folder in numbered if (folder / PUBLISHED).is_file()]
    return tuple(sorted(complete, key=lambda folder: int(folder.name)))


def open_current(home: Home) -> duckdb.DuckDBPyConnection | None:
    """Open the current build's warehouse to read it; None before the first build."""
    folder = current_build(home)
    if folder is None:
        return None
    return open_known(folder)


def open_known(folder: Path) -> duckdb.DuckDBPyConnection:
    """Open a build's warehouse to read it; StorageError where this program cannot."""
    path = folder / WAREHOUSE
    connection = read_connection(path)
    try:
        _require_known(read_meta(connection, path), path)
    except StorageError:
        connection.close()
        raise
    return connection


def require_readable(folder: Path) -> None:
    """Raise StorageError where a build's warehouse is none that this program can read."""
    open_known(folder).close()


def make_current(home: Home, folder: Path) -> None:
    """Let the link `current` lead to a complete build, in one rename. Needs `writer_lock`."""
    require_lock(home)
    link = home.folder / "current.partial"
    with disk_errors(f"The link {home.current} cannot be moved."):
        link.unlink(missing_ok=True)
        link.symlink_to(folder.relative_to(home.folder))
        link.replace(home.current)
        sync_folder(home.folder)


def _open_warehouse(
    path: Path, base: Path | None, home: Home, *, simulated: bool, leave_out: Mapping[str, str]
) -> duckdb.DuckDBPyConnection:
    """Return the new build's warehouse: a copy of the base, or a new one it is carried into."""
    if base is None:
        return create_warehouse(path, home.survey, simulated=simulated)
    with read_connection(base / WAREHOUSE) as earlier:
        meta = read_meta(earlier, base / WAREHOUSE)
        _require_known(meta, base / WAREHOUSE)
        _require_same_survey(meta, home, simulated=simulated)
        if meta.schema_digest != SCHEMA_DIGEST:
            leave_out = {**versions_to_forget(earlier), **leave_out}
        if leave_out:
            connection = create_warehouse(path, home.survey, simulated=simulated)
            carry_over(earlier, connection, leave_out)
            return connection
    with disk_errors(f"{base / WAREHOUSE} cannot be copied."):
        shutil.copyfile(base / WAREHOUSE, path)
        path.chmod(PRIVATE_FILE)
    return write_connection(path)


def _require_known(meta: Meta, path: Path) -> None:
    if meta.schema_version > SCHEMA_VERSION:
        raise StorageError(
            f"{path} was written by a newer version of this program "
            f"(schema {meta.schema_version}; this one knows {SCHEMA_VERSION}).",
            remedy="install the newer version.",
        )


def _require_same_survey(meta: Meta, home: Home, *, simulated: bool) -> None:
    if meta.survey != home.survey:
        raise StorageError(
            f"{home.folder} holds the survey {meta.survey}, not {home.survey}.",
            remedy="choose another PERCEPTIONS_HOME for one of the two.",
        )
    if meta.simulated != simulated:
        held, declared = ("simulated", "real") if meta.simulated else ("real", "simulated")
        raise DeclarationError(
            f"{home.folder} holds {held} returns, and survey.yaml now says that they are "
            f"{declared}: figures of both kinds would stand side by side.",
            remedy="choose another PERCEPTIONS_HOME, or set `simulated` in survey.yaml as before.",
        )


def _remove_leftovers(home: Home) -> None:
    """Remove what runs that were killed left half-made."""
    for folder in home.builds.glob("*.partial"):
        shutil.rmtree(folder)


def _last_number(home: Home) -> int:
    return max((int(path.name) for path in home.builds.iterdir() if path.name.isdigit()), default=0)


def _swap_in(home: Home, partial: Path) -> None:
    """Make a complete build current: flushed, named, then the link moved in one rename."""
    if not (partial / PUBLISHED).is_file():
        raise ContractError(f"The build was ended without its {PUBLISHED}.")
    folder = partial.with_suffix("")
    with disk_errors(f"The build {folder} cannot be completed."):
        for log in partial.glob("*.wal"):
            log.unlink()
        sync_tree(partial)
        partial.rename(folder)
        sync_folder(home.builds)
    make_current(home, folder)
