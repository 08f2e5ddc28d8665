"""Control totals: the population each wave's weights must add up to."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from transforms.catalogue.base import Declared, Slug, ValueName

TOTALS_AGREE = 1e-6
"""Largest relative difference between two margins' totals; beyond it no weights meet both."""


SEPARATOR = " × "
"""Between the values of a crossed category."""


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
    """The population's distribution over one domain, or over several crossed."""

    name: Slug
    variables: tuple[Slug, ...] = Field(min_length=1)
    control_totals: tuple[ControlTotal, ...] = Field(min_length=1)

    @property
    def total(self) -> float:
        """The population the margin adds up to."""
        return sum(cell.population for cell in self.control_totals)
