"""The inbox: which of the things in it are returns, and why the others are left there."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse.archive import Received, file_sha256
from warehouse.disk import disk_errors, sync_folder
from warehouse.home import Home

UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload")
"""How programs name a file while they are still sending it."""
BYSTANDERS = (".", "~$")
"""How names begin that no return has: hidden files, and the marks of open Office files."""


@dataclass(frozen=True, slots=True)
class Left:
    """Something that was not taken in, and why; `waits`: a later run may take it as it is."""

    name: str
    reason: str
    waits: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    """What lies in the inbox: returns in the order they came, manifests, and what is left."""

    returns: tuple[Path, ...] = ()
    manifests: tuple[Path, ...] = ()
    left: tuple[Left, ...] = ()


def look_into(home: Home, manifest: str | None = None) -> Inbox:
    """Return what lies in the inbox; `manifest` is the pattern of manifests' names."""
    with disk_errors(f"The inbox {home.inbox} cannot be read."):
        things = [path for path in home.inbox.iterdir() if not path.name.startswith(BYSTANDERS)]
        left = [why for path in sorted(things) if (why := _why_left(path)) is not None]
        names = {one.name for one in left}
        files = [(path.stat().st_mtime_ns, path) for path in things if path.name not in names]
    paths = tuple(path for _, path in sorted(files))
    listing = tuple(path for path in paths if is_manifest(path, manifest))
    return Inbox(tuple(path for path in paths if path not in listing), listing, tuple(left))


def is_manifest(path: Path, pattern: str | None) -> bool:
    """Return whether a file's name is a manifest's."""
    return pattern is not None and re.search(pattern, path.name) is not None


def changing(files: Sequence[Path], settled_after: float) -> tuple[Left, ...]:
    """Return the files that are still being written: they change within `settled_after` seconds.

    It waits only where a file was changed so lately that nobody can tell yet.
    """
    seen = {path: _state(path) for path in files}
    now = time.time()
    ages = [now - state[1] / 1e9 for state in seen.values() if state is not None]
    youngest = min((max(age, 0.0) for age in ages), default=settled_after)
    if youngest < settled_after:
        time.sleep(settled_after - youngest)
    return tuple(
        Left(path.name, "It is still being written: run again when it has arrived whole.", True)
        for path, state in seen.items()
        if _state(path) != state
    )


def remove_from_inbox(home: Home, path: Path, received: Received) -> None:
    """Remove a file from the inbox once it lies in archive or quarantine; others stay.

    A file that has changed since it was received stays too: the next run takes it in.
    """
    with disk_errors(f"{path} could not be removed from the inbox."):
        if path.absolute().parent.samefile(home.inbox) and file_sha256(path) == received.sha256:
            path.unlink()
            sync_folder(home.inbox)


def _why_left(path: Path) -> Left | None:
    """Return why something in the inbox is no file to take, None where it is one."""
    if path.is_symlink() and not path.exists():
        return Left(path.name, "It is a link that leads nowhere: put the file itself here.", False)
    if path.is_dir():
        return Left(path.name, "It is a folder: put the returns in it here themselves.", True)
    if not path.is_file():
        return Left(path.name, "It is not a file.", True)
    if path.suffix.lower() in UNFINISHED:
        return Left(
            path.name,
            f"Its name ends in {path.suffix}, as of a file still being sent: wait, or rename it.",
            True,
        )
    return None


def _state(path: Path) -> tuple[int, int] | None:
    """Return a file's size and when it last changed; None where it has gone."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
