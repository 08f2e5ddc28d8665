"""Whether all answers to an item are distributed alike in two periods: the test of each comparison.

A share can stand still while the answers behind it move apart: this test sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.catalogue import Comparison, Survey
from transforms.change.changes import Sides, sides_of
from transforms.change.words import BREAK, NO_SPREAD, NOT_SAME_QUARTERS, TOO_FEW
from transforms.distribution.answers import category_totals
from transforms.distribution.crosstab import CategoryTotals, two_periods
from transforms.distribution.rao_scott import TestResult, rao_scott
from transforms.periods import Period, segment
from transforms.waves import quarter_of_year
from transforms.windows import WaveTotals

FEWEST = 5
"""Fewest respondents who gave each answer, in either period, for a test."""

OTHER_ANSWERS = "the two periods do not have the same answers to choose from"


@dataclass(frozen=True, slots=True)
class Answered:
    """An item's answers in one wave, in order: their names, and what their totals are."""

    names: tuple[str, ...]
    totals: CategoryTotals


Answers = Mapping[tuple[str, str], Answered]
"""By wave and item."""


def distribution_changes(
    answers: pd.DataFrame, by_wave: WaveTotals, periods: Iterable[Period], survey: Survey
) -> pd.DataFrame:
    """Return one row a period × comparison in time × item: the columns of estimate.distribution.

    `answers`: rows of estimate.answer_total of every wave. Second-order Rao–Scott tests for the
    whole force, shown for information: none carries a verdict.
    """
    by_item = _by_item(answers)
    in_time = [c for c in survey.about.comparisons if c is not Comparison.REST_OF_FORCE]
    rows = [
        row
        for period in periods
        for comparison in in_time
        for row in _rows(period, comparison, by_item, by_wave, survey)
    ]
    columns = [
        *("period", "compared_with", "comparison", "item", "answers", "f", "ndf", "ddf"),
        *("p_value", "shared_waves", "no_test_reason"),
    ]
    return pd.DataFrame(rows, columns=columns)


def _by_item(answers: pd.DataFrame) -> Answers:
    """Return the rows of estimate.answer_total by wave and item."""
    return {
        (str(wave), str(item)): Answered(
            tuple(rows.sort_values("answer_order")["answer"]), category_totals(rows)
        )
        for (wave, item), rows in answers.groupby(["wave", "item"])
    }


def _rows(
    period: Period, comparison: Comparison, by_item: Answers, by_wave: WaveTotals, survey: Survey
) -> Iterator[tuple[object, ...]]:
    for item, measure in _measure_of_item(survey).items():
        sides = sides_of(period, comparison, measure, by_wave, survey)
        if sides is None or sides.before is None:
            continue
        waves = _waves(sides, by_wave)
        if not all((wave, item) in by_item for wave in waves):
            continue
        each = [by_item[wave, item] for wave in waves]
        reason, test = _tested(each, waves, sides, measure, survey)
        yield (
            *(period.name, sides.counterpart.name, comparison.value, item, len(each[0].names)),
            *((test.statistic, test.ndf, test.ddf, test.p_value) if test else (None,) * 4),
            *(sides.shared_waves, reason),
        )


def _tested(
    each: Sequence[Answered], waves: Sequence[str], sides: Sides, measure: str, survey: Survey
) -> tuple[str | None, TestResult | None]:
    """Return why there is no test, or the test."""
    reason = _no_test_reason(each, waves, sides, measure, survey)
    if reason is not None:
        return reason, None
    assert sides.before is not None
    table = two_periods(
        [one.totals for one in each], sides.now.over(waves), sides.before.over(waves)
    )
    test = rao_scott(table).second_order
    return (None, test) if np.isfinite(test.p_value) else (NO_SPREAD, None)


def _no_test_reason(
    each: Sequence[Answered], waves: Sequence[str], sides: Sides, measure: str, survey: Survey
) -> str | None:
    assert sides.before is not None
    now, before = sides.now.waves, sides.before.waves
    order = [wave.name for wave in survey.waves]
    if before[-1] not in segment(now[-1], survey.breaks_of(measure), order):
        return BREAK
    seasons = [{quarter_of_year(wave) for wave in window} for window in (now, before)]
    if len(now) > 1 and seasons[0] != seasons[1]:
        return NOT_SAME_QUARTERS
    if any(one.names != each[0].names for one in each):
        return OTHER_ANSWERS
    counts = np.stack([one.totals.counts for one in each])
    sums = [counts[np.isin(waves, window)].sum(axis=0) for window in (now, before)]
    return TOO_FEW if min(one.min() for one in sums) < FEWEST else None


def _waves(sides: Sides, by_wave: WaveTotals) -> tuple[str, ...]:
    assert sides.before is not None
    either = {*sides.now.waves, *sides.before.waves}
    return tuple(wave for wave in by_wave.waves if wave in either)


def _measure_of_item(survey: Survey) -> Mapping[str, str]:
    """Return a measure of each item with codes: the first that is declared."""
    named: dict[str, str] = {}
    for name, measure in survey.measures.items():
        if survey.items[measure.item].codes:
            named.setdefault(measure.item, name)
    return named
