"""Several waves pooled into one figure: a rolling year, a baseline (methods §4).

The combined ratio r = Σa_qY_q / Σa_qX_q, not a mean of percentages. Waves are independent
samples, so variances add, each multiplied by a_q².
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from transforms.arrays import Floats
from transforms.errors import EstimationError
from transforms.estimation.estimates import (
    certain,
    shares,
    size_of_answers,
    without_rounding,
)
from transforms.windows.satterthwaite import satterthwaite
from transforms.windows.wave_totals import COUNTS, SQUARES, SUMS, WaveTotals

FactorRule = Literal["equal", "population"]


@dataclass(frozen=True, slots=True)
class Window:
    """Waves that make up one figure, in order of time, and what each wave's totals are taken by."""

    waves: tuple[str, ...]
    factors: tuple[float, ...]

    def over(self, waves: Sequence[str]) -> Floats:
        """(waves,) the factor of each of `waves`; 0 for one that is not in the window."""
        known = dict(zip(self.waves, self.factors, strict=True))
        return np.array([known.get(wave, 0.0) for wave in waves])


def window_factors(control_totals: Sequence[float], rule: FactorRule) -> tuple[float, ...]:
    """Return the factor a_q of each wave of a window.

    `equal`: T̄/T_q, with T_q the population the wave is calibrated to and T̄ their mean: each wave
    counts alike, whatever the population did. `population`: 1. A factor belongs to the wave, never
    to a domain or an item. EstimationError where an uncalibrated wave would have to count alike.
    """
    totals = np.asarray(control_totals, dtype=np.float64)
    if rule == "population" or len(totals) == 1:
        return (1.0,) * len(totals)
    if np.isnan(totals).any():
        raise EstimationError(
            "Waves that are not calibrated to control totals cannot count alike in a window: "
            "nothing says how large each should be.",
            expected="margins under `calibration`.",
            remedy="declare margins, or `rolling_year: {factors: population}` in survey.yaml if "
            "the design weights of every wave add up to its population.",
        )
    return tuple(float(factor) for factor in totals.mean() / totals)


def pooled_weights(weights: Floats, wave: Sequence[str], window: Window) -> Floats:
    """(respondents,) each respondent's weight in a window, a_q·w; 0 outside it.

    `wave`: the wave of each respondent. Sums of these over respondents are the window's totals.
    """
    factors = dict(zip(window.waves, window.factors, strict=True))
    of_respondent = np.array([factors.get(name, 0.0) for name in wave])
    return np.asarray(of_respondent * weights, dtype=np.float64)


def window_totals(by_wave: WaveTotals, window: Window) -> pd.DataFrame:
    """Return one row a cell that every wave of the window has: as estimate.total, pooled.

    `df`: Satterthwaite's over the waves, at the window's share; a single wave keeps its own.
    """
    pooled = by_wave.of_waves(window.waves)
    whole = pooled.present.all(axis=0)
    a = np.array(window.factors)[:, None]
    columns = {
        **{name: (a * pooled.figures[name]).sum(axis=0) for name in SUMS},
        **{name: pooled.figures[name].sum(axis=0) for name in COUNTS},
        **{name: (a**2 * pooled.figures[name]).sum(axis=0) for name in SQUARES},
    }
    totals = pooled.cells.assign(**columns)
    with_df = totals.assign(df=_window_df(pooled, totals, a))
    return with_df.loc[np.flatnonzero(whole)].reset_index(drop=True)


def _window_df(pooled: WaveTotals, totals: pd.DataFrame, factors: Floats) -> Floats:
    """(cells,) degrees of freedom at the window's share; the waves' sum where nothing varies."""
    dfs = pooled.figures["df"]
    if len(pooled.waves) == 1:
        return np.asarray(dfs[0])
    share = np.nan_to_num(shares(totals))
    variances = factors**2 * _variances_by_wave(pooled.figures, share)
    found = satterthwaite(np.where(certain(totals, share), 0.0, variances), dfs)
    return np.where(np.isnan(found), dfs.sum(axis=0), found)


def _variances_by_wave(figures: Mapping[str, Floats], share: Floats) -> Floats:
    """(waves × cells) Var(Y − share·X), 0 where it is rounding error: it may come without df."""
    positive = figures["var_y"] + share**2 * figures["var_x"]
    size = size_of_answers(figures["x"], figures["sum_wy2"]) + np.abs(share) * figures["x"]
    return without_rounding(positive - 2 * share * figures["cov_yx"], positive, size)
