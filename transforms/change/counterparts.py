"""What each figure is compared with: an earlier period, a baseline, or the rest of the force."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from transforms.catalogue import Baseline, Comparison, Survey
from transforms.periods import Period, baseline_period, rolling_year, segment, wave_period
from transforms.waves import shift_quarter

REST = "rest of force"
"""What stands in the place of an earlier period where a domain is compared with the rest."""


@dataclass(frozen=True, slots=True)
class Counterpart:
    """The other side of a comparison: an earlier period, an outside figure, or the rest."""

    name: str
    period: Period | None = None
    outside: Baseline | None = None


def counterpart(
    period: Period, comparison: Comparison, survey: Survey, measure: str, held: Collection[str]
) -> Counterpart | None:
    """Return what a measure's figure of a period is compared with; None where there is nothing.

    `held`: the waves that have the measure. A period is never compared with itself.
    """
    if comparison is Comparison.REST_OF_FORCE:
        return Counterpart(REST)
    if comparison is Comparison.BASELINE:
        return _baseline(period, survey, measure, held)
    earlier = _earlier(period, comparison, survey)
    return Counterpart(earlier.name, earlier) if earlier else None


def headline_kind(survey: Survey) -> str:
    """Return the kind of period that a baseline is compared with."""
    return "wave" if survey.about.rolling_year is None else "rolling_year"


def _earlier(period: Period, comparison: Comparison, survey: Survey) -> Period | None:
    order = [wave.name for wave in survey.waves]
    if period.kind == "rolling_year":
        before = rolling_year(shift_quarter(period.last, -len(period.waves)))
        is_wanted = comparison is Comparison.PREVIOUS_YEAR and before.last in order
        return before if is_wanted else None
    if period.kind != "wave":
        return None
    if comparison is Comparison.PREVIOUS_WAVE:
        place = order.index(period.last)
        return wave_period(order[place - 1]) if place else None
    if comparison is Comparison.SAME_QUARTER_YEAR_BEFORE:
        year_before = shift_quarter(period.last, -4)
        return wave_period(year_before) if year_before in order else None
    return None


def _baseline(
    period: Period, survey: Survey, measure: str, held: Collection[str]
) -> Counterpart | None:
    if period.kind != headline_kind(survey):
        return None
    declared = declared_baseline(survey, measure)
    if declared is not None and declared.is_outside:
        return Counterpart(str(declared.label), outside=declared)
    if declared is not None and declared.waves:
        found: Period | None = baseline_period(declared.waves)
    else:
        found = default_baseline(period, survey, measure, held)
    order = [wave.name for wave in survey.waves]
    if found is None or order.index(found.last) >= order.index(period.last):
        return None
    return Counterpart(found.name, found)


def declared_baseline(survey: Survey, measure: str) -> Baseline | None:
    """Return the baseline of the measure's KPIs, which all name the same, if any."""
    named = (kpi.baseline for kpi in survey.kpis.values() if kpi.measure == measure)
    return next((baseline for baseline in named if baseline is not None), None)


def default_baseline(
    period: Period, survey: Survey, measure: str, held: Collection[str]
) -> Period | None:
    """Return the first complete rolling year of the measure since its last break.

    None where there is none, and where the survey has no rolling years.
    """
    if survey.about.rolling_year is None:
        return None
    order = [wave.name for wave in survey.waves]
    comparable = segment(period.last, survey.breaks_of(measure), order)
    years = (rolling_year(wave) for wave in comparable)
    return next(
        (year for year in years if all(q in comparable and q in held for q in year.waves)), None
    )
