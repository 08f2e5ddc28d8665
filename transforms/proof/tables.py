"""Tables and targets of the study's report: labels and figures, no layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from transforms.arrays import Flags, Floats
from transforms.proof.figures import Rate

ALLOWED_ERRORS: Final = 2.0
"""A target is met within this many Monte Carlo standard errors."""

ENOUGH: Final = 10
"""Expected with the outcome and without it: from here on targets have two ends."""


@dataclass(frozen=True, slots=True)
class Band:
    """A range of numbers, its lower end included."""

    label: str
    low: float
    high: float

    def holds(self, values: Floats) -> Flags:
        """Return which values are in the range."""
        within: Flags = (values >= self.low) & (values < self.high)
        return within


def bands(edges: Sequence[float], unit: str = "") -> tuple[Band, ...]:
    """Return the ranges between edges: under the first, between, from the last on."""
    inner = [Band(f"{low:g} to under {high:g}{unit}", low, high) for low, high in pairwise(edges)]
    first = Band(f"under {edges[0]:g}{unit}", -np.inf, edges[0])
    last = Band(f"{edges[-1]:g}{unit} or more", edges[-1], np.inf)
    return (first, *inner, last)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, its label columns, its figure columns, and the rows."""

    name: str
    title: str
    note: str
    labels: tuple[str, ...]
    figures: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], tuple[Rate | float, ...]], ...]

    def entries(self) -> Iterator[tuple[str, str, str, float, float, int]]:
        """Yield table, row, column, value, Monte Carlo error and count of every figure."""
        for labels, figures in self.rows:
            for column, figure in zip(self.figures, figures, strict=True):
                one = figure if isinstance(figure, Rate) else Rate(figure, np.nan, 0)
                yield self.name, ", ".join(labels), column, one.value, one.error, one.count


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should be: between `low` and `high`, Monte Carlo error allowed for."""

    what: str
    where: str
    figure: Rate
    low: float
    high: float

    @property
    def met(self) -> bool:
        """True where the figure is in its range, or within the allowed errors of it."""
        return meets(self.figure.value, self.figure.error, self.low, self.high)


def meets(value: float, error: float, low: float, high: float) -> bool:
    """Return whether low ≤ value ≤ high, within two Monte Carlo standard errors."""
    allowed = ALLOWED_ERRORS * error
    return value + allowed >= low and value - allowed <= high
