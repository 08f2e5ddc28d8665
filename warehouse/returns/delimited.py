"""Delimited text returns (.csv, .tab, .tsv)."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from transforms.errors import ReturnRejected
from transforms.responses import Variable
from transforms.variables import NUMBER
from warehouse.returns.kinds import TEXT, looks_like
from warehouse.returns.table import Table, listed, require_distinct_names

DELIMITERS = ",;\t"
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")
FIRST_INEXACT = 2**53


def read_delimited(path: Path) -> Table:
    """Return the rows of a delimited file under the names in its first line.

    The encoding is UTF-8, or else Windows-1252. A cell of only spaces is empty. A column is
    float64 where every other cell is a number that a float holds exactly as a code or serial;
    it is text where one is not.
    """
    found = looks_like(path)
    if found != TEXT:
        raise ReturnRejected(
            f"{path.name} is not delimited text although its name says so: it looks like {found}.",
            expected="text with commas, semicolons or tabs between the cells, encoded in UTF-8.",
            remedy="Ask the supplier for the return saved as “CSV UTF-8”, or as an SPSS file.",
        )
    text = _text(path)
    names, lines = _lines(text, _delimiter(text, path), path.name)
    columns = zip(*lines, strict=True) if lines else ([] for _ in names)
    rows = pd.DataFrame({name: _column(cells) for name, cells in zip(names, columns, strict=True)})
    return Table(rows, {name: Variable(name) for name in names})


def _text(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "cp1252"):
        # An error's object holds the whole file: it must not be chained to the refusal below.
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReturnRejected(
        f"{path.name} holds bytes that are text neither in UTF-8 nor in Windows-1252.",
        expected="text encoded in UTF-8.",
        remedy="Ask the supplier for the return saved as “CSV UTF-8”, or as an SPSS file.",
    )


def _delimiter(text: str, path: Path) -> str:
    """Return the delimiter seen most in the first line; where none is, the suffix's own."""
    header = re.sub(r'"[^"]*"', "", text.lstrip("\r\n ").partition("\n")[0])
    usual = "," if path.suffix.lower() == ".csv" else "\t"
    seen: str = max([usual, *DELIMITERS], key=header.count)
    return seen


def _lines(text: str, delimiter: str, file_name: str) -> tuple[list[str], list[list[str]]]:
    """Return the columns' names, and each row's cells; ReturnRejected where a row is ragged."""
    parsed = _parsed(text, delimiter, file_name)
    _, header = next(parsed, (1, []))
    names = [name.strip() for name in header]
    require_distinct_names(names, file_name)
    lines = list(parsed)
    ragged = [
        f"line {number} has {len(cells)}" for number, cells in lines if len(cells) != len(names)
    ]
    if ragged:
        raise ReturnRejected(
            f"{file_name} has {len(ragged)} of {len(lines)} rows with another number of cells "
            f"than the {len(names)} names in its first line: {listed(ragged)}.",
            expected=f"{len(names)} cells in every row.",
            remedy="Look for a comma inside an answer that is not in quotation marks, or for a "
            "file cut short; ask the supplier to export the return again.",
        )
    return names, [cells for _, cells in lines]


def _parsed(text: str, delimiter: str, file_name: str) -> Iterator[tuple[int, list[str]]]:
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


def _column(cells: Sequence[str]) -> pd.Series:
    """Return a column's cells as float64, or as text where one is not a number."""
    place, distinct = pd.factorize(np.array(cells, dtype=object))
    spelt = [cell.strip() for cell in distinct]
    if _are_numbers([cell for cell in spelt if cell]):
        numbers = np.array([float(cell) if cell else np.nan for cell in spelt], dtype=np.float64)
        return pd.Series(numbers[place])
    return pd.Series(pd.array([cell or None for cell in spelt], dtype="str")[place])


def _are_numbers(spelt: Sequence[str]) -> bool:
    """True where each is a number, and reading it as a float makes no two of them one."""
    if not all(NUMBER.fullmatch(cell) and math.isfinite(float(cell)) for cell in spelt):
        return False
    whole = {cell for cell in spelt if WHOLE_NUMBER.fullmatch(cell)}
    values = {float(cell) for cell in whole}
    return len(values) == len(whole) and all(abs(value) < FIRST_INEXACT for value in values)
