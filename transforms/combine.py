"""Waves combined: the pooled figures, changes, verdicts and KPIs that a wave's release brings.

Everything is formed from stored totals; no respondent is needed. What a wave brings depends on that
wave and those before it, so that an added or corrected wave leaves the results of the earlier ones
as they are (methods §4).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from transforms.catalogue import Survey
from transforms.change import changes, judged
from transforms.disclosure import (
    INCOMPLETE,
    Decisions,
    decide,
    rules_fired,
    withhold_changes,
    withhold_estimates,
    withhold_tests,
)
from transforms.distribution.changes import distribution_changes
from transforms.estimation import estimates_from_totals, interval_methods
from transforms.kpi import kpi_statuses
from transforms.periods import Period, declared_baselines, periods_ending, periods_of
from transforms.pooled import cells_without, measures_in, period_totals, pooling, stacked
from transforms.scales import with_units
from transforms.windows import WaveTotals


@dataclass(frozen=True, slots=True)
class Release:
    """What a wave brings: rows of estimate.*, survey.pooling, kpi.kpi and ops.disclosure.

    `periods`: those that come with it, of which the rows of all but kpi.kpi speak.
    """

    wave: str
    periods: tuple[Period, ...]
    estimates: pd.DataFrame
    changes: pd.DataFrame
    distributions: pd.DataFrame
    pooling: pd.DataFrame
    kpis: pd.DataFrame
    disclosure: pd.DataFrame


def release_of(
    wave: str,
    by_wave: WaveTotals,
    answers: pd.DataFrame,
    estimates: pd.DataFrame,
    shown: pd.DataFrame,
    survey: Survey,
) -> Release:
    """Return what a wave brings.

    `by_wave`: totals of all waves. `answers`: their rows of estimate.answer_total. `estimates`:
    published rows of estimate.estimate of earlier releases; later ones are not looked at. `shown`:
    rows of ops.shown.
    """
    known = by_wave.of_waves(by_wave.waves[: by_wave.waves.index(wave) + 1])
    periods = periods_released(wave, survey)
    ending = periods_ending(wave, survey)
    totals = {period: period_totals(period, known, survey) for period in periods}
    earlier = estimates[estimates["period"].isin(_released_before(wave, known.waves, survey))]
    decided = decide(totals, known, earlier, shown, survey)
    own = stacked(
        _estimates(period, totals[period], decided[period], known, survey) for period in periods
    )
    every = stacked([earlier, own])
    verdicts = judged(withhold_changes(changes(known, ending, survey), every), survey)
    held = {measure: by_wave.waves_of(measure) for measure in measures_in(by_wave)}
    fired = [rules_fired(one).assign(period=period.name) for period, one in decided.items()]
    return Release(
        wave=wave,
        periods=periods,
        estimates=own,
        changes=with_units(verdicts, survey),
        distributions=withhold_tests(
            distribution_changes(answers, known, ending, survey), every, survey
        ),
        pooling=stacked(pooling(period, known, survey) for period in ending),
        kpis=with_units(kpi_statuses(wave, every, verdicts, held, survey), survey),
        disclosure=pd.concat(fired, ignore_index=True),
    )


def periods_released(wave: str, survey: Survey) -> tuple[Period, ...]:
    """Return the periods that come with a wave: those that end with it, declared baselines last."""
    ending = periods_ending(wave, survey)
    known = {period.name for period in ending}
    baselines = {
        period.name: period
        for period in declared_baselines(survey)
        if period.last == wave and period.name not in known
    }
    return (*ending, *baselines.values())


def waves_affected(
    changed: Collection[str], held: Mapping[str, Collection[str]], survey: Survey
) -> tuple[str, ...]:
    """Return the waves held whose release depends on a changed wave: from the first of them on.

    Later figures are made of it or compared with it, or cannot be published because its are.
    `held`: by measure, the waves that have it.
    """
    every = {wave for waves in held.values() for wave in waves}
    order = [wave.name for wave in survey.waves if wave.name in every]
    # Of all declared: a changed wave may have lost what it had, and later ones counted it before.
    declared = [wave.name for wave in survey.waves]
    first = min((declared.index(wave) for wave in changed), default=len(declared))
    return tuple(wave for wave in order if declared.index(wave) >= first)


def _released_before(wave: str, held: Collection[str], survey: Survey) -> set[str]:
    """Return the names of the periods that came with the waves `held` before `wave`."""
    periods = periods_of(survey, held)
    return {period.name for period in periods if period.last in held and period.last != wave}


def _estimates(
    period: Period,
    totals: pd.DataFrame,
    decided: Decisions,
    by_wave: WaveTotals,
    survey: Survey,
) -> pd.DataFrame:
    """Return a period's rows of estimate.estimate, as published."""
    incomplete = _incomplete(totals, period, by_wave, survey)
    if totals.empty:
        return incomplete
    found = estimates_from_totals(totals, survey.about.estimation, survey.means)
    shown = withhold_estimates(found, totals, survey, period.waves[0], decided)
    return stacked([shown.assign(period=period.name), incomplete])


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
