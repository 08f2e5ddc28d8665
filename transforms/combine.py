"""Waves combined: the pooled figures, changes, verdicts and KPIs that a wave's release brings.

Everything is formed from stored totals; no respondent is needed. What a wave brings depends on the
waves that its periods are made of or compared with, so that an added or corrected wave leaves the
others' results as they are (methods §4).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from transforms.catalogue import Comparison, Survey
from transforms.change import changes, counterpart, judged
from transforms.disclosure import (
    INCOMPLETE,
    exposing_waves,
    withhold_changes,
    withhold_estimates,
)
from transforms.distribution.changes import distribution_changes
from transforms.estimation import estimates_from_totals, interval_methods
from transforms.kpi import kpi_statuses
from transforms.periods import Period, declared_baselines, periods_ending
from transforms.pooled import (
    cells_without,
    measures_in,
    period_totals,
    pooling,
    stacked,
    waves_of_window,
)
from transforms.scales import with_units
from transforms.windows import WaveTotals


@dataclass(frozen=True, slots=True)
class Release:
    """What a wave brings: rows of estimate.*, survey.pooling and kpi.kpi.

    `estimates`: those of pooled periods only; a wave's own are formed when it is computed.
    """

    wave: str
    estimates: pd.DataFrame
    changes: pd.DataFrame
    distributions: pd.DataFrame
    pooling: pd.DataFrame
    kpis: pd.DataFrame


def release_of(
    wave: str,
    by_wave: WaveTotals,
    answers: pd.DataFrame,
    estimates: pd.DataFrame,
    survey: Survey,
) -> Release:
    """Return what a wave brings.

    `by_wave`: totals of all waves. `answers`: their rows of estimate.answer_total. `estimates`:
    published rows of estimate.estimate for every period that the wave's are compared with, and for
    the wave itself.
    """
    periods = periods_ending(wave, survey)
    own = {period.name for period in periods}
    pooled = stacked(
        pooled_estimates(period, by_wave, estimates, survey)
        for period in periods
        if period.kind != "wave"
    )
    others = estimates[~estimates["period"].isin(own - {wave})]
    known = stacked([others, pooled])
    found = withhold_changes(changes(by_wave, periods, survey), known)
    verdicts = judged(found, survey)
    held = {measure: by_wave.waves_of(measure) for measure in measures_in(by_wave)}
    kpis = kpi_statuses(wave, known, verdicts, held, survey)
    return Release(
        wave,
        pooled,
        with_units(verdicts, survey),
        distribution_changes(answers, by_wave, periods, survey),
        stacked(pooling(period, by_wave, survey) for period in periods),
        with_units(kpis, survey),
    )


def pooled_estimates(
    period: Period, by_wave: WaveTotals, estimates: pd.DataFrame, survey: Survey
) -> pd.DataFrame:
    """Return the rows of estimate.estimate of a period of several waves, as published.

    `estimates`: the published rows of its waves. A cell with a confidential wave has no figure of
    the period either: it could be worked out from it.
    """
    totals = period_totals(period, by_wave, survey)
    incomplete = _incomplete(totals, period, by_wave, survey)
    if totals.empty:
        return incomplete
    found = estimates_from_totals(totals, survey.about.estimation, survey.means)
    exposing = exposing_waves(totals, estimates, period.waves)
    shown = withhold_estimates(found, totals, survey, period.waves[0], exposing)
    return stacked([shown.assign(period=period.name), incomplete])


def baseline_estimates(
    by_wave: WaveTotals, estimates: pd.DataFrame, survey: Survey
) -> Mapping[str, pd.DataFrame]:
    """Return the estimates of each declared baseline of several waves, by the period's name."""
    several = {period.name: period for period in declared_baselines(survey)}
    return {
        name: pooled_estimates(period, by_wave, estimates, survey)
        for name, period in several.items()
        if period.kind == "baseline" and set(period.waves) & set(by_wave.waves)
    }


def waves_affected(
    changed: Collection[str], held: Mapping[str, Collection[str]], survey: Survey
) -> tuple[str, ...]:
    """Return the waves held whose release depends on a changed wave, in order of time.

    `held`: by measure, the waves that have it.
    """
    every = {wave for waves in held.values() for wave in waves}
    order = [wave.name for wave in survey.waves if wave.name in every]
    # A changed wave may have had the measure until now, and made up what others compare with.
    before = {measure: {*waves, *changed} for measure, waves in held.items()}
    return tuple(
        wave
        for wave in order
        if any(
            set(changed) & needed
            for state in (held, before)
            for needed in _needed(wave, state, survey)
        )
    )


def _needed(wave: str, held: Mapping[str, Collection[str]], survey: Survey) -> Iterator[set[str]]:
    """Yield the waves that each figure and comparison of a wave's release is made of."""
    for period in periods_ending(wave, survey):
        yield set(period.waves)
        for measure, waves in held.items():
            for comparison in Comparison:
                other = counterpart(period, comparison, survey, measure, waves)
                if other and other.period:
                    yield {*(waves_of_window(other.period, measure, waves, survey) or ())}


def _incomplete(
    totals: pd.DataFrame, period: Period, by_wave: WaveTotals, survey: Survey
) -> pd.DataFrame:
    """Return rows without a figure for the cells that only some of the period's waves have."""
    missing = cells_without(totals, period, by_wave)
    nothing = {
        name: pd.Series(float("nan"), index=missing.index)
        for name in (
            *("estimate", "standard_error", "ci_lower", "ci_upper", "weighted_base"),
            *("effective_base", "df", "deff_design", "deff_kish"),
        )
    }
    return missing.assign(
        **nothing,
        unweighted_base=pd.Series(pd.NA, index=missing.index, dtype="Int64"),
        interval_method=interval_methods(missing, survey.about.estimation, survey.means),
        marker="[x]",
        suppression_reason=INCOMPLETE,
        period=period.name,
    )
