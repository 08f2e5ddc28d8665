"""What no peer does: a return's whole way, and how the work grows with domains.

Each is measured in a process of its own, which says what it saw as JSON: for each stage the
seconds, the seconds of processor time (children included), and the most memory held so far.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np
import pandas as pd

from benchmarks.races import HERE, ONE_THREAD, ROOT
from benchmarks.returns import long_survey, write_long_return
from benchmarks.samples import MEASURES, sample_of

T = TypeVar("T")
REPETITIONS = 5
AREAS = (1, 7, 14, 28, 140)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the way. `memory`: bytes, the most held by then; `child`: by a child process."""

    name: str
    seconds: float
    busy: float
    memory: int
    child: int


def whole_way_of(size: int) -> tuple[Stage, ...]:
    """Return the stages of a return of so many respondents."""
    with TemporaryDirectory() as folder:
        # Made by another process than the one that reads it: making it takes more memory.
        path = _in_its_own_process("write", size, folder)
        return _stages(_in_its_own_process("whole_way", path))


def by_domain_values_of(size: int) -> tuple[Stage, ...]:
    """Return one stage for each number of areas, named by it."""
    return _stages(_in_its_own_process("by_domain_values", size))


def _stages(said: str) -> tuple[Stage, ...]:
    return tuple(Stage(**stage) for stage in json.loads(said))


def _in_its_own_process(*arguments: object) -> str:
    path = os.pathsep.join([str(ROOT), str(HERE.parent)])
    return subprocess.check_output(
        [sys.executable, "-m", "benchmarks.alone", *map(str, arguments)],
        text=True,
        env=os.environ | ONE_THREAD | {"PYTHONPATH": path},
    )


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


def whole_way(path: Path) -> list[Stage]:
    """From a return as a supplier sends it to the wave's rows for the warehouse."""
    from expectations import validate
    from transforms.decode import decode
    from transforms.identify import identify_wave
    from transforms.wave import process_wave
    from warehouse.returns import read_return

    survey, clock = long_survey(), Clock()
    clock("import Great Expectations", lambda: __import__("expectations.suite"))
    raw = clock("read", lambda: read_return(path))
    wave = clock("place in a wave", lambda: identify_wave(raw, survey).name)
    validation = clock("check", lambda: validate(raw, survey, wave))
    assert validation.accepted, validation
    responses = clock("decode", lambda: decode(raw, survey, wave))
    serials = responses.respondents["serial"]
    clock("weight and estimate", lambda: process_wave(responses, serials, survey))
    return clock.stages


def by_domain_values(size: int) -> list[Stage]:
    """Eight measures in one wave, broken down by more and more areas."""
    from transforms.estimation import sample_design, wave_totals
    from transforms.weighting import Calibrated

    people = sample_of(size).respondents
    design = sample_design(people["stratum"], people["psu"])
    weight = people["weight"].to_numpy()
    weights = Calibrated(weight, weight, None, "none", 0, 0.0)
    measured = people[list(MEASURES)].astype("float64")
    breakdowns = {measure: ("area",) for measure in MEASURES}
    point = pd.factorize(people["psu"], sort=True)[0]
    found = []
    for areas in AREAS:
        area = point * areas // (point.max() + 1)
        classified = pd.DataFrame({"area": pd.Categorical(np.char.mod("%03d", area))})
        clock = Clock()
        for _ in range(REPETITIONS):
            clock(
                str(areas), partial(wave_totals, measured, classified, weights, design, breakdowns)
            )
        found.append(min(clock.stages, key=lambda stage: stage.busy))
    return found


def main() -> None:
    task, *arguments = sys.argv[1:]
    if task == "write":
        respondents, folder = arguments
        sys.stdout.write(str(write_long_return(int(respondents), Path(folder))))
        return
    (argument,) = arguments
    found = whole_way(Path(argument)) if task == "whole_way" else by_domain_values(int(argument))
    json.dump([asdict(stage) for stage in found], sys.stdout)


if __name__ == "__main__":
    main()
