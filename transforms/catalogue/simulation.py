"""A truth to simulate returns from: written down before any return is drawn."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from transforms.catalogue.base import Declared, Slug, ValueName


class Selection(Declared):
    """How households and adults are drawn in one value of the area domain."""

    interviews: int = Field(gt=0, description="achieved interviews in a wave")
    dwellings: float = Field(gt=0, description="dwellings in the area")


class Tendency(Declared):
    """The chance that an item's counted answer is given, on the logit scale.

    logit p = logit(level) + trend × quarters since the first wave + the effects of the
    respondent's domain values.
    """

    level: float = Field(gt=0, lt=1, description="share in the first wave, before effects")
    trend: float = Field(default=0.0, description="logits per quarter")
    effects: Mapping[Slug, Mapping[ValueName, float]] = Field(default_factory=dict)
    answers: Mapping[ValueName, float] = Field(
        description="relative frequency of each answer that counts"
    )
    others: Mapping[ValueName, float] = Field(
        description="relative frequency of each answer that does not count"
    )
    missing: Mapping[str, float] = Field(
        default_factory=dict,
        description="share of those asked who give no valid answer, by missing reason",
    )


class Simulation(Declared):
    """simulation.yaml: the sample, who responds, and what is true."""

    seed: int
    area: Slug = Field(description="the domain that areas are values of")
    interviews_per_psu: int = Field(default=10, gt=1)
    psu_correlation: float = Field(
        default=0.05, ge=0, lt=1, description="of the latent answers of two adults in a PSU"
    )
    selection: Mapping[ValueName, Selection]
    adults_in_household: Mapping[ValueName, Mapping[int, float]] = Field(
        description="for each age band, the share of adults by number of adults in the household"
    )
    response: Mapping[Slug, Mapping[ValueName, float]] = Field(
        description="relative chance to respond; by domains that margins are made of"
    )
    tendencies: Mapping[Slug, Tendency] = Field(description="by item")
