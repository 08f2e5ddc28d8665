"""All replicates calibrated at once: Newton's method on every replicate's dual, side by side.

Rows are respondents who share margin categories and limits. A replicate has its own design weights
in each row, and its own λ: w = d·F(g'λ), as in `transforms.weighting`. All start from the full
sample's λ, and raking goes on from there by some sweeps of proportional fitting, each a third of a
Newton step's work; then a few steps are enough. Who has not settled is left to the caller.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.linalg import qr
from scipy.sparse import csr_array

from transforms.arrays import Flags, Floats, Ints
from transforms.weighting import Distance, Exponential, Limits

STEPS = 20
"""Four or five are usual; a replicate that needs more is calibrated by itself."""
SWEEPS = 4
"""Of proportional fitting before them: two steps fewer, and one sweep more saves nothing."""
LONGEST_STEP = 2.0
"""Of g'λ in one step."""
SETTLED = 1e-6
"""Largest last step of g'λ: what is left is of the order of its square."""
RIDGE = 1e-12
"""Relative: keeps a replicate in which categories coincide from stopping the others."""
SMALLEST_SLOPE, LARGEST_PART = 1e-9, 0.1
DEPENDENT = 1e-9
BLOCK_VALUES = 2**17
"""Numbers in a (rows × replicates) block: what fits into a processor's cache."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Respondents who share categories and limits, and what they are calibrated to.

    `columns`: (rows × margins) indicators that are 1. `target`: (indicators,). `limits`: of w/d.
    """

    columns: Ints
    target: Floats
    limits: Limits
    distance: Distance


@dataclass(frozen=True, slots=True)
class Solved:
    """λ, (indicators × replicates), and of each replicate its largest gap, and whether it settled.

    `factor`: (rows × replicates) w/d, the design weights scaled to the population.
    """

    multipliers: Floats
    factor: Floats
    gap: Floats
    settled: Flags
    steps: int


@dataclass(frozen=True, slots=True)
class _Problem:
    """What all replicates share; sparse matrices of ones.

    `reach`: (indicators × rows). `basis`: indicators that determine the others. `spread`: (rows ×
    basis). `pairs`: (pairs × rows) which pairs of the basis a row has; `place`: (basis²,) the pair
    that stands in each place of a Hessian.
    """

    rows: Rows
    reach: csr_array
    basis: Ints
    spread: csr_array
    pairs: csr_array
    place: Ints

    @property
    def is_raking(self) -> bool:
        """True where w/d is a product of one factor a margin."""
        return self.rows.limits.absent and isinstance(self.rows.distance, Exponential)

    def factor(self, u: Floats) -> Floats:
        """Return F(u) within the limits."""
        limits, distance = self.rows.limits, self.rows.distance
        if limits.absent:
            return distance.factor(u)
        return np.clip(distance.factor(self._inside(u)), limits.low[:, None], limits.high[:, None])

    def slope(self, u: Floats, gap: Floats) -> Floats:
        """Return F'(u); at a limit a part of it, smaller the smaller the gap (see newton.py)."""
        distance = self.rows.distance
        if self.rows.limits.absent:
            return distance.slope(u)
        inside = self._inside(u)
        slope = distance.slope(inside)
        part = np.clip(gap, SMALLEST_SLOPE, LARGEST_PART)
        return np.maximum(np.where(inside == u, slope, part * slope), SMALLEST_SLOPE)

    def _inside(self, u: Floats) -> Floats:
        limits, distance = self.rows.limits, self.rows.distance
        low, high = distance.inverse(limits.low), distance.inverse(limits.high)
        return np.clip(u, low[:, None], high[:, None])


def calibrate_in_batch(rows: Rows, full: Floats, by_replicate: Floats, tolerance: float) -> Solved:
    """Return λ and w/d of every replicate.

    `full`: (rows,) and `by_replicate`: (rows × replicates), sums of design weights, scaled to the
    population.
    """
    problem = _problem(rows)
    start = np.zeros((len(rows.target), 1))
    found = _newton(problem, full[:, None], start, tolerance)
    if found.settled.all():
        start = found.multipliers
    solved = [
        _newton(problem, block, _near(problem, block, start), tolerance)
        for block in _blocks(by_replicate)
    ]
    return Solved(
        np.hstack([one.multipliers for one in solved]),
        np.hstack([one.factor for one in solved]),
        np.concatenate([one.gap for one in solved]),
        np.concatenate([one.settled for one in solved]),
        max(one.steps for one in solved),
    )


