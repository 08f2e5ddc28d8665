"""Whether each margin category rests on enough respondents for its variance to be seen.

A respondent who alone carries a category is explained by it wholly: leverage 1, residual 0. The
variance then leaves that respondent out without a word, and losing interviews narrows intervals.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transforms.arrays import Floats, sum_by
from transforms.errors import CalibrationError
from transforms.weighting.margins import NO_VALUE, MarginCells

SMALLEST_EFFECTIVE_BASE = 1.5
"""Kish's effective base of a category's design weights: below it, one respondent dominates."""


def require_support(cells: MarginCells, design_weight: Floats) -> None:
    """Raise where one respondent is, or outweighs, a whole margin category."""
    for place, margin in enumerate(cells.margins):
        bases = _effective_bases(cells, place, design_weight)
        weak = np.flatnonzero(~(bases >= SMALLEST_EFFECTIVE_BASE))
        if len(weak):
            names = [cells.names[place][index] for index in weak]
            raise CalibrationError(
                f"Margin {margin}: {', '.join(names)} rests on a single respondent, or on one "
                "whose design weight outweighs all others there.",
                expected="several respondents of comparable design weights in every category.",
                remedy=_remedy(margin, names),
            )


def _remedy(margin: str, weak: Sequence[str]) -> str:
    if NO_VALUE in weak:
        return (
            f"ask the supplier for the missing values of {margin}, or declare "
            "`missing_margin_value: impute` under calibration in survey.yaml."
        )
    return (
        "ask the supplier for the missing interviews or for the weight, or merge the category "
        f"with a neighbour in margins/{margin}.csv and in measures.yaml."
    )


def _effective_bases(cells: MarginCells, place: int, design_weight: Floats) -> Floats:
    category, size = cells.category[:, place], len(cells.targets[place])
    largest = np.zeros(size)
    np.maximum.at(largest, category, design_weight)
    # Relative to the category's largest, so that no square leaves the range of numbers.
    relative = design_weight / largest[category]
    total, squares = sum_by(category, relative, size), sum_by(category, relative**2, size)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(total**2 / squares, dtype=np.float64)
