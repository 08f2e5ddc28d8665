"""SPSS system files (.sav, .zsav)."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from warehouse.readers.reading import Damaged
from warehouse.readers.shapes.bytes import ByteOrder, Content, Cursor, Shape, require_filled

PLAIN, BYTECODE, ZLIB = 0, 1, 2
VARIABLE, VALUE_LABELS, VARIABLES_LABELLED, DOCUMENTS, EXTENSION, END = 2, 3, 4, 6, 7, 999
VERY_LONG_STRINGS = 14
LONGEST, SEGMENT, DOCUMENT_LINE = 255, 252, 80
END_OF_DATA, RAW = 252, 253
VERY_LONG = re.compile(rb"[^=]+=(\d+)[\0\t]+")


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """Columns, and 8-byte elements in a row."""

    columns: int
    elements: int


def sav_shape(content: Content) -> Shape:
    """Return the rows stated and the columns declared; Damaged unless the data are those."""
    cursor = Cursor(content, _byte_order(content), 72)
    compression, _weight, rows = cursor.numbers("3i")
    cursor.skip(176 - 84)
    dictionary = _dictionary(cursor)
    if rows >= 0:
        _require_data(cursor, compression, rows * dictionary.elements)
    return Shape(rows if rows >= 0 else None, dictionary.columns)


def _byte_order(content: Content) -> ByteOrder:
    layout = bytes(content[64:68])
    if int.from_bytes(layout, "little") in (2, 3):
        return "<"
    if int.from_bytes(layout, "big") in (2, 3):
        return ">"
    raise Damaged("its header is not an SPSS file's")


def _dictionary(cursor: Cursor) -> _Dictionary:
    """Walk the dictionary to its end."""
    widths: list[list[int]] = []
    more_segments = 0
    while (record := cursor.number("i")) != END:
        if record == VARIABLE:
            _add_variable(widths, _variable(cursor))
        elif record == VALUE_LABELS:
            _skip_value_labels(cursor)
        elif record == DOCUMENTS:
            cursor.skip(cursor.number("i") * DOCUMENT_LINE)
        elif record == EXTENSION:
            more_segments += _extension(cursor)
        else:
            raise Damaged("its dictionary holds a record of an unknown kind")
    cursor.skip(4)
    return _Dictionary(len(widths) - more_segments, sum(_elements(*w) for w in widths))


def _variable(cursor: Cursor) -> int:
    """Go past a variable's record; return its type: 0, a text's width, or −1 for more of it."""
    width, labelled, missing, _print, _write = cursor.numbers("5i")
    cursor.skip(8)
    if labelled not in (0, 1) or abs(missing) > 3 or not -1 <= width <= 255:
        raise Damaged("a variable in its dictionary is declared in a way that cannot be")
    if labelled:
        cursor.skip(-4 * (-cursor.number("i") // 4))
    cursor.skip(8 * abs(missing))
    return width


def _add_variable(widths: list[list[int]], width: int) -> None:
    """Add a variable's width and the records seen of it; a continuation counts for the last."""
    if width >= 0:
        widths.append([width, 1])
    elif not widths or widths[-1][0] == 0:
        raise Damaged("a part of a text variable stands without its beginning")
    else:
        widths[-1][1] += 1


def _elements(width: int, records: int) -> int:
    """Return a variable's elements; some programs leave out the records of a text's rest."""
    needed = max(1, -(-width // 8))
    if records not in (1, needed):
        raise Damaged("a text variable's width is not that of its parts")
    return needed


def _skip_value_labels(cursor: Cursor) -> None:
    for _ in range(cursor.number("I")):
        cursor.skip(8)
        length = cursor.number("B")
        cursor.skip((length + 8) // 8 * 8 - 1)
    if cursor.number("i") != VARIABLES_LABELLED:
        raise Damaged("value labels do not say which variables they are of")
    cursor.skip(4 * cursor.number("I"))


def _extension(cursor: Cursor) -> int:
    """Go past an extension; return how many segments are parts of a longer variable."""
    subtype, size, count = cursor.numbers("3i")
    if min(size, count) < 0:
        raise Damaged("a record of its dictionary has a length below nought")
    content = cursor.take(size * count)
    if subtype != VERY_LONG_STRINGS:
        return 0
    widths = [int(width) for width in VERY_LONG.findall(content)]
    return sum(-(-width // SEGMENT) - 1 for width in widths if width > LONGEST)


def _require_data(cursor: Cursor, compression: int, elements: int) -> None:
    if compression == PLAIN:
        require_filled(8 * elements, cursor.left)
    elif compression == BYTECODE:
        _require_elements(cursor.take(cursor.left), elements)
    elif compression == ZLIB:
        _require_elements(_inflated(cursor), elements)
    else:
        raise Damaged("its data are packed in an unknown way")


def _inflated(cursor: Cursor) -> bytes:
    """Return the unpacked data of a .zsav; its trailer says where each block lies."""
    start = cursor.place
    _header_at, trailer_at, trailer_length = cursor.numbers("3q")
    trailer = Cursor(cursor.content, cursor.order, trailer_at)
    _bias, _zero, _block_size, blocks = trailer.numbers("2q2i")
    if _header_at != start or trailer_length != 24 + 24 * blocks:
        raise Damaged("the list of its packed blocks is not where its header says")
    parts = []
    place = start + 24
    for _ in range(blocks):
        _at, packed_at, size, packed_size = trailer.numbers("2q2i")
        if packed_at != place:
            raise Damaged("its packed blocks do not follow each other")
        parts.append(_unpacked(cursor.content[place : place + packed_size], size))
        place += packed_size
    require_filled(place, trailer_at)
    require_filled(0, trailer.left)
    return b"".join(parts)


def _unpacked(packed: bytes, size: int) -> bytes:
    engine = zlib.decompressobj()
    try:
        content = engine.decompress(packed, size)
        whole = engine.eof or not engine.decompress(engine.unconsumed_tail, 1)
    except zlib.error:
        raise Damaged("a packed block cannot be unpacked") from None
    if not whole or len(content) != size:
        raise Damaged("a packed block has another size than its header states")
    return content


def _require_elements(packed: bytes, elements: int) -> None:
    """Raise Damaged unless the bytecode stands for exactly so many elements and then ends.

    Blocks of eight codes, each block followed by the eight bytes of every code RAW in it. The
    code 0 is padding; any other is one element.
    """
    whole = len(packed) - len(packed) % 8
    units = np.frombuffer(packed[:whole], dtype=np.uint8).reshape(-1, 8)
    codes = units[_code_blocks(units)].ravel()
    end = int(np.argmax(codes == END_OF_DATA)) if END_OF_DATA in codes else len(codes)
    require_filled(elements, int(np.count_nonzero(codes[:end])))
    rest = np.count_nonzero(codes[end + 1 :]) + len(packed[whole:].strip(b"\0"))
    require_filled(0, int(rest))


def _code_blocks(units: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Return which units of eight bytes hold codes: the others are what a code RAW stands for."""
    raw = np.bitwise_count(np.packbits(units.ravel() == RAW))
    end = len(units)
    after = np.append(np.arange(1, end + 1) + raw, end)
    # Each round doubles the path: the next so many blocks are those that many steps further on.
    path, further = np.zeros(1, np.int64), np.minimum(after, end)
    while path[-1] < end:
        path = np.concatenate([path, further[path]])
        further = further[further]
    blocks = path[path < end]
    if len(blocks) and after[blocks[-1]] > end:
        raise Damaged("it ends before the number of rows its header states")
    return blocks
