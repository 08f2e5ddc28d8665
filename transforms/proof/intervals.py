"""Intervals and standard errors of a simulated survey beside the truth."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from transforms.arrays import Floats
from transforms.catalogue import EstimationRule
from transforms.estimation import estimates_from_totals
from transforms.proof.figures import Counts, SurveyFigures

METHODS: Final = ("korn_graubard", "logit", "wilson")
ROUNDING: Final = 1e-12


def interval_figures(
    totals: pd.DataFrame, without_leverage: pd.DataFrame, truth: Floats
) -> SurveyFigures:
    """Return how a survey's intervals and standard errors fared, cell by cell.

    `totals`: the waves' rows of estimate.total one after the other, each in the order of the cells;
    `without_leverage`: the first wave's. `truth`: (waves × cells). Counts over the waves: estimates
    (cells,), and (methods × cells) intervals formed, holding the truth, and lying wholly below or
    above it. Sums over the waves: (cells,).
    """
    found = [_counts(totals, EstimationRule(interval=name), truth) for name in METHODS]
    counts = {name: np.stack([one[name] for one in found]) for name in found[0]}
    default = estimates_from_totals(totals, EstimationRule())
    share, variance = _by_wave(default, "estimate", truth), _squared_error(default, truth)
    known = np.isfinite(share)
    error = np.where(known, share - truth, 0.0)
    plain = _squared_error(estimates_from_totals(without_leverage, EstimationRule()), truth[:1])
    sums = {
        "waves": known.sum(axis=0).astype(np.float64),
        "error": error.sum(axis=0),
        "squared_error": (error**2).sum(axis=0),
        "variance": np.where(known, variance, 0.0).sum(axis=0),
        "first_waves": known[0].astype(np.float64),
        "variance_without_leverage": np.where(known[:1], plain, 0.0).sum(axis=0),
        "effective_base": np.nan_to_num(_by_wave(default, "effective_base", truth)).sum(axis=0),
        "df": np.nan_to_num(_by_wave(default, "df", truth)).sum(axis=0),
    }
    return SurveyFigures(counts | {"estimates": known.sum(axis=0).astype(np.uint8)}, sums)


def _counts(totals: pd.DataFrame, rule: EstimationRule, truth: Floats) -> dict[str, Counts]:
    """(cells,) intervals formed over the waves, and how they lie to the truth."""
    estimates = estimates_from_totals(totals, rule)
    lower, upper = (_by_wave(estimates, end, truth) for end in ("ci_lower", "ci_upper"))
    formed = np.isfinite(lower)
    below, above = upper < truth - ROUNDING, lower > truth + ROUNDING
    flags = {"formed": formed, "holding": formed & ~below & ~above, "below": below, "above": above}
    return {name: flag.sum(axis=0).astype(np.uint8) for name, flag in flags.items()}


def _squared_error(estimates: pd.DataFrame, like: Floats) -> Floats:
    return _by_wave(estimates, "standard_error", like) ** 2


def _by_wave(estimates: pd.DataFrame, column: str, like: Floats) -> Floats:
    return estimates[column].to_numpy(dtype=np.float64).reshape(like.shape)
