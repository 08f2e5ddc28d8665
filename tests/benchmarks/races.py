"""Races: every program on the same data, each in a process of its own, by turns.

A program repeats a task until its patience is spent; what it found is compared with ours before any
time is. No speed without correctness.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.samples import Sample, write_sample

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PEERS_PYTHON = ROOT / ".venv-benchmark" / "bin" / "python"
ONE_THREAD = {
    name: "1"
    for name in (
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
        *("POLARS_MAX_THREADS", "RAYON_NUM_THREADS"),
    )
}
ROUNDS, FEWEST, PATIENCE = 9, 2, 20.0
"""Repetitions; no fewer than FEWEST, no more of a program that has taken PATIENCE seconds."""


@dataclass(frozen=True, slots=True)
class Program:
    """Something that is raced: how it is called in the report, and how a task of it is started."""

    name: str
    command: tuple[str, ...]
    task: str | None = None


OURS = Program("ours", (sys.executable, "-m", "benchmarks.ours"))


def peers() -> tuple[Program, ...]:
    """Return the programs that are here; R's survey only where it is installed."""
    python = (str(PEERS_PYTHON), "-m")
    found = [
        Program("svy", (*python, "benchmarks.peer_svy")),
        Program("samplics", (*python, "benchmarks.peer_samplics")),
    ]
    if has_r_survey():
        found.append(Program("R survey", ("Rscript", str(HERE / "peer_survey.R"))))
    return tuple(found)


def has_r_survey() -> bool:
    if shutil.which("Rscript") is None:
        return False
    asked = ["Rscript", "-e", 'quit(status = !requireNamespace("survey", quietly = TRUE))']
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


@dataclass(frozen=True, slots=True)
class Race:
    """One task on one sample. `ours`: our ways of doing it, the first being compared and timed
    against. `tolerance`: relative, of what the others find. `without`: programs left out, and why.
    """

    title: str
    size: int
    task: str
    sample: Callable[[], Sample]
    tolerance: float
    ours: tuple[Program, ...] = (OURS,)
    prepare: Callable[[Sample, Path], None] | None = None
    without: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """How one program did. `difference`: the largest relative one from ours, 0 of ours itself.

    `seconds` and `busy`: what each repetition took by the clock, and of the processor.
    """

    name: str
    version: str
    seconds: tuple[float, ...]
    busy: tuple[float, ...]
    difference: float

    @property
    def fastest(self) -> float:
        return min(self.seconds)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def least_busy(self) -> float:
        return min(self.busy)


@dataclass(frozen=True, slots=True)
class Result:
    """A race that has been run."""

    race: Race
    entries: tuple[Entry, ...]

    def agrees(self, entry: Entry) -> bool:
        return entry.difference <= self.race.tolerance


def run(race: Race, programs: Sequence[Program]) -> Result:
    """Return how our ways and the other programs did."""
    chosen = [*race.ours, *(one for one in programs if one.name not in race.without)]
    with TemporaryDirectory() as folder, ExitStack() as stack:
        place = Path(folder)
        sample = race.sample()
        write_sample(sample, place)
        if race.prepare:
            race.prepare(sample, place)
        started = [stack.enter_context(_started(one, race.task, place)) for one in chosen]
        for _ in range(ROUNDS):
            for one in started:
                one.take_turn()
        found = [one.numbers() for one in started]
    entries = [
        one.entry(difference(numbers, found[0]))
        for one, numbers in zip(started, found, strict=True)
    ]
    return Result(race, tuple(entries))


def difference(found: np.ndarray, ours: np.ndarray) -> float:
    """Return the largest relative difference; infinite where something is missing or no number."""
    if found.shape != ours.shape or not np.isfinite(found).all():
        return np.inf
    size = np.maximum(np.abs(found), np.abs(ours))
    apart = np.abs(found - ours)
    return float(np.max(np.divide(apart, size, out=np.zeros_like(apart), where=size > 0)))


@dataclass(slots=True)
class _Started:
    program: Program
    process: subprocess.Popen[str]
    result_file: Path
    version: str = ""
    seconds: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)

    def entry(self, difference: float) -> Entry:
        seconds, busy = tuple(self.seconds), tuple(self.busy)
        return Entry(self.program.name, self.version, seconds, busy, difference)

    def take_turn(self) -> None:
        """Repeat the task once, unless patience is spent."""
        if len(self.seconds) < FEWEST or sum(self.seconds) < PATIENCE:
            seconds, busy = self.ask("run").split()
            self.seconds.append(float(seconds))
            self.busy.append(float(busy))

    def numbers(self) -> np.ndarray:
        """Return what the last repetition found, as one row of numbers."""
        self.ask("write")
        return np.fromfile(self.result_file)

    def ask(self, word: str) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self) -> str:
        """Return the next line meant for us; other lines are the program's own."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("benchmark: "):
                return line.removeprefix("benchmark: ").strip()
        raise RuntimeError(f"{self.program.name} ended with status {self.process.wait()}")


@contextmanager
def _started(program: Program, task: str, folder: Path) -> Iterator[_Started]:
    """Start a program on a task, and end it."""
    name = program.name.replace(" ", "_").replace(",", "")
    result_file = folder / f"{name}.numbers"
    process = subprocess.Popen(
        [*program.command, program.task or task, str(folder), str(result_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ
        | ONE_THREAD
        | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(HERE.parent)])},
    )
    with process:
        started = _Started(program, process, result_file)
        started.version = started.answer().removeprefix("ready ")
        yield started
        assert process.stdin is not None
        process.stdin.close()
