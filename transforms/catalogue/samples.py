"""The samples a wave's respondents come from: a main one and, where declared, boosts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from transforms.catalogue.base import Declared, Slug, TrueFalse, ValueName

MAIN = "main"
"""The one sample of a survey that declares none."""

Values = ValueName | Annotated[tuple[ValueName, ...], Field(min_length=1)]
"""One value of a domain, or several."""


class Sample(Declared):
    """One sample: how its returns are recognised, and whom it was drawn from.

    What is left out is as in `returns` and `design`.
    """

    file_name: Mapping[str, str] | str | None = Field(
        default=None,
        description="a regular expression with a group named wave, or one for each wave, that no "
        "other sample's file name fits; left out: as in returns",
    )
    covers: Mapping[Slug, Values] = Field(
        default_factory=dict,
        description="the part of the population it was drawn from: a value, or several, of one "
        "domain or more; left out: the whole population, as of the first sample",
    )
    weight: tuple[Slug, ...] | None = Field(
        default=None,
        min_length=1,
        description="its design weight is the product of these items; left out: as in design",
    )
    minimum_rows: int | None = Field(
        default=None, ge=1, description="fewer respondents are refused; left out: as in returns"
    )
    required: TrueFalse = Field(
        default=True, description="false: a wave is computed without it until it arrives"
    )
    waves: tuple[str, ...] | None = Field(
        default=None,
        min_length=1,
        description="the waves it is drawn in; left out: every wave, as of the first sample",
    )

    def drawn_in(self, wave: str) -> bool:
        """Return whether it is drawn in `wave`."""
        return self.waves is None or wave in self.waves

    def values_covered(self, domain: str) -> tuple[str, ...]:
        """Return the values of `domain` that it covers; KeyError where it names none."""
        values = self.covers[domain]
        return (values,) if isinstance(values, str) else values
