"""SAS data sets (.sas7bdat)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from warehouse.readers.reading import Damaged
from warehouse.readers.shapes.bytes import Content, Cursor, Shape, require_filled

FOUR_MORE = 0x33
PAGE_KIND, META, DATA, MIXED = 0x0F00, 0x0000, 0x0100, 0x0200
ROW_SIZE, COLUMN_SIZE = 0xF7F7F7F7, 0xF6F6F6F6
PACKED_ROW = 4


@dataclass(frozen=True, slots=True)
class _Widths:
    """How the file counts: in words of 4 or 8 bytes."""

    word: str
    page_header: int
    pointer: int


WIDE, NARROW = _Widths("Q", 40, 24), _Widths("I", 24, 12)


@dataclass(slots=True)
class _Found:
    """What the pages say and hold."""

    rows: int = 0
    deleted: int = 0
    columns: int = 0
    rows_held: int = 0


def sas_shape(content: Content) -> Shape:
    """Return the rows and columns stated; Damaged unless the pages fill the file with them."""
    if len(content) < 1024:
        raise Damaged("it ends within its header")
    widths = WIDE if content[32] == FOUR_MORE else NARROW
    cursor = Cursor(content, "<" if content[37] == 1 else ">")
    cursor.place = 196 + (4 if content[35] == FOUR_MORE else 0)
    header, page = cursor.numbers("2I")
    pages = cursor.number(widths.word)
    require_filled(header + page * pages, len(content))
    found = _Found()
    for place in range(header, len(content), page):
        _look_at(Cursor(content[place : place + page], cursor.order), widths, found)
    if found.rows - found.deleted != found.rows_held and not found.deleted:
        raise Damaged("its pages do not hold the number of rows that it states")
    return Shape(found.rows - found.deleted, found.columns)


def _look_at(page: Cursor, widths: _Widths, found: _Found) -> None:
    """Add what one page says and holds."""
    page.place = widths.page_header - 8
    kind, blocks, parts = page.numbers("3H")
    if kind & PAGE_KIND in (DATA, MIXED):
        found.rows_held += blocks - parts
    if kind & PAGE_KIND in (META, MIXED) and not kind & 0x8000:
        for at, size, packing, is_row in _pointers(page, widths, parts):
            if packing == PACKED_ROW:
                found.rows_held += 1
            elif size and packing == 0:
                _read_part(page, widths, at, found, may_be_row=bool(is_row))


def _pointers(page: Cursor, widths: _Widths, parts: int) -> Iterator[tuple[int, ...]]:
    """Yield where each part of a page lies, its length, how it is packed, and its type."""
    for part in range(parts):
        page.place = widths.page_header + part * widths.pointer
        yield page.numbers(f"2{widths.word}2B")


def _read_part(page: Cursor, widths: _Widths, at: int, found: _Found, *, may_be_row: bool) -> None:
    page.place = at
    signature = page.number("I")
    word = 8 if widths is WIDE else 4
    if signature == ROW_SIZE:
        page.place = at + 6 * word
        found.rows, found.deleted = page.numbers(f"2{widths.word}")
    elif signature == COLUMN_SIZE:
        page.place = at + word
        found.columns = page.number(widths.word)
    elif may_be_row and signature < 0xFFFFF000:
        found.rows_held += 1
