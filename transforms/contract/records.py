"""Rows on series of records: figures beside the KPIs that are no survey estimates."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from transforms.contract.fields import Count, Error, Figured, Probability, Row, TimePeriod


class RecordPlace(Row):
    """Where records are from."""

    area: str = Field(description="all: the whole; else an ONS code, or a name of the series")
    area_label: str = Field(description="The area in words")
    area_code: str | None = Field(description="ONS geography code; empty where there is none")


class RecordSpoken(Row):
    """The period that records are of."""

    period: str = Field(
        description="Month, quarter or calendar year; of a year made of them the first and last"
    )
    time_period: TimePeriod = Field(
        description="The period as SDMX writes it: a calendar quarter, or first day and length"
    )


class RecordFigure(RecordPlace, RecordSpoken):
    """A figure of a series, as supplied; of counts each whole year too. No survey estimate."""

    kind: Literal["single", "year"] = Field(description="single: a month or quarter; year")
    period_start: date = Field(description="First day of the period")
    period_end: date = Field(description="Last day of the period")
    value: Annotated[float, Field(ge=0)] = Field(description="The figure, in the series' unit")
    marker: str | None = Field(
        description="[b]: not comparable with others; [r]: revised since first published"
    )
    break_reason: str | None = Field(description="Why it is not comparable; empty where it is")


class RecordChange(RecordPlace, RecordSpoken):
    """A whole year of counts beside the year before. No KPI's status rests on it."""

    compared_with: str = Field(description="The year before")
    value: Annotated[float, Field(ge=0)] = Field(description="Count of the year")
    value_before: Annotated[float, Field(ge=0)] | None = Field(
        description="Count of the year before; empty where a part of it is missing"
    )
    ratio: Figured = Field(description="Later over earlier count; empty where not compared")
    ci_lower: Figured = Field(description="Lower end of the ratio's interval, not adjusted")
    ci_upper: Figured = Field(description="Upper end of the ratio's interval, not adjusted")
    dispersion: Error = Field(
        description="Mean squared change between earlier years, relative to Poisson counts"
    )
    earlier_changes: Count = Field(description="How many changes it is the mean of")
    p_value: Probability = Field(description="Two-sided p of no change, not adjusted")
    adjusted_p: Probability = Field(description="p adjusted for areas tested together (Holm)")
    family_size: Count = Field(description="How many they are")
    verdict: Literal["increase", "decrease", "no significant change"] | None = Field(
        description="Of what was recorded; empty where none is given"
    )
    no_verdict_reason: str | None = Field(description="Why there is no verdict")
    marker: str | None = Field(description="[b]: break in the series")


class RecordSource(Row):
    """What a series of records is."""

    series: str = Field(description="Name of the series")
    title: str = Field(description="The series in words")
    source_kind: Literal["recorded", "operational"] = Field(
        description="recorded by the police, or logged by a service itself; not a survey estimate"
    )
    quantity: Literal["count", "rate", "duration"] = Field(description="What its figures are")
    unit: str = Field(description="What is counted or measured")
    simulated: bool = Field(description="true: the figures of the series are invented")


class RecordRow(RecordFigure, RecordSource):
    """A row of records.csv."""


class RecordChangeRow(RecordChange, RecordSource):
    """A row of record_changes.csv."""


class RecordRevisionRow(RecordPlace, RecordSpoken, RecordSource):
    """A row of record_revisions.csv: a published figure that a later release changed."""

    release: int = Field(ge=1, description="The release that changed it")
    before: Annotated[float, Field(ge=0)] = Field(description="Figure published before")
    after: Annotated[float, Field(ge=0)] | None = Field(
        description="Figure now; empty where it is no longer published"
    )
    reason: str = Field(description="Why it changed")


class RecordBreak(Row):
    """Periods of a series that are not comparable with the others."""

    since: str
    until: str | None = Field(description="null: to the end")
    reason: str


class RecordEntry(RecordSource):
    """A series that stands beside a KPI: not a survey estimate; no status rests on it."""

    supplied_by: str = Field(description="Who supplies the figures, or should")
    supplied: bool = Field(description="false: no figures have been supplied")
    source: str | None
    licence: str | None
    note: str | None
    breaks: tuple[RecordBreak, ...]
    figures: tuple[RecordFigure, ...]
    changes: tuple[RecordChange, ...]
