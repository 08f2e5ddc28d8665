"""Backups: a home copied to another disk or folder, verified, and brought back from there.

A backup holds the archive, the quarantine, the releases, the list of who was withdrawn and the
current build, laid out as a home, and a list of SHA-256 that `sha256sum -c` reads too. It does not
hold the key of the pseudonyms: kept beside the data, it would undo them wherever the backup goes.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from transforms.errors import StorageError, UsageError
from warehouse.archive import file_sha256
from warehouse.builds import current_build, make_current
from warehouse.disk import (
    disk_errors,
    place_named,
    private_folder,
    sync_folder,
    sync_tree,
    write_private,
)
from warehouse.home import Home
from warehouse.keeping import require_whole_build
from warehouse.lock import require_lock
from warehouse.withdrawals import LIST, all_to_do_again

MANIFEST = "SHA256SUMS"
STAGED = "restored.partial"
"""Where a backup is copied to in a home: one that is killed there leaves the home empty."""


def back_up(home: Home, to: Path) -> Path:
    """Copy the home into a new folder in `to`, verify the copy, and return it. Needs `writer_lock`.

    UsageError where there is nothing to copy, `to` cannot take it, or it was copied there before.
    """
    require_lock(home)
    build = current_build(home)
    if build is None:
        raise UsageError(
            f"{home.folder} has no build yet: there is nothing to back up.",
            remedy="run `perceptions run` first.",
        )
    require_whole_build(build)
    target = to.absolute() / f"{home.survey}-build-{build.name}"
    _require_free(target, home)
    partial = target.with_name(f"{target.name}.partial")
    with place_named(target):
        shutil.rmtree(partial, ignore_errors=True)
        private_folder(partial)
        try:
            _copy(home, build, partial)
            write_private(partial / MANIFEST, _sums(partial).encode())
            sync_tree(partial)
            _require_same(home.folder, partial)
            partial.rename(target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        sync_folder(target.parent)
    return target


def restore_backup(home: Home, backup: Path) -> Path:
    """Copy a verified backup into an empty home, make its build current and return that.

    Needs `writer_lock`. UsageError where the home is not empty or the folder is no backup of this
    survey; StorageError where the backup is not what was backed up.
    """
    require_lock(home)
    build = _build_of(backup, home)
    _require_empty(home)
    _require_as_listed(backup)
    require_whole_build(backup / "builds" / build)
    staged = home.folder / STAGED
    with disk_errors(f"{backup} could not be copied into {home.folder}."):
        shutil.rmtree(staged, ignore_errors=True)
        shutil.copytree(backup, staged)
        sync_tree(staged)
        for name in ("archive", "quarantine", "releases"):
            if (staged / name).is_dir():
                (staged / name).replace(home.folder / name)
        if (staged / LIST).is_file() and not (home.folder / LIST).exists():
            (staged / LIST).replace(home.folder / LIST)
        (staged / "builds" / build).rename(home.builds / build)
        shutil.rmtree(staged)
        sync_tree(home.folder)
    make_current(home, home.builds / build)
    all_to_do_again(home)
    return home.builds / build


def _copy(home: Home, build: Path, target: Path) -> None:
    shutil.copytree(home.archive, target / "archive")
    shutil.copytree(home.quarantine, target / "quarantine")
    shutil.copytree(home.releases, target / "releases")
    if (home.folder / LIST).exists():
        shutil.copyfile(home.folder / LIST, target / LIST)
    private_folder(target / "builds")
    shutil.copytree(build, target / "builds" / build.name)


def _require_free(target: Path, home: Home) -> None:
    if target.is_relative_to(home.folder):
        raise UsageError(
            f"{target.parent} lies in {home.folder}: what takes the one takes the other.",
            remedy="name a folder on another disk, or at least elsewhere.",
        )
    if target.exists():
        raise UsageError(
            f"{target} is there already: build {target.name.rpartition('-')[2]} was backed up.",
            remedy="nothing needs doing; to make it again, remove that folder, or name another.",
        )


def _sums(folder: Path) -> str:
    """Return one line a file, its SHA-256 and its path, as `sha256sum` writes them."""
    return "".join(f"{file_sha256(folder / name)}  {name}\n" for name in _files(folder))


def _files(folder: Path) -> list[str]:
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def _require_same(source: Path, copy: Path) -> None:
    """Raise where a copied file, read back, is not what its source is."""
    for line in (copy / MANIFEST).read_text(encoding="utf-8").splitlines():
        sha256, _, name = line.partition("  ")
        if file_sha256(source / name) != sha256:
            raise StorageError(
                f"{copy / name} is not a true copy of {source / name}.",
                remedy="see that both disks are in order and back up again.",
            )


def _require_as_listed(backup: Path) -> None:
    listed = {}
    for line in (backup / MANIFEST).read_text(encoding="utf-8").splitlines():
        sha256, _, name = line.partition("  ")
        listed[name] = sha256
    there = _files(backup)
    missing, strange = sorted(set(listed) - set(there)), sorted(set(there) - set(listed))
    with disk_errors(f"{backup} cannot be read."):
        changed = [name for name in there if listed.get(name) != file_sha256(backup / name)]
    if missing or changed:
        wrong = [*(f"missing: {name}" for name in missing), *(f"changed: {n}" for n in changed)]
        if strange:
            wrong = [*wrong, f"not listed: {len(strange)}"]
        raise StorageError(
            f"{backup} is not what was backed up: {'; '.join(wrong[:5])}.",
            expected=f"the files that {MANIFEST} lists, with their SHA-256.",
            remedy="restore another backup.",
        )


def _build_of(backup: Path, home: Home) -> str:
    """Return the number of the build that a backup holds, as its folder is named."""
    prefix = f"{home.survey}-build-"
    builds = backup / "builds"
    held = [path.name for path in builds.iterdir()] if builds.is_dir() else []
    whole = (backup / MANIFEST).is_file() and len(held) == 1 and held[0].isdigit()
    if not whole or not backup.name.startswith(prefix):
        raise UsageError(
            f"{backup} is no backup of {home.survey}.",
            expected=f"a folder {prefix}NUMBER, as `perceptions backup` makes it.",
            remedy="name such a folder.",
        )
    return held[0]


def _require_empty(home: Home) -> None:
    used = [
        folder
        for folder in (home.builds, home.archive, home.quarantine, home.releases)
        if any(folder.iterdir())
    ]
    if used or home.current.is_symlink():
        raise UsageError(
            f"{home.folder} holds returns or builds already: a backup would be mixed with them.",
            remedy="set PERCEPTIONS_HOME to an empty folder, or move what is there away first.",
        )
