"""Periods: what a figure speaks of, a single wave or several pooled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from transforms.catalogue import Survey
from transforms.waves import shift_quarter

PeriodKind = Literal["wave", "rolling_year", "baseline"]
QUARTERS_IN_A_YEAR = 4


@dataclass(frozen=True, slots=True)
class Period:
    """A wave, a rolling year of four quarters, or the waves of a declared baseline.

    `waves`: in order of time; of a rolling year all four, whether they have been held or not.
    """

    kind: PeriodKind
    waves: tuple[str, ...]

    @property
    def name(self) -> str:
        """The wave's name; for several the first and the last, such as 2026-Q2/2027-Q1."""
        if len(self.waves) == 1:
            return self.waves[0]
        return "/".join((self.waves[0], self.waves[-1]))

    @property
    def last(self) -> str:
        """The wave it ends with."""
        return self.waves[-1]


def wave_period(wave: str) -> Period:
    """Return the period that is one wave."""
    return Period("wave", (wave,))


def rolling_year(last: str) -> Period:
    """Return the rolling year that ends with a quarter."""
    quarters = range(1 - QUARTERS_IN_A_YEAR, 1)
    return Period("rolling_year", tuple(shift_quarter(last, by) for by in quarters))


def periods_ending(wave: str, survey: Survey) -> tuple[Period, ...]:
    """Return the periods that end with a wave: itself and, where declared, its rolling year."""
    year = (rolling_year(wave),) if survey.about.rolling_year is not None else ()
    return (wave_period(wave), *year)


def periods_of(survey: Survey, held: Collection[str]) -> tuple[Period, ...]:
    """Return every period that ends with a wave held, in order of time, then declared baselines."""
    ending = [
        period
        for wave in survey.waves
        if wave.name in held
        for period in periods_ending(wave.name, survey)
    ]
    known = {period.name for period in ending}
    baselines = {period.name: period for period in declared_baselines(survey)}
    return (*ending, *(period for name, period in baselines.items() if name not in known))


def declared_baselines(survey: Survey) -> tuple[Period, ...]:
    """Return the periods that KPIs name as their baseline."""
    named = [kpi.baseline.waves for kpi in survey.kpis.values() if kpi.baseline is not None]
    return tuple(baseline_period(waves) for waves in named if waves)


def baseline_period(waves: Sequence[str]) -> Period:
    """Return the baseline that is made of declared waves; one wave is that wave's period."""
    return Period("baseline", tuple(waves)) if len(waves) > 1 else wave_period(waves[0])


def segment(wave: str, breaks: Collection[str], order: Sequence[str]) -> tuple[str, ...]:
    """Return the declared waves comparable with `wave`: between the breaks before and after it.

    `breaks`: the waves from which on figures are not comparable with those before.
    """
    place = order.index(wave)
    starts = [order.index(name) for name in breaks if name in order]
    first = max((start for start in starts if start <= place), default=0)
    end = min((start for start in starts if start > place), default=len(order))
    return tuple(order[first:end])
