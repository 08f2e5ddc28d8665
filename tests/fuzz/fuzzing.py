"""Damaged files by the thousand, each read as a run reads it, and what became of them."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mutations import MUTATIONS
from returns_in_formats import SAS_DATA_SET, WRITERS, small_frame, written

from transforms.errors import ReturnRejected
from warehouse.manifest import Announced, require_announced
from warehouse.readers.limits import Limits
from warehouse.returns import ReadingProcess, read_return

LIMITS = Limits(seconds=60, memory=1 << 30)
ROWS, COLUMNS = 40, 4
WITHOUT_COUNT = {"csv", "tab", "xpt 5", "por"}
"""Formats that do not say how many rows they hold: for them a manifest does, as suppliers' do."""


@dataclass
class Found:
    """What became of the damaged files, and those for which something must be mended."""

    accepted: int = 0
    refused: int = 0
    crashes: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)
    by_kind: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Damaged:
    """One damaged file: of which format, by which mutation, under which name."""

    kind: str
    mutation: str
    name: str
    content: bytes


def pristine_files(folder: Path) -> Mapping[str, tuple[str, bytes]]:
    """A small file of each format, under its name."""
    files = {}
    for kind in WRITERS:
        path = written(kind, folder, small_frame(ROWS))
        files[kind] = path.name, path.read_bytes()
    return files | {"sas7bdat": (SAS_DATA_SET.name, SAS_DATA_SET.read_bytes())}


def damaged_files(folder: Path, count: int, seed: int) -> Iterator[Damaged]:
    """Files damaged at random, the formats in turn; the same seed, the same files."""
    pristine = pristine_files(folder)
    kinds = [*pristine]
    for number in range(count):
        chance = random.Random(f"{seed} {number}")
        kind = kinds[number % len(kinds)]
        name, content = pristine[kind]
        if chance.random() < 0.05:
            other = chance.choice(kinds)
            yield Damaged(kind, f"content of {other}", name, pristine[other][1])
            continue
        mutation = chance.choice(MUTATIONS)
        changed = mutation(content, chance)
        if chance.random() < 0.2 and changed:
            changed = chance.choice(MUTATIONS)(changed, chance)
        yield Damaged(kind, f"{mutation.__name__} ({number})", name, changed)


def fuzzed(folder: Path, count: int, seed: int) -> Found:
    """Read `count` damaged files in one process, started anew after each crash."""
    found = Found()
    room = folder / "damaged"
    room.mkdir()
    with ReadingProcess(LIMITS) as process:
        for damaged in damaged_files(folder, count, seed):
            path = room / damaged.name
            path.write_bytes(damaged.content)
            began = time.monotonic()
            _note(found, damaged, path, process)
            found.slowest = max(found.slowest, time.monotonic() - began)
        found.crashes = process.crashes
    return found


def _note(found: Found, damaged: Damaged, path: Path, process: ReadingProcess) -> None:
    """Read one damaged file; it must be refused with a reason, or have the shape it had."""
    try:
        held = read_return(path, process=process)
        if damaged.kind in WITHOUT_COUNT:
            require_announced(Announced("manifest.csv", path.name, ROWS), "", len(held.rows))
    except ReturnRejected as refused:
        found.refused += 1
        if not (refused.what and refused.remedy and path.name in refused.what):
            found.wrong.append(f"{damaged.kind}, {damaged.mutation}: {refused}")
        return
    found.accepted += 1
    found.by_kind[damaged.kind] += 1
    if held.rows.shape != (ROWS, COLUMNS):
        found.wrong.append(f"{damaged.kind}, {damaged.mutation}: read as {held.rows.shape}")
