"""Lines a person can follow while a run works; never anything a respondent said."""

from __future__ import annotations

import sys
import time

from warehouse.readers.limits import MEMORY_IS_LIMITED

STARTED = time.monotonic()
STAGE_WIDTH = 11


def say_what_is_not_limited() -> None:
    """Say where a damaged return could take all memory: not every system keeps to a limit."""
    if not MEMORY_IS_LIMITED:
        say("Reading", "this system sets no limit to the memory that reading a file may take")


def say(stage: str, text: str) -> None:
    """Print one line of progress to standard error: seconds since the start, stage, text."""
    elapsed = time.monotonic() - STARTED
    print(f"{elapsed:6.1f} s  {stage:<{STAGE_WIDTH}} {text}", file=sys.stderr, flush=True)  # noqa: T201
