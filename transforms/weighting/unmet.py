"""Why weights do not meet their margins: which category, by how much, and what would help."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, identity

from transforms.arrays import Flags, Floats
from transforms.errors import CalibrationError
from transforms.weighting.cell_table import CellTable
from transforms.weighting.limits import Limits
from transforms.weighting.margins import MarginCells
from transforms.wording import number


def margins_unmet(
    cells: MarginCells,
    table: CellTable,
    limits: Limits,
    totals: Floats,
    steps: int,
    tolerance: float,
) -> CalibrationError:
    """Return the error for weighted `totals` of the rows that miss a control total.

    Where no weights within the limits meet the margins, the error says how near they can get.
    """
    nearest = None if limits.absent else _nearest_totals(table, limits)
    if nearest is not None and table.largest_gap(nearest) > tolerance:
        return _limits_too_narrow(cells, table, nearest)
    return not_converged("Calibration", cells, table, totals, steps, tolerance)


def not_converged(
    method: str,
    cells: MarginCells,
    table: CellTable,
    totals: Floats,
    steps: int,
    tolerance: float,
) -> CalibrationError:
    """Return the error for margins not met in the iterations allowed: it names the worst."""
    gaps = table.relative_gaps(totals)
    margin, category = cells.label(int(np.nanargmax(gaps)))
    return CalibrationError(
        f"{method} did not meet its margins in {number(steps)} iterations: {margin}, category "
        f"{category}, is still {_in_words(float(np.nanmax(gaps)))} away.",
        expected=f"every control total met to {tolerance:g}.",
        remedy=f"look whether {margin} contradicts another margin (the same categories must have "
        "the same totals), merge the category with a neighbour, or allow more `max_iterations`.",
    )


def _in_words(gap: float, sign: str = "") -> str:
    """Return a relative gap as a percentage that is not 0 where the gap is not: "4e-05%"."""
    return f"{gap:{sign}.2%}" if abs(gap) >= 1e-4 else f"{100 * gap:{sign}.0e}%"


def next_to_nothing(cells: MarginCells, respondents: Flags) -> CalibrationError:
    """Return the error for margins that are met by as good as leaving `respondents` out.

    It names the category of which they are the largest part.
    """
    size = len(cells.target)
    of_them = np.bincount(cells.columns[respondents].ravel(), minlength=size)
    everybody = np.bincount(cells.columns.ravel(), minlength=size)
    column = int(np.argmax(of_them / everybody))
    margin, category = cells.label(column)
    return CalibrationError(
        f"The margins can only be met by giving {number(respondents.sum())} of "
        f"{number(len(respondents))} respondents a weight next to nothing: of {margin}, "
        f"{category}, {number(of_them[column])} of {number(everybody[column])}.",
        expected="control totals that leave every respondent something to stand for.",
        remedy=f"look whether {margin} contradicts another margin, or merge {category} with a "
        "neighbour (`merge` under calibration in survey.yaml).",
    )


def _limits_too_narrow(cells: MarginCells, table: CellTable, nearest: Floats) -> CalibrationError:
    worst = int(np.argmax(table.relative_gaps(nearest)))
    margin, category = cells.label(worst)
    gap = table.reached(nearest)[worst] / table.target[worst] - 1
    return CalibrationError(
        f"No weights within the declared limits meet the margins: at best {margin}, category "
        f"{category}, stays {_in_words(gap, '+')} from its control total.",
        expected="bounds and trim in survey.yaml that leave room for every control total.",
        remedy=f"widen `bounds` or `trim` under calibration, merge {category} with a neighbour, "
        f"or look whether {margin} contradicts another margin.",
    )


def _nearest_totals(table: CellTable, limits: Limits) -> Floats | None:
    """Return the rows' totals within the limits with the smallest sum of relative gaps.

    A linear programme: shares of the population p, and the parts o and s by which categories are
    over and short, with Σ p·g·(N/t) − o + s = 1. None where the solver finds nothing.
    """
    rows, size = table.columns.shape[0], len(table.target)
    population = table.design_total.sum()
    share = (population / table.target[table.columns]).ravel()
    design_share = table.design_total / population
    lowest, highest = limits.low * design_share, limits.high * design_share
    place = (table.columns.ravel(), np.repeat(np.arange(rows), table.columns.shape[1]))
    reached = csr_array((share, place), shape=(size, rows))
    unit = identity(size, format="csr")
    found = linprog(
        np.concatenate([np.zeros(rows), np.ones(2 * size)]),
        A_eq=hstack([reached, -unit, unit], format="csr"),
        b_eq=np.ones(size),
        bounds=[*zip(lowest, highest, strict=True), *[(0, None)] * (2 * size)],
        method="highs",
    )
    return None if found.x is None else population * found.x[:rows]
