"""A spreadsheet as values, whatever the format of its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Cell = str | int | float
"""A text, a number, or a marker in a number's place. No cell is empty."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading; `decimals` of its numbers, None where it holds words."""

    heading: str
    decimals: int | None = None
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with one table: its tab, its title, what stands above the table, and the table.

    `table`: the table's name within the file. `notes`: what the notes that apply to it are about.
    Every row has a cell for each column.
    """

    label: str
    table: str
    title: str
    above: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A note that tables refer to: what it is about, and its text."""

    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The first sheet: a title, and paragraphs under two headings."""

    title: str
    intro: tuple[str, ...]
    about: tuple[str, ...]
    contact: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A whole spreadsheet; `made_on`: the day that the file says it is of."""

    cover: Cover
    notes: tuple[Note, ...]
    sheets: tuple[Sheet, ...]
    made_on: date

    @property
    def numbered(self) -> Mapping[str, int]:
        """The number of each note that a table refers to, in the order of the tables."""
        named = dict.fromkeys(about for sheet in self.sheets for about in sheet.notes)
        return {about: number for number, about in enumerate(named, 1)}

    @property
    def used_notes(self) -> tuple[Note, ...]:
        """The notes that a table refers to, in the order of their numbers."""
        held = {note.about: note for note in self.notes}
        return tuple(held[about] for about in self.numbered)
