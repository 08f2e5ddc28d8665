"""Stata data sets (.dta), of the formats 105 to 119 (Stata 5 to 19)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from warehouse.readers.reading import Damaged
from warehouse.readers.shapes.bytes import ByteOrder, Content, Cursor, Shape, require_filled

WIDTHS = {65530: 1, 65529: 2, 65528: 4, 65527: 4, 65526: 8, 32768: 8}
"""Bytes of a number (byte, int, long, float, double) or long text, by type; of text, its type."""
OLD_WIDTHS = {251: 1, 252: 2, 253: 4, 254: 4, 255: 8}
"""The same in formats 111 to 115, where a text's type is its width."""
OLDEST_WIDTHS = {ord("b"): 1, ord("i"): 2, ord("l"): 4, ord("f"): 4, ord("d"): 8}
"""The same before format 111, where a text's type is its width + 127."""
PARTS = 14


@dataclass(frozen=True, slots=True)
class _Layout:
    """How long the parts of a dictionary are, in a format before 117."""

    label: int
    name: int
    format: int
    value_label_name: int
    variable_label: int
    expansion: str


_OLDER = _Layout(32, 9, 12, 9, 32, "H")
LAYOUTS = {
    105: _OLDER,
    108: _Layout(81, 9, 12, 9, 81, "H"),
    110: _Layout(81, 33, 12, 33, 81, "I"),
    111: _Layout(81, 33, 12, 33, 81, "I"),
    113: _Layout(81, 33, 12, 33, 81, "I"),
    114: _Layout(81, 33, 49, 33, 81, "I"),
    115: _Layout(81, 33, 49, 33, 81, "I"),
}
TIMESTAMP = 18


def dta_shape(content: Content) -> Shape:
    """Return the rows and columns stated; Damaged unless every part lies where it must."""
    return _tagged(content) if content[:11] == b"<stata_dta>" else _untagged(content)


def is_unicode(head: bytes) -> bool:
    """Return whether a file's text is Unicode, by its first bytes: from format 118 on it is."""
    return head.startswith(b"<stata_dta><header><release>") and head[28:31] >= b"118"


def _tagged(content: Content) -> Shape:
    """Formats 117 to 119: parts between tags, and a map of where each begins."""
    cursor = Cursor(content)
    cursor.tag(b"<stata_dta><header><release>")
    release = _release(cursor.take(3))
    cursor.tag(b"</release><byteorder>")
    cursor.order = _order(cursor.take(3))
    cursor.tag(b"</byteorder><K>")
    columns = cursor.number("I" if release >= 119 else "H")
    cursor.tag(b"</K><N>")
    rows = cursor.number("Q" if release >= 118 else "I")
    map_at = bytes(content[:4096]).find(b"<map>")
    if map_at < 0:
        raise Damaged("the map of its parts is missing")
    cursor.place = map_at
    _require_parts(cursor, rows, columns)
    _walk_value_labels(cursor, 129 if release >= 118 else 33)
    return Shape(rows, columns)


def _release(digits: bytes) -> int:
    if digits not in (b"117", b"118", b"119"):
        raise Damaged("its format is none that this program reads")
    return int(digits)


def _order(word: bytes) -> ByteOrder:
    if word not in (b"LSF", b"MSF"):
        raise Damaged("its header does not say in which order its bytes are")
    return "<" if word == b"LSF" else ">"


def _require_parts(cursor: Cursor, rows: int, columns: int) -> None:
    map_at = cursor.place
    cursor.tag(b"<map>")
    places = cursor.numbers(f"{PARTS}Q")
    cursor.tag(b"</map><variable_types>")
    width = sum(_width(kind) for kind in cursor.numbers(f"{columns}H"))
    cursor.tag(b"</variable_types>")
    if places[1] != map_at or places[13] != len(cursor.content):
        raise Damaged("it has not the length that the map of its parts states")
    tags = {9: b"<data>", 10: b"<strls>", 11: b"<value_labels>", 12: b"</stata_dta>"}
    for part, tag in tags.items():
        cursor.place = places[part]
        cursor.tag(tag)
    require_filled(rows * width, places[10] - places[9] - len(b"<data></data>"))
    cursor.place = places[11]
    cursor.tag(b"<value_labels>")


def _walk_value_labels(cursor: Cursor, name: int) -> None:
    """Go through the tables of labels: the library leaves out all that follow a damaged one."""
    end = len(cursor.content) - len(b"</value_labels></stata_dta>")
    while cursor.place < end:
        cursor.tag(b"<lbl>")
        length = cursor.number("I")
        cursor.skip(name + 3)
        _require_table(cursor, length)
        cursor.tag(b"</lbl>")
    cursor.tag(b"</value_labels></stata_dta>")


def _require_table(cursor: Cursor, length: int) -> None:
    """Go past one table of value labels: how many, their texts' length, places, codes, texts."""
    start = cursor.place
    labels, text = cursor.numbers("2I")
    if 8 + 8 * labels + text != length:
        raise Damaged("a table of value labels has another length than it states")
    cursor.skip(start + length - cursor.place)


def _untagged(content: Content) -> Shape:
    """Formats before 117: parts one after another, value labels to the end of the file."""
    cursor = Cursor(content, "<" if content[1] == 2 else ">")
    release = cursor.take(4)[0]
    layout = LAYOUTS.get(release)
    if layout is None:
        raise Damaged(f"its format ({release}) is none that this program reads")
    columns, rows = cursor.numbers("HI")
    cursor.skip(layout.label + TIMESTAMP)
    width = sum(_width_of(release)(kind) for kind in cursor.take(columns))
    cursor.skip(columns * layout.name + 2 * (columns + 1) + columns * layout.format)
    cursor.skip(columns * (layout.value_label_name + layout.variable_label))
    _skip_expansions(cursor, layout.expansion)
    cursor.skip(rows * width)
    if release > 105:
        while cursor.left:
            length = cursor.number("I")
            cursor.skip(layout.value_label_name + 3)
            _require_table(cursor, length)
    return Shape(rows, columns)


def _skip_expansions(cursor: Cursor, length: str) -> None:
    while True:
        kind, size = cursor.numbers("B" + length)
        if kind == 0 and size == 0:
            return
        cursor.skip(size)


def _width_of(release: int) -> Callable[[int], int]:
    if release >= 111:
        return lambda kind: OLD_WIDTHS.get(kind, kind)
    return lambda kind: OLDEST_WIDTHS.get(kind, kind - 127)


def _width(kind: int) -> int:
    if kind not in WIDTHS and not 0 < kind <= 2045:
        raise Damaged("a variable is of a type that Stata does not have")
    return WIDTHS.get(kind, kind)
