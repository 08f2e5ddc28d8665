"""Writing a simulated return as a supplier would send it, and the truth beside it."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd
import pyreadstat

from transforms.catalogue import BoundItem, CodeValue, Survey
from transforms.errors import DeclarationError
from transforms.samples import has_boosts, samples_of
from transforms.simulation import SimulatedReturn
from warehouse.spss import (
    FILE_LABEL_BYTES,
    MISSING_VALUES,
    VALUE_LABEL_BYTES,
    VARIABLE_LABEL_BYTES,
    cut,
    dated,
)

_MEASURES: Final = {
    "code": "nominal",
    "identifier": "nominal",
    "number": "scale",
    "date": "scale",
}

Cell = float | str
"""A code as the file's cells hold it: numbers are floating-point."""


def write_return(simulated: SimulatedReturn, survey: Survey, folder: Path) -> Path:
    """Write one wave's return as `<survey>_<wave>.sav` and return its path.

    Where the survey has several samples, the first one's name stands before the wave's.
    Questions and answers are its labels, missing codes are declared item by item, and the file's
    own label says SIMULATED. The same rows give the same bytes: the header dates the file on the
    last day of fieldwork. A file of that name is replaced, in one step. OSError where it cannot be
    written.
    """
    first = f"_{next(iter(samples_of(survey)))}" if has_boosts(survey) else ""
    path = folder / f"{survey.name}{first}_{simulated.wave}.sav"
    unfinished = path.with_suffix(".sav.part")
    folder.mkdir(parents=True, exist_ok=True)
    unfinished.touch()  # the system says why a file cannot be written; the library does not
    try:
        _write_sav(simulated, survey, unfinished)
    except pyreadstat.ReadstatError as error:
        raise OSError(errno.EIO, f"{error}") from None
    unfinished.write_bytes(dated(unfinished.read_bytes(), survey.wave(simulated.wave).end))
    return unfinished.replace(path)


def _write_sav(simulated: SimulatedReturn, survey: Survey, path: Path) -> None:
    items = survey.items_in(simulated.wave)
    pyreadstat.write_sav(
        simulated.rows,
        path,
        file_label=cut(f"SIMULATED {survey.name} {simulated.wave}", FILE_LABEL_BYTES),
        column_labels={item.variable: _variable_label(item) for item in items},
        row_compress=True,
        variable_value_labels={item.variable: _value_labels(item) for item in items},
        missing_ranges={item.variable: _missing_ranges(item) for item in items if item.missing},
        variable_measure={item.variable: _MEASURES[item.item.type] for item in items},
        variable_format=_formats(simulated.rows, items),
    )


def write_truth(truths: Iterable[pd.DataFrame], folder: Path) -> Path:
    """Write waves' true values as `truth.csv` and return its path.

    Columns wave, measure, domain, domain_value, true_value (every digit).
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "truth.csv"
    pd.concat(list(truths)).to_csv(path, index=False, lineterminator="\n")
    return path


def _variable_label(item: BoundItem) -> str:
    return cut(" ".join((item.item.question or item.item.label).split()), VARIABLE_LABEL_BYTES)


def _value_labels(item: BoundItem) -> Mapping[Cell, str]:
    labels = {_cell(code): valid.label for code, valid in item.codes.items()}
    labels |= {_cell(code): missing.label for code, missing in item.missing.items()}
    return {code: cut(label, VALUE_LABEL_BYTES) for code, label in labels.items()}


def _missing_ranges(item: BoundItem) -> Sequence[Mapping[str, Cell]]:
    """Return the item's missing codes as ranges of one; DeclarationError for more than three."""
    if len(item.missing) > MISSING_VALUES:
        raise DeclarationError(
            f"The item {item.name} has {len(item.missing)} missing codes.",
            expected="three at most: an SPSS file declares no more for a variable.",
            remedy="give fewer in questionnaire.yaml; a simulated return cannot hold them all.",
        )
    return [{"lo": _cell(code), "hi": _cell(code)} for code in item.missing]


def _formats(rows: pd.DataFrame, items: Sequence[BoundItem]) -> Mapping[str, str]:
    """Return how each number or date is shown; text needs no format."""
    return {
        item.variable: _date_format(rows[item.variable])
        if item.item.type == "date"
        else _number_format(rows[item.variable])
        for item in items
        if not pd.api.types.is_string_dtype(rows[item.variable])
    }


def _date_format(moments: pd.Series) -> str:
    with_times = (moments != moments.dt.normalize()) & moments.notna()
    return "DATETIME20" if with_times.any() else "DATE11"


def _number_format(numbers: pd.Series) -> str:
    known = numbers.dropna()
    return "F10.0" if known.eq(known.round()).all() else "F14.6"


def _cell(code: CodeValue) -> Cell:
    return code if isinstance(code, str) else float(code)
