"""SAS transport files (.xpt), of the versions 5 and 8."""

from __future__ import annotations

from warehouse.readers.reading import Damaged
from warehouse.readers.shapes.bytes import Content, Cursor, Shape, require_filled

RECORD = 80
HEADER = b"HEADER RECORD*******"
NAMESTR = 140


def xpt_shape(content: Content) -> Shape:
    """Return the columns declared, and the rows where the format states them (version 8)."""
    cursor = Cursor(content, ">")
    version_8 = cursor.take(RECORD)[20:25] == b"LIBV8"
    cursor.skip(2 * RECORD)
    _expect(cursor, b"MEMBV8" if version_8 else b"MEMBER")
    _expect(cursor, b"DSCPTV8" if version_8 else b"DSCRPTR")
    cursor.skip(2 * RECORD)
    columns = _count(_expect(cursor, b"NAMSTV8" if version_8 else b"NAMESTR")[54:58])
    width = sum(_width(cursor) for _ in range(columns))
    cursor.skip(-cursor.place % RECORD)
    observations = _observations_header(cursor, version_8)
    rows = _count(observations[48:63]) if version_8 and observations[48:63].strip() else None
    _require_data(cursor, rows, width)
    return Shape(rows or None, columns)


def _expect(cursor: Cursor, name: bytes) -> bytes:
    """Return the next record, which must be the header called `name`."""
    record = cursor.take(RECORD)
    if record[:48] != HEADER + name.ljust(8) + b"HEADER RECORD!!!!!!!":
        raise Damaged("a header is not where it must be")
    return record


def _count(digits: bytes) -> int:
    if not digits.strip().isdigit():
        raise Damaged("a header does not hold a number where it must")
    return int(digits)


def _width(cursor: Cursor) -> int:
    """Go past a variable's description and return how many bytes its cells take."""
    kind, _hash, width, _number = cursor.numbers("4H")
    cursor.skip(NAMESTR - 8)
    if kind not in (1, 2) or width == 0 or (kind == 1 and not 2 <= width <= 8):
        raise Damaged("a variable is declared in a way that cannot be")
    return width


def _observations_header(cursor: Cursor, version_8: bool) -> bytes:
    """Go past long labels to the header of the rows."""
    if not version_8:
        return _expect(cursor, b"OBS")
    while (record := cursor.take(RECORD))[20:25] != b"OBSV8":
        if record[:20] != HEADER or record[20:27] not in (b"LABELV8", b"LABELV9"):
            raise Damaged("a header is not where it must be")
        _skip_labels(cursor, _count(record[48:53]), 3 if record[20:27] == b"LABELV8" else 5)
    return record


def _skip_labels(cursor: Cursor, labels: int, lengths: int) -> None:
    for _ in range(labels):
        _variable, *sizes = cursor.numbers(f"{lengths}H")
        cursor.skip(sum(sizes))
    cursor.skip(-cursor.place % RECORD)


def _require_data(cursor: Cursor, rows: int | None, width: int) -> None:
    """Raise Damaged unless whole rows, and at most one record's spaces, fill the file."""
    if len(cursor.content) % RECORD:
        raise Damaged("its length is not a multiple of 80 bytes")
    if rows:
        require_filled(-(-rows * width // RECORD) * RECORD, cursor.left)
    _require_one_table(cursor)
    end = cursor.left - cursor.left % width if width else 0
    if bytes(cursor.content[cursor.place + end :]).strip(b" "):
        raise Damaged("its last row is not whole")


def _require_one_table(cursor: Cursor) -> None:
    """Raise Damaged where another table's header stands among the rows."""
    place = cursor.place
    while (place := cursor.content.find(HEADER + b"MEMB", place)) >= 0:
        if place % RECORD == 0:
            raise Damaged("it holds more than one table")
        place += 1
