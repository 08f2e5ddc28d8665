"""Control totals: the population each wave's weights must add up to."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from transforms.catalogue.base import SLUG_PATTERN, Declared, Slug, ValueName

TOTALS_AGREE = 1e-11
"""Largest relative difference between two margins' totals, that of rounding in their sums; beyond
it no weights meet both."""


SEPARATOR = " × "
"""Between the values of a crossed category."""

EDITION = ".from_"
"""Between a margin's name and the wave from which a later edition of its figures holds."""


MarginName = Annotated[str, StringConstraints(pattern=SLUG_PATTERN[:-1] + r"(\.from_.+)?$")]


class ControlTotal(Declared):
    """One cell of a margin: its category of each variable, its population, and where from."""

    category: tuple[ValueName, ...]
    population: float = Field(gt=0)
    source: str
    reference_date: date

    @property
    def name(self) -> str:
        """The category in one text."""
        return SEPARATOR.join(self.category)


class Margin(Declared):
    """The population's distribution over one domain, or over several crossed.

    `name`: the margin's, or of a later edition with the wave it holds from: age.from_2027-Q2.
    """

    name: MarginName
    variables: tuple[Slug, ...] = Field(min_length=1)
    control_totals: tuple[ControlTotal, ...] = Field(min_length=1)

    @property
    def margin(self) -> str:
        """The margin's own name, whichever edition this is."""
        return self.name.partition(EDITION)[0]

    @property
    def from_wave(self) -> str | None:
        """The wave from which these figures hold; None: from the first on."""
        return self.name.partition(EDITION)[2] or None

    @property
    def total(self) -> float:
        """The population the margin adds up to."""
        return sum(cell.population for cell in self.control_totals)

    def apart_from(self, first: Margin) -> float:
        """How much larger its total is than that of `first`, relative; 0 where that is rounding."""
        gap = self.total / first.total - 1
        return gap if abs(gap) > TOTALS_AGREE else 0.0


def total_in_words(population: float) -> str:
    """Return a margin's total with as many digits as tell two apart: "10,000.0001"."""
    return f"{population:,.12g}"


def gap_in_words(gap: float) -> str:
    """Return a relative gap as a percentage: "+2.000%", "+1e-06%"."""
    return f"{gap:+.3%}" if abs(gap) >= 1e-5 else f"{100 * gap:+.0e}%"
