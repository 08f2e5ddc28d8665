"""How interviews were held: the items that tell, and what a report warns of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from transforms.catalogue.base import Declared, Slug
from transforms.catalogue.checked import Share

Battery = Annotated[tuple[Slug, ...], Field(min_length=3)]
"""Items of one scale that are asked one after the other."""


class InterviewRule(Declared):
    """Which items say how an interview was held, and bounds beyond which a figure is a warning."""

    interviewer: Slug | None = Field(default=None, description="the item: who interviewed")
    start: Slug | None = Field(
        default=None, description="the item: a date with the time at which the interview began"
    )
    end: Slug | None = Field(
        default=None, description="the item: a date with the time at which the interview ended"
    )
    minutes: Slug | None = Field(
        default=None,
        description="the item: how long the interview took; left out: from start to end",
    )
    batteries: Mapping[Slug, Battery] = Field(
        default_factory=dict, description="items of one scale asked one after the other, by a name"
    )
    alike: Share = Field(
        default=0.9, description="share of an interview that stands in another, to be a likely copy"
    )
    copies: Share = Field(default=0.005, description="largest share of interviews so alike")
    straight: Share = Field(
        default=0.5, description="largest share who give one answer to a whole battery"
    )
    fast: Share = Field(
        default=0.33, description="share of the median time below which an interview is too fast"
    )
    too_fast: Share = Field(default=0.01, description="largest share of interviews so fast")
    variety: Share = Field(
        default=0.75,
        description="smallest share of the usual differences between respondents that one "
        "interviewer's may have",
    )
    quarter_hours: Share = Field(
        default=0.25, description="largest share of interviews that begin at :00, :15, :30 or :45"
    )
    one_day: Share = Field(default=0.5, description="largest share of interviews held on one day")
    rounded: Share = Field(
        default=0.35,
        description="largest share that may end in 0 or 5 of a number, such as an age, by which "
        "respondents are put into groups",
    )

    @property
    def named(self) -> Mapping[str, Slug]:
        """The items that are about the interview and not about the respondent, by their key."""
        keys = ("interviewer", "start", "end", "minutes")
        return {key: item for key in keys if (item := getattr(self, key)) is not None}

    def in_batteries(self) -> Iterator[Slug]:
        """Yield every item of a battery."""
        for items in self.batteries.values():
            yield from items
