"""SPSS returns (.sav, .zsav), read in a process of their own."""

from __future__ import annotations

import io
import json
import math
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from transforms.catalogue import CodeValue
from transforms.errors import ReturnRejected
from transforms.responses import Variable
from warehouse.returns import spss_process
from warehouse.returns.kinds import SPSS, looks_like
from warehouse.returns.table import Table, require_distinct_names

TIMEOUT = 600.0
SIMULATED = "SIMULATED"
DATE_FORMATS = ("DATE", "ADATE", "EDATE", "JDATE", "SDATE", "DATETIME", "YMDHMS")
EPOCH = np.datetime64("1582-10-14T00:00:00", "us")
FIRST_DAY = 86_400.0
"""15 October 1582, the first day of the Gregorian calendar, in seconds from SPSS's epoch."""
YEAR_10000 = float((np.datetime64("10000-01-01", "us") - EPOCH) / np.timedelta64(1, "s"))


@dataclass(frozen=True, slots=True)
class SpssFile:
    """An SPSS file as its reader hands it over; dates are seconds since 14 October 1582."""

    names: tuple[str, ...]
    rows_stated: int | None
    file_label: str | None
    labels: Mapping[str, str | None]
    formats: Mapping[str, str]
    value_labels: Mapping[str, Sequence[tuple[float | str, str]]]
    missing_ranges: Mapping[str, Sequence[tuple[float | str, float | str]]]
    columns: Mapping[str, pd.Series]


def read_spss(path: Path) -> Table:
    """Return the rows and dictionary of an SPSS file; ReturnRejected where it is not whole."""
    found = looks_like(path)
    if found != SPSS:
        raise ReturnRejected(
            f"{path.name} is not an SPSS file although its name says so: it looks like {found}.",
            expected="a file saved by SPSS, or by a program that writes its format.",
            remedy="Ask the supplier for the SPSS file itself. If it is delimited text, name it "
            ".csv (commas or semicolons) or .tab (tabs).",
        )
    return unpacked(_archive(path), path.name)


def unpacked(archive: bytes, file_name: str) -> Table:
    """Return the rows and dictionary in what the reading process wrote."""
    held = _file_in(archive)
    require_distinct_names(held.names, file_name)
    _require_stated_rows(held, file_name)
    rows = pd.DataFrame({name: _decoded(held, name) for name in held.names})
    variables = {name: _variable(held, name) for name in held.names}
    return Table(rows, variables, simulated=SIMULATED in (held.file_label or ""))


def _archive(path: Path) -> bytes:
    """Return what the reading process wrote; ReturnRejected where it failed, crashed or hung."""
    command = [sys.executable, "-P", spss_process.__file__, str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        done = None
    if done is None:
        raise _damaged(path, f"it could not be read within {TIMEOUT:.0f} seconds")
    if done.returncode == 0:
        return done.stdout
    if done.returncode < 0:
        raise _damaged(path, "it crashes the reader")
    raise _damaged(path, _failure(done.stderr.decode(errors="replace")))


def _failure(said: str) -> str:
    """Return in words why the process ended, from the word in the last line it wrote."""
    word = re.findall(r"^\w+|$", said.strip().rpartition("\n")[2])[0]
    known = {
        spss_process.FEWER_ROWS: "it ends before the number of rows its header states",
        spss_process.DAMAGED: "its contents do not follow the SPSS format",
        "MemoryError": "it asks for more memory than any return needs",
    }
    return known.get(word, f"the reader stopped unexpectedly ({word})")


def _damaged(path: Path, how: str) -> ReturnRejected:
    size = path.stat().st_size
    return ReturnRejected(
        f"{path.name} ({size:,} bytes) is damaged or cut short: {how}.",
        expected="a whole SPSS file.",
        remedy="Ask the supplier for the file's size in bytes. If theirs is larger, the upload was "
        "cut short: send it again. If not, ask them to save it again from SPSS.",
    )


def _file_in(archive: bytes) -> SpssFile:
    with np.load(io.BytesIO(archive), allow_pickle=False) as packed:
        numbers = {name: packed[name] for name in packed.files}
    held: dict[str, Any] = json.loads(numbers.pop(spss_process.DICTIONARY).tobytes())
    texts = held.pop("texts")
    names = tuple(held.pop("names"))
    columns = {
        name: _text(texts[name]) if name in texts else pd.Series(numbers[str(place)])
        for place, name in enumerate(names)
        if name in texts or str(place) in numbers
    }
    return SpssFile(names=names, columns=columns, **held)


def _text(cells: Sequence[str | None]) -> pd.Series:
    return pd.Series([cell if cell and cell.strip() else None for cell in cells], dtype="str")


def _require_stated_rows(held: SpssFile, file_name: str) -> None:
    read = len(next(iter(held.columns.values()), ()))
    if held.rows_stated is None:
        raise ReturnRejected(
            f"{file_name} does not state how many rows it should hold ({read:,} were read), so a "
            "file cut short could not be told from a whole one.",
            expected="a header with the number of rows, as SPSS writes it.",
            remedy="Open the file in SPSS and save it again, or ask the supplier to.",
        )
    if held.rows_stated != read:
        raise ReturnRejected(
            f"{file_name} holds {read:,} rows.",
            expected=f"{held.rows_stated:,} rows, as its header states.",
            remedy="Ask the supplier to save the file again and to send it whole.",
        )


def _decoded(held: SpssFile, name: str) -> pd.Series:
    """Return the column as text, numbers or, where its format is a date's, datetimes."""
    column = held.columns[name]
    is_date = held.formats[name].rstrip("0123456789.") in DATE_FORMATS
    return _dates(column) if is_date and column.dtype == np.float64 else column


def _dates(seconds: pd.Series) -> pd.Series:
    """Return SPSS's seconds as dates; as they are where one of them is no date up to 9999."""
    known = seconds.dropna()
    if not known.between(FIRST_DAY, YEAR_10000, inclusive="left").all():
        return seconds
    since_epoch = np.full(len(seconds), np.timedelta64("NaT"), dtype="timedelta64[us]")
    # Seconds and their fraction apart: together in microseconds they exceed a float's 53 bits.
    fraction, whole = np.modf(known.to_numpy())
    microseconds = whole.astype(np.int64) * 1_000_000 + np.rint(fraction * 1e6).astype(np.int64)
    since_epoch[seconds.notna()] = microseconds.astype("timedelta64[us]")
    return pd.Series(EPOCH + since_epoch)


def _variable(held: SpssFile, name: str) -> Variable:
    return Variable(
        name=name,
        label=held.labels.get(name),
        value_labels={_code(code): label for code, label in held.value_labels.get(name, ())},
        missing_ranges=tuple(_span(*span) for span in held.missing_ranges.get(name, ())),
    )


def _code(value: float | str) -> CodeValue:
    """Return a labelled value as a code: a whole number as int, anything else as text."""
    if isinstance(value, str):
        return value
    return int(value) if value.is_integer() else repr(value)


def _span(lowest: float | str, highest: float | str) -> tuple[CodeValue, CodeValue]:
    """Return the whole numbers, or the text, that a range of user-missing values spans."""
    if isinstance(lowest, str) or isinstance(highest, str):
        return str(lowest), str(highest)
    return math.ceil(lowest), math.floor(highest)
