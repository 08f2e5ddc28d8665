"""The finding on a KPI as sentences that say no more than the test does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from transforms.catalogue import Comparison, Kpi, Survey
from transforms.periods import Period
from transforms.scales import Scale, scale_of
from transforms.wording import number_word, period_name_words

REQUIRED = {"increase": "an increase", "decrease": "a decrease"}

Row = Any
"""A row of estimate.estimate or estimate.change, its columns as attributes."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One KPI in one period and domain value: its figure, the judged change, the earlier figure.

    `compared_with`: the period that should be compared with, if there is one. `change`: None where
    it was not. `earlier`: the figure compared with; None for an outside one.
    `measurable_from`: the first later wave that can be judged, where this one cannot.
    """

    kpi: Kpi
    domain: str
    domain_value: str
    period: Period
    judged: Comparison
    compared_with: str | None
    latest: Row
    change: Row | None
    earlier: Row | None
    measurable_from: str | None


def evidence(judgement: Judgement, survey: Survey) -> str:
    """Return what the status rests on, in one to three sentences."""
    change = judgement.change
    if change is None:
        return _no_comparison(judgement)
    scale = scale_of(survey.measures[judgement.kpi.measure])
    now, before = (period_name_words(name) for name in (change.period, change.compared_with))
    reason = change.suppression_reason
    if pd.notna(reason):
        return f"No change is shown from {before} to {now}: {reason}." + _when(judgement)
    if pd.isna(change.verdict):
        return f"No change is judged from {before} to {now}: {change.no_verdict_reason}."
    if change.verdict == "no significant change":
        return _no_significant_change(judgement, scale, survey)
    return _significant_change(judgement, scale)


def _no_comparison(judgement: Judgement) -> str:
    latest = judgement.latest
    if judgement.period.kind == "rolling_year" and pd.isna(latest.estimate):
        year = period_name_words(judgement.period.name)
        return f"There is no figure for {year} yet: {latest.suppression_reason}." + _when(judgement)
    if judgement.compared_with is not None:
        missing = period_name_words(judgement.compared_with)
        return f"No change is judged: there is no figure for {missing}." + _when(judgement)
    if judgement.judged is Comparison.BASELINE and judgement.kpi.baseline is None:
        return "No change is judged: this is the baseline of later figures." + _when(judgement)
    return "No change is judged yet: there is no earlier figure to compare with." + _when(judgement)


def _when(judgement: Judgement) -> str:
    if judgement.measurable_from is None:
        return ""
    first = period_name_words(judgement.measurable_from)
    return f" The first change that can be judged comes with {first}."


def _significant_change(judgement: Judgement, scale: Scale) -> str:
    kpi, change = judgement.kpi, judgement.change
    assert change is not None
    verb = "Rose" if change.difference > 0 else "Fell"
    wanted = change.verdict == kpi.required_direction
    asked = "as required" if wanted else f"where {REQUIRED[kpi.required_direction]} is required"
    latest = scale.figure(judgement.latest.estimate)
    return (
        f"{verb} by {scale.size(change.difference)}, from {_earlier(judgement, scale)} to "
        f"{latest} in {period_name_words(change.period)}; this is a "
        f"statistically significant {change.verdict}, {asked}.{_adjusted(change)}"
        f"{_wide_interval(change)}{_overlap(change)}"
    )


def _no_significant_change(judgement: Judgement, scale: Scale, survey: Survey) -> str:
    change = judgement.change
    assert change is not None
    alone = change.p_value < survey.about.significance_level
    once = f" once the {_together(change)} are adjusted for being tested together" if alone else ""
    apart = _interval_apart(change) if alone else ""
    latest = scale.figure(judgement.latest.estimate)
    return (
        f"No statistically significant change{once} from {_earlier(judgement, scale)} to "
        f"{latest} in {period_name_words(change.period)}; a true change of about "
        f"{scale.size(change.detectable_change)} would have been detected four times in five, "
        f"smaller ones could be missed.{apart}{_overlap(change)}"
    )


def _interval_apart(change: Row) -> str:
    so = "" if _holds_no_change(change) else ", so its interval lies wholly to one side of zero"
    return f" Taken alone it would have been significant{so}."


def _wide_interval(change: Row) -> str:
    """Say that they disagree, where the interval has more confidence than the test asks."""
    if not _holds_no_change(change):
        return ""
    return " Its interval is of a higher confidence than the test, and holds zero."


def _holds_no_change(change: Row) -> bool:
    return bool(change.ci_lower <= 0 <= change.ci_upper)


def _earlier(judgement: Judgement, scale: Scale) -> str:
    """Return the figure compared with: "52.4% in the year to March 2027"."""
    change, baseline = judgement.change, judgement.kpi.baseline
    assert change is not None
    if judgement.earlier is not None:
        words = period_name_words(change.compared_with)
        return f"{scale.figure(judgement.earlier.estimate)} in {words}"
    assert baseline is not None and baseline.estimate is not None
    return f"{scale.figure(baseline.estimate)} ({baseline.label})"


def _together(change: Row) -> str:
    return f"{number_word(int(change.family_size))} figures of its family"


def _adjusted(change: Row) -> str:
    if change.adjustment == "none" or change.family_size == 1:
        return ""
    return f" It remains so when the {_together(change)} are adjusted for being tested together."


def _overlap(change: Row) -> str:
    if not change.shared_waves:
        return ""
    quarters = "quarter" if change.shared_waves == 1 else "quarters"
    shared = number_word(int(change.shared_waves))
    return f" The two periods share {shared} {quarters}, which the test takes into account."
