"""Totals of any numbers under the design, with the covariance of all of them (methods §3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.arrays import Floats
from transforms.estimation.design import SampleDesign, deviations
from transforms.estimation.residuals import residualiser
from transforms.weighting import Calibrated


@dataclass(frozen=True, slots=True)
class TotalsWithCovariance:
    """Weighted totals (k,) and their design-based covariance (k × k)."""

    totals: Floats
    covariance: Floats

    def ratio(self, above: int, below: int) -> tuple[float, float]:
        """Return total `above` / total `below` and its standard error, by linearisation."""
        ratio = float(self.totals[above] / self.totals[below])
        gradient = np.zeros(len(self.totals))
        gradient[above] += 1 / self.totals[below]
        gradient[below] -= ratio / self.totals[below]
        return ratio, float(np.sqrt(gradient @ self.covariance @ gradient))


def totals_with_covariance(
    values: Floats, calibrated: Calibrated, design: SampleDesign, *, leverage: bool = True
) -> TotalsWithCovariance:
    """Return the weighted total of each column of `values` (respondents × k), any numbers.

    A respondent outside a base or domain is 0 in its column. Calibrated weights give the variance
    of residuals (Deville and Särndal 1992); `leverage` as in `wave_totals`. A mean is the ratio of
    y to the column that is 1 in its base.
    """
    shared = residualiser(calibrated, design, leverage=leverage)
    together = np.zeros(len(values), dtype=np.int64)
    spread = deviations(shared.psu_totals(values, together, 1, design)[:, 0, :], design)
    return TotalsWithCovariance(calibrated.weights @ values, spread.T @ spread)