def _blocks(by_replicate: Floats) -> Iterator[Floats]:
    rows, replicates = by_replicate.shape
    size = max(1, BLOCK_VALUES // rows)
    for first in range(0, replicates, size):
        yield np.ascontiguousarray(by_replicate[:, first : first + size])


def _problem(rows: Rows) -> _Problem:
    count, width = rows.columns.shape
    ones = np.ones(count * width)
    row = np.repeat(np.arange(count), width)
    reach = csr_array((ones, (rows.columns.ravel(), row)), shape=(len(rows.target), count))
    basis = _independent((reach @ reach.T).toarray())
    spread = reach.T.tocsr()[:, basis]
    return _Problem(rows, reach, basis, spread, *_pairs(spread.toarray()))


def _independent(gram: Floats) -> Ints:
    """Return columns that span all: margins share totals, so some follow from the others."""
    triangle, order = qr(gram, mode="r", pivoting=True)
    diagonal = np.abs(np.diag(triangle))
    rank = int((diagonal > DEPENDENT * diagonal[0]).sum())
    return np.sort(order[:rank]).astype(np.int64)


def _pairs(spread: Floats) -> tuple[csr_array, Ints]:
    """Return which pairs of indicators each row has, and the pair in each place of a Hessian.

    Pairs no row has, and one of each two mirrored places, are left out; the last is of no row.
    """
    rows, width = spread.shape
    row, column = np.nonzero(spread)
    held = np.bincount(row, minlength=rows)
    first = np.cumsum(held) - held
    # Each entry of a row meets each entry of that row.
    one = np.repeat(np.arange(len(row)), held[row])
    nth = np.arange(len(one)) - np.repeat(np.cumsum(held[row]) - held[row], held[row])
    other = first[row[one]] + nth
    upper = column[one] <= column[other]
    one, other = one[upper], other[upper]
    keys, pair = np.unique(column[one] * width + column[other], return_inverse=True)
    place = np.full((width, width), len(keys))
    place[keys // width, keys % width] = np.arange(len(keys))
    place = np.minimum(place, place.T).ravel().astype(np.int64)
    shape = (len(keys) + 1, rows)
    return csr_array((np.ones(len(pair)), (pair.reshape(-1), row[one])), shape=shape), place


def _near(problem: _Problem, base: Floats, start: Floats) -> Floats:
    """(indicators × replicates) λ to begin Newton's steps with: `start`, fitted where raking."""
    multipliers = np.repeat(start, base.shape[1], axis=1)
    if not problem.is_raking:
        return multipliers
    totals = base * problem.factor(problem.reach.T @ start)
    margins = [(column, *_of_margin(problem, column)) for column in problem.rows.columns.T]
    with np.errstate(all="ignore"):
        for column, indicators, reach in margins * SWEEPS:
            ratio = problem.rows.target[indicators, None] / (reach @ totals)
            totals *= ratio[column - indicators.start]
            multipliers[indicators] += np.log(ratio)
    return multipliers


def _of_margin(problem: _Problem, column: Ints) -> tuple[slice, csr_array]:
    """Return a margin's indicators, and the rows that each of them has."""
    indicators = slice(int(column.min()), int(column.max()) + 1)
    return indicators, problem.reach[indicators]


def _newton(problem: _Problem, base: Floats, start: Floats, tolerance: float) -> Solved:
    """`base`: (rows × replicates) design weights. `start`: (indicators × replicates) λ."""
    multipliers = start.copy()
    u = problem.reach.T @ multipliers
    moved = np.full(base.shape[1], np.inf)
    target = problem.rows.target[:, None]
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for step in range(STEPS + 1):
            factor = problem.factor(u)
            totals = base * factor
            shortfall = target - problem.reach @ totals
            gap = np.abs(shortfall / target).max(axis=0)
            settled = (gap <= tolerance) & (moved <= SETTLED)
            if settled.all() or step == STEPS:
                break
            slopes = totals if problem.is_raking else base * problem.slope(u, gap)
            direction = _direction(problem, slopes, shortfall[problem.basis])
            change = problem.spread @ direction
            moved = np.maximum(change.max(axis=0), -change.min(axis=0))
            size = LONGEST_STEP / np.maximum(moved, LONGEST_STEP)
            change *= size
            u += change
            multipliers[problem.basis] += direction * size
    return Solved(multipliers, factor, gap, settled, step)


def _direction(problem: _Problem, slopes: Floats, shortfall: Floats) -> Floats:
    """(basis × replicates) Newton's direction of each replicate."""
    width, replicates = shortfall.shape
    sums = np.ascontiguousarray((problem.pairs @ slopes).T)
    hessian = sums[:, problem.place].reshape(replicates, width, width)
    place = np.arange(width)
    diagonal = hessian[:, place, place]
    # Where a replicate has nobody in a category it cannot settle, nor may it stop the others.
    hessian[:, place, place] = np.where(diagonal > 0, diagonal * (1 + RIDGE), 1.0)
    solved: Floats = np.linalg.solve(hessian, shortfall.T[..., None])[..., 0].T
    return solved
