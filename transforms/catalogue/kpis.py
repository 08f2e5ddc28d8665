"""The Plan's KPIs: a measure, the change required of it, and how the change is judged."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import Field

from transforms.catalogue.base import Declared, Slug


class Comparison(StrEnum):
    """The earlier wave that a wave is compared with."""

    PREVIOUS_WAVE = "previous_wave"
    SAME_QUARTER_YEAR_BEFORE = "same_quarter_year_before"


class Section(Declared):
    """A section of the Police and Crime Plan, in the order of the file."""

    title: str


class Kpi(Declared):
    """One KPI: a required increase or decrease, never a numeric target."""

    section: Slug
    title: str = Field(description="a few words, for tables")
    statement: str = Field(description="the KPI in the Plan's words")
    measure: Slug
    required_direction: Literal["increase", "decrease"]
    judged: Comparison = Field(description="the one comparison that carries a verdict")
    owner: str


class Kpis(Declared):
    """kpis.yaml: the Plan's sections and the KPIs, by name."""

    sections: Mapping[Slug, Section]
    kpis: Mapping[Slug, Kpi]
