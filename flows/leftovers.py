"""A killed run leaves its temporary Prefect server alive; the next run ends it."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

from flows.settings import RUN_PROCESS

PROCESSES = Path("/proc")
"""Where Linux lists processes; elsewhere leftover servers are not found, and do no harm."""


def end_leftover_servers() -> int:
    """End temporary servers of this PREFECT_HOME whose run is no more; return how many."""
    ended = 0
    for process in PROCESSES.glob("[0-9]*"):
        if _is_leftover(_environment(process)):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(int(process.name), signal.SIGKILL)
                ended += 1
    return ended


def _is_leftover(environment: dict[str, str]) -> bool:
    run = environment.get(RUN_PROCESS, "")
    return (
        "PREFECT__SERVER_EPHEMERAL" in environment
        and environment.get("PREFECT_HOME") == os.environ.get("PREFECT_HOME")
        and run.isdigit()
        and not (PROCESSES / run).exists()
    )


def _environment(process: Path) -> dict[str, str]:
    """Return a process's environment; empty where it has gone or is another user's."""
    try:
        entries = (process / "environ").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return {}
    return dict(entry.split("=", 1) for entry in entries if "=" in entry)
