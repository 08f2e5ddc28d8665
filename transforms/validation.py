"""The result of checking a return: facts without any respondent's answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    write into the declaration where the difference is right, as YAML.
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


@dataclass(frozen=True, slots=True)
class Validation:
    """Every rule's result on one return, in the order of the suite.

    `wave` is empty where the return could not be placed. `sample`: None there, and where the survey
    has one sample.
    """

    file_name: str
    sha256: str
    wave: str
    rows: int
    results: tuple[CheckResult, ...]
    sample: str | None = None

    @property
    def accepted(self) -> bool:
        """True where no critical rule failed."""
        return not self.failures(Severity.CRITICAL)

    def failures(self, severity: Severity) -> tuple[CheckResult, ...]:
        """Return the failed rules of one severity."""
        return tuple(r for r in self.results if not r.passed and r.severity is severity)
