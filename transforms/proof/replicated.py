"""Standard errors of one wave side by side: linearised, without leverage, and from replicates."""

from __future__ import annotations

from typing import Final

import numpy as np

from transforms.arrays import Floats
from transforms.catalogue import EstimationRule, ReplicateRule
from transforms.estimation import estimates_from_totals
from transforms.proof.drawing import DrawnWave
from transforms.proof.plan import Study
from transforms.proof.surveyed import totals_of
from transforms.replicates import replicate_shares, replicate_variance, replicate_weights

REPLICATES: Final = 500


def variances_side_by_side(study: Study, drawn: DrawnWave, stream: str) -> dict[str, Floats]:
    """(cells,) variances of a wave's estimates, 0 where a kind has none, and whether all have one.

    `stream`: names the random stream of the replicates.
    """
    each = {
        "with_leverage": _linearised(study, drawn, leverage=True),
        "without_leverage": _linearised(study, drawn, leverage=False),
        "bootstrap": _bootstrap(study, drawn, stream),
    }
    known = np.isfinite(sum(each.values()))
    variances = {name: np.where(known, values, 0.0) for name, values in each.items()}
    return {**variances, "replicated": known.astype(np.float64)}


def _linearised(study: Study, drawn: DrawnWave, *, leverage: bool) -> Floats:
    totals = totals_of(study, drawn, leverage=leverage)
    error = estimates_from_totals(totals, EstimationRule())["standard_error"]
    return error.to_numpy(dtype=np.float64) ** 2


def _bootstrap(study: Study, drawn: DrawnWave, stream: str) -> Floats:
    """(cells,) variances by the bootstrap, every replicate calibrated again."""
    replicates = replicate_weights(
        drawn.calibrated,
        drawn.design,
        ReplicateRule(method="bootstrap", count=REPLICATES),
        study.survey.about.calibration,
        study.survey.name,
        stream,
    )
    found = replicate_shares(
        drawn.indicators,
        drawn.classified,
        {name: tuple(study.domains) for name in study.outcomes.names},
        replicates,
    )
    draws = replicates.draws
    return replicate_variance(found.share, draws.scale, draws.rscales)
