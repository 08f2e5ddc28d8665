"""Calibration with any distance, and with limits on the weights, by Newton's method on the dual.

The weights closest to the design weights that meet Σ w·g = t are w = d·F(g'λ), where λ maximises
the concave D(λ) = t'λ − Σ d·∫F (Deville and Särndal, 1992). A limited weight stays at its limit
while the others are calibrated: F is cut at the limits, which gives the closest weights that meet
both. Newton steps are halved until D rises, so they cannot run away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.arrays import Floats, Ints, distinct_rows, sum_by
from transforms.weighting.cell_table import CellTable, Weighted, require_positive
from transforms.weighting.distances import Distance
from transforms.weighting.limits import Limits
from transforms.weighting.margins import MarginCells
from transforms.weighting.unmet import margins_unmet

SETTLED = 1e-11
"""Largest change of a factor w/d in the last Newton step."""
LONGEST_STEP = 10.0
"""Of g'λ in one step: exp(10) is far beyond any sensible change of a weight."""
SMALLEST_SLOPE = 1e-9
LARGEST_PART = 1e-3
"""Of a slope at a limit. Ten times more, and steps are short where most weights end at a limit."""
HALVINGS = 50
NEAR = 1e-3
"""A gap below which rounding may hide that D(λ) rises, and a smaller gap is as good."""
NEWTON_STEPS = 100
"""Ten are usual; 61 the most seen, of margins met to within 1e-5 of what the limits allow."""
SINGULAR = 1e-13


@dataclass(frozen=True, slots=True)
class _Dual:
    """The problem: rows, distance and limits of the factor in each row, with their u."""

    table: CellTable
    distance: Distance
    limits: Limits
    lowest: Floats
    highest: Floats

    def inside(self, u: Floats) -> Floats:
        """Return u, cut at the limits."""
        return np.clip(u, self.lowest, self.highest)

    def totals(self, u: Floats) -> Floats:
        """Return each row's weighted total."""
        factor = self.distance.factor(self.inside(u))
        return self.table.design_total * np.clip(factor, self.limits.low, self.limits.high)

    def slopes(self, u: Floats, gap: float) -> Floats:
        """Return the slope of each row's total, for the Hessian.

        At a limit it is 0, which would leave a category whose rows all are there without a
        direction, and let flat directions drown the others. It counts as a part of the slope just
        inside, smaller the smaller the gap, so that the last steps are Newton's.
        """
        free = (u > self.lowest) & (u < self.highest)
        inside = self.distance.slope(self.inside(u))
        part = min(max(gap, SMALLEST_SLOPE), LARGEST_PART)
        slope = np.where(free, inside, part * inside)
        return self.table.design_total * np.maximum(slope, SMALLEST_SLOPE)

    def height(self, multipliers: Floats, u: Floats) -> float:
        """Return D(λ)."""
        inside = self.inside(u)
        integral = self.distance.integral(inside) + self.distance.factor(inside) * (u - inside)
        return float(self.table.target @ multipliers - self.table.design_total @ integral)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the search stands."""

    multipliers: Floats
    u: Floats
    totals: Floats
    height: float
    gap: float


def calibrate_by_newton(
    design_weight: Floats,
    cells: MarginCells,
    distance: Distance,
    limits: Limits | None = None,
    tolerance: float = 1e-10,
    max_iterations: int = 1000,
) -> Weighted:
    """Return weights that meet every control total to `tolerance` (relative), or raise.

    `design_weight`: (respondents,) positive; scaled to the population first, so that factors and
    limits say how a weight changes relative to the others. `limits`: of w/d, for each respondent.
    """
    require_positive(design_weight)
    scaled = design_weight * (cells.targets[0].sum() / design_weight.sum())
    limits = limits or Limits.none(len(scaled))
    dual = _dual(scaled, cells, distance, limits)
    found, steps = _climb(dual, tolerance, min(max_iterations, NEWTON_STEPS))
    if not found.gap <= tolerance:
        raise margins_unmet(cells, dual.table, dual.limits, found.totals, steps, tolerance)
    factor = (found.totals / dual.table.design_total)[dual.table.row_of_respondent]
    return Weighted(scaled * np.clip(factor, limits.low, limits.high), steps, found.gap)


def rows_within_limits(cells: MarginCells, limits: Limits) -> tuple[Ints, Ints, Limits]:
    """Return each respondent's row, each row's columns (rows × margins), and its limits."""
    columns, combination = cells.combinations
    lows, low = np.unique(limits.low, return_inverse=True)
    highs, high = np.unique(limits.high, return_inverse=True)
    codes = np.array([combination, low, high]).T
    held, row = distinct_rows(codes, [len(columns), len(lows), len(highs)])
    return row, columns[held[:, 0]], Limits(lows[held[:, 1]], highs[held[:, 2]])


def _dual(scaled: Floats, cells: MarginCells, distance: Distance, limits: Limits) -> _Dual:
    """Collapse respondents with the same categories and the same limits into one row."""
    row, columns, of_rows = rows_within_limits(cells, limits)
    table = CellTable(row, columns, sum_by(row, scaled, len(columns)), cells.target)
    lowest, highest = distance.inverse(of_rows.low), distance.inverse(of_rows.high)
    return _Dual(table, distance, of_rows, lowest, highest)


def _climb(dual: _Dual, tolerance: float, max_iterations: int) -> tuple[_Place, int]:
    """Return the highest place found, and the steps it took.

    A step that moves no weight is the last where margins are met; elsewhere λ is on its way to a
    limit, behind which weights do not move.
    """
    here = _place(dual, np.zeros(len(dual.table.target)))
    for step in range(1, max_iterations + 1):
        following = _one_step(dual, here)
        if following is None:
            return here, step
        change = np.abs(following.totals - here.totals) / dual.table.design_total
        here = following
        if change.max() < SETTLED and here.gap <= tolerance:
            return here, step
    return here, max_iterations


def _place(dual: _Dual, multipliers: Floats) -> _Place:
    u: Floats = multipliers[dual.table.columns].sum(axis=1)
    with np.errstate(over="ignore", invalid="ignore"):  # a step too far is infinite, and refused
        totals = dual.totals(u)
        height = dual.height(multipliers, u)
    return _Place(multipliers, u, totals, height, dual.table.largest_gap(totals))


def _one_step(dual: _Dual, here: _Place) -> _Place | None:
    """Return a better place in Newton's direction; None where rounding leaves none."""
    shortfall = dual.table.target - dual.table.reached(here.totals)
    hessian = dual.table.moments(dual.slopes(here.u, here.gap))
    direction = np.linalg.lstsq(hessian, shortfall, rcond=SINGULAR)[0]
    longest = float(np.abs(direction[dual.table.columns].sum(axis=1)).max())
    size = min(1.0, LONGEST_STEP / longest) if longest > 0 else 1.0
    for _ in range(HALVINGS):
        there = _place(dual, here.multipliers + size * direction)
        climbed = there.height > here.height + 1e-4 * size * float(shortfall @ direction)
        nearer = here.gap < NEAR and there.gap < here.gap * (1 - 1e-4 * size)
        if climbed or nearer:
            return there
        size /= 2
    return None
