"""Series of records beside the survey: what the police recorded, or a service logged of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from transforms.catalogue.base import CodeValue, Declared, Slug, TrueFalse
from transforms.record_periods import Every

RecordKind = Literal["recorded", "operational"]
Quantity = Literal["count", "rate", "duration"]


class SeriesBreak(Declared):
    """Periods whose figures are not comparable with the others, and why."""

    since: CodeValue = Field(description="the first such period")
    until: CodeValue | None = Field(
        default=None,
        description="the last; left out: to the end, and figures from there on are comparable with "
        "each other",
    )
    reason: str = Field(description="why, in words to follow 'because'")

    @property
    def first(self) -> str:
        """The name of the first period; a year may be declared as a number."""
        return str(self.since)

    @property
    def last(self) -> str | None:
        """The name of the last period; None: to the end."""
        return None if self.until is None else str(self.until)


class RecordSeries(Declared):
    """One series of figures that is no survey estimate, and the KPIs that it stands beside."""

    title: str
    kind: RecordKind = Field(
        description="recorded: recorded by the police; operational: logged by the service itself"
    )
    quantity: Quantity = Field(
        description="count: yearly counts are compared; rate or duration: shown only"
    )
    unit: str = Field(description="what is counted or measured, such as offences or seconds")
    beside: tuple[Slug, ...] = Field(min_length=1, description="the KPIs it stands beside")
    supplied_by: str = Field(description="who supplies the figures, or should")
    every: Every = Field(description="the period of a row: month, quarter or year")
    file: str | None = Field(
        default=None,
        description="the CSV file in the survey's folder, such as series/offences.csv; left out: "
        "no figures have been supplied, and the pages say so",
    )
    source: str | None = Field(default=None, description="the citation that is published")
    licence: str | None = Field(default=None, description="on what terms the figures are used")
    period: str = Field(default="period", description="the column of the period")
    value: str = Field(default="value", description="the column of the figure")
    area: str | None = Field(
        default=None, description="the column of the area; left out: every row is of the whole"
    )
    whole: str | None = Field(
        default=None,
        description="the whole's ONS code: what stands in the column of the area for the whole",
    )
    other_areas: Mapping[str, str] = Field(
        default_factory=dict,
        description="what else stands there besides the areas' ONS codes, each with a label",
    )
    simulated: TrueFalse = Field(
        default=False, description="true: the figures are invented, and say so"
    )
    note: str | None = Field(default=None, description="what a reader must know")
    breaks: tuple[SeriesBreak, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that its file must have."""
        return (self.period, *((self.area,) if self.area else ()), self.value)


class RecordsFile(Declared):
    """series.yaml: the series that stand beside KPIs, by name."""

    series: Mapping[Slug, RecordSeries]


class RecordFigure(Declared):
    """One figure of a series; `area`: the domain value all for the whole, else what the file has.

    `period`: its name as in the file.
    """

    area: str
    period: str
    value: float = Field(ge=0)
