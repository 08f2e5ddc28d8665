"""What a return holds, as received and as decoded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from transforms.catalogue import CodeValue


@dataclass(frozen=True, slots=True)
class Variable:
    """A column's dictionary entry in the supplier's file."""

    name: str
    label: str | None = None
    value_labels: Mapping[CodeValue, str] = field(default_factory=dict)
    missing_ranges: tuple[tuple[CodeValue, CodeValue], ...] = ()


@dataclass(frozen=True, slots=True)
class RawReturn:
    """A supplier's return as read: nothing renamed, recoded or dropped.

    `rows`: one row a respondent, one column a variable; numbers as float64, text as str, dates
    as datetime64, and as object where a column's cells are of several of these kinds. User-missing
    codes are kept as they are, Stata's and SAS's special missing values as text (.a, .A); an empty
    cell is NaN/NaT/None. `kind`: what the file is, as a noun with its article. `named_by_cells`:
    its variables' names are its first line of cells, which in a file without such a line are
    answers: they are not quoted.
    """

    file_name: str
    sha256: str
    rows: pd.DataFrame
    variables: Mapping[str, Variable]
    simulated: bool = False
    kind: str = "a file"
    named_by_cells: bool = False


@dataclass(frozen=True, slots=True)
class Responses:
    """A wave's decoded return; the three frames share one index, 0 … n − 1 in file order.

    `respondents`: columns sample (str; `main` where none is declared), serial (str, unique within
    the sample), interview_date (datetime64, NaT where none is declared),
    stratum (str; "all" where none is declared), psu (str, unique within the wave; the serial where
    none is declared), population_psus (float64: the PSUs that the stratum's were drawn from;
    infinite where none are declared), design_weight (float64 > 0), and interviewer (str, NA where
    none is named) where the survey declares who interviewed.
    `codes`: one column an item the wave asks, by item name; the valid answer's code (Int64, or str
    where codes are text), the number (float64) or date; NA where there is no valid answer.
    `reasons`: the same columns (not the design's); a MissingReason value where the code is NA,
    NA otherwise.
    `left_out_rows`: rows without a usable design weight, where the declaration leaves them out.
    """

    wave: str
    respondents: pd.DataFrame
    codes: pd.DataFrame
    reasons: pd.DataFrame
    left_out_rows: int = 0
