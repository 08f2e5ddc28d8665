"""What a wave's release may publish, given what earlier releases have.

Releases are decided in order of time, each on what is known when it comes, so that nothing
published ever has to be withdrawn because of a later wave. Within a release the order is that of
value to the reader: every figure before any base that stands without one; where a wave is computed
again, what was published before, since that cannot be taken back; the force before the values of a
classification; measures of KPIs before others; measures and classifications as they are declared;
the rolling year before the quarter before a baseline, but for a year that would only hand on what
is withheld (`YIELDING`); large bases before small ones.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.arrays import Flags, Ints
from transforms.catalogue import Survey
from transforms.catalogue.base import WHOLE
from transforms.disclosure.audit import Knowledge, knowledge
from transforms.disclosure.choosing import publish
from transforms.disclosure.counts import Counts, counts_of
from transforms.disclosure.primary import primary_rules
from transforms.disclosure.sums import Sums, no_sums
from transforms.disclosure.ties import BASE, tied_measures
from transforms.disclosure.words import CELL, GIVES_AWAY
from transforms.periods import QUARTERS_IN_A_YEAR, Period, periods_of
from transforms.pooled import waves_of_window
from transforms.windows import WaveTotals

VALUE = {"rolling_year": 0, "wave": 1, "baseline": 2}
"""Which of a cell's figures are worth more to a reader: the lower the more."""
YIELDING = 3
"""Value of a rolling year that no quarter is withheld for.

It holds only quarters that were withheld for earlier years. Where it gives way to its last quarter
all later years can be published; a quarter withheld for it would cost later quarters in turn.
"""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What becomes of each row of a period's totals; all have the totals' index.

    `cells`: measure, domain and domain value. `rule`: which withholds the figure; NA where it is
    published. `hides_base`: whether the unweighted base is withheld too.
    """

    cells: pd.DataFrame
    rule: pd.Series
    hides_base: pd.Series


NOTHING_TO_DECIDE = Decisions(
    pd.DataFrame({column: pd.Series(dtype="str") for column in CELL}),
    pd.Series(dtype="str"),
    pd.Series(dtype="bool"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """What may be published of measures that are tied to each other.

    `waves`: (rows × waves) those of each row's figure. `known`: the sums published already.
    """

    counts: Counts
    waves: Flags
    known: Sums


def decide(
    totals: Mapping[Period, pd.DataFrame],
    by_wave: WaveTotals,
    published: pd.DataFrame,
    shown: pd.DataFrame,
    survey: Survey,
) -> dict[Period, Decisions]:
    """Return the decisions on a release's periods.

    `totals`: of each period, as `period_totals` gives them. `by_wave`: every wave up to the
    release's. `published`: rows of estimate.estimate of the periods of earlier releases. `shown`:
    rows of ops.shown: figures that were published before, perhaps from another return.
    """
    each = [_rows(one, period, survey) for period, one in totals.items() if len(one)]
    if not each:
        return dict.fromkeys(totals, NOTHING_TO_DECIDE)
    rows = pd.concat(each)
    rows = rows.assign(shown=_is_among(rows, shown))
    tied = rows["measure"].map(tied_measures(survey))
    decided = pd.concat(
        _decided(own, by_wave, published, survey) for _, own in rows.groupby(tied, sort=False)
    )
    return {
        period: _of(decided[decided["period"] == period.name], one)
        for period, one in totals.items()
    }


def _rows(totals: pd.DataFrame, period: Period, survey: Survey) -> pd.DataFrame:
    """Return a period's totals with the rule that withholds each by itself, and its value."""
    return totals.assign(
        period=period.name,
        value=VALUE[period.kind],
        rule=primary_rules(totals, survey),
        hides_base=totals["n"].between(1, survey.about.disclosure.minimum_count - 1),
    )


def _is_among(rows: pd.DataFrame, shown: pd.DataFrame) -> pd.Series:
    figure = ["period", *CELL]
    known = pd.MultiIndex.from_frame(shown[figure])
    return pd.Series(pd.MultiIndex.from_frame(rows[figure]).isin(known), index=rows.index)


def _decided(
    rows: pd.DataFrame, by_wave: WaveTotals, published: pd.DataFrame, survey: Survey
) -> pd.DataFrame:
    """Return the rows of measures tied to each other with what else has to be withheld."""
    tied = tied_measures(survey)
    together = tied[rows["measure"].iloc[0]]
    measures = [name for name, first in tied.items() if first == together]
    of_measures = by_wave.of_measures(measures)
    counts = counts_of(of_measures, survey)
    if not counts.small.any():
        return rows
    windows = _windows(measures, of_measures, survey)
    waves = np.stack([windows[figure] for figure in _figures(rows)])
    earlier = published[published["measure"].isin(measures)]
    return _answered(rows, Question(counts, waves, _known(earlier, windows, counts)), survey)


