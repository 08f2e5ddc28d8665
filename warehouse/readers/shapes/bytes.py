"""Bytes taken one after another, and the shape that they add up to."""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from typing import Literal

from warehouse.readers.reading import Damaged

Content = bytes | mmap.mmap
"""A file's bytes."""

ByteOrder = Literal["<", ">"]
"""Little-endian or big-endian."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Rows (None where the format does not say) and columns."""

    rows: int | None
    columns: int


class Cursor:
    """A place in a file's bytes that moves on as they are taken; Damaged beyond the end."""

    def __init__(self, content: Content, order: ByteOrder = "<", place: int = 0) -> None:
        self.content, self.order, self.place = content, order, place

    @property
    def left(self) -> int:
        """How many bytes follow."""
        return len(self.content) - self.place

    def skip(self, size: int) -> None:
        """Go on by `size` bytes."""
        if size < 0 or size > self.left:
            raise Damaged("it ends before what its header announces")
        self.place += size

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes."""
        start = self.place
        self.skip(size)
        return bytes(self.content[start : self.place])

    def numbers(self, kinds: str) -> tuple[int, ...]:
        """Return the next integers, by their kinds in `struct`'s letters."""
        pattern = self.order + kinds
        return struct.unpack(pattern, self.take(struct.calcsize(pattern)))

    def number(self, kind: str) -> int:
        """Return the next integer."""
        return self.numbers(kind)[0]

    def tag(self, expected: bytes) -> None:
        """Go past `expected`; Damaged where something else stands there."""
        if self.take(len(expected)) != expected:
            raise Damaged("a part that must begin at a certain place does not")


def require_filled(needed: int, there: int) -> None:
    """Raise Damaged unless the data take exactly the room that the header gives them."""
    if there < needed:
        raise Damaged("it ends before the number of rows its header states")
    if there > needed:
        raise Damaged("it holds more than the rows and columns its header states")
