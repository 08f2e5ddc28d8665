"""Lines a person can follow while a run works; never anything a respondent said."""

from __future__ import annotations

import sys
import time

STARTED = time.monotonic()
STAGE_WIDTH = 11


def say(stage: str, text: str) -> None:
    """Print one line of progress to standard error: seconds since the start, stage, text."""
    elapsed = time.monotonic() - STARTED
    print(f"{elapsed:6.1f} s  {stage:<{STAGE_WIDTH}} {text}", file=sys.stderr, flush=True)  # noqa: T201
