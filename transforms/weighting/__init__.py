"""Weights: from selection chances to a sample that adds up to the population."""

from transforms.weighting.calibration import Calibrated, calibrate
from transforms.weighting.diagnostics import effective_base, margin_checks, weight_summary
from transforms.weighting.margins import MarginCells, margin_cells
from transforms.weighting.raking import Raked, rake
from transforms.weighting.support import require_support

__all__ = [
    "Calibrated",
    "MarginCells",
    "Raked",
    "calibrate",
    "effective_base",
    "margin_cells",
    "margin_checks",
    "rake",
    "require_support",
    "weight_summary",
]
