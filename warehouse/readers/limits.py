"""How much a reading process may use; what it asks for beyond that it does not get."""

from __future__ import annotations

import contextlib
import resource
import sys
import time
from dataclasses import dataclass

MEMORY_IS_LIMITED = sys.platform != "darwin" and hasattr(resource, "RLIMIT_AS")
"""Whether the system keeps to a limit on memory: macOS takes it and does not."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that reading one file may take; bytes that the reading process may ask for."""

    seconds: float = 600.0
    memory: int = 4 * 1024**3


USUAL = Limits()
"""Ten minutes and 4 GB: a million respondents and sixty items stay below both."""


def hold_to(limits: Limits) -> None:
    """Hold this process to the limits from now on, and let a crash write no answers to disk."""
    _limit("RLIMIT_AS", limits.memory)
    _limit("RLIMIT_FSIZE", limits.memory)
    _limit("RLIMIT_CORE", 0)


def allow_seconds(limits: Limits) -> None:
    """Let the system end this process after that much more work, should nobody else end it."""
    _limit("RLIMIT_CPU", int(time.process_time() + limits.seconds) + 1)


def _limit(name: str, most: int) -> None:
    kind = getattr(resource, name, None)
    if kind is None:
        return
    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(
            kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard)
        )
