"""The questionnaire: items, their codes, why an answer may be missing, and routing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Literal

from pydantic import Field

from transforms.catalogue.base import CodeValue, Declared, Slug, TrueFalse, ValueName
from transforms.notation import DateOrder, DecimalSign

Routing = Mapping[Slug, tuple[ValueName, ...]]
"""Who is asked: those with one of these answers to each of these items."""


class MissingReason(StrEnum):
    """Why there is no valid answer; the reasons are never merged."""

    DONT_KNOW = "dont_know"
    REFUSED = "refused"
    NOT_ASKED = "not_asked"
    NOT_APPLICABLE = "not_applicable"
    NOT_CODED = "not_coded"
    NO_ANSWER = "no_answer"


class Code(Declared):
    """A valid answer: its name in declarations, its label as published."""

    name: ValueName
    label: str
    area_code: str | None = Field(
        default=None, description="ONS geography code, where the answer is an area"
    )


class MissingCode(Declared):
    """A code that is not a valid answer, and why."""

    reason: MissingReason
    label: str


class ItemInWave(Declared):
    """How an item differs in one wave, or from one on; what is left out is as before."""

    variable: str | None = None
    codes: Mapping[CodeValue, Code] | None = None
    missing: Mapping[CodeValue, MissingCode] | None = None
    blank: MissingReason | None = None
    asked_if: Routing | None = Field(default=None, description="routing; {}: asked of everyone")
    reversed: TrueFalse | None = Field(
        default=None,
        description="true: the same scale, numbered from its other end; of a number: "
        "minimum + maximum - the number",
    )

    def over(self, earlier: ItemInWave) -> ItemInWave:
        """Return the two as one: what this says, and of the rest what the earlier one said."""
        said = {
            key: value for key in self.model_fields_set if (value := getattr(self, key)) is not None
        }
        # Codes are written as the wave has them: what was turned round before is in them.
        turned = {"reversed": None} if self.codes is not None else {}
        return earlier.model_copy(update={**turned, **said})


class Break(Declared):
    """A wave from which figures are not comparable with those before."""

    wave: str
    reason: str


class Item(Declared):
    """One question, or one column of the return that is not a question."""

    label: str = Field(description="a short name for tables")
    question: str | None = Field(default=None, description="the wording as asked")
    type: Literal["code", "number", "date", "identifier"] = "code"
    variable: str | None = Field(
        default=None, description="the variable's name in returns; default: the item's name"
    )
    codes: Mapping[CodeValue, Code] = Field(default_factory=dict)
    missing: Mapping[CodeValue, MissingCode] = Field(default_factory=dict)
    blank: MissingReason | None = Field(
        default=None, description="what an empty cell means; left out: an empty cell is an error"
    )
    minimum: float | None = Field(default=None, description="smallest possible number")
    maximum: float | None = Field(default=None, description="largest possible number")
    asked_if: Routing = Field(
        default_factory=dict,
        description="routing: asked only where each of these items has one of these codes",
    )
    asked_in: tuple[str, ...] | None = Field(
        default=None, description="the waves in which it is asked; left out: in every wave"
    )
    first_asked: str | None = Field(default=None, description="the first wave that asks it")
    last_asked: str | None = Field(default=None, description="the last wave that asks it")
    from_wave: Mapping[str, ItemInWave] = Field(
        default_factory=dict,
        description="what differs from a wave on, until a later one says otherwise",
    )
    in_wave: Mapping[str, ItemInWave] = Field(
        default_factory=dict, description="what differs in one wave alone"
    )
    breaks: tuple[Break, ...] = ()

    @property
    def routings(self) -> tuple[Routing, ...]:
        """Every routing that holds in some wave."""
        editions = (*self.from_wave.values(), *self.in_wave.values())
        return (self.asked_if, *(here.asked_if for here in editions if here.asked_if is not None))

    def waves_asking(self, waves: Sequence[str]) -> tuple[str, ...]:
        """Return those of `waves`, all the survey's in order of time, that ask this item."""
        first = waves.index(self.first_asked) if self.first_asked in waves else 0
        last = waves.index(self.last_asked) if self.last_asked in waves else len(waves)
        return tuple(
            wave
            for place, wave in enumerate(waves)
            if first <= place <= last and (self.asked_in is None or wave in self.asked_in)
        )

    def differing(self, wave: str, waves: Sequence[str]) -> ItemInWave:
        """Return what differs in `wave`; `waves`: all the survey's, in order of time."""
        until = waves[: waves.index(wave) + 1] if wave in waves else ()
        held = ItemInWave()
        for begun in until:
            held = self.from_wave.get(begun, ItemInWave()).over(held)
        return self.in_wave.get(wave, ItemInWave()).over(held)

    def as_in(self, wave: str, name: str, waves: Sequence[str]) -> BoundItem:
        """Return this item as it stands in `wave`; `name` is the item's name.

        `waves`: all the survey's, in order of time.
        """
        here = self.differing(wave, waves)
        codes = self.codes if here.codes is None else here.codes
        turned = bool(here.reversed)
        return BoundItem(
            name=name,
            item=self,
            variable=here.variable or self.variable or name,
            codes=turned_round(codes) if turned else codes,
            missing=self.missing if here.missing is None else here.missing,
            blank=here.blank or self.blank,
            asked_if=self.asked_if if here.asked_if is None else here.asked_if,
            reversed=turned,
        )


def turned_round(codes: Mapping[CodeValue, Code]) -> Mapping[CodeValue, Code]:
    """Return the same codes with their meanings from the other end."""
    return dict(zip(codes, [*codes.values()][::-1], strict=True))


class BoundItem(Declared):
    """An item as it stands in one wave: the variable to read and the codes it may hold.

    `reversed`: its numbers run from the other end (codes are already turned round). `decimal`,
    `dates`: how numbers and dates are spelt where the wave's return holds them as text.
    """

    name: Slug
    item: Item
    variable: str
    codes: Mapping[CodeValue, Code]
    missing: Mapping[CodeValue, MissingCode]
    blank: MissingReason | None
    asked_if: Routing = Field(default_factory=dict)
    reversed: bool = False
    decimal: DecimalSign = "point"
    dates: DateOrder = "year_first"

    def code_named(self, name: str) -> CodeValue:
        """Return the code called `name`; KeyError where there is none."""
        return next(value for value, code in self.codes.items() if code.name == name)


class Questionnaire(Declared):
    """questionnaire.yaml: every item of the survey, by name."""

    items: Mapping[Slug, Item]
