"""One writer at a time: a lock on a file, which the system frees when its holder dies."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from transforms.errors import ContractError, HomeBusy
from warehouse.disk import PRIVATE_FILE, disk_errors, write_all
from warehouse.home import Home

_held: dict[int, Path] = {}
"""The lock files this process holds, by descriptor."""


@contextmanager
def writer_lock(home: Home) -> Iterator[None]:
    """Be the home's only writer; HomeBusy where another run is, StorageError where none can be.

    The lock is freed when the process ends, however it ends.
    """
    with disk_errors(f"The lock {home.lock} cannot be taken."):
        descriptor = os.open(home.lock, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    _held[descriptor] = home.lock
    try:
        with disk_errors(f"The lock {home.lock} cannot be taken."):
            _take(descriptor, home)
        yield
    finally:
        # A forked child has let go already, and may have another file under the same number.
        if _held.pop(descriptor, None):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)


def require_lock(home: Home) -> None:
    """Raise unless this process is the home's writer."""
    if home.lock not in _held.values():
        raise ContractError(f"{home.folder} was about to be written without its lock.")


def _take(descriptor: int, home: Home) -> None:
    """Lock the file and write in it who holds it since when, for another run's message."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise HomeBusy(
            f"Another run is writing in {home.folder}{_holder(descriptor)}.",
            remedy="wait until it has ended and run again; a run that was killed holds nothing.",
        ) from None
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    os.ftruncate(descriptor, 0)
    write_all(descriptor, json.dumps({"process": os.getpid(), "since": now}).encode())


def _holder(descriptor: int) -> str:
    """Return the holder in words; nothing where it has not signed yet."""
    try:
        signed = json.loads(os.pread(descriptor, 1000, 0))
        return f" since {signed['since']} (process {signed['process']})"
    except (ValueError, KeyError, TypeError):
        return ""


def _let_go() -> None:
    """Close inherited locks in a forked child: it would hold them on after its parent's death."""
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_let_go)
