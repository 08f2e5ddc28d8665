"""The trend of a measure: its slope per quarter, on single waves since the last break.

Fixed coefficients: least squares on calendar time, weighted by the unweighted bases. Weighting by
estimated variances would make the weights move with the estimates, and reject a true absence of
trend up to three times too often (methods §5).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from transforms.arrays import Floats
from transforms.catalogue import Survey
from transforms.change.words import NO_SPREAD, TOO_FEW
from transforms.estimation.estimates import share_variances, shares
from transforms.periods import segment
from transforms.pooled import measures_in, stacked
from transforms.waves import Wave, quarter_of_year
from transforms.windows import WaveTotals, Window, satterthwaite, window_totals
from transforms.windows.wave_totals import CELL

FEWEST_WAVES = 6
FEWEST_WAVES_SEASONAL = 8
"""From here on quarter-of-year effects are taken out, where the survey declares so."""
FEWEST = 5
"""Fewest respondents on each side of the share, in each half of the waves, for a test."""
DAYS_A_QUARTER = 365.25 / 4


def trends(by_wave: WaveTotals, survey: Survey) -> pd.DataFrame:
    """Return one row a measure × domain value: its slope per quarter up to the last wave.

    A cell has a trend where every wave of the measure's latest segment has respondents of it; the
    waves are its `points`.
    """
    order = [wave.name for wave in survey.waves]
    if not by_wave.waves:
        return _no_trends()
    grouped: dict[tuple[str, ...], list[str]] = {}
    for measure in measures_in(by_wave):
        comparable = segment(by_wave.waves[-1], survey.breaks_of(measure), order)
        held = by_wave.waves_of(measure)
        waves = tuple(wave for wave in by_wave.waves if wave in comparable and wave in held)
        grouped.setdefault(waves, []).append(measure)
    frames = [
        _trend(by_wave.of_measures(measures), waves, survey)
        for waves, measures in grouped.items()
        if len(waves) >= FEWEST_WAVES
    ]
    return stacked(frames) if any(map(len, frames)) else _no_trends()


def slope_coefficients(times: Floats, bases: Floats, seasons: Sequence[str] | None) -> Floats:
    """(waves × cells) the c_q of the slope b = Σc_q·r_q: least squares weighted by the bases.

    `times`: (waves,) in quarters. `bases`: (waves × cells) respondents. `seasons`: the quarter of
    the year of each wave, whose effects are taken out; None: none are.
    """
    levels = sorted(set(seasons)) if seasons is not None else []
    season = np.array([[one == level for level in levels[1:]] for one in seasons or times])
    design = np.column_stack([np.ones_like(times), times - times.mean(), season.astype(float)])
    normal = np.einsum("wi,wc,wj->cij", design, bases, design)
    weighted = np.einsum("wj,wc->cjw", design, bases)
    return np.asarray(np.linalg.solve(normal, weighted)[:, 1].T, dtype=np.float64)


def _trend(by_wave: WaveTotals, waves: tuple[str, ...], survey: Survey) -> pd.DataFrame:
    """Return the trends of measures that are held by the same waves."""
    single = [window_totals(by_wave, Window((wave,), (1.0,))).set_index(CELL) for wave in waves]
    shared = single[0][single[0]["n"] > 0].index
    for totals in single[1:]:
        shared = shared.intersection(totals[totals["n"] > 0].index, sort=False)
    each = [totals.loc[shared].reset_index() for totals in single]
    seasons = _seasons(waves) if survey.about.trend.quarter_effects else None
    coefficients = slope_coefficients(_times(waves, survey), _column(each, "n"), seasons)
    share = np.stack([shares(totals) for totals in each])
    variance = np.stack([share_variances(t, r) for t, r in zip(each, share, strict=True)])
    parts = coefficients**2 * variance
    slope, df = (coefficients * share).sum(axis=0), satterthwaite(parts, _column(each, "df"))
    return each[0][CELL].assign(
        first_wave=waves[0],
        last_wave=waves[-1],
        waves=len(waves),
        points=pd.Series([waves] * len(shared), dtype="object"),
        seasonal=seasons is not None,
        slope=slope,
        **_tested(slope, np.sqrt(parts.sum(axis=0)), df, _fewest(each), survey),
    )


def _tested(
    slope: Floats, error: Floats, df: Floats, fewest: Floats, survey: Survey
) -> dict[str, Floats | pd.Series]:
    """Return the slope's error, interval and p; no p, and a reason, where there is no test."""
    usable = (error > 0) & (df >= 1)
    known = np.where(usable, df, 1.0)
    half = stats.t.ppf(1 - (1 - survey.about.estimation.confidence) / 2, known) * error
    p_value = 2 * stats.t.sf(np.abs(slope) / np.where(usable, error, 1.0), known)
    reason = pd.Series(pd.NA, index=range(len(slope)), dtype="str")
    reason = reason.mask(~usable, NO_SPREAD).mask(fewest < FEWEST, TOO_FEW)
    return {
        "standard_error": error,
        "df": np.where(usable, df, np.nan),
        "ci_lower": np.where(usable, slope - half, np.nan),
        "ci_upper": np.where(usable, slope + half, np.nan),
        "p_value": np.where(reason.isna(), p_value, np.nan),
        "no_test_reason": reason,
    }


def _seasons(waves: Sequence[str]) -> list[str] | None:
    """Return each wave's quarter of the year, where there are waves enough; else None."""
    enough = len(waves) >= FEWEST_WAVES_SEASONAL
    return [quarter_of_year(wave) for wave in waves] if enough else None


def _times(waves: Sequence[str], survey: Survey) -> Floats:
    """(waves,) the middle of each wave, in quarters since the first one's."""
    middles = np.array([_middle(survey.wave(wave)) for wave in waves])
    return np.asarray(middles - middles[0], dtype=np.float64)


def _middle(wave: Wave) -> float:
    if wave.is_quarter:
        return (wave.start.year * 12 + wave.start.month - 1) / 3
    return (wave.start.toordinal() + wave.end.toordinal()) / 2 / DAYS_A_QUARTER


def _column(each: Sequence[pd.DataFrame], name: str) -> Floats:
    return np.stack([totals[name].to_numpy(dtype=np.float64) for totals in each])


def _fewest(each: Sequence[pd.DataFrame]) -> Floats:
    """(cells,) the fewest respondents on one side of the share in the earlier or later half."""
    n, n_y = (_column(each, name) for name in ("n", "n_y"))
    half = len(each) // 2
    counts = [(n_y[part].sum(axis=0), (n - n_y)[part].sum(axis=0)) for part in _halves(half)]
    return np.asarray(np.min([side for sides in counts for side in sides], axis=0))


def _halves(half: int) -> tuple[slice, slice]:
    return slice(None, half), slice(half, None)


def _no_trends() -> pd.DataFrame:
    columns = [
        *(
            *CELL,
            "first_wave",
            "last_wave",
            "waves",
            "points",
            "seasonal",
            "slope",
            "standard_error",
            "df",
        ),
        *("ci_lower", "ci_upper", "p_value", "no_test_reason"),
    ]
    return pd.DataFrame({column: pd.Series(dtype="object") for column in columns})
