"""The difference of two windows, overlapping or not, with its exact variance (methods §4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.arrays import Floats
from transforms.estimation.estimates import (
    share_variances,
    shares,
    size_of_answers,
    without_rounding,
)
from transforms.windows.pooling import Window, window_totals
from transforms.windows.satterthwaite import satterthwaite
from transforms.windows.score import Score, per_effective_base, score_of, score_where
from transforms.windows.wave_totals import CELL, SUMS, WaveTotals


@dataclass(frozen=True, slots=True)
class Differences:
    """Differences of two shares or means, cell by cell; every array is (cells,).

    `cells`: measure, domain, domain_value. `variance` and `df` are the difference's; df is NaN
    where the variance is 0. `fewest`: the fewest respondents on one side of a share, in either;
    NaN where answers are not counted but averaged. `score`: the variance by the true difference;
    None where the estimated one will do, as for two samples of much the same size.
    """

    cells: pd.DataFrame
    difference: Floats
    variance: Floats
    df: Floats
    fewest: Floats
    score: Score | None = None


def difference(by_wave: WaveTotals, now: Window, before: Window) -> Differences:
    """Return now − before for every cell that both windows have respondents of.

    With α_q = a_q/X − b_q/X' and β_q = r·a_q/X − r'·b_q/X' (a and b the windows' factors, 0
    outside), wave q adds v_q = α²V(Y) − 2αβC + β²V(X): exact whatever waves the two share, since
    waves are independent of each other. Degrees of freedom: Satterthwaite over the waves.
    """
    pair = _paired(by_wave, now, before)
    waves = tuple(wave for wave in by_wave.waves if wave in {*now.waves, *before.waves})
    every = by_wave.of_waves(waves)
    figures = {name: values[:, pair.places] for name, values in every.figures.items()}
    a, b = now.over(waves)[:, None] / pair.now_x, before.over(waves)[:, None] / pair.before_x
    alpha, beta = a - b, pair.now_share * a - pair.before_share * b
    positive = alpha**2 * figures["var_y"] + beta**2 * figures["var_x"]
    raw = np.maximum(positive - 2 * alpha * beta * figures["cov_yx"], 0.0)
    # A wave where nothing varies adds the rounding error of its terms: taken as 0.
    size_of_y = size_of_answers(figures["x"], figures["sum_wy2"])
    size = np.abs(alpha) * size_of_y + np.abs(beta) * figures["x"]
    by_part = without_rounding(raw, positive, size)
    return Differences(
        cells=pair.cells,
        difference=pair.now_share - pair.before_share,
        variance=by_part.sum(axis=0),
        df=satterthwaite(by_part, figures["df"]),
        fewest=pair.fewest,
    )


def outside_difference(
    totals: pd.DataFrame, estimate: float, standard_error: float, df: float
) -> Differences:
    """Return each row's share minus an outside figure, which is independent of the survey.

    `totals`: rows as `window_totals` gives them. `df` of the outside figure; infinite where it
    comes from so large a sample that its standard error is taken as known.
    """
    share = shares(totals)
    variances = np.stack([share_variances(totals, share), np.full(len(totals), standard_error**2)])
    dfs = np.stack([totals["df"].to_numpy(dtype=np.float64), np.full(len(totals), df)])
    fewest, variance = fewest_on_a_side(totals), variances.sum(axis=0)
    none = np.zeros(len(totals))
    parts = np.stack([per_effective_base(totals, share, variances[0]), none])
    score = score_of((share, none + estimate), parts, none, variances[1])
    return Differences(
        cells=totals[CELL],
        difference=share - estimate,
        variance=variance,
        df=satterthwaite(variances, dfs),
        fewest=fewest,
        score=score_where(np.isfinite(fewest), score, variance),
    )


def fewest_on_a_side(totals: pd.DataFrame) -> Floats:
    """(rows,) respondents who gave a counted answer, or did not, the fewer of the two."""
    counted = totals["n_y"].to_numpy(dtype=np.float64, na_value=np.nan)
    others = totals["n"].to_numpy(dtype=np.float64) - counted
    return np.asarray(np.minimum(counted, others), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Both windows' shares and bases in the cells that both have, at their `places`."""

    cells: pd.DataFrame
    places: list[int]
    now_share: Floats
    before_share: Floats
    now_x: Floats
    before_x: Floats
    fewest: Floats


def _paired(by_wave: WaveTotals, now: Window, before: Window) -> _Pair:
    later, earlier = (window_totals(by_wave, window) for window in (now, before))
    answered = [totals[totals["n"] > 0].set_index(CELL) for totals in (later, earlier)]
    shared = answered[0].index.intersection(answered[1].index, sort=False)
    later, earlier = (totals.loc[shared].reset_index() for totals in answered)
    every = pd.MultiIndex.from_frame(by_wave.cells)
    return _Pair(
        cells=later[CELL],
        places=list(every.get_indexer(shared)),
        now_share=shares(later),
        before_share=shares(earlier),
        now_x=later[SUMS[1]].to_numpy(dtype=np.float64),
        before_x=earlier[SUMS[1]].to_numpy(dtype=np.float64),
        fewest=np.minimum(fewest_on_a_side(later), fewest_on_a_side(earlier)),
    )
