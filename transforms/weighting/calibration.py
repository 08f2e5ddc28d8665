"""The weights of a wave: design weights as they are, or calibrated to the declared margins."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from transforms.arrays import Floats
from transforms.catalogue import Calibration, Survey
from transforms.errors import CalibrationError
from transforms.weighting.cell_table import Weighted, require_positive
from transforms.weighting.distances import Distance, Exponential, Linear, Logit
from transforms.weighting.imputing import Imputed, impute
from transforms.weighting.limits import Limits, at_limit, trim_limits
from transforms.weighting.margins import MarginCells, margin_cells
from transforms.weighting.newton import calibrate_by_newton
from transforms.weighting.raking import rake
from transforms.weighting.unmet import next_to_nothing
from transforms.wording import number

NEXT_TO_NOTHING = 1e-6
"""A w/d, both scaled to the population, that amounts to leaving the respondent out."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A wave's final weights; `cells` is None where the survey declares no calibration.

    `trimmed`: respondents whose weight stands at a limit of the declared trim. `imputed`:
    respondents who were given a value of a margin, in `cells` and nowhere else.
    """

    design_weight: Floats
    weights: Floats
    cells: MarginCells | None
    method: str
    iterations: int
    largest_relative_gap: float
    trimmed: int = 0
    imputed: int = 0


def calibrate(
    design_weight: Floats,
    classified: pd.DataFrame,
    survey: Survey,
    numbers: Floats | None = None,
    wave: str | None = None,
) -> Calibrated:
    """Return the calibration weight of each respondent by the survey's declaration.

    `numbers`: (respondents,) from 0 up to 1, by which missing margin values are imputed; needed
    where the survey declares that (`own_numbers`). `wave`: whose control totals are to be met;
    None: those of the first.
    """
    rule = survey.about.calibration
    if rule is None:
        return Calibrated(design_weight, design_weight, None, "none", 0, 0.0)
    require_positive(design_weight)
    margins = survey.margins_in_use(wave)
    own_category_by = design_weight if rule.missing_margin_value == "own_category" else None
    completed = Imputed(classified, 0)
    if rule.missing_margin_value == "impute":
        assert numbers is not None
        completed = impute(classified, design_weight, margins, numbers)
    cells = margin_cells(completed.classified, margins, rule.merge, own_category_by)
    found = weights_by_rule(design_weight, cells, rule)
    _require_weights_that_count(found.weights, design_weight, cells)
    return Calibrated(
        design_weight,
        found.weights,
        cells,
        rule.method,
        found.iterations,
        found.largest_relative_gap,
        _trimmed(design_weight, found.weights, rule),
        completed.respondents,
    )


def weights_by_rule(design_weight: Floats, cells: MarginCells, rule: Calibration) -> Weighted:
    """Return weights that meet the margins by the declared method, bounds and trim, or raise."""
    return weights_within(design_weight, cells, rule, limits_of(design_weight, rule))


def weights_within(
    design_weight: Floats, cells: MarginCells, rule: Calibration, limits: Limits
) -> Weighted:
    """Return weights by the declared method within `limits` of w/d, or raise."""
    if rule.method == "raking" and rule.trim is None:
        return rake(design_weight, cells, rule.tolerance, rule.max_iterations)
    return calibrate_by_newton(
        design_weight, cells, distance_of(rule), limits, rule.tolerance, rule.max_iterations
    )


def distance_of(rule: Calibration) -> Distance:
    """Return the distance of the declared method."""
    if rule.method == "raking":
        return Exponential()
    if rule.method == "logit":
        assert rule.bounds is not None
        return Logit(*rule.bounds)
    return Linear()


def limits_of(design_weight: Floats, rule: Calibration) -> Limits:
    """Return what the declared bounds and trim allow each respondent's w/d."""
    limits = Limits.none(len(design_weight))
    if rule.bounds is not None:
        limits = limits.within(Limits.same(len(design_weight), *rule.bounds))
    if rule.trim is not None:
        limits = limits.within(trim_limits(design_weight, rule.trim))
    return limits


def _trimmed(design_weight: Floats, weights: Floats, rule: Calibration) -> int:
    if rule.trim is None:
        return 0
    factor = (weights / weights.sum()) / (design_weight / design_weight.sum())
    return at_limit(factor, trim_limits(design_weight, rule.trim))


def _require_weights_that_count(weights: Floats, design_weight: Floats, cells: MarginCells) -> None:
    """Raise where calibration leaves somebody a weight of zero, below it, or next to nothing."""
    below = int((weights <= 0).sum())
    if below:
        raise CalibrationError(
            f"Linear calibration gives {number(below)} respondents a weight that is zero or "
            "negative.",
            expected="a positive weight for every respondent.",
            remedy="declare `method: raking`, or `truncated` or `logit` with `bounds`, under "
            "calibration in survey.yaml.",
        )
    factor = (weights / weights.sum()) / (design_weight / design_weight.sum())
    if (factor < NEXT_TO_NOTHING).any():
        raise next_to_nothing(cells, factor < NEXT_TO_NOTHING)
