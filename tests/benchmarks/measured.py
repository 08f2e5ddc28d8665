"""What a stage of work took: seconds, processor time (children included), and memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TypeVar

from benchmarks.races import HERE, ONE_THREAD, ROOT

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the way. `memory`: bytes, the most held by then; `child`: by a child process."""

    name: str
    seconds: float
    busy: float
    memory: int
    child: int


class Clock:
    """Measures stages one after the other."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []

    def __call__(self, name: str, work: Callable[[], T]) -> T:
        started, busy = time.perf_counter(), _busy()
        result = work()
        seconds, worked = time.perf_counter() - started, _busy() - busy
        self.stages.append(Stage(name, seconds, worked, *_memory()))
        return result

    def least_of(self, repetitions: int, name: str, work: Callable[[], T]) -> T:
        """Measure a stage several times, and keep the one that took least processor time."""
        clock = Clock()
        for _ in range(repetitions):
            result = clock(name, work)
        self.stages.append(min(clock.stages, key=lambda stage: stage.busy))
        return result


def in_its_own_process(*arguments: object) -> str:
    """Return what `python -m benchmarks.alone` says, on one thread, with nothing done before it."""
    path = os.pathsep.join([str(ROOT), str(HERE.parent)])
    return subprocess.check_output(
        [sys.executable, "-m", "benchmarks.alone", *map(str, arguments)],
        text=True,
        env=os.environ | ONE_THREAD | {"PYTHONPATH": path},
    )


def as_text(stages: list[Stage]) -> str:
    return json.dumps([asdict(stage) for stage in stages])


def as_stages(said: str) -> tuple[Stage, ...]:
    return tuple(Stage(**stage) for stage in json.loads(said))


def _busy() -> float:
    """Return the seconds of processor time used so far, by this process and its children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _memory() -> tuple[int, int]:
    own, children = (
        resource.getrusage(who).ru_maxrss * 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own, children
