"""Each whole year of a series of counts beside the year before: its test, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from transforms.catalogue import RecordSeries, Survey
from transforms.catalogue.base import WHOLE
from transforms.counts.areas import Values, is_held, total, values_by_area
from transforms.counts.stretches import break_between, stretches
from transforms.counts.year_change import (
    FEWEST_CHANGES,
    FEWEST_COUNT,
    usual_change,
    year_change,
)
from transforms.families import holm
from transforms.record_periods import PER_YEAR, RecordPeriod

Years = list[tuple[float, ...]]
"""Counts of whole years that follow each other, one tuple a comparable stretch."""


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A row of record.change."""

    series: str
    area: str
    period: str
    compared_with: str
    value: float
    value_before: float | None
    ratio: float | None = None
    ci_lower: float | None = None
    ci_upper: float | None = None
    dispersion: float | None = None
    earlier_changes: int | None = None
    p_value: float | None = None
    adjusted_p: float | None = None
    family_size: int | None = None
    verdict: str | None = None
    no_verdict_reason: str | None = None
    marker: str | None = None


def record_changes(name: str, survey: Survey) -> Iterator[RecordChange]:
    """Yield each whole year of a series of counts beside the year before; none of rates.

    The areas of a series in a year are one family of tests (Holm); the whole is its own.
    """
    series = survey.records.series[name]
    if series.quantity != "count":
        return
    compared = [
        _compared(name, area.name, year, values, survey)
        for area, values in values_by_area(name, survey).items()
        for year in (RecordPeriod(series.every, index).year() for index in sorted(values))
        if is_held(year, values)
    ]
    ordered = sorted(compared, key=lambda row: (row.period, row.area != WHOLE))
    for _, family in groupby(ordered, lambda row: (row.period, row.area == WHOLE)):
        yield from _judged(list(family), survey.about.significance_level)


def _compared(
    name: str, area: str, year: RecordPeriod, values: Values, survey: Survey
) -> RecordChange:
    """Return a year beside the year before, without a verdict yet."""
    series, before = survey.records.series[name], year.before()
    then = total(before, values) if is_held(before, values) else None
    row = RecordChange(name, area, year.name, before.name, total(year, values), then)
    broken = break_between(before, year, series)
    if broken is not None:
        return replace(row, no_verdict_reason=f"break in series: {broken}", marker="[b]")
    if then is None:
        return replace(row, no_verdict_reason="figures for the year before are missing")
    return _tested(row, then, _earlier_years(before, values, series), survey)


def _earlier_years(before: RecordPeriod, values: Values, series: RecordSeries) -> Years:
    """Return the whole years before a judged pair, by comparable stretch."""
    last = before.indices[0] - 1
    return [
        stretch.years_to(min(last, stretch.last), PER_YEAR[series.every])
        for stretch in stretches(values, series)
        if stretch.set_aside is None and stretch.first <= last
    ]


def _tested(row: RecordChange, then: float, earlier: Years, survey: Survey) -> RecordChange:
    counts = [row.value, then, *(count for stretch in earlier for count in stretch)]
    if min(counts) < FEWEST_COUNT:
        small = f"a yearly count below {FEWEST_COUNT} is too small for this test"
        return replace(row, no_verdict_reason=small)
    usual = usual_change(earlier)
    if usual is None:
        few = (
            f"fewer than {FEWEST_CHANGES} changes between earlier, comparable years: how much "
            "the count usually changes is not known"
        )
        return replace(row, no_verdict_reason=few)
    found = year_change(row.value, then, usual, survey.about.estimation.confidence)
    return replace(
        row,
        ratio=found.ratio,
        ci_lower=found.ci_lower,
        ci_upper=found.ci_upper,
        dispersion=usual.dispersion,
        earlier_changes=usual.changes,
        p_value=found.p_value,
    )


def _judged(family: Sequence[RecordChange], level: float) -> Iterator[RecordChange]:
    """Yield the rows of one family with adjusted p values and verdicts."""
    p_values = np.array([np.nan if row.p_value is None else row.p_value for row in family])
    size = int((~np.isnan(p_values)).sum())
    for row, adjusted_p in zip(family, holm(p_values).tolist(), strict=True):
        if row.ratio is None:
            yield row
            continue
        verdict = "increase" if row.ratio > 1 else "decrease"
        verdict = verdict if adjusted_p < level else "no significant change"
        yield replace(row, adjusted_p=adjusted_p, family_size=size, verdict=verdict)
