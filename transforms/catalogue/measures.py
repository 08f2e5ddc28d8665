"""Measures and domains: what is estimated, among whom, and for which subgroups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from transforms.catalogue.base import CodeValue, Declared, Slug, TrueFalse, ValueName
from transforms.catalogue.questionnaire import BoundItem, Break, MissingReason


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
        default=None,
        description="from the item's codes, or their names, to the domain's values; names where a "
        "code means something else in another wave",
    )
    bands: Mapping[ValueName, tuple[float, float]] | None = Field(
        default=None, description="from the first to the last number, both included"
    )

    def value_of_code(self, item: BoundItem) -> dict[CodeValue, ValueName]:
        """Return the domain's value of each code that has one, as the item stands in a wave."""
        if self.recode is None:
            return {code: known.name for code, known in item.codes.items()}
        by_code = {code: self.recode.get(code) for code in item.codes}
        by_name = {code: self.recode.get(known.name) for code, known in item.codes.items()}
        found = {code: by_code[code] or by_name[code] for code in item.codes}
        return {code: value for code, value in found.items() if value is not None}


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

    @property
    def names(self) -> tuple[str, ...]:
        """Its values' names, in the order of publication."""
        return tuple(self.values)

    @property
    def is_geographic(self) -> bool:
        """Whether its values are areas with codes."""
        return any(value.area_code for value in self.values.values())

    def label_of(self, value: str) -> str:
        """Return a value's label; the value itself where it is none of the domain's."""
        return self.values[value].label if value in self.values else value


ALL_BUT_DONT_KNOW = tuple(one for one in MissingReason if one is not MissingReason.DONT_KNOW)


def _leaves_base(declared: dict[str, Any]) -> tuple[MissingReason, ...]:
    """Return the reasons that leave the base by default: of a mean all, as they have no score."""
    return tuple(MissingReason) if declared.get("kind") == "mean" else ALL_BUT_DONT_KNOW


class Measure(Declared):
    """A declared quantity: the share whose answer counts, or the mean score, of those in the base.

    A proportion has `counts`. A mean has `scores` where its item has codes, and a `scale` where its
    item is a number, whose answers are the scores.
    """

    label: str
    item: Slug
    kind: Literal["proportion", "mean"] = "proportion"
    counts: tuple[ValueName, ...] = Field(
        default=(), min_length=1, description="of a proportion: the codes that count"
    )
    scores: Mapping[ValueName, float] = Field(
        default_factory=dict, description="of a mean: the score of each code"
    )
    scale: tuple[float, float] | None = Field(
        default=None, description="of a mean of numbers: the lowest and the highest possible"
    )
    unit: str | None = Field(
        default=None,
        description="of a mean: what it is counted in; left out: points on a scale from … to …",
    )
    leaves_base: tuple[MissingReason, ...] = Field(
        default_factory=_leaves_base,
        description="missing reasons that take a respondent out of the base; others stay in and "
        "do not count. Left out: all but dont_know; of a mean all",
    )
    base_of: Slug | None = Field(
        default=None,
        description="the measure whose counted answers lead to this item: its base is taken over, "
        "and who did not count there does not count here",
    )
    base_label: str = Field(description="who is in the base, in words")
    by: tuple[Slug, ...] = Field(default=(), description="the domains it is broken down by")
    breaks: tuple[Break, ...] = ()

    @property
    def limits(self) -> tuple[float, float]:
        """The lowest and the highest value that an estimate may have."""
        if self.kind == "proportion":
            return 0.0, 1.0
        return self.scale or (min(self.scores.values()), max(self.scores.values()))


class Step(Declared):
    """A step of a chain: the measures of who reached it, of all and of those at the step before."""

    label: str = Field(description="what was reached, in a few words")
    share_of_all: Slug = Field(description="the measure whose base is the first step's")
    share_of_previous: Slug | None = Field(
        default=None,
        description="from the second step on: the measure whose base reached the step before",
    )


class Chain(Declared):
    """Questions that follow one another, each put to those whose answer before counted."""

    label: str
    steps: tuple[Step, ...] = Field(min_length=2, description="in the order they are asked")


class Measures(Declared):
    """measures.yaml: the domains, the measures and the chains of measures, by name."""

    domains: Mapping[Slug, Domain]
    measures: Mapping[Slug, Measure]
    chains: Mapping[Slug, Chain] = Field(
        default_factory=dict, description="measures of questions that follow one another"
    )
