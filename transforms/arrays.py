"""Names for the arrays that numbers travel in, sums of them by group, and their distinct rows."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

PLACES_A_ROW = 4
"""Distinct rows are looked up in a table of up to so many places for each row."""


def floats(column: pd.Series) -> Floats:
    """Return a column's numbers; what is missing is NaN."""
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def sum_by(index: Ints, weights: Floats, size: int) -> Floats:
    """Return the sum of `weights` for each value 0 … size − 1 of `index`."""
    return np.bincount(index, weights=weights, minlength=size).astype(np.float64)


def sum_rows_by(index: Ints, weights: Floats, values: Floats, size: int) -> Floats:
    """Return (size × columns) the weighted sum of rows for each value 0 … size − 1 of `index`.

    `values`: (rows × columns). `index`, `weights`: (rows × k); each row is added k times, to the
    sum that its index names, multiplied by the weight beside it.
    """
    rows, times = index.shape
    # Compressed by column, membership needs no sorting: column i holds where row i is added.
    entries = (weights.ravel(), index.ravel(), np.arange(rows + 1) * times)
    membership = sparse.csc_array(entries, shape=(size, rows))
    return np.asarray(membership @ values, dtype=np.float64)


def distinct_rows(codes: Ints, sizes: Sequence[int]) -> tuple[Ints, Ints]:
    """Return the distinct rows of `codes`, in order, and which of them each row is.

    `codes`: (rows × columns), column j holding 0 … sizes[j] − 1. Codes are read as the digits of
    one number, so rows are looked up, not sorted, where there are few distinct ones.
    """
    number, size = _as_one_number(codes, sizes)
    example = np.full(size, -1)
    example[number] = np.arange(len(number))
    held = np.flatnonzero(example >= 0)
    place = np.zeros(size, dtype=np.int64)
    place[held] = np.arange(len(held))
    return codes[example[held]], place[number]


def _as_one_number(codes: Ints, sizes: Sequence[int]) -> tuple[Ints, int]:
    """Return a number for each row, equal for equal rows and in their order, and a bound of it."""
    number, size = np.zeros(len(codes), dtype=np.int64), 1
    largest = PLACES_A_ROW * len(codes)
    for column, width in zip(codes.T, sizes, strict=True):
        if size * width > largest:
            number, size = _renumbered(number)
        number *= width
        number += column
        size *= width
    return _renumbered(number) if size > largest else (number, size)


def _renumbered(number: Ints) -> tuple[Ints, int]:
    held, place = np.unique(number, return_inverse=True)
    return place.astype(np.int64), len(held)
