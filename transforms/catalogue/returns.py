"""How a return is recognised, received and read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from transforms.catalogue.base import Declared, Slug
from transforms.notation import DateOrder, DecimalSign

Encoding = Literal[
    "utf-8",
    "utf-16",
    "windows-1252",
    "windows-1250",
    "iso-8859-1",
    "iso-8859-15",
    "macintosh",
    "cp850",
]
"""How text is turned into bytes."""


class Reading(Declared):
    """How a supplier writes what a file does not say itself."""

    encoding: Encoding | None = Field(
        default=None,
        description="of delimited text, and of files that name a wrong one; left out: what the "
        "text begins with says, else UTF-8, else Windows-1252",
    )
    decimal: DecimalSign = Field(
        default="point", description="between a number's whole part and its fraction, in text"
    )
    dates: DateOrder = Field(
        default="year_first", description="which part of a date in text comes first"
    )
    empty: tuple[str, ...] = Field(
        default=(),
        description="what a cell of text holds that stands for nothing, such as #NULL! or -; "
        "spaces always do",
    )
    sheet: str | None = Field(
        default=None, description="of a workbook; left out: the only one that holds cells"
    )


class ReturnRule(Declared):
    """How a return is recognised, received and read."""

    file_name: Mapping[str, str] | str = Field(
        description="a regular expression with a group named wave, or one expression for each wave"
    )
    interview_date: Slug | None = Field(
        default=None, description="the item that holds the interview's date"
    )
    reading: Reading = Reading()
    reading_in_wave: Mapping[str, Reading] = Field(
        default_factory=dict,
        description="instead of `reading`, for a wave that is written otherwise",
    )
    manifest: str | None = Field(
        default=None,
        description="a regular expression for the names of manifests: lists of the files sent, "
        "with their rows; each return must then be in one",
    )
    settled_after: float = Field(
        default=2.0,
        ge=0,
        le=3600,
        description="seconds for which a file in the inbox must not have changed to be taken in",
    )
    due_after: int | None = Field(
        default=None,
        ge=0,
        le=3650,
        description="days after a wave's last day by which its return is due; left out: it is late "
        "from the day after the last",
    )
    minimum_rows: int = Field(default=1, ge=1, description="fewer respondents are refused")
    minimum_answered: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="smallest share of valid answers, among those asked, that an item may have",
    )
