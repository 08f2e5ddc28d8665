"""Rows of the published files. A withheld value is empty, and its row says why."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from transforms.contract.fields import (
    Base,
    Count,
    Direction,
    Effect,
    Error,
    Figured,
    Freedom,
    Kind,
    Probability,
    Row,
    Status,
    TimePeriod,
)


class Place(Row):
    """Whom a figure speaks of: everybody, or those with a value of a classification."""

    domain: str = Field(description="Classification of people; all: none, the whole population")
    domain_value: str = Field(description="Value of the classification; all: everybody")
    value_label: str = Field(description="The value in words")
    area_code: str | None = Field(
        description="ONS geography code of an area; empty where the value is not an area"
    )


class Spoken(Row):
    """The period a figure speaks of."""

    period: str = Field(
        description="Name of the period: a wave, or the first and last wave of several"
    )
    time_period: TimePeriod = Field(
        description="The period as SDMX writes it: a calendar quarter, or first day and length"
    )


class Marked(Row):
    """What a reader must know of the row's value."""

    marker: str | None = Field(description="Shorthand symbols, such as [p] or [r][u]")
    withheld_reason: str | None = Field(
        description="Why the value is empty; empty itself where the value is published"
    )


class Precise(Row):
    """A figure with its uncertainty."""

    estimate: Figured = Field(description="Share from 0 to 1, or mean; empty where withheld")
    standard_error: Error = Field(description="Standard error of the estimate, from the design")
    ci_lower: Figured = Field(description="Lower end of the estimate's interval")
    ci_upper: Figured = Field(description="Upper end of the estimate's interval")
    unweighted_base: Count = Field(description="People in the base; empty where withheld itself")
    effective_base: Base = Field(description="Kish's effective base: (sum of w)² / sum of w²")


class Compared(Row):
    """A difference between two figures."""

    shared_waves: Count = Field(description="Waves that both periods are made of")
    difference: Figured = Field(description="Later minus earlier figure; empty where withheld")
    difference_standard_error: Error = Field(description="Standard error of the difference")
    difference_df: Freedom = Field(description="Degrees of freedom of the difference")
    difference_ci_lower: Figured = Field(
        description="Lower end of the difference's interval, not adjusted for other tests"
    )
    difference_ci_upper: Figured = Field(
        description="Upper end of the difference's interval, not adjusted for other tests"
    )
    p_value: Probability = Field(description="Two-sided p of no change, not adjusted")
    adjusted_p: Probability = Field(
        description="p adjusted for the tests made together: the verdict is taken from it"
    )
    family: str | None = Field(description="Tests made together with this one")
    family_size: Count = Field(description="How many they are")
    adjustment: str | None = Field(description="holm, benjamini_hochberg or none")
    detectable_change: Error = Field(
        description="True change that four surveys in five would find significant"
    )


class Measured(Row):
    """What was measured."""

    measure: str = Field(description="Name of the measure")
    measure_label: str = Field(description="The measure in words")
    unit: str = Field(description="proportion: a share from 0 to 1; else what a mean is counted in")


class Figure(Marked, Precise, Place, Spoken):
    """A measure's figure in a period, of everybody or of some."""

    period_kind: Kind = Field(description="wave, rolling_year (four quarters) or baseline")
    period_start: date = Field(description="First day of the period")
    period_end: date = Field(description="Last day of the period")
    weighted_base: Base = Field(description="Sum of the weights in the base")
    df: Freedom = Field(description="Degrees of freedom")
    deff_design: Effect = Field(description="Design effect of the estimate")
    interval_method: str = Field(description="How the interval is formed")


class EstimateRow(Figure, Measured):
    """A row of estimates.csv."""


class ChangeRow(Marked, Compared, Place, Spoken, Measured):
    """A row of changes.csv."""

    comparison: str = Field(
        description="baseline, previous_year, same_quarter_year_before, previous_wave, "
        "rest_of_force"
    )
    compared_with: str = Field(description="Earlier period, outside figure, or rest of force")
    role: Literal["judged", "contrast", "shown"] = Field(
        description="judged: declared beforehand to carry a verdict; contrast: against the rest; "
        "shown: for information, without a verdict"
    )
    verdict: str | None = Field(description="What the test says; empty where none is given")
    no_verdict_reason: str | None = Field(description="Why there can be no verdict")


class Finding(Marked, Compared, Precise, Place, Spoken):
    """A KPI's status at a wave's release, with its evidence."""

    wave: str = Field(description="The wave that the figures end with")
    status: Status = Field(description="The status in words")
    evidence: str = Field(description="What the status rests on, in a sentence")
    measurable_from: str | None = Field(description="First wave that can be judged")
    comparison: str = Field(description="The comparison that is judged")
    compared_with: str | None = Field(description="Earlier period, or name of an outside figure")


class Named(Row):
    """A KPI as the Plan promises it."""

    kpi: str = Field(description="Name of the KPI")
    section: str = Field(description="Its section of the Plan")
    section_title: str = Field(description="Title of the section")
    title: str = Field(description="The KPI in a few words")
    statement: str = Field(description="The KPI in the Plan's words")
    required_direction: Direction = Field(description="Required change; there is no target")
    owner: str = Field(description="Who answers for it")


class KpiRow(Finding, Measured, Named):
    """A row of kpis.csv."""

    simulated: bool = Field(description="true: not about real people")
    illustrative: bool = Field(description="true: questionnaire or KPI are illustrative")


class RevisionRow(Place, Spoken, Measured):
    """A row of revisions.csv: a published figure that a later release changed."""

    release: int = Field(ge=1, description="The release that changed it")
    before: Figured = Field(description="Figure published before; empty where it was withheld")
    after: Figured = Field(description="Figure now; empty where it is withheld")
    reason: str = Field(description="Why it changed")