def _of(decided: pd.DataFrame, totals: pd.DataFrame) -> Decisions:
    rows = decided.loc[totals.index]
    return Decisions(rows[CELL], rows["rule"], rows["hides_base"])


def _answered(rows: pd.DataFrame, asked: Question, survey: Survey) -> pd.DataFrame:
    """Return the rows of tied measures with what else has to be withheld."""
    yields = (rows["value"] == VALUE["rolling_year"]) & ~_spans_a_beginning(rows, asked)
    order = _in_order_of_value(rows.assign(value=rows["value"].mask(yields, YIELDING)), survey)
    known = knowledge(asked.counts, asked.known)
    free = rows["rule"].isna().to_numpy()
    figures, then = _published(asked, known, rows, order[free[order]], is_figure=True)
    stands = ~rows["hides_base"].to_numpy() & ~figures
    bases, _ = _published(asked, then, rows, order[stands[order]], is_figure=False)
    return rows.assign(
        rule=rows["rule"].mask(free & ~figures, GIVES_AWAY), hides_base=~(figures | bases)
    )


def _spans_a_beginning(rows: pd.DataFrame, asked: Question) -> Flags:
    """(rows,) whether its waves hold a small count of its cell, or where that began to be hidden.

    A quarter begins to be hidden where none of the three before it is: it is a small count or what
    protects one, while later ones may be hidden for it alone.
    """
    counts, known = asked.counts, asked.known
    hidden = counts.people[BASE] > 0
    single = known.figure & (known.waves.sum(axis=1) == 1)
    hidden[known.waves[single].argmax(axis=1), known.cell[single]] = False
    hidden[-1] = False  # not decided yet
    before = np.zeros_like(hidden)
    for quarters in range(1, QUARTERS_IN_A_YEAR):
        before[quarters:] |= hidden[:-quarters]
    small = counts.small.reshape(counts.people.shape).any(axis=0)
    beginning = (hidden & ~before) | small
    return np.asarray((asked.waves & beginning[:, counts.places(rows)].T).any(axis=1))


def _published(
    asked: Question, known: Knowledge, rows: pd.DataFrame, wanted: Ints, *, is_figure: bool
) -> tuple[Flags, Knowledge]:
    """Return (rows,) which of the `wanted` rows' figures, or bases, are published."""
    cell = asked.counts.places(rows)[wanted]
    candidates = Sums(cell, asked.waves[wanted], np.full(len(wanted), is_figure))
    chosen, then = publish(known, candidates)
    return np.isin(np.arange(len(rows)), wanted[chosen]), then


def _in_order_of_value(rows: pd.DataFrame, survey: Survey) -> Ints:
    """(rows,) their places, the most valuable first."""
    measure, domain = (
        rows[column].map(list(declared).index)
        for column, declared in (("measure", survey.measures), ("domain", [WHOLE, *survey.domains]))
    )
    of_kpi = rows["measure"].isin([kpi.measure for kpi in survey.kpis.values()])
    keys = (-rows["n"], rows["value"], domain, measure, ~of_kpi, domain > 0, ~rows["shown"])
    return np.lexsort(keys).astype(np.int64)


def _windows(
    measures: Collection[str], by_wave: WaveTotals, survey: Survey
) -> dict[tuple[str, str], Flags]:
    """Return (waves,) the waves that a measure's figure of a period is of, by both their names."""
    periods = periods_of(survey, by_wave.waves)
    found = {
        (measure, period.name): waves_of_window(period, measure, held, survey)
        for measure in measures
        for held in [by_wave.waves_of(measure)]
        for period in periods
    }
    return {
        name: np.isin(by_wave.waves, waves) for name, waves in found.items() if waves is not None
    }


def _figures(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(rows["measure"], rows["period"], strict=True))


def _known(
    published: pd.DataFrame, windows: Mapping[tuple[str, str], Flags], counts: Counts
) -> Sums:
    """Return what earlier releases have published of the measures."""
    shown = published["unweighted_base"].notna() & (published["unweighted_base"] > 0)
    told = published[shown & np.array([figure in windows for figure in _figures(published)])]
    if told.empty:
        return no_sums(counts.people.shape[1])
    waves = np.stack([windows[figure] for figure in _figures(told)])
    return Sums(counts.places(told), waves, told["estimate"].notna().to_numpy())
