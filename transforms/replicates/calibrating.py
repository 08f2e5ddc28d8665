"""Replicates calibrated to the wave's margins, as factors on their design weights."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from transforms.arrays import Flags, Floats, Ints, sum_by
from transforms.catalogue import Calibration
from transforms.errors import CalibrationError
from transforms.replicates.batch import Rows, calibrate_in_batch
from transforms.replicates.draws import Draws
from transforms.weighting import (
    Exponential,
    Limits,
    MarginCells,
    distance_of,
    limits_of,
    rows_within_limits,
    weights_within,
)
from transforms.wording import number

ALL_MARGINS = "all margins"
"""The one "margin" of factors that are not a product over margins; its categories are numbers."""


@dataclass(frozen=True, slots=True)
class Factors:
    """What calibration multiplies a replicate's design weights by: the product over `column`.

    `column`: (respondents × margins) rows of `value`, (categories of all margins × replicates).
    `labels`: the margin and category of each row of `value`.
    """

    labels: tuple[tuple[str, str], ...]
    column: Ints
    value: Floats


@dataclass(frozen=True, slots=True)
class CalibratedDraws:
    """The factors of all replicates, and how they were reached.

    `one_by_one`: replicates that had not settled in the batch and were calibrated by themselves.
    """

    factors: Factors
    one_by_one: int
    iterations: int
    largest_relative_gap: float


@dataclass(frozen=True, slots=True)
class _Task:
    """Who is calibrated to what.

    `multiplier`: (PSUs × replicates). `row`: (respondents,) of `rows`. `scale`: (replicates,) what
    scales a replicate's design weights to the population.
    """

    design_weight: Floats
    psu: Ints
    multiplier: Floats
    cells: MarginCells
    rule: Calibration
    limits: Limits
    row: Ints
    rows: Rows
    scale: Floats


def calibrated_draws(
    draws: Draws, psu: Ints, design_weight: Floats, cells: MarginCells, rule: Calibration
) -> CalibratedDraws:
    """Return every replicate calibrated to `cells` by the wave's rule, or raise.

    Limits of w/d are those of the full sample: a respondent drawn twice may weigh twice as much.
    """
    limits = limits_of(design_weight, rule)
    row, columns, of_rows = rows_within_limits(cells, limits)
    rows = Rows(columns, cells.target, of_rows, distance_of(rule))
    by_psu = csr_array((design_weight, (row, psu)), shape=(len(columns), len(draws.multiplier)))
    by_replicate: Floats = np.asarray(by_psu @ draws.multiplier, dtype=np.float64)
    full = sum_by(row, design_weight, len(columns))
    population = cells.targets[0].sum()
    scale: Floats = population / by_replicate.sum(axis=0)
    full_scale = population / full.sum()
    solved = calibrate_in_batch(rows, full * full_scale, by_replicate * scale, rule.tolerance)
    task = _Task(design_weight, psu, draws.multiplier, cells, rule, limits, row, rows, scale)
    multipliers, factor, gap = solved.multipliers, solved.factor, solved.gap
    held, alone = by_replicate > 0, np.flatnonzero(~solved.settled)
    for replicate in alone:
        factor[:, replicate], gap[replicate] = _by_itself(task, int(replicate))
        multipliers[:, replicate] = _multipliers(task, factor[:, replicate], held[:, replicate])
    return CalibratedDraws(
        _factors(task, multipliers, factor, held),
        len(alone),
        solved.steps,
        float(gap.max()),
    )


def _by_itself(task: _Task, replicate: int) -> tuple[Floats, float]:
    """Return w/d in each row (1 in rows that the replicate lacks), and the largest gap."""
    multiplier = task.multiplier[task.psu, replicate]
    held = multiplier > 0
    weight = (task.design_weight * multiplier)[held]
    cells = replace(task.cells, category=task.cells.category[held])
    limits = Limits(task.limits.low[held], task.limits.high[held])
    try:
        found = weights_within(weight, cells, task.rule, limits)
    except CalibrationError as error:
        refused = _refused(error, replicate, task.multiplier.shape[1])
    else:
        factor = np.ones(len(task.rows.columns))
        factor[task.row[held]] = found.weights / (weight * task.scale[replicate])
        return factor, found.largest_relative_gap
    raise refused


def _refused(error: CalibrationError, replicate: int, count: int) -> CalibrationError:
    return CalibrationError(
        f"Replicate {number(replicate + 1)} of {number(count)}: {error.what}",
        expected=error.expected,
        remedy=f"{error.remedy.rstrip('.')}; or declare `lost_category: half_step` under "
        "replicates, which keeps every respondent in every replicate.",
    )


def _multipliers(task: _Task, factor: Floats, held: Flags) -> Floats:
    """Return λ, (indicators,), of the w/d in the rows held; zeros where F is not exp."""
    if not _by_margin(task):
        return np.zeros(len(task.rows.target))
    indicators = np.zeros((len(factor), len(task.rows.target)))
    np.put_along_axis(indicators, task.rows.columns, 1.0, axis=1)
    solved = np.linalg.lstsq(indicators[held], np.log(factor[held]), rcond=None)[0]
    return solved.astype(np.float64)


def _by_margin(task: _Task) -> bool:
    """True where w/d is a product of one factor a margin: raking without limits."""
    return isinstance(task.rows.distance, Exponential) and task.rows.limits.absent


def _factors(task: _Task, multipliers: Floats, factor: Floats, held: Flags) -> Factors:
    if _by_margin(task):
        value = np.exp(multipliers)
        value[: len(task.cells.targets[0])] *= task.scale
        labels = tuple(task.cells.label(column) for column in range(len(value)))
        return Factors(labels, task.cells.columns, value)
    labels = tuple((ALL_MARGINS, str(number + 1)) for number in range(len(factor)))
    return Factors(labels, task.row[:, None], np.where(held, factor, 1.0) * task.scale)
