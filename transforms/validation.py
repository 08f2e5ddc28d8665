"""The result of checking a return: facts without any respondent's answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from transforms.fieldwork.shown import Chart

SERIALS_SHOWN = 20
"""Serial numbers of failing rows that a finding names at most, the first in order of number."""


class Severity(StrEnum):
    """Critical: the return is rejected. Warning: it is accepted and the finding is shown."""

    CRITICAL = "critical"
    WARNING = "warning"


class Drift(StrEnum):
    """How a return, or its dictionary, differs from what is declared or was sent before."""

    NEW = "new"
    GONE = "gone"
    RENAMED = "renamed"
    WEIGHT_RENAMED = "weight renamed"
    QUESTION_MOVED = "question under another's name"
    LABEL_CHANGED = "label changed"
    CODE_ADDED = "code added"
    SCALE_REVERSED = "scale reversed"
    CODES_SWAPPED = "codes swapped"
    MISSING_UNDECLARED = "missing code undeclared"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One rule's result on one return.

    `serials` are at most 20 serial numbers of failing rows; `finding` (what was found, in words a
    non-programmer understands), `expected` and `remedy` (what to ask the supplier for) are empty
    where the rule passed. `drift`: the kind of difference it is, if it is one. `paste`: what to
    write into the declaration where the difference is right, as YAML. `accepted`: who accepted it
    and why; None where nobody has. `judged`: critical by what is likely, not by what is certain, so
    that a person may accept it. `of_wave`: about the wave's figures, so that it is looked at again
    whenever these, or those of the wave before, change.
    """

    rule: str
    title: str
    severity: Severity
    passed: bool
    variable: str | None = None
    failing_rows: int = 0
    serials: tuple[str, ...] = ()
    finding: str = ""
    expected: str = ""
    remedy: str = ""
    drift: Drift | None = None
    paste: str = ""
    accepted: str | None = None
    judged: bool = False
    of_wave: bool = False

    @property
    def acceptable(self) -> bool:
        """Whether a person may accept it: a warning, or what is critical by judgement alone."""
        return not self.passed and (self.severity is Severity.WARNING or self.judged)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A finding that a person accepted: of one wave, or (None) whenever the rule finds it."""

    wave: str | None
    rule: str
    reason: str
    accepted_by: str
    accepted_at: datetime | None = None

    @property
    def words(self) -> str:
        """Who and why."""
        return f"{self.accepted_by}: {self.reason}"


def with_acceptances(
    results: Iterable[CheckResult], acceptances: Iterable[Acceptance], wave: str
) -> tuple[CheckResult, ...]:
    """Return the results of a wave, those accepted marked so; what is certain stays critical."""
    words = {one.rule: one.words for one in acceptances if one.wave in (None, wave)}
    return tuple(
        replace(r, accepted=words[r.rule]) if r.acceptable and r.rule in words else r
        for r in results
    )


@dataclass(frozen=True, slots=True)
class Validation:
    """Every rule's result on one return, in the order of the suite.

    `wave` is empty where the return could not be placed. `sample`: None there, and where the survey
    has one sample. `compared_with`: the wave before that its figures were compared with, if any.
    `charts`: how its interviews were held. `waits_for`: samples that its wave requires and that
    have not come, so that nothing is known of its weights and figures. `withdrawn`: rows of
    respondents who were withdrawn, which `rows` and the results leave out.
    """

    file_name: str
    sha256: str
    wave: str
    rows: int
    results: tuple[CheckResult, ...]
    sample: str | None = None
    compared_with: str | None = None
    charts: tuple[Chart, ...] = ()
    withdrawn: int = 0
    waits_for: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """True where no critical rule failed."""
        return not self.failures(Severity.CRITICAL)

    def failures(self, severity: Severity) -> tuple[CheckResult, ...]:
        """Return the failed rules of one severity that nobody has accepted."""
        failed = (r for r in self.results if not r.passed and r.accepted is None)
        return tuple(r for r in failed if r.severity is severity)

    @property
    def accepted_findings(self) -> tuple[CheckResult, ...]:
        """The failed rules that a person has accepted."""
        return tuple(r for r in self.results if not r.passed and r.accepted is not None)
