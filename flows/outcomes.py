"""What a run found out and did, in values that can be printed, stored and passed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from expectations.wave.figures import Tables, WaveFacts
from transforms.errors import ReturnRejected
from transforms.fieldwork.shown import Chart
from transforms.resubmission import Difference
from transforms.validation import CheckResult, Severity, Validation
from warehouse.archive import Received
from warehouse.deliveries import Delivery
from warehouse.inbox import Left
from warehouse.manifest import Announced
from warehouse.runs import WaveVersion


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
    announced: Announced | None = None


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
    """What the current build holds: deliveries, and what each wave was computed from.

    `reduced`: waves whose respondents are no longer kept, so that they are not computed again.
    """

    deliveries: tuple[Delivery, ...] = ()
    versions: Mapping[str, frozenset[WaveVersion]] = field(default_factory=dict)
    reduced: frozenset[str] = frozenset()

    @property
    def accepted(self) -> dict[str, dict[str, Delivery]]:
        """The delivery in use, by wave and sample."""
        found: dict[str, dict[str, Delivery]] = {}
        for delivery in self.deliveries:
            if delivery.status == "accepted":
                found.setdefault(str(delivery.wave), {})[str(delivery.sample)] = delivery
        return found

    def knows(self, sha256: str) -> bool:
        """Whether this content was accepted before, in use or since superseded."""
        return any(d.sha256 == sha256 and d.status != "rejected" for d in self.deliveries)


@dataclass(frozen=True, slots=True)
class WaveWork:
    """A wave to compute, and the archived return of each of its samples, in their order.

    `again`: its returns were accepted before, so that nothing found in its figures leaves the wave
    without any.
    """

    wave: str
    returns: Mapping[str, Received]
    again: bool = False


@dataclass(frozen=True, slots=True)
class ComputedWave:
    """A wave's figures, and what they were computed from; or why there are none.

    `checks`: of its figures, and how they stand to the wave before, `compared_with`; `charts`: of
    these.
    """

    work: WaveWork
    facts: WaveFacts | None
    refusal: ReturnRejected | None = None
    checks: tuple[CheckResult, ...] = ()
    compared_with: str | None = None
    charts: tuple[Chart, ...] = ()

    @property
    def tables(self) -> Tables:
        """The wave's rows by table; none where it was refused."""
        return {} if self.facts is None else self.facts.tables

    @property
    def usable(self) -> bool:
        """Whether there are figures to store: nothing critical was found in a new return's."""
        critical = (c.severity is Severity.CRITICAL and c.accepted is None for c in self.findings)
        return self.refusal is None and (self.work.again or not any(critical))

    @property
    def findings(self) -> tuple[CheckResult, ...]:
        """The checks of the wave's figures that failed."""
        return tuple(check for check in self.checks if not check.passed)


@dataclass(frozen=True, slots=True)
class Followed:
    """A stored wave whose checks were made again, since `after`, the wave before it, changed."""

    wave: str
    after: str
    checks: tuple[CheckResult, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """What a run brings to the next build: returns, waves, waves that follow them, and changes.

    `differences`: by the SHA-256 of a return, from the one that it supersedes.
    """

    checked: tuple[Checked, ...] = ()
    computed: tuple[ComputedWave, ...] = ()
    followed: tuple[Followed, ...] = ()
    differences: Mapping[str, Difference] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file: shown at the end of a run.

    `sample`: None where the survey has one sample, or the file does not tell. `withdrawn`: rows of
    respondents who were withdrawn, and left out. `difference`: from the return that it supersedes.
    `late_by`: days after the first return of the wave's sample was due.
    """

    file_name: str
    fate: Fate
    wave: str | None
    rows: int
    findings: tuple[CheckResult, ...] = ()
    report: str | None = None
    sample: str | None = None
    withdrawn: int = 0
    difference: Difference | None = None
    late_by: int = 0


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run's result: each file's fate, the waves computed, and where everything lies.

    `waves_waiting`: the required samples that a wave waits for. `imputed`: the respondents of a
    computed wave who were given a value of a margin, for weighting only. `shown_and_withheld`: the
    figures that are confidential by now and that an earlier build published. `findings_again`: by
    wave that no return of this run brought, what was found when its figures were checked again.
    `waves_partial`: the samples that were drawn and that a wave with figures lacks.
    """

    survey: str
    files: tuple[FileOutcome, ...]
    waves_computed: tuple[str, ...]
    build: str | None
    waves_held: tuple[str, ...] = field(default=())
    waves_waiting: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    imputed: Mapping[str, int] = field(default_factory=dict)
    shown_and_withheld: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    findings_again: Mapping[str, tuple[CheckResult, ...]] = field(default_factory=dict)
    waves_partial: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def rejected(self) -> tuple[FileOutcome, ...]:
        """The files that were refused."""
        return tuple(file for file in self.files if file.fate is Fate.REJECTED)

    @property
    def all_taken(self) -> bool:
        """Whether every file was accepted or seen before, or will be taken without further ado."""
        return not self.rejected and all(one.waits for one in self.left)
