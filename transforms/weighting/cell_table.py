"""The table that calibration works on: respondents who share everything are one row of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.arrays import Floats, Ints, sum_by
from transforms.errors import CalibrationError
from transforms.weighting.margins import MarginCells
from transforms.wording import number


@dataclass(frozen=True, slots=True)
class Weighted:
    """The calibrated weight of each respondent, and how it was reached."""

    weights: Floats
    iterations: int
    largest_relative_gap: float


@dataclass(frozen=True, slots=True)
class CellTable:
    """One row an occupied combination of margin categories.

    `row_of_respondent`: (respondents,). `columns`: (rows × margins) the indicators that are 1.
    `design_total`: (rows,) sum of design weights. `target`: (indicators,) control totals.
    """

    row_of_respondent: Ints
    columns: Ints
    design_total: Floats
    target: Floats

    def reached(self, totals: Floats) -> Floats:
        """Return the weighted total of each category, of the rows' weighted `totals`."""
        reached = np.zeros(len(self.target))
        for column in self.columns.T:
            reached += sum_by(column, totals, len(self.target))
        return reached

    def moments(self, totals: Floats) -> Floats:
        """Return (indicators × indicators) the rows' weighted `totals` in each pair of categories.

        Of weights d·exp(g'λ), it is the Hessian of their dual.
        """
        size = len(self.target)
        moments = np.zeros(size * size)
        for one in self.columns.T:
            for other in self.columns.T:
                moments += sum_by(one * size + other, totals, size * size)
        return moments.reshape(size, size)

    def relative_gaps(self, totals: Floats) -> Floats:
        """Return how far each category is from its control total, relative to it."""
        gaps: Floats = np.abs(self.reached(totals) - self.target) / self.target
        return gaps

    def largest_gap(self, totals: Floats) -> float:
        """Return the largest relative gap; infinite where a total is not a number."""
        gaps = self.relative_gaps(totals)
        return float(gaps.max()) if np.isfinite(gaps).all() else np.inf


def collapse(design_weight: Floats, cells: MarginCells) -> CellTable:
    """Return one row an occupied combination of margin categories."""
    columns, row = cells.combinations
    return CellTable(row, columns, sum_by(row, design_weight, len(columns)), cells.target)


def require_positive(design_weight: Floats) -> None:
    """Raise where a design weight is not a positive number."""
    bad = ~(np.isfinite(design_weight) & (design_weight > 0))
    if bad.any():
        raise CalibrationError(
            f"{number(bad.sum())} respondents have a design weight that is missing, zero, negative "
            "or infinite.",
            expected="a positive number for every respondent.",
            remedy="ask the supplier for the missing selection factors, or declare "
            "`invalid_weight: leave_out_row` in survey.yaml.",
        )
