"""The weights of a wave: design weights as they are, or raked to the declared margins."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from transforms.arrays import Floats
from transforms.catalogue import Survey
from transforms.weighting.margins import MarginCells, margin_cells
from transforms.weighting.raking import Raked, rake


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A wave's final weights; `cells` is None where the survey declares no calibration."""

    design_weight: Floats
    weights: Floats
    cells: MarginCells | None
    method: str
    iterations: int
    largest_relative_gap: float


def calibrate(design_weight: Floats, classified: pd.DataFrame, survey: Survey) -> Calibrated:
    """Return the calibration weight of each respondent by the survey's declaration."""
    rule = survey.about.calibration
    if rule is None:
        return Calibrated(design_weight, design_weight, None, "none", 0, 0.0)
    cells = margin_cells(classified, survey.margins_in_use())
    raked: Raked = rake(design_weight, cells, rule.tolerance, rule.max_iterations)
    return Calibrated(
        design_weight, raked.weights, cells, "raking", raked.iterations, raked.largest_relative_gap
    )
