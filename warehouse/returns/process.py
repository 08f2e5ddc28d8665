"""A process that reads files for this one: what a file does to it, it does to nothing else."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import pyarrow as pa

from transforms.errors import PerceptionsError, ReturnRejected, StorageError
from warehouse.readers import worker
from warehouse.readers.handover import ReadFile, read_file_in
from warehouse.readers.limits import USUAL, Limits
from warehouse.readers.reading import AS_USUAL, Notation, damaged, too_costly

CHUNK = 1 << 16
SPARING = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
"""Libraries that set memory aside for each thread, or in advance, would meet the limit early."""


class ReadingProcess:
    """Reads files one after another in a process of its own, started anew after a crash.

    The process is spawned, never forked, so that it inherits no lock, and held to `limits`. It
    hands over in a file that has no name: nothing is left where either process is killed.
    """

    def __init__(self, limits: Limits = USUAL) -> None:
        self.limits = limits
        self.crashes = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._result: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, path: Path, notation: Notation = AS_USUAL) -> ReadFile:
        """Return what the file holds; ReturnRejected where it cannot be read whole."""
        if self._process is None or self._process.poll() is not None:
            self._start()
        reply = self._ask({"path": str(path.absolute()), "notation": asdict(notation)})
        if reply is None:
            self.crashes += 1
            raise self._ended(path)
        if reply["answer"] == worker.READ:
            return self._handed_over(path)
        raise _as_answered(reply, path)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        for held in (self._socket, self._result):
            if held is not None:
                held.close()
        self._process = self._socket = self._result = None

    def _start(self) -> None:
        self.close()
        try:
            self._result = tempfile.TemporaryFile()  # noqa: SIM115
        except OSError as error:
            raise _unable(f"there is no room for temporary files: {error.strerror}") from None
        self._socket, theirs = socket.socketpair()
        handed = (theirs.fileno(), self._result.fileno())
        limits = (self.limits.seconds, self.limits.memory)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", worker.__name__, *map(str, (*handed, *limits))],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=handed,
                env=os.environ | SPARING,
            )

    def _ask(self, request: Mapping[str, object]) -> dict[str, str | None] | None:
        """Return the answer to a request; None where the process ended, or took too long."""
        assert self._socket is not None
        self._socket.settimeout(self.limits.seconds)
        said = b""
        with contextlib.suppress(OSError):
            self._socket.sendall(json.dumps(request).encode() + b"\n")
            while not said.endswith(b"\n"):
                heard = self._socket.recv(CHUNK)
                if not heard:
                    return None
                said += heard
            return _reply(said)
        return None

    def _ended(self, path: Path) -> PerceptionsError:
        """Return what to raise where a file ended its reader, or kept it beyond its time."""
        assert self._process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=0.5)
        status = self._process.returncode
        self.close()
        if status is None or status == -signal.SIGXCPU:
            return too_costly(path, f"could not be read within {self.limits.seconds:.0f} seconds")
        if status in (-signal.SIGKILL, -signal.SIGABRT):
            return too_costly(path, f"{worker.TOO_MUCH}, or crashes the reader")
        if status > 0:
            return _unable("it ends as soon as it is started")
        return damaged(path, "it crashes the reader")

    def _handed_over(self, path: Path) -> ReadFile:
        """Return what lies in the file handed over; a reader gone wrong may have left anything."""
        assert self._result is not None
        self._result.seek(0)
        try:
            with pa.ipc.open_file(pa.py_buffer(self._result.read())) as file:
                table = file.read_all()
            table.validate()
            return read_file_in(table)
        except (pa.ArrowException, ValueError, KeyError, TypeError):
            pass
        raise damaged(path, "what was read from it makes no table")


def _reply(said: bytes) -> dict[str, str | None] | None:
    """Return an answer; None where a reader gone wrong has said something else."""
    try:
        reply = json.loads(said)
    except ValueError:
        return None
    return reply if isinstance(reply, dict) and "answer" in reply else None


def _as_answered(reply: Mapping[str, str | None], path: Path) -> PerceptionsError:
    if reply["answer"] == worker.REFUSED:
        told = str(reply.get("what")), str(reply.get("remedy"))
        return ReturnRejected(told[0], expected=reply.get("expected"), remedy=told[1])
    if reply["answer"] == worker.UNABLE:
        return _unable(str(reply.get("why")))
    return damaged(path, f"the reader stopped unexpectedly ({reply.get('kind')})")


def _unable(why: str) -> StorageError:
    """Return the failure to show where it is not the file's fault: no return is refused for it."""
    return StorageError(
        f"The process that reads returns cannot do its work: {why}.",
        remedy=f"free some space in {tempfile.gettempdir()} or set TMPDIR to another folder; see "
        "that the program is installed whole; run again.",
    )
