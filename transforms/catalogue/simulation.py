"""A truth to simulate returns from: written down before any return is drawn."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from transforms.catalogue.base import Declared, Slug, ValueName
from transforms.catalogue.questionnaire import MissingReason


class Fieldwork(Declared):
    """How strata, sampling points, addresses and adults are drawn.

    Adults' chances are the inverse of the address factor × adults at the address, whose product is
    the design weight.
    """

    interviews: Mapping[ValueName, int] = Field(
        description="expected interviews in a wave, by value of the first of `strata`"
    )
    strata: tuple[Slug, ...] = Field(
        min_length=1, description="domains whose crossing is a stratum; the first is the area"
    )
    interviews_per_psu: int = Field(default=10, gt=0, description="expected in a sampling point")
    address_factor: Slug = Field(description="the item: addresses that one issued stands for")
    adults: Slug = Field(description="the item: adults at the address, of whom one is chosen")
    interviewer: Slug | None = Field(default=None, description="the item: who interviewed")
    start: Slug | None = Field(default=None, description="the item: when the interview began")
    minutes: Slug | None = Field(default=None, description="the item: how long it took")


class Response(Declared):
    """Who responds: the chance is the rate × each effect, by domains that margins are made of."""

    rate: float = Field(gt=0, le=1, description="chance to respond where every effect is 1")
    effects: Mapping[Slug, Mapping[ValueName, float]] = Field(default_factory=dict)


class Association(Declared):
    """How two margins' domains go together: the joint distribution before it meets the margins.

    Pairs left out have relative frequency 1.
    """

    domains: tuple[Slug, Slug]
    odds: Mapping[ValueName, Mapping[ValueName, float]]


class Household(Declared):
    """The number of adults at an adult's address: shares among adults, by a margin's domain."""

    given: Slug
    shares: Mapping[ValueName, Mapping[int, float]]


class Characteristic(Declared):
    """A domain that no margin fixes: its shares among adults with each value of one that does."""

    given: Slug
    shares: Mapping[ValueName, Mapping[ValueName, float]]
    missing: Mapping[MissingReason, float] = Field(
        default_factory=dict, description="share of respondents who do not say, by reason"
    )


class Tendency(Declared):
    """The chance that one of an item's `answers` is given, on the logit scale.

    logit p = logit(level) + trend × waves since the first + the effects of the adult's domain
    values, among those asked who give a valid answer.
    """

    level: float = Field(gt=0, lt=1, description="share in the first wave where no effect applies")
    trend: float = Field(default=0.0, description="logits per wave")
    effects: Mapping[Slug, Mapping[ValueName, float]] = Field(default_factory=dict)
    answers: Mapping[ValueName, float] = Field(
        min_length=1, description="relative frequency of each answer p speaks of"
    )
    others: Mapping[ValueName, float] = Field(
        min_length=1, description="relative frequency of each other answer"
    )
    missing: Mapping[MissingReason, float] = Field(
        default_factory=dict,
        description="share of those asked who give no valid answer, by reason; the same for all",
    )


class Simulation(Declared):
    """simulation.yaml: the population beyond the margins, the sample, and what is true."""

    seed: int = Field(ge=0)
    fieldwork: Fieldwork
    household: Household
    associations: tuple[Association, ...] = ()
    characteristics: Mapping[Slug, Characteristic] = Field(default_factory=dict)
    response: Response
    psu_correlation: float = Field(
        default=0.05, ge=0, lt=1, description="of the latent answers of two adults in a PSU"
    )
    tendencies: Mapping[Slug, Tendency] = Field(description="by item")
