"""The Plan's KPIs: a measure, the change required of it, and how the change is judged."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import Field

from transforms.catalogue.base import WHOLE, Declared, Slug


class Comparison(StrEnum):
    """What a figure is compared with."""

    PREVIOUS_WAVE = "previous_wave"
    SAME_QUARTER_YEAR_BEFORE = "same_quarter_year_before"
    PREVIOUS_YEAR = "previous_year"
    BASELINE = "baseline"
    REST_OF_FORCE = "rest_of_force"


Adjustment = Literal["holm", "benjamini_hochberg", "none"]

HEADLINE = "headline"
"""The family of a KPI's force figure unless another is declared."""


class Section(Declared):
    """A section of the Police and Crime Plan, in the order of the file."""

    title: str


class Baseline(Declared):
    """What a KPI's figures are measured against: waves of the survey, or an outside figure."""

    waves: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="waves of this survey, pooled into one figure"
    )
    estimate: float | None = Field(
        default=None,
        description="an outside figure: a share from 0 to 1, a mean on its measure's scale",
    )
    standard_error: float | None = Field(default=None, ge=0, description="the outside figure's")
    df: float | None = Field(
        default=None,
        gt=0,
        description="its degrees of freedom; left out: so many that they do not matter",
    )
    label: str | None = Field(default=None, description="what the outside figure is called")
    source: str | None = Field(default=None, description="where the outside figure is from")
    comparable_with: str | None = Field(
        default=None,
        description="a wave that asks as the outside figure's source did; left out: the first. "
        "Beyond a break of the measure the figure is no baseline",
    )

    @property
    def is_outside(self) -> bool:
        """True where the figure is not this survey's own."""
        return self.waves is None


class Kpi(Declared):
    """One KPI: a required increase or decrease, never a numeric target."""

    section: Slug
    title: str = Field(description="a few words, for tables")
    statement: str = Field(description="the KPI in the Plan's words")
    measure: Slug
    required_direction: Literal["increase", "decrease"]
    judged: Comparison = Field(
        description="the one comparison of the whole force that carries a verdict"
    )
    judged_by: Mapping[Slug, Comparison] = Field(
        default_factory=dict,
        description="the domains whose values are judged too, each by one comparison",
    )
    family: Slug = Field(
        default=HEADLINE, description="the tests of the whole force it is adjusted together with"
    )
    baseline: Baseline | None = Field(
        default=None,
        description="what the comparison baseline is with; left out: the first complete rolling "
        "year since the last break",
    )
    owner: str

    def comparison_in(self, domain: str) -> Comparison | None:
        """Return the comparison that judges the values of a domain; None where none does."""
        return self.judged if domain == WHOLE else self.judged_by.get(domain)


class Kpis(Declared):
    """kpis.yaml: the Plan's sections and the KPIs, by name, and how families are adjusted."""

    sections: Mapping[Slug, Section]
    adjustment: Adjustment = Field(
        default="holm",
        description="how p values are adjusted in a family: the values of one KPI's domain, or "
        "the KPIs of one family; holm, benjamini_hochberg, or none",
    )
    families: Mapping[Slug, Adjustment] = Field(
        default_factory=dict, description="families of KPIs, each with an adjustment of its own"
    )
    kpis: Mapping[Slug, Kpi]

    def adjustment_of(self, family: str) -> Adjustment:
        """Return how a family's p values are adjusted."""
        return self.families.get(family, self.adjustment)
