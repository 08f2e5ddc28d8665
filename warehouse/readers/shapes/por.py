"""SPSS portable files (.por): text in lines of 80 characters, numbers to base 30."""

from __future__ import annotations

import re
from itertools import groupby

from warehouse.readers.reading import Damaged
from warehouse.readers.shapes.bytes import Content, Shape

LINE = 80
TABLE, MARK = slice(200, 456), "SPSSPORT"
PORTABLE = (
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz .<(+|&[]!$*);^-/|,%_>?`:#@'=\""
)
"""The characters at the places 64 to 155 of the file's table of characters."""
NUMBER = r" *(?:\*.|[-+]?[0-9A-T.]+(?:[-+][0-9A-T]+)?/)"
WHOLE = re.compile(r" *([0-9A-T]+)/")
BASE = 30


def por_shape(content: Content) -> Shape:
    """Return the rows counted and the columns declared; Damaged unless they end the file."""
    file = _Portable(_text(content))
    file.walk_dictionary()
    return Shape(file.count_rows(), len(file.widths))


def _text(content: Content) -> str:
    """Return the characters after the table, in lines filled up with spaces."""
    lines = bytes(content[:]).decode("latin-1").replace("\r", "").split("\n")
    whole = "".join(line.ljust(LINE) for line in lines[:-1]) + lines[-1]
    table = whole[TABLE]
    if len(table) < TABLE.stop - TABLE.start:
        raise Damaged("it ends within its header")
    meaning: dict[int, str] = {}
    for place, character in enumerate(PORTABLE, 64):
        meaning.setdefault(ord(table[place]), character)
    return whole[TABLE.stop :].translate(meaning)


class _Portable:
    """A portable file's characters and the place reached in them; variables by name, with width.

    A number's width is 0.
    """

    def __init__(self, text: str) -> None:
        self.text, self.place = text, 0
        self.widths: dict[str, int] = {}
        self.columns = -1

    def walk_dictionary(self) -> None:
        """Go past the header and the dictionary to the first row."""
        if self._take(len(MARK) + 1)[:-1] != MARK:
            raise Damaged("its header is not a portable file's")
        self._strings(2)
        while (tag := self._take(1)) != "F":
            self._record(tag)
        if self.columns != len(self.widths):
            raise Damaged("it declares another number of variables than it states")

    def count_rows(self) -> int:
        """Go past the rows and return how many there are: the letter Z ends them, and the file."""
        runs = [
            (is_text, len(list(run))) for is_text, run in groupby(self.widths.values(), key=bool)
        ]
        patterns = [None if is_text else _numbers(count) for is_text, count in runs]
        rows = 0
        while self.text[self.place : self.place + 1] != "Z":
            for (_, count), numbers in zip(runs, patterns, strict=True):
                if numbers is None:
                    self._strings(count)
                else:
                    self._match(numbers)
            rows += 1
        if self.text[self.place :].strip("Z "):
            raise Damaged("something follows the mark that ends its rows")
        return rows

    def _record(self, tag: str) -> None:
        """Go past one record of the dictionary."""
        if tag in ("1", "2", "3", "6", "C"):
            self._strings(1)
        elif tag == "4":
            self.columns = self._whole()
        elif tag == "5":
            self._whole()
        elif tag == "7":
            self._variable()
        elif tag in ("8", "9", "A", "B") and self.widths:
            self._values(2 if tag == "B" else 1, [*self.widths.values()][-1])
        elif tag == "D":
            self._value_labels()
        elif tag == "E":
            self._strings(self._whole())
        else:
            raise Damaged("its dictionary holds a record of an unknown kind")

    def _variable(self) -> None:
        width = self._whole()
        name = self._string()
        if name in self.widths:
            raise Damaged("two of its variables have one name")
        self.widths[name] = width
        for _ in range(6):
            self._whole()

    def _value_labels(self) -> None:
        names = [self._string() for _ in range(self._whole())]
        width = self.widths.get(names[-1], 0) if names else 0
        for _ in range(self._whole()):
            self._values(1, width)
            self._strings(1)

    def _values(self, count: int, width: int) -> None:
        if width:
            self._strings(count)
        else:
            self._match(_numbers(count))

    def _strings(self, count: int) -> None:
        for _ in range(count):
            self._string()

    def _string(self) -> str:
        return self._take(self._whole())

    def _whole(self) -> int:
        return int(self._match(WHOLE)[1], BASE)

    def _take(self, size: int) -> str:
        start, self.place = self.place, self.place + size
        if self.place > len(self.text):
            raise Damaged("it ends before its last row")
        return self.text[start : self.place]

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self.text, self.place)
        if found is None:
            raise Damaged("what must be a number is none, or it ends before its last row")
        self.place = found.end()
        return found


def _numbers(count: int) -> re.Pattern[str]:
    return re.compile(f"(?:{NUMBER}){{{count}}}")
