"""Files of SPSS, Stata and SAS, through ReadStat."""

from __future__ import annotations

import math
import mmap
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyreadstat
from pyreadstat._readstat_parser import parser_entry_point

from transforms.errors import ReturnRejected
from transforms.wording import number
from warehouse.readers import kinds, moments
from warehouse.readers.columns import Cells
from warehouse.readers.handover import Code, Entry, ReadFile
from warehouse.readers.kinds import Kind
from warehouse.readers.reading import Damaged, Notation
from warehouse.readers.shapes.bytes import Content, Shape
from warehouse.readers.shapes.dta import dta_shape, is_unicode
from warehouse.readers.shapes.por import por_shape
from warehouse.readers.shapes.sas import sas_shape
from warehouse.readers.shapes.sav import sav_shape
from warehouse.readers.shapes.xpt import xpt_shape

FURTHEST = int(sys.float_info.max)
"""Where a range of user-missing values ends that is declared as “lowest through …”."""


@dataclass(frozen=True, slots=True)
class _Format:
    """How one format is read: ReadStat's name for it, its shape, its dates, its encodings.

    `says_encoding`: whether a file names its encoding, by its first bytes. `encodings`: those to
    try where it does not and none is declared; None is ReadStat's own choice. `tags`: it knows
    missing values that are no numbers, such as Stata's .a.
    """

    parser: str
    shape: Callable[[Content], Shape]
    calendar: moments.Calendar
    tags: bool = False
    says_encoding: Callable[[bytes], bool] = lambda head: True
    encodings: tuple[str | None, ...] = (None,)

    def to_try(self, head: bytes, declared: str | None) -> tuple[str | None, ...]:
        """Return encodings in the order to try: what is said or declared, before what is usual."""
        if self.says_encoding(head):
            return (None, declared) if declared else (None,)
        return (declared,) if declared else self.encodings


_SPSS = _Format("sav/zsav", sav_shape, moments.SPSS)
FORMATS: Mapping[Kind, _Format] = {
    kinds.SPSS: _SPSS,
    kinds.PORTABLE: _Format("por", por_shape, moments.SPSS),
    kinds.STATA: _Format("dta", dta_shape, moments.STATA, tags=True, says_encoding=is_unicode),
    kinds.SAS: _Format("sas7bdat", sas_shape, moments.SAS, tags=True),
    kinds.TRANSPORT: _Format(
        "xport",
        xpt_shape,
        moments.SAS,
        tags=True,
        says_encoding=lambda head: False,
        encodings=("UTF-8", "WINDOWS-1252"),
    ),
}
Numbers = npt.NDArray[np.float64]
HEAD = 64
BLOCK = 1024
"""Rows at a time whose cells stay at hand."""
UNREADABLE_TEXT = ("Unable to convert string", "unsupported character set")
FEWER_ROWS = "expected number of rows"


def read_statistical(path: Path, kind: Kind, notation: Notation) -> ReadFile:
    """Return a statistical file's columns and dictionary; Damaged where it is not whole.

    Codes stay as they are: user-missing ones too, and Stata's and SAS's special missing values as
    text (.a, .A). Dates are dates where the variable's format says so and all are possible.
    """
    chosen = FORMATS[kind]
    shape = _shape(path, chosen)
    held, meta = _read(path, chosen, notation)
    _require_shape(path, kind, chosen, shape, held)
    names = list(held)
    entries = [_entry(name, meta, chosen) for name in names]
    of_text = {name for name in names if meta.readstat_variable_types[name] == "string"}
    numbers = _taken_out(held, [name for name in names if name not in of_text], chosen.tags)
    stored_as = meta.original_variable_types
    columns = [
        _texts(held.pop(name))
        if name in of_text
        else _numbers_or_dates(*numbers.pop(name), chosen.calendar, stored_as[name])
        for name in names
    ]
    return ReadFile(
        kind.words,
        entries,
        columns,
        meta.file_label or "",
    )


def _shape(path: Path, chosen: _Format) -> Shape:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return chosen.shape(content)


