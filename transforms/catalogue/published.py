"""A survey of which only published figures are at hand: no respondents, no standard errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from transforms.catalogue.base import Declared, Slug, WebAddress
from transforms.catalogue.kpis import Section
from transforms.catalogue.survey import Quarters
from transforms.notation import DateOrder, DecimalSign
from transforms.waves import Wave, quarters

FILE = "published.yaml"


class PublishedColumns(Declared):
    """The columns of the publisher's tables."""

    date: str = Field(description="the last day of the quarter")
    area: str = Field(description="an area, or the whole, in one of its spellings")
    measure: str = Field(description="a measure, in one of its spellings")
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

    area_code: str = Field(description="the ONS code, a letter and eight digits: E09000002")


class PublishedMeasure(Spelt):
    """A share that is published."""

    question: str | None = Field(default=None, description="the wording as asked, if known")
    base_label: str = Field(description="who is in the base, in words")


class PublishedKpi(Declared):
    """A measure as a KPI: a required direction, never judged without standard errors."""

    section: Slug
    title: str = Field(description="a few words, for tables")
    statement: str = Field(description="the KPI in the Plan's words")
    measure: Slug
    required_direction: Literal["increase", "decrease"]
    owner: str


class PublishedAreas(Declared):
    """The areas that figures are broken down by."""

    label: str = Field(description="what one is called: Borough, District")
    listed: Mapping[Slug, PublishedArea] = Field(description="in the order of publication")


class PublishedFile(Declared):
    """published.yaml: what the tables of another publisher hold, and how they are named."""

    title: str
    run_by: str = Field(description="who publishes the figures")
    fieldwork_by: str
    covers: str = Field(description="who was asked, in words")
    whole: str = Field(description="what the whole is called, such as the force")
    whole_named: tuple[str, ...] = Field(description="what stands in the area's column for it")
    illustrative: str | None = Field(
        default=None, description="what is not the publisher's own, such as the KPIs; published"
    )
    method_note: str | None = Field(
        default=None, description="what a reader must know of the method, published with it"
    )
    sources: tuple[str, ...] = Field(min_length=1, description="citations of the tables")
    contact: str | None = Field(
        default=None, description="whom readers may ask: a name, an e-mail address, a number"
    )
    lacking: str = Field(
        description="what was not published, in words to follow 'figures are published without'"
    )
    address: WebAddress | None = Field(
        default=None,
        description="where the public folder is served, for links from elsewhere, without a slash "
        "at its end: https://example.org/perceptions",
    )
    quarters: Quarters
    columns: PublishedColumns
    decimal: DecimalSign = Field(default="point", description="point or comma")
    dates: DateOrder = Field(
        default="year_first", description="year_first, day_first or month_first"
    )
    areas: PublishedAreas
    measures: Mapping[Slug, PublishedMeasure]
    sections: Mapping[Slug, Section]
    kpis: Mapping[Slug, PublishedKpi]


class PublishedSurvey(Declared):
    """A declaration with its name, the folder's, and its version."""

    name: Slug
    about: PublishedFile
    digest: str

    @property
    def waves(self) -> tuple[Wave, ...]:
        """The quarters that figures may be of, in order of time."""
        return quarters(self.about.quarters.first, self.about.quarters.last)
