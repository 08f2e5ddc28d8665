"""Names for the arrays that numbers travel in."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def sum_by(index: Ints, weights: Floats, size: int) -> Floats:
    """Return the sum of `weights` for each value 0 … size − 1 of `index`."""
    return np.bincount(index, weights=weights, minlength=size).astype(np.float64)
