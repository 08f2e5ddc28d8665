"""A program that is raced: it prepares a task, and repeats it each time it is told to.

Nothing but the standard library and numpy: it runs in the peers' environment too. Lines on standard
input and output are the whole protocol: it says `ready`, answers `run` with the seconds and the
seconds of processor time that a repetition took, and `write` with `written` when the last result
lies in its file.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

Task = Callable[[Path], tuple[Callable[[], Any], Callable[[Any], Any]]]
"""From the folder with the data to what is timed, and what makes numbers of its result."""


def serve(version: str, tasks: Mapping[str, Task]) -> None:
    """Serve the task named on the command line: TASK FOLDER RESULT."""
    task, folder, result_file = sys.argv[1:4]
    run, numbers = tasks[task](Path(folder))
    result = None
    _say(f"ready {version}")
    for line in sys.stdin:
        if line.strip() == "run":
            result = None  # not to be freed while the clock runs
            started, busy = time.perf_counter(), time.process_time()
            result = run()
            _say(f"{time.perf_counter() - started!r} {time.process_time() - busy!r}")
        else:
            np.asarray(numbers(result), dtype=np.float64).tofile(result_file)
            _say("written")


def _say(words: str) -> None:
    sys.stdout.write(f"benchmark: {words}\n")
    sys.stdout.flush()
