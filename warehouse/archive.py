"""Returns as received: each kept whole, known by the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from transforms.errors import StorageError, UsageError
from warehouse.disk import disk_errors, open_private, private_folder, sync_folder, write_all
from warehouse.home import Home

CHUNK = 1 << 20
KEPT = ".as_read"
"""How names end of returns kept without respondents who were withdrawn (`warehouse.returns.kept`);
what stands before is the SHA-256 of the file."""


@dataclass(frozen=True, slots=True)
class Received:
    """A return in the archive: its SHA-256, the name it came under, and where it lies.

    `kept_sha256`: of the file that lies there, where respondents were withdrawn from it; None where
    it is as received.
    """

    sha256: str
    file_name: str
    path: Path
    kept_sha256: str | None = None

    @property
    def content(self) -> str:
        """The SHA-256 of the file that lies there."""
        return self.kept_sha256 or self.sha256


class Untakeable(UsageError):
    """A file that cannot be taken in as it is; `waits`: a later run may find it ready."""

    def __init__(
        self, what: str, *, remedy: str, expected: str | None = None, waits: bool = False
    ) -> None:
        self.waits = waits
        super().__init__(what, remedy=remedy, expected=expected)


def receive(home: Home, path: Path) -> Received:
    """Copy a return into the archive and return it; receiving it again changes nothing.

    The file stays where it came from. Untakeable where it cannot be read or is still being
    written, StorageError where the archive cannot be written.
    """
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
    """Return a return taken in before, under any name; StorageError where it is gone or changed."""
    folder = home.archive / sha256
    with disk_errors(f"The archive {folder} cannot be read."):
        held = sorted(folder.iterdir()) if folder.is_dir() else []
        kept = [path for path in held if path.suffix == KEPT and file_sha256(path) == path.stem]
        whole = [path for path in held if file_sha256(path) == sha256]
    if kept:
        # Two where a run was killed that withdrew another respondent: either reads the same, since
        # whoever is withdrawn is left out again when it is read.
        least = min(kept, key=lambda path: path.stat().st_size)
        return Received(sha256, file_name, least, least.stem)
    if not whole:
        raise StorageError(
            f"The return {file_name}, accepted before, is "
            f"{'not what was received any more' if held else 'missing'} in the archive, {folder}.",
            expected=f"the file with the SHA-256 {sha256}.",
            remedy="put the same file into the inbox again, under any name, and run again: it "
            "takes its place in the archive. Or restore the folder from a backup.",
        )
    path = folder / file_name
    return Received(sha256, file_name, path if path in whole else whole[0])


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
    with _opened(source) as file, open_private(target) as copy:
        before = os.fstat(file.fileno())
        while chunk := _read(file, source):
            digest.update(chunk)
            write_all(copy, chunk)
        os.fsync(copy)
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise Untakeable(
            f"{source.name} is still being written.",
            remedy="run again when it has arrived whole.",
            waits=True,
        )
    return digest.hexdigest()


def _opened(source: Path) -> IO[bytes]:
    try:
        return source.open("rb")
    except OSError as error:
        raise _unreadable(source, error) from None


def _read(file: IO[bytes], source: Path) -> bytes:
    try:
        return file.read(CHUNK)
    except OSError as error:
        raise _unreadable(source, error) from None


def _unreadable(source: Path, error: OSError) -> Untakeable:
    return Untakeable(
        f"{source.name} cannot be read. The system says: {error.strerror}.",
        remedy="see that the file is there, that this account may read it, and that its disk is "
        "in order; then run again.",
    )
