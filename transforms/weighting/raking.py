"""Raking: the smallest change of the design weights that meets every margin.

Iterative proportional fitting (Deming and Stephan, 1940) is the exponential case of calibration
(Deville, Särndal and Sautory, 1993): w = d·exp(g'λ). It is run on the occupied cells of the
margins, not on respondents, and finished by Newton steps on λ, because with nearly aliased margins
it can meet the margins while the weights are still on their way.
"""

from __future__ import annotations

import numpy as np

from transforms.arrays import Floats, sum_by
from transforms.weighting.cell_table import CellTable, Weighted, collapse, require_positive
from transforms.weighting.margins import MarginCells
from transforms.weighting.unmet import not_converged

NEWTON_STEPS = 50
SETTLED = 1e-11
"""Largest relative change of a cell's weight in the last Newton step."""


def rake(
    design_weight: Floats,
    cells: MarginCells,
    tolerance: float = 1e-10,
    max_iterations: int = 1000,
) -> Weighted:
    """Return weights that meet every control total to `tolerance` (relative), or raise.

    `design_weight`: (respondents,) positive and finite.
    """
    require_positive(design_weight)
    table = collapse(design_weight, cells)
    fitted, sweeps = _fit_proportionally(table, tolerance, max_iterations)
    finished, steps = _finish_by_newton(table, fitted)
    totals = (
        finished
        if table.largest_gap(finished) <= max(tolerance, table.largest_gap(fitted))
        else fitted
    )
    gap = table.largest_gap(totals)
    if gap > tolerance:
        raise not_converged("Raking", cells, table, totals, sweeps, tolerance)
    factor = totals / table.design_total
    return Weighted(design_weight * factor[table.row_of_respondent], sweeps + steps, gap)


def _fit_proportionally(
    table: CellTable, tolerance: float, max_iterations: int
) -> tuple[Floats, int]:
    totals = table.design_total.copy()
    for sweep in range(1, max_iterations + 1):
        for column in table.columns.T:
            reached = sum_by(column, totals, len(table.target))
            totals = totals * (table.target[column] / reached[column])
        if table.largest_gap(totals) <= tolerance:
            return totals, sweep
    return totals, max_iterations


def _finish_by_newton(table: CellTable, fitted: Floats) -> tuple[Floats, int]:
    """Solve Σ w·g = t for λ from the fitted weights; stop when no weight moves any more."""
    totals = fitted
    for step in range(1, NEWTON_STEPS + 1):
        shortfall = table.target - table.reached(totals)
        direction = np.linalg.lstsq(table.moments(totals), shortfall, rcond=1e-13)[0]
        change = direction[table.columns].sum(axis=1)
        # Shortened as a whole: cut cell by cell, weights would no longer be d·exp(g'λ).
        change = change / max(1.0, float(np.abs(change).max()))
        totals = totals * np.exp(change)
        if np.abs(change).max() < SETTLED:
            return totals, step
    return totals, NEWTON_STEPS
