"""The replicate weights of a wave: drawn or left out by PSU, and all calibrated to the margins.

w_ib = d_i · multiplier of i's PSU in b · the calibration's factors of i's categories in b.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from transforms.arrays import Floats
from transforms.catalogue import Calibration, ReplicateRule
from transforms.estimation import SampleDesign
from transforms.replicates.calibrating import CalibratedDraws, Factors, calibrated_draws
from transforms.replicates.draws import (
    FULL_STEP,
    HALF_STEP,
    Draws,
    bootstrap,
    jackknife,
    seed_of,
    stream_of,
)
from transforms.replicates.lost import bootstrap_with_every_category, require_every_category
from transforms.weighting import Calibrated, MarginCells

BLOCK = 64
"""Replicates whose weights are formed at a time."""
PART = 256
"""Respondents whose weights are formed at a time: their numbers stay in a processor's cache."""


@dataclass(frozen=True, slots=True)
class ReplicateWeights:
    """A wave's replicate weights in parts.

    `redrawn`: replicates that had lost a margin category and were drawn again. `seed`: None for a
    jackknife. `calibration`: None where nothing is calibrated.
    """

    method: str
    lost_category: str
    seed: str | None
    redrawn: int
    design: SampleDesign
    design_weight: Floats
    draws: Draws
    calibration: CalibratedDraws | None

    @property
    def factors(self) -> Factors | None:
        """The calibration's factors; None where nothing is calibrated."""
        return self.calibration.factors if self.calibration else None

    def blocks(self) -> Iterator[Floats]:
        """Yield the weights, (respondents × replicates), some replicates at a time."""
        for first in range(0, self.draws.count, BLOCK):
            yield self._weights(slice(first, first + BLOCK))

    def weights(self) -> Floats:
        """(respondents × replicates) the weights."""
        return self._weights(slice(None))

    def _weights(self, some: slice) -> Floats:
        multiplier, factors = self.draws.multiplier[:, some], self.factors
        weights = np.empty((len(self.design_weight), multiplier.shape[1]))
        for first in range(0, len(weights), PART):
            people = slice(first, first + PART)
            part = multiplier[self.design.psu[people]]
            part *= self.design_weight[people, None]
            if factors is not None:
                for column in factors.column[people].T:
                    part *= factors.value[:, some][column]
            weights[people] = part
        return weights


def replicate_weights(
    calibrated: Calibrated,
    design: SampleDesign,
    rule: ReplicateRule,
    calibration: Calibration | None,
    survey: str,
    wave: str,
) -> ReplicateWeights:
    """Return a wave's replicate weights; raise where a replicate cannot meet the margins.

    The random stream belongs to survey and wave, and PSUs are in the order of stratum and name:
    the same respondents in another order have the same weights.
    """
    cells = calibrated.cells
    seed = seed_of(survey, wave) if rule.method == "bootstrap" else None
    draws, redrawn = _drawn(design, cells, rule, seed)
    met = None
    if cells is not None and calibration is not None:
        met = calibrated_draws(draws, design.psu, calibrated.design_weight, cells, calibration)
    return ReplicateWeights(
        method=rule.method,
        lost_category=rule.lost,
        seed=seed,
        redrawn=redrawn,
        design=design,
        design_weight=calibrated.design_weight,
        draws=draws,
        calibration=met,
    )


def _drawn(
    design: SampleDesign, cells: MarginCells | None, rule: ReplicateRule, seed: str | None
) -> tuple[Draws, int]:
    """Return the draws and how many were redrawn, by the declared rule for lost categories."""
    step = HALF_STEP if rule.lost == "half_step" else FULL_STEP
    if seed is not None and rule.lost == "redraw" and cells is not None:
        return bootstrap_with_every_category(design, cells, rule.replicates, stream_of(seed))
    if seed is None:
        draws = jackknife(design, step)
    else:
        draws = bootstrap(design, rule.replicates, stream_of(seed), step)
    if cells is not None:
        require_every_category(
            cells,
            design.psu,
            draws.multiplier,
            "merge the category with a neighbour (`merge` under calibration in survey.yaml), or "
            "declare `lost_category: half_step` under replicates.",
        )
    return draws, 0
