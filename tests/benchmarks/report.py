"""docs/benchmarks.md: the figures in tables, and how they came about."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from benchmarks.measured import Stage
from benchmarks.races import Entry, Result
from flows.version import code_version

MADE_BY = "make benchmark"

INTRODUCTION = """\
# Benchmarks

Written by `{command}` (`tests/benchmarks/`); not to be edited. Every program works on the same
seeded data, in a process of its own and on one thread, each repetition in turn with the others'.
Starting, importing and reading are not timed.

* **fastest** and **median** are of the repetitions, by the clock; **processor** is the least
  processor time of one, which other work on the machine hardly touches. **ratio** is of processor
  times: how many times ours the program took.
* **difference** is the largest relative difference from our numbers, all of them. A program that
  differs by more than the tolerance has no ratio, and the command fails: no speed without
  correctness. All are asked to meet margins to 1e-10 (R's `rake` to a change of 1e-12).

Machine: {cores} cores, {system}. Python {python}, numpy {numpy}, pandas {pandas}. Ours is
`{ours}`; {peers}.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """Races of one kind: what they are, and what a reader needs to know of them."""

    title: str
    text: str
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Alone:
    """What is measured without peers: by areas, by length of history, and a return's whole way."""

    respondents: int
    by_areas: tuple[Stage, ...]
    by_history: tuple[Stage, ...]
    ways: tuple[tuple[int, tuple[Stage, ...]], ...]


def document(sections: Sequence[Section], alone: Alone, left_out: str) -> str:
    """Return the whole document. `left_out`: what is to be said of programs that are not here."""
    peers = {
        entry.name: entry.version
        for section in sections
        for result in section.results
        for entry in result.entries
        if not entry.name.startswith("ours")
    }
    return "\n".join(
        [
            _introduction(peers, left_out),
            *map(_section, sections),
            _by_areas(alone.by_areas, alone.respondents),
            _by_history(alone.by_history),
            _whole_way(alone.ways),
        ]
    )


def _introduction(peers: dict[str, str], left_out: str) -> str:
    named = ", ".join(f"{name} is {number}" for name, number in peers.items())
    return INTRODUCTION.format(
        command=MADE_BY,
        cores=os.cpu_count(),
        system=f"{platform.system()} on {platform.machine()}",
        python=platform.python_version(),
        numpy=version("numpy"),
        pandas=version("pandas"),
        ours=code_version(),
        peers=f"{named}{left_out}",
    )


def _section(section: Section) -> str:
    head = (
        "respondents",
        "program",
        "runs",
        "fastest",
        "median",
        "processor",
        "ratio",
        "difference",
    )
    rows = [row for result in section.results for row in _rows(result)]
    without = [
        f"{name} is left out at {result.race.size:,}: {why}."
        for result in section.results
        for name, why in result.race.without.items()
    ]
    parts = [f"## {section.title}\n", f"{section.text}\n", _table(head, rows)]
    return "\n".join([*parts, *(f"\n{line}" for line in without), ""])


def _rows(result: Result) -> list[tuple[str, ...]]:
    first = result.entries[0]
    return [
        (
            f"{result.race.size:,}",
            entry.name,
            str(len(entry.seconds)),
            duration(entry.fastest),
            duration(entry.median),
            duration(entry.least_busy),
            _ratio(result, entry, first),
            _difference(entry, first),
        )
        for entry in result.entries
    ]


def _ratio(result: Result, entry: Entry, first: Entry) -> str:
    if not result.agrees(entry):
        return "**disagrees**"
    return f"{entry.least_busy / first.least_busy:.3g}"


def _difference(entry: Entry, first: Entry) -> str:
    return "" if entry is first else f"{entry.difference:.0e}"


def _by_areas(stages: Sequence[Stage], size: int) -> str:
    text = (
        f"Totals of eight measures in one wave of {size:,} respondents, by an area with more and "
        "more values."
    )
    rows = [
        (
            stage.name,
            f"{int(stage.name) * 8:,}",
            duration(stage.busy),
            f"{stage.busy / stages[0].busy:.2g}",
        )
        for stage in stages
    ]
    head = ("areas", "estimates", "processor", "times one area")
    return f"## The number of areas\n\n{text}\n\n{_table(head, rows)}\n"


def _by_history(stages: Sequence[Stage]) -> str:
    text = (
        "What a new quarter brings from stored totals: the rolling year of eight measures in seven "
        "areas and the force, and its change on the year before. The totals of all quarters are "
        "laid out as arrays first."
    )
    rows = [
        (arranged.name, duration(figures.busy), duration(arranged.busy))
        for arranged, figures in zip(stages[::2], stages[1::2], strict=True)
    ]
    head = ("quarters so far", "its figures", "laying out all totals")
    return f"## The length of the history\n\n{text}\n\n{_table(head, rows)}\n"


def _whole_way(ways: Sequence[tuple[int, Sequence[Stage]]]) -> str:
    text = (
        "A return of 60 items as an SPSS file, from the file to the wave's rows for the warehouse "
        "(500 bootstrap replicates included). Processor time includes the reading process; memory "
        "is the most held by then, and by the reading process."
    )
    rows = [
        (
            f"{size:,}",
            stage.name,
            duration(stage.seconds),
            duration(stage.busy),
            f"{stage.memory / 1e9:.2f} GB",
            f"{stage.child / 1e9:.2f} GB",
        )
        for size, stages in ways
        for stage in stages
    ]
    head = ("respondents", "stage", "took", "processor", "memory", "reading process")
    return f"## The whole way of a return\n\n{text}\n\n{_table(head, rows)}\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def duration(seconds: float) -> str:
    """Return a duration with three digits, in milliseconds below one second."""
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"
