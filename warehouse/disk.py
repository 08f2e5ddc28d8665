"""Files that a crash leaves either whole or absent, and the system's errors in plain words."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from transforms.errors import StorageError, UsageError

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600

REMEDIES = {
    errno.EACCES: "give this account the right to write there, or choose another PERCEPTIONS_HOME.",
    errno.ENOSPC: "free some space on the disk and run again.",
    errno.EROFS: "choose a PERCEPTIONS_HOME on a disk that can be written.",
    errno.ENOTDIR: "remove the file that stands where a folder is needed, or choose another "
    "PERCEPTIONS_HOME.",
}
ALIKE = {
    errno.EPERM: errno.EACCES,
    errno.EDQUOT: errno.ENOSPC,
    errno.EEXIST: errno.ENOTDIR,
    errno.EISDIR: errno.ENOTDIR,
}


@contextmanager
def disk_errors(failed: str) -> Iterator[None]:
    """Raise an OSError of the block as a StorageError that begins with `failed`."""
    try:
        yield
    except OSError as caught:
        error = _first_of(caught)
        kind = ALIKE.get(error.errno or 0, error.errno or 0)
        place = f" ({error.filename})" if error.filename else ""
        raise StorageError(
            f"{failed} The system says: {error.strerror or error}{place}.",
            remedy=REMEDIES.get(kind, "mend the disk and run again; nothing was lost."),
        ) from None


def require_writable(path: Path) -> None:
    """Raise UsageError where the file cannot be written: before the work whose result it takes."""
    with place_named(path), path.open("a"):
        pass


@contextmanager
def place_named(path: Path) -> Iterator[None]:
    """Raise an OSError of the block as a UsageError: the user has named the place.

    As a StorageError where the place is right, and has no room.
    """
    try:
        yield
    except OSError as caught:
        error = _first_of(caught)
        failed = f"{path} cannot be written. The system says: {error.strerror or error}."
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageError(failed, remedy=REMEDIES[errno.ENOSPC]) from None
        raise UsageError(
            failed,
            remedy="name a place in a folder that exists, and that this account may write to.",
        ) from None


def _first_of(error: OSError) -> OSError:
    """Return the first failure where `error` is copytree's, a list of them as texts."""
    if not isinstance(error, shutil.Error) or not isinstance(error.args[0], list):
        return error
    _, to, told = error.args[0][0]
    found = re.match(r"\[Errno (\d+)\] ([^:]+)", str(told))
    return OSError(int(found[1]), found[2], str(to)) if found else OSError(str(told))


def private_folder(folder: Path) -> None:
    """Make `folder` if need be, for this account alone; one that others may enter is closed."""
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    if folder.stat().st_mode & 0o777 != PRIVATE_FOLDER:
        folder.chmod(PRIVATE_FOLDER)


def write_private(target: Path, content: bytes) -> None:
    """Write `content` to `target` for this account alone: whole, or not at all."""
    beside = target.with_name(f"{target.name}.partial")
    with open_private(beside) as descriptor:
        write_all(descriptor, content)
        os.fsync(descriptor)
    beside.replace(target)
    sync_folder(target.parent)


@contextmanager
def open_private(path: Path) -> Iterator[int]:
    """Open `path` for writing from its beginning, for this account alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def write_all(descriptor: int, content: bytes) -> None:
    """Write all of `content`; the system may take it in parts."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def sync_tree(folder: Path) -> None:
    """Flush every file and folder under `folder` to the disk, and itself."""
    for place, _, names in os.walk(folder):
        for name in names:
            _sync(Path(place, name))
        sync_folder(Path(place))


def sync_folder(folder: Path) -> None:
    """Flush the folder's list of names to the disk."""
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
