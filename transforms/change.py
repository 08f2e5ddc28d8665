"""Change between two waves: difference, its uncertainty, and whether it may carry a verdict.

Waves are independent samples with different PSUs, so the variance of a difference is the sum of
the two variances; degrees of freedom follow Satterthwaite (1946) over the waves (methods §4).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from transforms.arrays import Flags, Floats
from transforms.catalogue import Comparison, Survey
from transforms.estimation import share_variances, shares
from transforms.estimation.totals import FORCE

KEY = ["measure", "domain", "domain_value"]
FEWEST = 5
"""Fewest respondents on each side of the share, in each wave, for a test (methods §4)."""
POWER = 0.8
"""The detectable change is the one found in four surveys out of five."""

TOO_FEW = "too few respondents gave one of the answers for a test"
NO_SPREAD = "the sample shows no variation, so nothing can be tested"
BREAK = "the series has a break between the two periods"


def changes(totals: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """Return one row a wave × comparison × measure × domain value: estimate.change, unwithheld.

    `totals`: rows of estimate.total of every wave there is. A comparison is formed where both
    waves have the measure and no break lies between them.
    """
    waves = [wave.name for wave in survey.waves if wave.name in set(totals["wave"])]
    by_wave = {str(wave): rows for wave, rows in totals.groupby("wave", sort=False)}
    frames = [
        _change(by_wave[wave], by_wave[earlier], comparison, survey)
        for wave in waves
        for comparison in survey.about.comparisons
        if (earlier := survey.compared_with(wave, comparison)) in by_wave
    ]
    return pd.concat(frames, ignore_index=True) if frames else _no_changes()


def detectable_change(standard_error: Floats, df: Floats, significance_level: float) -> Floats:
    """Return the true change found in four surveys out of five: (t_{1−α/2} + t_{0.8})·SE."""
    usable = np.maximum(df, 1.0)
    quantiles = stats.t.ppf(1 - significance_level / 2, usable) + stats.t.ppf(POWER, usable)
    return np.asarray(np.where(df >= 1, quantiles * standard_error, np.nan), dtype=np.float64)


def satterthwaite(variances: tuple[Floats, ...], dfs: tuple[Floats, ...]) -> Floats:
    """Return the degrees of freedom of a sum of independent variances; NaN where all are 0."""
    total = np.sum(variances, axis=0)
    # A part without variance adds nothing, whatever its degrees of freedom.
    parts = [
        np.where(v > 0, v**2 / np.maximum(d, 1e-300), 0.0)
        for v, d in zip(variances, dfs, strict=True)
    ]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(total**2 / np.sum(parts, axis=0), dtype=np.float64)


def _change(
    latest: pd.DataFrame, earlier: pd.DataFrame, comparison: Comparison, survey: Survey
) -> pd.DataFrame:
    """Return the changes of one wave against one earlier wave."""
    now, before = _paired(latest, earlier)
    now_share, before_share = shares(now), shares(before)
    variances = (share_variances(now, now_share), share_variances(before, before_share))
    df = satterthwaite(variances, (_floats(now["df"]), _floats(before["df"])))
    difference = now_share - before_share
    changed = now[KEY].assign(
        period=now["wave"],
        compared_with=before["wave"],
        comparison=comparison.value,
        difference=difference,
        **_tested(difference, np.sum(variances, axis=0), df, survey),
    )
    reason = _no_verdict_reason(changed, _smallest_count(now, before), survey)
    return _judge(changed, reason, comparison, survey)


def _paired(latest: pd.DataFrame, earlier: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both waves' rows for what both have respondents of, in the same order."""
    now = latest[latest["n"] > 0].set_index(KEY)
    before = earlier[earlier["n"] > 0].set_index(KEY)
    shared = now.index.intersection(before.index, sort=False)
    return now.loc[shared].reset_index(), before.loc[shared].reset_index()


