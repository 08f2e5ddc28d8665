"""How far calibrated weights may be from the design weights, and how the distance is measured.

Each distance gives a factor w/d = F(u) of u = g'λ, with F(0) = 1 and F'(0) = 1: Deville and
Särndal (1992), cases 1 (linear), 2 (multiplicative, which is raking) and 6 (logit). Their case 7,
truncated linear, is the linear distance in a box.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import expit, logit

from transforms.arrays import Floats


class Distance(Protocol):
    """A distance by its factor F, F's slope, integral and inverse, element by element."""

    def factor(self, u: Floats) -> Floats:
        """Return F(u) = w/d."""
        ...

    def slope(self, u: Floats) -> Floats:
        """Return F'(u), positive."""
        ...

    def integral(self, u: Floats) -> Floats:
        """Return the integral of F from 0 to u."""
        ...

    def inverse(self, factor: Floats) -> Floats:
        """Return the u with F(u) = factor; infinite where F stays above or below it."""
        ...


@dataclass(frozen=True, slots=True)
class Linear:
    """F(u) = 1 + u: the generalised regression estimator. Weights can be negative."""

    def factor(self, u: Floats) -> Floats:
        """Return 1 + u."""
        return 1 + u

    def slope(self, u: Floats) -> Floats:
        """Return 1."""
        return np.ones_like(u)

    def integral(self, u: Floats) -> Floats:
        """Return u + u²/2."""
        return u + u**2 / 2

    def inverse(self, factor: Floats) -> Floats:
        """Return factor − 1."""
        return factor - 1


@dataclass(frozen=True, slots=True)
class Exponential:
    """F(u) = exp(u): raking. Weights are positive and have no upper limit."""

    def factor(self, u: Floats) -> Floats:
        """Return exp(u)."""
        return np.exp(u)

    def slope(self, u: Floats) -> Floats:
        """Return exp(u)."""
        return np.exp(u)

    def integral(self, u: Floats) -> Floats:
        """Return exp(u) − 1."""
        return np.expm1(u)

    def inverse(self, factor: Floats) -> Floats:
        """Return the logarithm; −∞ of 0 or less."""
        positive = factor > 0
        found: Floats = np.log(factor, out=np.full_like(factor, -np.inf), where=positive)
        return found


@dataclass(frozen=True, slots=True)
class Logit:
    """F between `low` and `high`, both left out: a logistic curve in Au, A = (U−L)/((1−L)(U−1))."""

    low: float
    high: float

    @property
    def _rate(self) -> float:
        return (self.high - self.low) / ((1 - self.low) * (self.high - 1))

    @property
    def _start(self) -> float:
        return float(np.log((1 - self.low) / (self.high - 1)))

    def factor(self, u: Floats) -> Floats:
        """Return (L(U−1) + U(1−L)exp(Au)) / (U−1 + (1−L)exp(Au)), written so as not to overflow."""
        curve: Floats = self.low + (self.high - self.low) * expit(self._rate * u + self._start)
        return curve

    def slope(self, u: Floats) -> Floats:
        """Return the slope of the curve."""
        share = expit(self._rate * u + self._start)
        slope: Floats = (self.high - self.low) * self._rate * share * (1 - share)
        return slope

    def integral(self, u: Floats) -> Floats:
        """Return L·u + (1−L)(U−1)·[ln(1 + exp(Au + a)) − ln(1 + exp(a))], a = ln((1−L)/(U−1))."""
        rise = np.logaddexp(0, self._rate * u + self._start) - np.logaddexp(0, self._start)
        integral: Floats = self.low * u + (1 - self.low) * (self.high - 1) * rise
        return integral

    def inverse(self, factor: Floats) -> Floats:
        """Return the u of a factor; infinite at the bounds and beyond."""
        share = np.clip((factor - self.low) / (self.high - self.low), 0, 1)
        inverse: Floats = (logit(share) - self._start) / self._rate
        return inverse
