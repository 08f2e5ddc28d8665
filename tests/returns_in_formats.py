"""One small return, written in every format that a supplier may send."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

HERE = Path(__file__).parent
SAS_DATA_SET = HERE / "warehouse" / "data" / "small.sas7bdat"
"""No library here writes this format: `warehouse/data/make_sas7bdat.c` does."""


def small_frame(rows: int = 40) -> pd.DataFrame:
    """Numbers with gaps, a date, and text: what every format can hold."""
    place = np.arange(rows)
    return pd.DataFrame(
        {
            "serial": 1001.0 + place,
            "Q1": np.where(place % 5 == 4, np.nan, 1.0 + place % 5),
            "held": pd.Timestamp("2026-04-30") + pd.to_timedelta(place % 60, unit="D"),
            "place": np.where(place % 2 == 0, "North", "South"),
        }
    )


def write_por(frame: pd.DataFrame, path: Path) -> None:
    pyreadstat.write_por(frame, path, variable_format={"held": "DATE11"})


def write_dta(frame: pd.DataFrame, path: Path) -> None:
    labels = {"Q1": {1: "Agree", 5: "Disagree"}}
    pyreadstat.write_dta(frame, path, variable_value_labels=labels)


def write_old_dta(frame: pd.DataFrame, path: Path) -> None:
    labels = {"Q1": {1: "Agree", 5: "Disagree"}}
    pyreadstat.write_dta(frame, path, version=10, variable_value_labels=labels)


def write_sav(frame: pd.DataFrame, path: Path, **options: bool) -> None:
    pyreadstat.write_sav(
        frame,
        path,
        variable_value_labels={"Q1": {1: "Agree", 5: "Disagree"}},
        missing_ranges={"Q1": [{"lo": 97, "hi": 99}]},
        variable_format={"held": "DATE11"},
        **options,
    )


def write_text(frame: pd.DataFrame, path: Path, separator: str) -> None:
    frame.to_csv(path, index=False, sep=separator, date_format="%Y-%m-%d")


WRITERS: Mapping[str, tuple[str, Callable[[pd.DataFrame, Path], None]]] = {
    "sav": ("small.sav", write_sav),
    "sav of bytecode": ("small.sav", lambda f, p: write_sav(f, p, row_compress=True)),
    "zsav": ("small.zsav", lambda f, p: write_sav(f, p, compress=True)),
    "por": ("small.por", write_por),
    "dta": ("small.dta", write_dta),
    "dta of Stata 10": ("small.dta", write_old_dta),
    "xpt 5": ("small.xpt", lambda f, p: pyreadstat.write_xport(f, p, file_format_version=5)),
    "xpt 8": ("small.xpt", lambda f, p: pyreadstat.write_xport(f, p, file_format_version=8)),
    "csv": ("small.csv", lambda f, p: write_text(f, p, ",")),
    "tab": ("small.tab", lambda f, p: write_text(f, p, "\t")),
    "xlsx": ("small.xlsx", lambda f, p: f.to_excel(p, index=False, sheet_name="Data")),
    "parquet": ("small.parquet", lambda f, p: f.to_parquet(p, index=False)),
}
"""A file's name and how it is written, by its format."""


def written(kind: str, folder: Path, frame: pd.DataFrame | None = None) -> Path:
    """A small return in one of the formats."""
    name, write = WRITERS[kind]
    write(small_frame() if frame is None else frame, folder / name)
    return folder / name
