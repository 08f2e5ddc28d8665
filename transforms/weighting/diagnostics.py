"""What weighting did: precision lost, spread of the weights, margins before and after."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.arrays import Floats, sum_by
from transforms.weighting.margins import MarginCells


def effective_base(weights: Floats) -> float:
    """Return Kish's effective base, (Σw)²/Σw²; 0 for no weights. Kish (1965, §11.7)."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0


def weight_summary(weights: Floats) -> dict[str, float]:
    """Return effective base, Kish's design effect, and the weights' spread relative to their mean.

    The smallest and largest weights and the coefficient of variation are of w / mean(w).
    """
    relative = weights / weights.mean()
    return {
        "effective_base": effective_base(weights),
        "deff_kish": len(weights) / effective_base(weights),
        "smallest_weight": float(relative.min()),
        "largest_weight": float(relative.max()),
        "weight_cv": float(relative.std()),
    }


def margin_checks(cells: MarginCells, design_weight: Floats, weights: Floats) -> pd.DataFrame:
    """Return one row a margin category: respondents, both weighted totals, control total."""
    frames = [
        pd.DataFrame(
            {
                "margin": margin,
                "category": cells.names[place],
                "respondents": np.bincount(cells.category[:, place], minlength=len(target)),
                "design_weighted": _totals(cells, place, design_weight),
                "calibrated": _totals(cells, place, weights),
                "control_total": target,
            }
        )
        for place, (margin, target) in enumerate(zip(cells.margins, cells.targets, strict=True))
    ]
    return pd.concat(frames, ignore_index=True)


def _totals(cells: MarginCells, place: int, weights: Floats) -> Floats:
    return sum_by(cells.category[:, place], weights, len(cells.targets[place]))