def _read(path: Path, chosen: _Format, notation: Notation) -> tuple[dict[str, list[Any]], Any]:
    """Return cells by variable and what the file says of them, in the first encoding that fits."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    for encoding in chosen.to_try(head, notation.encoding):
        try:
            return _parsed(path, chosen, encoding)
        except UnicodeDecodeError:
            continue
        except pyreadstat.ReadstatError as error:
            if not any(words in str(error) for words in UNREADABLE_TEXT):
                raise _damage(error) from None
    raise ReturnRejected(
        f"{path.name} holds text that is not in the encoding it says it is in.",
        expected="one encoding throughout the file.",
        remedy="Ask the supplier to save it again as Unicode. If they cannot, declare the encoding "
        "that it has as `encoding` under `returns`, `reading` in survey.yaml.",
    )


def _parsed(path: Path, chosen: _Format, encoding: str | None) -> tuple[dict[str, list[Any]], Any]:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        held, meta = parser_entry_point(
            str(path),
            parser_format=chosen.parser,
            encoding=encoding,
            user_missing=True,
            disable_datetime_conversion=True,
            output_format="dict",
        )
    if any("is duplicated" in str(warning.message) for warning in said):
        raise Damaged("two of its variables have one name")
    return dict(held), meta


def _damage(error: Exception) -> Damaged:
    if FEWER_ROWS in str(error):
        return Damaged("it ends before the number of rows its header states")
    return Damaged("its contents do not follow the format")


def _require_shape(
    path: Path, kind: Kind, chosen: _Format, shape: Shape, held: Mapping[str, Sequence[Any]]
) -> None:
    """Raise unless rows and columns are those that the file's own header and length say."""
    rows = len(next(iter(held.values()), ()))
    if shape.columns != len(held):
        raise Damaged("it declares another number of variables than can be read")
    if shape.rows is None and chosen is _SPSS:
        raise ReturnRejected(
            f"{path.name} does not state how many rows it should hold ({number(rows)} were read), "
            "so a file cut short could not be told from a whole one.",
            expected="a header with the number of rows, as SPSS writes it.",
            remedy="Open the file in SPSS and save it again, or ask the supplier to.",
        )
    if shape.rows is not None and shape.rows != rows:
        raise ReturnRejected(
            f"{path.name} holds {number(rows)} rows.",
            expected=f"{number(shape.rows)} rows, as {kind.words} of this length has them.",
            remedy="Ask the supplier to save the file again and to send it whole.",
        )


def _taken_out(
    held: Mapping[str, list[Any]], names: Sequence[str], with_tags: bool
) -> dict[str, tuple[Numbers, dict[int, str]]]:
    """Take columns out of `held` as numbers, and special missing values by row.

    By blocks of rows, the last first: a column's numbers lie far apart in memory and those of a
    block close together, so that one column after the other would take more than twice as long.
    """
    rows = len(next(iter(held.values()), ()))
    taken: dict[str, tuple[Numbers, dict[int, str]]] = {
        name: (np.empty(rows), {}) for name in names
    }
    for start in reversed(range(0, rows, BLOCK)):
        for name, (numbers, tags) in taken.items():
            cells = held[name][start:]
            del held[name][start:]
            if with_tags:
                tags |= {row: c for row, c in enumerate(cells, start) if isinstance(c, str)}
                cells = [None if isinstance(cell, str) else cell for cell in cells]
            numbers[start : start + BLOCK] = np.array(cells, dtype=np.float64)
    return taken


def _texts(cells: Sequence[str | None]) -> pa.Array:
    return pa.array([cell if cell and cell.strip() else None for cell in cells], pa.string())


def _numbers_or_dates(
    numbers: Numbers, tags: Mapping[int, str], calendar: moments.Calendar, stored_as: str
) -> pa.Array:
    """Return a column as numbers or dates, with special missing values between them."""
    held = moments.as_dates(numbers, calendar, stored_as)
    if not tags:
        return held
    column = Cells()
    known = (None if value != value else value for value in held.to_pylist())
    column.add(f".{tags[row]}" if row in tags else value for row, value in enumerate(known))
    return column.column(Notation(), len(numbers))


def _entry(name: str, meta: Any, chosen: _Format) -> Entry:
    is_text = meta.readstat_variable_types[name] == "string"
    labels = meta.variable_value_labels.get(name, {})
    return Entry(
        name or "",
        meta.column_names_to_labels.get(name),
        [(_code(value, tagged=not is_text), label) for value, label in labels.items()],
        [*_ranges(meta.missing_ranges.get(name, ())), *_tags(meta, name, chosen)],
    )


def _code(value: float | str, *, tagged: bool) -> Code:
    """Return a labelled value as a code: a whole number as int, a special missing one as .a."""
    if isinstance(value, str):
        return f".{value}" if tagged else value
    return int(value) if float(value).is_integer() else repr(float(value))


def _ranges(declared: Sequence[Mapping[str, float | str]]) -> Iterator[tuple[Code, Code]]:
    """Yield the whole numbers, or the texts, that each range of user-missing values spans."""
    for span in declared:
        lowest, highest = span["lo"], span["hi"]
        if isinstance(lowest, str) or isinstance(highest, str):
            yield str(lowest), str(highest)
        elif not (math.isnan(lowest) or math.isnan(highest)):
            yield _whole(math.ceil, lowest), _whole(math.floor, highest)


def _whole(rounded: Callable[[float], int], value: float) -> int:
    return rounded(value) if math.isfinite(value) else int(math.copysign(FURTHEST, value))


def _tags(meta: Any, name: str, chosen: _Format) -> Iterator[tuple[Code, Code]]:
    """Yield the special missing values that the variable holds, as ranges of one."""
    if chosen.tags:
        for tag in sorted(meta.missing_user_values.get(name, ())):
            yield f".{tag}", f".{tag}"
