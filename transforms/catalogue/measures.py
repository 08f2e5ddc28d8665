"""Measures and domains: what is estimated, among whom, and for which subgroups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from transforms.catalogue.base import CodeValue, Declared, Slug, TrueFalse, ValueName
from transforms.catalogue.questionnaire import Break, MissingReason


class DomainValue(Declared):
    """One subgroup: its label and, where it is an area, its ONS code."""

    label: str
    area_code: str | None = None


class DomainSource(Declared):
    """Where a domain's values come from: an item's codes, a recoding, or bands of a number.

    With neither `recode` nor `bands`, the item's code names are the domain's values.
    """

    item: Slug
    recode: Mapping[CodeValue, ValueName] | None = Field(
        default=None, description="from the item's codes to the domain's values"
    )
    bands: Mapping[ValueName, tuple[float, float]] | None = Field(
        default=None, description="from the first to the last number, both included"
    )


class Domain(Declared):
    """A classification of respondents: each has one of its values, or none."""

    label: str
    values: Mapping[ValueName, DomainValue] = Field(
        description="in the order of publication",
    )
    source: tuple[DomainSource, ...] = Field(
        description="in each wave the first source whose item is asked is used", min_length=1
    )
    partitions_force: TrueFalse = Field(
        default=True, description="its values together are the whole force"
    )


class Measure(Declared):
    """A declared quantity: the share whose answer counts, among those in the base."""

    label: str
    item: Slug
    kind: Literal["proportion"] = "proportion"
    counts: tuple[ValueName, ...] = Field(min_length=1, description="the codes that count")
    leaves_base: tuple[MissingReason, ...] = Field(
        default=(
            MissingReason.REFUSED,
            MissingReason.NOT_ASKED,
            MissingReason.NOT_APPLICABLE,
            MissingReason.NOT_CODED,
            MissingReason.NO_ANSWER,
        ),
        description="missing reasons that take a respondent out of the base; "
        "others stay in and do not count",
    )
    base_label: str = Field(description="who is in the base, in words")
    by: tuple[Slug, ...] = Field(default=(), description="the domains it is broken down by")
    breaks: tuple[Break, ...] = ()

    @property
    def limits(self) -> tuple[float, float]:
        """The lowest and the highest value that its estimate can have."""
        return 0.0, 1.0


class Measures(Declared):
    """measures.yaml: the domains and the measures, by name."""

    domains: Mapping[Slug, Domain]
    measures: Mapping[Slug, Measure]
