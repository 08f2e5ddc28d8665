"""Replicates that lose a margin category: no PSU they hold has a respondent in it.

Such a replicate cannot meet its margins. `redraw` draws the whole replicate again. That conditions
on every category being there, as the wave itself is: one that lacks a category is refused. It is
kept to a few replicates. `half_step` keeps every respondent by going half way. Leaving the
replicate out would condition as well, with fewer replicates, and lose a jackknife's variance;
merging the category would give that replicate another estimator.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from transforms.arrays import Flags, Floats, Ints
from transforms.errors import CalibrationError
from transforms.estimation import SampleDesign
from transforms.replicates.draws import Draws, bootstrap, bootstrap_multipliers
from transforms.weighting import MarginCells
from transforms.wording import number

MOST_REDRAWN = 0.05
"""Of the replicates: beyond, drawing again would no longer leave the variance alone."""


def bootstrap_with_every_category(
    design: SampleDesign, cells: MarginCells, count: int, stream: np.random.Generator
) -> tuple[Draws, int]:
    """Return the draws, and how many were lost and drawn again; raise where that is too many."""
    draws = bootstrap(design, count, stream)
    multiplier = draws.multiplier
    losses = np.zeros(len(cells.target), dtype=np.int64)
    redrawn = 0
    lost = lost_categories(cells, design.psu, multiplier)
    while lost.any():
        again = np.flatnonzero(lost.any(axis=0))
        redrawn, losses = redrawn + len(again), losses + lost.sum(axis=1)
        if redrawn > MOST_REDRAWN * count:
            raise _too_often_lost(cells, design, losses, redrawn, count)
        multiplier[:, again] = bootstrap_multipliers(design, len(again), stream)
        lost[:, again] = lost_categories(cells, design.psu, multiplier[:, again])
    return replace(draws, multiplier=multiplier), redrawn


def require_every_category(cells: MarginCells, psu: Ints, multiplier: Floats, remedy: str) -> None:
    """Raise where a replicate has nobody in a margin category."""
    lost = lost_categories(cells, psu, multiplier)
    if not lost.any():
        return
    worst = int(lost.sum(axis=1).argmax())
    margin, category = cells.label(worst)
    raise CalibrationError(
        f"Margin {margin}: {number(int(lost[worst].sum()))} of {number(multiplier.shape[1])} "
        f"replicates have nobody in {category}, which {_sampling_points(cells, psu, worst)}.",
        expected="a respondent in every category, in every replicate.",
        remedy=remedy,
    )


def lost_categories(cells: MarginCells, psu: Ints, multiplier: Floats) -> Flags:
    """(categories × replicates) true where no respondent of the category has any weight."""
    held = _respondents_by_psu(cells, psu, len(multiplier)) @ (multiplier != 0).astype(np.float64)
    lost: Flags = held == 0
    return lost


def _respondents_by_psu(cells: MarginCells, psu: Ints, psus: int) -> csr_array:
    """(categories × PSUs) respondents, categories of all margins one after the other."""
    width = cells.columns.shape[1]
    place = (cells.columns.ravel(), np.repeat(psu, width))
    return csr_array((np.ones(psu.size * width), place), shape=(len(cells.target), psus))


def _sampling_points(cells: MarginCells, psu: Ints, column: int) -> str:
    within = (cells.columns == column).any(axis=1)
    points = len(np.unique(psu[within]))
    return f"rests on {number(points)} sampling point{'s' if points != 1 else ''}"


def _too_often_lost(
    cells: MarginCells, design: SampleDesign, losses: Ints, redrawn: int, count: int
) -> CalibrationError:
    worst = int(losses.argmax())
    margin, category = cells.label(worst)
    return CalibrationError(
        f"Margin {margin}: drawing {number(count)} replicates, {number(redrawn)} had lost a "
        f"category and were drawn again; most often {category}, which "
        f"{_sampling_points(cells, design.psu, worst)}.",
        expected=f"at most {MOST_REDRAWN:.0%} drawn again.",
        remedy="merge the category with a neighbour (`merge` under calibration in survey.yaml), "
        "or declare `lost_category: half_step` under replicates.",
    )
