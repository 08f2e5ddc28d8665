"""Limits on weights, as factors on the design weight scaled to the population."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.arrays import Floats
from transforms.catalogue import Trim

ROUNDING = 1e-12
"""Relative: what dividing weights again can cost."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The smallest and the largest w/d allowed, one for each respondent (or row)."""

    low: Floats
    high: Floats

    @classmethod
    def none(cls, size: int) -> Limits:
        """Return limits that limit nothing."""
        return cls(np.full(size, -np.inf), np.full(size, np.inf))

    @classmethod
    def same(cls, size: int, low: float, high: float) -> Limits:
        """Return one pair of limits for everybody."""
        return cls(np.full(size, low), np.full(size, high))

    @property
    def absent(self) -> bool:
        """True where nothing is limited."""
        return not (np.isfinite(self.low).any() or np.isfinite(self.high).any())

    def within(self, other: Limits) -> Limits:
        """Return what both allow."""
        return Limits(np.maximum(self.low, other.low), np.minimum(self.high, other.high))


def trim_limits(design_weight: Floats, trim: Trim) -> Limits:
    """Return a declared trim as limits of w/d.

    Calibrated weights add up to the population, so their mean is known beforehand, and a ratio to
    it is a ratio to the mean of the scaled design weights: w/w̄ = (w/d)·(d/d̄).
    """
    size = len(design_weight)
    if trim.ratio_to_design is not None:
        return Limits.same(size, *trim.ratio_to_design)
    assert trim.ratio_to_mean is not None
    low, high = trim.ratio_to_mean
    relative = design_weight / design_weight.mean()
    return Limits(low / relative, high / relative)


def at_limit(factor: Floats, limits: Limits) -> int:
    """Return how many factors stand at a limit."""
    low, high = limits.low * (1 + ROUNDING), limits.high * (1 - ROUNDING)
    return int(((factor <= low) | (factor >= high)).sum())
