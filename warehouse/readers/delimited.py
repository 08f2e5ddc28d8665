"""Delimited text (.csv, .tab, .tsv)."""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path

from transforms.errors import ReturnRejected
from warehouse.readers.grid import Rows, read_grid
from warehouse.readers.handover import ReadFile
from warehouse.readers.kinds import TEXT
from warehouse.readers.reading import Notation

DELIMITERS = ",;\t"
FOUND_OUT = ("utf-8-sig", "cp1252")
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
NAMED_DELIMITER = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""The first line that Excel writes, or understands, to say which delimiter follows."""


def read_delimited(path: Path, notation: Notation) -> ReadFile:
    """Return the rows of a delimited file under the names in its first line.

    A cell of only spaces is empty. A column is of numbers where every other cell is one that
    says the same as a number; it is text where one is not.
    """
    text = _text(path, notation)
    named = NAMED_DELIMITER.match(text)
    text = text[named.end() :] if named else text
    delimiter = named[1] if named else _delimiter(text, path)
    return read_grid(_lines(text, delimiter, path.name), TEXT.words, path.name, notation)


def _text(path: Path, notation: Notation) -> str:
    content = path.read_bytes()
    tried = _encodings(content, notation)
    for encoding in tried:
        # An error's object holds the whole file: it must not be chained to the refusal below.
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _without_nul(text, path.name)
    meant = f"in {tried[0]}" if len(tried) == 1 else "neither in UTF-8 nor in Windows-1252"
    raise ReturnRejected(
        f"{path.name} holds bytes that are no text {meant}.",
        expected="text encoded in UTF-8, or in the encoding declared.",
        remedy="Ask the supplier for the return saved as “CSV UTF-8”, or as an SPSS file; or "
        "declare the encoding it has as `encoding` under `returns`, `reading` in survey.yaml.",
    )


def _encodings(content: bytes, notation: Notation) -> tuple[str, ...]:
    """Return the encodings to try: what the text's own mark says, or is declared, or is usual."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return (encoding,)
    return (notation.encoding,) if notation.encoding else FOUND_OUT


def _without_nul(text: str, file_name: str) -> str:
    if "\0" in text:
        raise ReturnRejected(
            f"{file_name} is not text throughout: it holds characters that no text has.",
            expected="delimited text.",
            remedy="Ask the supplier to export the return again, and to send the file as it is.",
        )
    return text


def _delimiter(text: str, path: Path) -> str:
    """Return the delimiter seen most in the first line; where none is, the suffix's own."""
    header = re.sub(r'"[^"]*"', "", text.lstrip("\r\n ").partition("\n")[0])
    usual = "," if path.suffix.lower() == ".csv" else "\t"
    seen: str = max([usual, *DELIMITERS], key=header.count)
    return seen


def _lines(text: str, delimiter: str, file_name: str) -> Rows:
    """Yield each line that is not blank: its number in the file, its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if len(cells) > 1 or "".join(cells).strip():
                yield reader.line_num, cells
    except csv.Error:
        whole = False
    else:
        whole = True
    if not whole:
        raise ReturnRejected(
            f"{file_name} cannot be divided into cells at line {reader.line_num}: a quotation "
            "mark is not closed, or text follows one that closes.",
            expected="quotation marks in pairs; one inside an answer is written twice.",
            remedy="Ask the supplier to export the return again, or for an SPSS file.",
        )
