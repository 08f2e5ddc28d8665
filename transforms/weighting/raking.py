"""Raking: the smallest change of the design weights that meets every margin.

Iterative proportional fitting (Deming and Stephan, 1940) is the exponential case of calibration
(Deville, Särndal and Sautory, 1993): w = d·exp(g'λ). It is run on the occupied cells of the
margins, not on respondents, and finished by Newton steps on λ, because with nearly aliased margins
it can meet the margins while the weights are still on their way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.arrays import Floats, Ints, sum_by
from transforms.errors import CalibrationError
from transforms.weighting.margins import MarginCells

NEWTON_STEPS = 50
SETTLED = 1e-11
"""Largest relative change of a cell's weight in the last Newton step."""


@dataclass(frozen=True, slots=True)
class Raked:
    """The calibrated weight of each respondent, and how it was reached."""

    weights: Floats
    iterations: int
    largest_relative_gap: float


@dataclass(frozen=True, slots=True)
class _CellTable:
    """One row an occupied combination of margin categories."""

    cell_of_respondent: Ints
    columns: Ints
    design_total: Floats
    target: Floats


def rake(
    design_weight: Floats,
    cells: MarginCells,
    tolerance: float = 1e-10,
    max_iterations: int = 1000,
) -> Raked:
    """Return weights that meet every control total to `tolerance` (relative), or raise.

    `design_weight`: (respondents,) positive and finite.
    """
    _require_positive(design_weight)
    table = _collapse(design_weight, cells)
    fitted, sweeps = _fit_proportionally(table, tolerance, max_iterations)
    finished, steps = _finish_by_newton(table, fitted)
    totals = finished if _gap(table, finished) <= max(tolerance, _gap(table, fitted)) else fitted
    gap = _gap(table, totals)
    if gap > tolerance:
        raise _no_convergence(cells, table, totals, sweeps, tolerance)
    factor = totals / table.design_total
    return Raked(design_weight * factor[table.cell_of_respondent], sweeps + steps, gap)


def _require_positive(design_weight: Floats) -> None:
    bad = ~(np.isfinite(design_weight) & (design_weight > 0))
    if bad.any():
        raise CalibrationError(
            f"{bad.sum():,} respondents have a design weight that is missing, zero, negative "
            "or infinite.",
            expected="a positive number for every respondent.",
            remedy="ask the supplier for the missing selection factors, or declare "
            "`invalid_weight: leave_out_row` in survey.yaml.",
        )


def _collapse(design_weight: Floats, cells: MarginCells) -> _CellTable:
    columns, cell = np.unique(cells.columns, axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    return _CellTable(cell, columns, sum_by(cell, design_weight, len(columns)), cells.target)


def _fit_proportionally(
    table: _CellTable, tolerance: float, max_iterations: int
) -> tuple[Floats, int]:
    totals = table.design_total.copy()
    for sweep in range(1, max_iterations + 1):
        for column in table.columns.T:
            reached = sum_by(column, totals, len(table.target))
            totals = totals * (table.target[column] / reached[column])
        if _gap(table, totals) <= tolerance:
            return totals, sweep
    return totals, max_iterations


def _finish_by_newton(table: _CellTable, fitted: Floats) -> tuple[Floats, int]:
    """Solve Σ w·g = t for λ from the fitted weights; stop when no weight moves any more."""
    indicators = _indicator_matrix(table)
    totals = fitted
    for step in range(1, NEWTON_STEPS + 1):
        shortfall = table.target - indicators.T @ totals
        hessian = indicators.T @ (indicators * totals[:, None])
        direction = np.linalg.lstsq(hessian, shortfall, rcond=1e-13)[0]
        change = np.clip(indicators @ direction, -1, 1)
        totals = totals * np.exp(change)
        if np.abs(change).max() < SETTLED:
            return totals, step
    return totals, NEWTON_STEPS


def _indicator_matrix(table: _CellTable) -> Floats:
    indicators = np.zeros((len(table.columns), len(table.target)))
    rows = np.arange(len(table.columns))
    for column in table.columns.T:
        indicators[rows, column] = 1.0
    return indicators


def _relative_gaps(table: _CellTable, totals: Floats) -> Floats:
    reached = np.zeros(len(table.target))
    for column in table.columns.T:
        reached += sum_by(column, totals, len(table.target))
    gaps: Floats = np.abs(reached - table.target) / table.target
    return gaps


def _gap(table: _CellTable, totals: Floats) -> float:
    gaps = _relative_gaps(table, totals)
    return float(gaps.max()) if np.isfinite(gaps).all() else np.inf


def _no_convergence(
    cells: MarginCells, table: _CellTable, totals: Floats, sweeps: int, tolerance: float
) -> CalibrationError:
    gaps = _relative_gaps(table, totals)
    margin, category = cells.label(int(np.nanargmax(gaps)))
    return CalibrationError(
        f"Raking did not meet its margins in {sweeps:,} iterations: {margin}, category "
        f"{category}, is still {np.nanmax(gaps):.2%} away.",
        expected=f"every control total met to {tolerance:g}.",
        remedy=f"look whether {margin} contradicts another margin (the same categories must have "
        "the same totals), or merge the category with a neighbour.",
    )
