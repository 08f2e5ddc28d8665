"""Names for the arrays that numbers travel in, and sums of them by group."""

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


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
