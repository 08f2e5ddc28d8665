"""A survey of which only published figures are at hand: no respondents, no standard errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from transforms.catalogue.base import Declared, Slug
from transforms.catalogue.kpis import Section
from transforms.catalogue.survey import Quarters
from transforms.notation import DateOrder, DecimalSign

FILE = "published.yaml"


class PublishedColumns(Declared):
    """The columns of the publisher's tables."""

    date: str = Field(description="the last day of the quarter")
    area: str
    measure: str
    value: str = Field(description="the share, from 0 to 1")
    whole: str | None = Field(
        default=None, description="the whole's share, repeated in every area's row"
    )


class Spelt(Declared):
    """Something that the publisher's tables name, in one spelling or several."""

    label: str
    named: tuple[str, ...] = Field(
        default=(), description="every spelling in the tables; left out: the label"
    )

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every spelling."""
        return self.named or (self.label,)


class PublishedArea(Spelt):
    """An area."""

    area_code: str


class PublishedMeasure(Spelt):
    """A share that is published."""

    question: str | None = Field(default=None, description="the wording as asked, if known")
    base_label: str = Field(description="who is in the base, in words")


class PublishedKpi(Declared):
    """A measure as a KPI: a required direction, never judged without standard errors."""

    section: Slug
    title: str
    statement: str
    measure: Slug
    required_direction: Literal["increase", "decrease"]
    owner: str


class PublishedAreas(Declared):
    """The areas that figures are broken down by."""

    label: str
    listed: Mapping[Slug, PublishedArea] = Field(description="in the order of publication")


class PublishedFile(Declared):
    """published.yaml: what the tables of another publisher hold, and how they are named."""

    title: str
    run_by: str
    fieldwork_by: str
    covers: str
    whole: str
    whole_named: tuple[str, ...] = Field(description="what stands in the area's column for it")
    illustrative: str | None = None
    method_note: str | None = None
    sources: tuple[str, ...]
    lacking: str = Field(
        description="what was not published, in words to follow 'figures are published without'"
    )
    quarters: Quarters
    columns: PublishedColumns
    decimal: DecimalSign = "point"
    dates: DateOrder = "year_first"
    areas: PublishedAreas
    measures: Mapping[Slug, PublishedMeasure]
    sections: Mapping[Slug, Section]
    kpis: Mapping[Slug, PublishedKpi]


class PublishedSurvey(Declared):
    """A declaration with its name, the folder's, and its version."""

    name: Slug
    about: PublishedFile
    digest: str
