"""What calibration explains of a variable is taken out before its variance is formed.

Deville and Särndal (1992): the variance of a calibrated total is that of the residuals
e = y − g'β, β regressing y on the margins' indicators over the whole wave, weighted by the design
weights. Dividing by √(1 − leverage) removes most of the small-sample bias (methods §3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from transforms.arrays import Floats, Ints, sum_by
from transforms.weighting import Calibrated, MarginCells

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

    def explained(self, values: Floats) -> Floats:
        """Return (PSUs × k) totals of what the margins explain of `values` (respondents × k)."""
        size = len(self.cells.target)
        moments = np.zeros((size, values.shape[1]))
        for column in self.cells.columns.T:
            moments += grouping(column, size) @ (self.design_weight[:, None] * values)
        explained: Floats = self.indicator_totals @ (self.inverse @ moments)
        return explained


@dataclass(frozen=True, slots=True)
class Residualiser:
    """Turns values into PSU totals of weighted residuals, without a respondents × k matrix.

    `scale`: (respondents,) calibration weight / √(1 − leverage).
    `regression`: None where nothing is calibrated, and the residual is the value itself.
    """

    scale: Floats
    regression: Regression | None

    def psu_totals(self, values: Floats, psu: Ints, psus: int) -> Floats:
        """Return (PSUs × k) totals of weighted residuals of `values` (respondents × k)."""
        totals: Floats = grouping(psu, psus) @ (self.scale[:, None] * values)
        if self.regression is None:
            return totals
        return totals - self.regression.explained(values)


def grouping(group: Ints, groups: int) -> sparse.csr_array:
    """(groups × respondents) 1 where the respondent is in the group."""
    size = len(group)
    return sparse.csr_array((np.ones(size), (group, np.arange(size))), shape=(groups, size))


def residualiser(calibrated: Calibrated, psu: Ints, psus: int, *, leverage: bool) -> Residualiser:
    """Return what is needed to residualise any variable of the wave on its margins."""
    cells, design_weight = calibrated.cells, calibrated.design_weight
    if cells is None:
        return Residualiser(calibrated.weights, None)
    moment = _moment_matrix(cells, design_weight)
    inverse: Floats = np.linalg.pinv(moment, rcond=1e-12, hermitian=True).astype(np.float64)
    factor = _leverage_factor(cells, design_weight, inverse) if leverage else 1.0
    scale: Floats = calibrated.weights * factor
    regression = Regression(
        cells, design_weight, inverse, _indicator_totals(cells, scale, psu, psus)
    )
    return Residualiser(scale, regression)


def _moment_matrix(cells: MarginCells, design_weight: Floats) -> Floats:
    """(columns × columns) Σ d·g·g'."""
    size = len(cells.target)
    moment = np.zeros(size * size)
    for one in cells.columns.T:
        for other in cells.columns.T:
            moment += sum_by(one * size + other, design_weight, size * size)
    return moment.reshape(size, size)


def _leverage_factor(cells: MarginCells, design_weight: Floats, inverse: Floats) -> Floats:
    """(respondents,) 1/√(1 − h), h = d·g'(Σdgg')⁻g; 0 where h = 1."""
    quadratic = np.zeros(len(design_weight))
    for one in cells.columns.T:
        for other in cells.columns.T:
            quadratic += inverse[one, other]
    hat = design_weight * quadratic
    # At leverage 1 the residual is 0 by construction: nothing is left to scale up.
    return np.where(hat >= FULL_LEVERAGE, 0.0, 1 / np.sqrt(1 - np.minimum(hat, FULL_LEVERAGE)))


def _indicator_totals(cells: MarginCells, scale: Floats, psu: Ints, psus: int) -> Floats:
    """(PSUs × columns) Σ scale·g."""
    size = len(cells.target)
    totals = np.zeros(psus * size)
    for column in cells.columns.T:
        totals += sum_by(psu * size + column, scale, psus * size)
    return totals.reshape(psus, size)
