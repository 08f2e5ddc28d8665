"""Families of tests: p values adjusted for how many tests are made together (methods §5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from transforms.arrays import Floats


def holm(p_values: Floats) -> Floats:
    """(tests,) p values adjusted by Holm (1979): the family-wise error stays below the level.

    Sorted upwards, the i-th of m is the largest of (m − j + 1)·p_j over j ≤ i, at most 1. A test
    that was not made (NaN) is no member of the family and stays NaN.
    """
    return _adjusted(p_values, lambda p: np.maximum.accumulate(np.arange(len(p), 0, -1) * p))


def benjamini_hochberg(p_values: Floats) -> Floats:
    """(tests,) p values adjusted by Benjamini and Hochberg (1995): the false discovery rate.

    Sorted upwards, the i-th of m is the smallest of m/j·p_j over j ≥ i, at most 1. NaN stays NaN.
    """
    return _adjusted(
        p_values,
        lambda p: np.minimum.accumulate((len(p) / np.arange(1, len(p) + 1) * p)[::-1])[::-1],
    )


def unadjusted(p_values: Floats) -> Floats:
    """(tests,) the p values as they are, each test being its own family."""
    return np.array(p_values, dtype=np.float64)


ADJUSTMENTS: Mapping[str, Callable[[Floats], Floats]] = MappingProxyType(
    {"holm": holm, "benjamini_hochberg": benjamini_hochberg, "none": unadjusted}
)
"""Each declared adjustment by name."""


def _adjusted(p_values: Floats, of_sorted: Callable[[Floats], Floats]) -> Floats:
    adjusted = np.array(p_values, dtype=np.float64)
    made = np.flatnonzero(~np.isnan(adjusted))
    order = made[np.argsort(adjusted[made], kind="stable")]
    adjusted[order] = np.minimum(of_sorted(adjusted[order]), 1.0)
    return adjusted
