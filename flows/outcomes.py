"""What a run found out and did, in values that can be printed, stored and passed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import pandas as pd

from transforms.errors import ReturnRejected
from transforms.validation import CheckResult, Validation
from warehouse.archive import Received
from warehouse.deliveries import Delivery
from warehouse.runs import WaveVersion

SAMPLE = "main"
"""The sample a return belongs to."""


class Fate(StrEnum):
    """What became of a file that was given to a run."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DUPLICATE = "seen before"
    REFUSED_COPY = "a copy of a refused file"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file given to this run, where it came from, and its copy in the archive."""

    source: Path
    received: Received
    from_inbox: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """An arrival and what checking it found."""

    arrival: Arrival
    validation: Validation

    @property
    def accepted(self) -> bool:
        """Whether no critical rule failed."""
        return self.validation.accepted

    @property
    def sha256(self) -> str:
        """What the return is known by."""
        return self.arrival.received.sha256


@dataclass(frozen=True, slots=True)
class Held:
    """What the current build holds: deliveries, and what each wave was computed from."""

    deliveries: tuple[Delivery, ...] = ()
    versions: Mapping[str, WaveVersion] = field(default_factory=dict)

    @property
    def accepted(self) -> dict[str, Delivery]:
        """The delivery in use, by wave."""
        return {str(d.wave): d for d in self.deliveries if d.status == "accepted"}

    def knows(self, sha256: str) -> bool:
        """Whether this content was accepted before, in use or since superseded."""
        return any(d.sha256 == sha256 and d.status != "rejected" for d in self.deliveries)


@dataclass(frozen=True, slots=True)
class WaveWork:
    """A wave to compute, and the archived return to compute it from."""

    wave: str
    received: Received


@dataclass(frozen=True, slots=True)
class ComputedWave:
    """A wave's rows by table, and what they were computed from; or why there are none."""

    work: WaveWork
    tables: Mapping[str, pd.DataFrame]
    refusal: ReturnRejected | None = None


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file: shown at the end of a run."""

    file_name: str
    fate: Fate
    wave: str | None
    rows: int
    findings: tuple[CheckResult, ...] = ()
    report: str | None = None


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run's result: each file's fate, the waves computed, and where everything lies."""

    survey: str
    files: tuple[FileOutcome, ...]
    waves_computed: tuple[str, ...]
    build: str | None
    waves_held: tuple[str, ...] = field(default=())

    @property
    def rejected(self) -> tuple[FileOutcome, ...]:
        """The files that were refused."""
        return tuple(file for file in self.files if file.fate is Fate.REJECTED)
