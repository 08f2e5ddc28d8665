"""Returns as received: each kept whole, known by the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from transforms.errors import StorageError, UsageError
from warehouse.disk import disk_errors, open_private, private_folder, sync_folder, write_all
from warehouse.home import Home

CHUNK = 1 << 20
UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload")
"""How programs name a file while they are still sending it."""


@dataclass(frozen=True, slots=True)
class Received:
    """A return in the archive: its SHA-256, the name it came under, and where it lies."""

    sha256: str
    file_name: str
    path: Path


def inbox_files(home: Home) -> tuple[Path, ...]:
    """Return the inbox's files in the order they came; hidden and unfinished ones are left."""
    with disk_errors(f"The inbox {home.inbox} cannot be read."):
        files = [
            (path.stat().st_mtime_ns, path)
            for path in home.inbox.iterdir()
            if path.is_file() and not path.name.startswith(".") and path.suffix not in UNFINISHED
        ]
    return tuple(path for _, path in sorted(files))


def receive(home: Home, path: Path) -> Received:
    """Copy a return into the archive and return it; receiving it again changes nothing.

    The file stays where it came from (`remove_from_inbox`). UsageError where there is no such
    file or it is still being written.
    """
    if not path.is_file():
        raise UsageError(f"{path} is not a file.", remedy="name an existing file.")
    file_name = printable(path.name)
    with disk_errors(f"{path} could not be taken into the archive {home.archive}."):
        # One writer at a time: a copy that a killed run left half-written is overwritten.
        incoming = home.archive / "incoming.partial"
        sha256 = _copy(path, incoming)
        archived = home.archive / sha256 / file_name
        private_folder(archived.parent)
        incoming.replace(archived)
        sync_folder(archived.parent)
        sync_folder(home.archive)
    return Received(sha256, file_name, archived)


def archived(home: Home, sha256: str, file_name: str) -> Received:
    """Return a return taken in before; StorageError where it is gone or has changed."""
    path = home.archive / sha256 / file_name
    with disk_errors(f"The archived return {path} cannot be read."):
        held = file_sha256(path)
    if held != sha256:
        raise StorageError(
            f"The archived return {path} has changed since it was received: its SHA-256 is {held}.",
            remedy="restore it from a backup.",
        )
    return Received(sha256, file_name, path)


def remove_from_inbox(home: Home, path: Path, received: Received) -> None:
    """Remove a file from the inbox once it lies in archive or quarantine; others stay.

    A file that has changed since it was received stays too: the next run takes it in.
    """
    with disk_errors(f"{path} could not be removed from the inbox."):
        if path.absolute().parent.samefile(home.inbox) and file_sha256(path) == received.sha256:
            path.unlink()
            sync_folder(home.inbox)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def printable(name: str) -> str:
    """Return a file name that can be shown and stored: what cannot be printed becomes ?."""
    return "".join(character if character.isprintable() else "?" for character in name)


def _copy(source: Path, target: Path) -> str:
    """Copy to `target`, flushed to the disk, and return the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    with source.open("rb") as file, open_private(target) as copy:
        before = os.fstat(file.fileno())
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            write_all(copy, chunk)
        os.fsync(copy)
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise UsageError(
            f"{source} is still being written.", remedy="run again when it has arrived whole."
        )
    return digest.hexdigest()