def _smallest_count(now: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """Return the fewest respondents on one side of the share, in either wave."""
    sides = [now["n_y"], now["n"] - now["n_y"], before["n_y"], before["n"] - before["n_y"]]
    return pd.concat(sides, axis=1).min(axis=1)


def _tested(difference: Floats, variance: Floats, df: Floats, survey: Survey) -> dict[str, Floats]:
    """Return SE, df, interval, p and detectable change; NaN where there is nothing to test."""
    alpha = survey.about.significance_level
    error = np.sqrt(variance)
    usable = (error > 0) & (df >= 1)
    safe_df = np.where(usable, df, 1.0)
    statistic = np.abs(difference) / np.where(usable, error, 1.0)
    half = stats.t.ppf(1 - (1 - survey.about.estimation.confidence) / 2, safe_df) * error
    return {
        "standard_error": error,
        "df": np.where(usable, df, np.nan),
        "ci_lower": np.where(usable, np.maximum(difference - half, -1), np.nan),
        "ci_upper": np.where(usable, np.minimum(difference + half, 1), np.nan),
        "p_value": np.where(usable, 2 * stats.t.sf(statistic, safe_df), np.nan),
        "detectable_change": np.where(usable, detectable_change(error, safe_df, alpha), np.nan),
    }


def _judge(
    changed: pd.DataFrame, reason: pd.Series, comparison: Comparison, survey: Survey
) -> pd.DataFrame:
    """Add role, verdict and, where there is no test, the reason."""
    # Where the test may not be trusted there is no p either: it would be read as a verdict.
    testable = reason.isna()
    judged = _is_judged(changed, comparison, survey)
    significant = changed["p_value"] < survey.about.significance_level
    direction = np.where(changed["difference"] > 0, "increase", "decrease")
    verdict = pd.Series(np.where(significant, direction, "no significant change"), dtype="str")
    return changed.assign(
        p_value=changed["p_value"].where(testable),
        detectable_change=changed["detectable_change"].where(testable),
        role=np.where(judged, "judged", "shown"),
        verdict=verdict.where(testable & judged),
        no_verdict_reason=reason,
    )


def _is_judged(changed: pd.DataFrame, comparison: Comparison, survey: Survey) -> Flags:
    measures = {kpi.measure for kpi in survey.kpis.values() if kpi.judged is comparison}
    force = changed["domain"] == FORCE[0]
    return (changed["measure"].isin(measures) & force).to_numpy()


def _no_verdict_reason(changed: pd.DataFrame, fewest: pd.Series, survey: Survey) -> pd.Series:
    reason = pd.Series(pd.NA, index=changed.index, dtype="str")
    reason = reason.mask(changed["p_value"].isna(), NO_SPREAD)
    reason = reason.mask(fewest < FEWEST, TOO_FEW)
    return reason.mask(_across_break(changed, survey), BREAK)


def _across_break(changed: pd.DataFrame, survey: Survey) -> pd.Series:
    order = [wave.name for wave in survey.waves]

    def broken(measure: str, period: str, before: str) -> bool:
        return any(
            order.index(before) < order.index(wave) <= order.index(period)
            for wave in survey.breaks_of(measure)
        )

    columns = zip(changed["measure"], changed["period"], changed["compared_with"], strict=True)
    known: dict[tuple[str, str, str], bool] = {}
    flags = [known.setdefault(key, broken(*key)) for key in columns]
    return pd.Series(flags, index=changed.index, dtype=bool)


def _no_changes() -> pd.DataFrame:
    columns = [
        *("period", "compared_with", *KEY, "comparison", "difference", "standard_error", "df"),
        *("ci_lower", "ci_upper", "p_value", "detectable_change", "role", "verdict"),
        "no_verdict_reason",
    ]
    return pd.DataFrame({column: pd.Series(dtype="object") for column in columns})


def _floats(column: pd.Series) -> Floats:
    return column.to_numpy(dtype=np.float64)
