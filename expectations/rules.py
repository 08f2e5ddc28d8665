"""What is demanded of a return: each rule as data, known before Great Expectations is imported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from transforms.catalogue import BoundItem, CodeValue
from transforms.validation import Severity


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How many failing rows are a warning; more are critical.

    `of_rows`: share of all rows. `of_asked`: share of the rows that a routed item is asked of, from
    `from_rows` failing rows on.
    """

    of_rows: float
    of_asked: float | None = None
    from_rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One demand on a return, and what is said of it.

    `check`: what is checked, in a word. `breach`: what a failing row holds, as a noun phrase.
    `also_reads`: further items it needs. `tolerated`: None where every failing has the rule's
    severity.
    """

    check: str
    demand: str
    expected: str
    remedy: str
    breach: str = ""
    also_reads: tuple[str, ...] = ()
    severity: Severity = Severity.CRITICAL
    tolerated: Tolerance | None = None

    @property
    def id(self) -> str:
        """The rule's name, unique within the suite."""
        return f"return.{self.check}"

    @property
    def subject(self) -> str:
        """Whom or what the rule speaks of, in words."""
        return "The return"

    @property
    def variable(self) -> str | None:
        """The variable's name in the return, where the rule is on one."""
        return None

    @property
    def reads(self) -> tuple[str, ...]:
        """The items it needs; unless they are there and readable, it is not run."""
        return self.also_reads

    @property
    def title(self) -> str:
        """What holds where the rule is kept."""
        return f"{self.subject}: {self.demand}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnoughRows(Rule):
    """The return has at least `minimum` respondents."""

    minimum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinct(Rule):
    """No two respondents give the same answers to all of `items`; `point`: the sampling point's."""

    items: tuple[str, ...]
    point: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRule(Rule):
    """A rule on one item's column."""

    item: BoundItem

    @property
    def id(self) -> str:
        """The item and what is checked of it."""
        return f"{self.item.name}.{self.check}"

    @property
    def subject(self) -> str:
        """The item's label and its variable."""
        return subject_of(self.item)

    @property
    def variable(self) -> str:
        """The item's variable in this wave."""
        return self.item.variable

    @property
    def reads(self) -> tuple[str, ...]:
        """The item itself, then the others."""
        return (self.item.name, *self.also_reads)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exists(ItemRule):
    """The return has the item's variable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored(ItemRule):
    """The cells are numbers or dates, or one of the `codes`."""

    storage: Literal["number", "date"]
    codes: tuple[CodeValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded(ItemRule):
    """The cells are declared codes, or empty."""

    codes: tuple[CodeValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Present(ItemRule):
    """No cell is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique(ItemRule):
    """No two respondents share a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible(ItemRule):
    """The numbers are finite and within their limits; empty cells and `missing` codes aside."""

    minimum: float | None
    maximum: float | None
    missing: tuple[CodeValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsableWeight(Possible):
    """The numbers are there, finite, above zero and within their limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InPeriod(ItemRule):
    """The dates lie within the wave's fieldwork, its first and last day included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Nested(ItemRule):
    """Each sampling point lies in one value of the item `stratum`."""

    stratum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(ItemRule):
    """Where the routing leads to the item, no cell says not asked: by a code, or by `blank`."""

    codes: tuple[CodeValue, ...]
    blank: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unasked(ItemRule):
    """Where the routing does not lead to the item, cells are empty or one of `codes`."""

    codes: tuple[CodeValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(ItemRule):
    """At least the share `minimum` of those asked gives a valid answer.

    `missing` codes are not valid answers; `outside` codes (and an empty cell, where
    `blank_outside`) say that a respondent was not asked. `routed`: others were not asked either.
    """

    missing: tuple[CodeValue, ...]
    outside: tuple[CodeValue, ...]
    blank_outside: bool
    routed: bool
    minimum: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginRule(Rule):
    """A rule on a margin of the calibration: its domains, its categories and these in words."""

    margin: str
    words: str
    domains: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    labels: tuple[str, ...]

    @property
    def id(self) -> str:
        """The margin and what is checked of it."""
        return f"margin.{self.margin}.{self.check}"

    @property
    def subject(self) -> str:
        """The margin's domains in words."""
        return self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified(MarginRule):
    """Every respondent is in one of the margin's categories, or `blank` and without a value."""

    blank: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered(Classified):
    """Every respondent belongs to the population of the sample, whose name `margin` is."""

    @property
    def id(self) -> str:
        """The sample and what is checked of it."""
        return f"sample.{self.margin}.{self.check}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupied(MarginRule):
    """Every category of the margin has a respondent."""


def subject_of(item: BoundItem) -> str:
    """Return an item in words: its label and its variable."""
    return f"{item.item.label} ({item.variable})"
