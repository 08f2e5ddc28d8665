"""Errors that say what was found, what was expected and what to do instead."""

from __future__ import annotations

from dataclasses import dataclass


class PerceptionsError(Exception):
    """A problem a person can act on: `what` was found, what was `expected`, and the `remedy`.

    The texts name files, rows and variables, never a respondent's answer: they reach logs,
    reports and Prefect's database.
    """

    def __init__(self, what: str, *, remedy: str, expected: str | None = None) -> None:
        self.what = what
        self.expected = expected
        self.remedy = remedy
        super().__init__(str(self))

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the three texts when the error crosses to another process."""
        return _rebuild, (type(self), self.what, self.expected, self.remedy)

    def __str__(self) -> str:
        """Return one paragraph: found, expected, remedy."""
        expected = f" Expected: {self.expected}" if self.expected else ""
        return f"{self.what}{expected} What to do: {self.remedy}"


def _rebuild(
    kind: type[PerceptionsError], what: str, expected: str | None, remedy: str
) -> PerceptionsError:
    return kind(what, expected=expected, remedy=remedy)


class UsageError(PerceptionsError):
    """The command was called with something it cannot use (exit status 2)."""


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake in a survey's folder: where it stands and what to write instead."""

    file: str
    line: int
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        """Return one paragraph: place, found, expected, remedy."""
        return (
            f"{self.file}:{self.line}: {self.found} "
            f"Expected: {self.expected} What to do: {self.remedy}"
        )


class DeclarationError(PerceptionsError):
    """The survey's folder contains mistakes (exit status 2); `mistakes` holds every one."""

    def __init__(
        self,
        what: str,
        *,
        remedy: str,
        expected: str | None = None,
        mistakes: tuple[Mistake, ...] = (),
    ) -> None:
        self.mistakes = mistakes
        super().__init__(what, expected=expected, remedy=remedy)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the mistakes when the error crosses to another process."""
        texts = (self.what, self.expected, self.remedy)
        return _rebuild_declaration_error, (*texts, self.mistakes)

    def __str__(self) -> str:
        """Return a paragraph for each mistake, between what was found and the remedy."""
        if not self.mistakes:
            return super().__str__()
        found = [
            f"{mistake.file}:{mistake.line}: {mistake.found}\n"
            f"    Expected: {mistake.expected}\n"
            f"    What to do: {mistake.remedy}"
            for mistake in self.mistakes
        ]
        return "\n\n".join([self.what, *found, f"What to do: {self.remedy}"])


def _rebuild_declaration_error(
    what: str, expected: str | None, remedy: str, mistakes: tuple[Mistake, ...]
) -> DeclarationError:
    return DeclarationError(what, expected=expected, remedy=remedy, mistakes=mistakes)


class ReturnRejected(PerceptionsError):
    """A return cannot be believed; it is quarantined whole (exit status 3)."""


class CalibrationError(ReturnRejected):
    """Weights that meet every margin do not exist or were not found."""


class DesignError(ReturnRejected):
    """The sampling design of a wave does not allow the estimate or its variance."""


class EstimationError(PerceptionsError):
    """Stored waves cannot be combined as declared (exit status 4)."""


class StorageError(PerceptionsError):
    """The disk or a database file cannot be used; nothing was lost (exit status 4)."""


class HomeBusy(StorageError):
    """Another run is writing in the same home (exit status 4)."""


class ContractError(PerceptionsError):
    """Rows that do not fit the warehouse's tables: a mistake in the program (exit status 4)."""

    def __init__(
        self,
        what: str,
        *,
        remedy: str = "report it with this message: the mistake is in the program, not in "
        "your files. The last complete build is untouched.",
        expected: str | None = None,
    ) -> None:
        super().__init__(what, remedy=remedy, expected=expected)
