"""What a wave is checked for beyond its codes, and which warnings a person has accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from transforms.catalogue.base import Declared, Slug, ValueName

Share = Annotated[float, Field(ge=0, le=1)]
Ratio = Annotated[float, Field(gt=0)]
Respondents = Annotated[int, Field(ge=1)]


class CheckRule(Declared):
    """Bounds beyond which a wave's figures are a warning."""

    nonresponse: Share = Field(
        default=0.25,
        description="largest share of those asked who give no valid answer to an item",
    )
    nonresponse_of: Mapping[Slug, Share] = Field(
        default_factory=dict, description="the same for single items, by name"
    )
    quotas: Mapping[Slug, Mapping[ValueName, Respondents]] = Field(
        default_factory=dict,
        description="respondents to be interviewed, by domain and value: fewer are a warning",
    )
    base_kept: Share = Field(
        default=0.5,
        description="respondents of an area as a share of the wave before's: fewer are a warning",
    )
    sample_ratio: tuple[Ratio, Ratio] = Field(
        default=(1 / 3, 3.0),
        description="smallest and largest share of the sample, by design weights, to the share of "
        "the population that a margin's value may have",
    )
    largest_weight: Ratio = Field(default=12.0, description="largest weight / mean weight")
    efficiency: Share = Field(
        default=0.4, description="smallest effective base / respondents after weighting"
    )
    jump: float = Field(
        default=4.0,
        gt=0,
        description="standard errors by which a measure may differ from the wave before",
    )


class Accepted(Declared):
    """A warning that a person has looked at and accepted."""

    rule: str = Field(description="the rule's name, as in the report")
    wave: str | None = Field(default=None, description="left out: in every wave")
    reason: str
    by: str = Field(description="who accepted it")
