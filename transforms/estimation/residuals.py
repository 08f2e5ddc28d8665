"""What calibration explains of a variable is taken out before its variance is formed.

Deville and Särndal (1992): the variance of a calibrated total is that of the residuals
e = y − g'β, β regressing y on the margins' indicators over the whole wave, weighted by the design
weights. Dividing by √(1 − leverage) removes most of the small-sample bias (methods §3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.arrays import Floats, Ints, sum_by, sum_rows_by
from transforms.estimation.design import SampleDesign
from transforms.weighting import Calibrated, MarginCells, collapse

FULL_LEVERAGE = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class Regression:
    """The design-weighted regression on the margins' indicators, but for the variable regressed.

    `inverse`: pseudo-inverse of Σ d·g·g'. `indicator_totals`: (PSUs × columns) Σ scale·g.
    """

    cells: MarginCells
    design_weight: Floats
    inverse: Floats
    indicator_totals: Floats

    def explained(self, values: Floats, group: Ints, groups: int) -> Floats:
        """Return (PSUs × groups·k) Σ scale·g'β of the values inside each group."""
        size = len(self.cells.target)
        places = self.cells.columns * groups + group[:, None]
        weights = np.broadcast_to(self.design_weight[:, None], places.shape)
        moments = sum_rows_by(places, weights, values, size * groups).reshape(size, -1)
        explained: Floats = self.indicator_totals @ (self.inverse @ moments)
        return explained


@dataclass(frozen=True, slots=True)
class Residualiser:
    """Turns values into PSU totals of weighted residuals, without a respondents × k matrix of them.

    `scale`: (respondents,) calibration weight / √(1 − leverage).
    `regression`: None where nothing is calibrated, and the residual is the value itself.
    """

    scale: Floats
    regression: Regression | None

    def psu_totals(self, values: Floats, group: Ints, groups: int, design: SampleDesign) -> Floats:
        """Return (PSUs × groups × k) totals of weighted residuals.

        `values`: (respondents × k). `group`: (respondents,) each one's group; a variable of a group
        is `values` inside it and 0 outside.
        """
        place = design.psu * groups + group
        totals = sum_rows_by(place[:, None], self.scale[:, None], values, design.psus * groups)
        if self.regression is not None:
            totals -= self.regression.explained(values, group, groups).reshape(totals.shape)
        return totals.reshape(design.psus, groups, -1)


def residualiser(calibrated: Calibrated, design: SampleDesign, *, leverage: bool) -> Residualiser:
    """Return what is needed to residualise any variable of the wave on its margins."""
    cells, design_weight = calibrated.cells, calibrated.design_weight
    if cells is None:
        return Residualiser(calibrated.weights, None)
    table = collapse(design_weight, cells)
    moment = table.moments(table.design_total)
    inverse: Floats = np.linalg.pinv(moment, rcond=1e-12, hermitian=True).astype(np.float64)
    factor = _leverage_factor(cells, design_weight, inverse) if leverage else 1.0
    scale: Floats = calibrated.weights * factor
    regression = Regression(cells, design_weight, inverse, _indicator_totals(cells, scale, design))
    return Residualiser(scale, regression)


def _leverage_factor(cells: MarginCells, design_weight: Floats, inverse: Floats) -> Floats:
    """(respondents,) 1/√(1 − h), h = d·g'(Σdgg')⁻g; 0 where h = 1."""
    columns, combination = cells.combinations
    pairs = inverse[columns[:, :, None], columns[:, None, :]]
    hat = design_weight * pairs.sum(axis=(1, 2))[combination]
    # At leverage 1 the residual is 0 by construction: nothing is left to scale up.
    return np.where(hat >= FULL_LEVERAGE, 0.0, 1 / np.sqrt(1 - np.minimum(hat, FULL_LEVERAGE)))


def _indicator_totals(cells: MarginCells, scale: Floats, design: SampleDesign) -> Floats:
    """(PSUs × columns) Σ scale·g."""
    size = len(cells.target)
    places = design.psu[:, None] * size + cells.columns
    each = np.broadcast_to(scale[:, None], places.shape)
    return sum_by(places.ravel(), each.ravel(), design.psus * size).reshape(-1, size)
