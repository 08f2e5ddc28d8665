"""Intervals and standard errors of simulated surveys beside the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from transforms.arrays import Flags, Floats
from transforms.catalogue import EstimationRule
from transforms.estimation import estimates_from_totals
from transforms.proof.comparing import window_at
from transforms.proof.figures import Counts, SurveyFigures
from transforms.proof.surveyed import Surveyed
from transforms.windows import window_totals

METHODS: Final = ("korn_graubard", "logit", "wilson")
ROUNDING: Final = 1e-12
OF_YEARS: Final = "year_"
"""Before the name of a count: it is of rolling years, not of single waves."""


def interval_figures(surveyed: Surveyed) -> SurveyFigures:
    """Return how the intervals of waves and of rolling years fared, and the standard errors.

    Counts over the waves, or over the rolling years that share none: estimates (surveys × cells),
    and (surveys × methods × cells) intervals formed, holding the truth, and lying wholly below or
    above it. A rolling year counts where its waves have the same truth. Sums: (cells,).
    """
    truth = surveyed.study.truth
    single = [((place,), of_wave) for place, of_wave in enumerate(truth)]
    alike = np.ptp(truth, axis=0) < ROUNDING
    places = [tuple(range(n, n + 4)) for n in range(0, len(truth) - 3, 4)]
    years = [(year, np.where(alike, truth[year[0]], np.nan)) for year in places]
    waves = _fared(surveyed, single)
    in_years = _fared(surveyed, years)
    return SurveyFigures(
        {**waves.counts, **{OF_YEARS + name: one for name, one in in_years.counts.items()}},
        {**waves.sums, **{OF_YEARS + name: one for name, one in in_years.sums.items()}},
    )


def _fared(surveyed: Surveyed, windows: Sequence[tuple[tuple[int, ...], Floats]]) -> SurveyFigures:
    """Return the figures of windows, each with its truth, (cells,); NaN: not counted."""
    found = [_of_window(surveyed, waves, truth) for waves, truth in windows]
    if not found:
        return SurveyFigures({}, {})
    return SurveyFigures(
        {name: _total([one.counts[name] for one in found]) for name in found[0].counts},
        {name: np.sum([one.sums[name] for one in found], axis=0) for name in found[0].sums},
    )


def _of_window(surveyed: Surveyed, waves: Sequence[int], truth: Floats) -> SurveyFigures:
    totals = window_totals(surveyed.totals, window_at(surveyed.totals, waves))
    by_method = [estimates_from_totals(totals, EstimationRule(interval=name)) for name in METHODS]
    flags = [_flags(surveyed, estimates, truth) for estimates in by_method]
    counts = {name: np.stack([one[name] for one in flags], axis=1) for name in flags[0]}
    default = {
        name: surveyed.by_survey(by_method[0][name].to_numpy(dtype=np.float64))
        for name in ("estimate", "standard_error", "effective_base")
    }
    known = np.isfinite(default["estimate"] - truth)
    counts["estimates"] = known
    return SurveyFigures(
        {name: flag.astype(np.uint8) for name, flag in counts.items()},
        _errors(default, known, truth),
    )


def _errors(default: Mapping[str, Floats], known: Flags, truth: Floats) -> dict[str, Floats]:
    """(cells,) sums over the surveys."""
    error = np.where(known, default["estimate"] - truth, 0.0)
    each = {
        "waves": known.astype(np.float64),
        "error": error,
        "squared_error": error**2,
        "variance": np.where(known, default["standard_error"] ** 2, 0.0),
        "effective_base": np.where(known, default["effective_base"], 0.0),
    }
    return {name: values.sum(axis=0) for name, values in each.items()}


def _flags(surveyed: Surveyed, estimates: pd.DataFrame, truth: Floats) -> dict[str, Flags]:
    """(surveys × cells) whether an interval is formed, and how it lies to the truth."""
    lower, upper = (
        surveyed.by_survey(estimates[end].to_numpy(dtype=np.float64))
        for end in ("ci_lower", "ci_upper")
    )
    formed = np.isfinite(lower - truth)
    below, above = upper < truth - ROUNDING, lower > truth + ROUNDING
    return {"formed": formed, "holding": formed & ~below & ~above, "below": below, "above": above}


def _total(parts: Sequence[Counts]) -> Counts:
    return np.asarray(np.sum(parts, axis=0, dtype=np.uint8), dtype=np.uint8)
