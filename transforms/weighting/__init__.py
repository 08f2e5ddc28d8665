"""Weights: from selection chances to a sample that adds up to the population."""

from transforms.weighting.calibration import (
    Calibrated,
    calibrate,
    distance_of,
    limits_of,
    weights_by_rule,
    weights_within,
)
from transforms.weighting.cell_table import Weighted, collapse
from transforms.weighting.diagnostics import effective_base, margin_checks, weight_summary
from transforms.weighting.distances import Distance, Exponential
from transforms.weighting.imputing import own_numbers
from transforms.weighting.limits import Limits
from transforms.weighting.margins import MarginCells, margin_cells
from transforms.weighting.newton import rows_within_limits
from transforms.weighting.raking import rake
from transforms.weighting.samples import Combined, Sampled, combine_samples, uncombined
from transforms.weighting.support import require_support

__all__ = [
    "Calibrated",
    "Combined",
    "Distance",
    "Exponential",
    "Limits",
    "MarginCells",
    "Sampled",
    "Weighted",
    "calibrate",
    "collapse",
    "combine_samples",
    "distance_of",
    "effective_base",
    "limits_of",
    "margin_cells",
    "margin_checks",
    "own_numbers",
    "rake",
    "require_support",
    "rows_within_limits",
    "uncombined",
    "weight_summary",
    "weights_by_rule",
    "weights_within",
]
