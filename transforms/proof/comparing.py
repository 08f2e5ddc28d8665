"""The comparisons that are tested in every simulated survey, as a release would test them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from transforms.arrays import Flags, Floats
from transforms.change import tested
from transforms.change.testing import FEWEST
from transforms.estimation.totals import FORCE
from transforms.proof.plan import Study
from transforms.proof.surveyed import Surveyed
from transforms.windows import (
    Differences,
    WaveTotals,
    Window,
    against_rest,
    difference,
    window_factors,
    window_totals,
)

QUARTER: Final = "quarter on previous quarter"
YEAR_BEFORE: Final = "quarter on same quarter a year before"
YEARS: Final = (
    "rolling year on previous year",
    "rolling year on first year, 1 quarter shared",
    "rolling year on first year, 2 quarters shared",
    "rolling year on first year, 3 quarters shared",
)
"""By how many quarters both sides share."""
REST_IN_QUARTER: Final = "domain against rest of force, quarter"
REST_IN_YEAR: Final = "domain against rest of force, rolling year"
IN_TIME: Final = (QUARTER, YEAR_BEFORE, *YEARS)
CONTRASTS: Final = (REST_IN_QUARTER, REST_IN_YEAR)
KINDS: Final = (*IN_TIME, *CONTRASTS)

CONFIDENCE: Final = 0.95
ALIKE: Final = 1e-9
"""Truths that differ by less are the same."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison: its kind, the places of the waves of both sides; no others: the rest."""

    kind: str
    now: tuple[int, ...]
    before: tuple[int, ...]


def comparisons(waves: int) -> tuple[Compared, ...]:
    """Return what is compared in a survey of some waves; within a kind, mostly disjoint waves."""
    quarters = [Compared(QUARTER, (n,), (n - 1,)) for n in range(waves - 1, 0, -2)]
    a_year_apart = [Compared(YEAR_BEFORE, (n,), (n - 4,)) for n in range(waves - 1, 3, -1)]
    years = [
        Compared(YEARS[shared], _year(waves - 1 - shared), _year(waves - 5))
        for shared in range(4)
        if waves >= 8
    ]
    in_quarter = [Compared(REST_IN_QUARTER, (n,), ()) for n in range(waves - 1, -1, -2)]
    in_year = [Compared(REST_IN_YEAR, _year(n), ()) for n in range(waves - 1, 2, -4)]
    return (*quarters, *a_year_apart, *years, *in_quarter, *in_year)


@dataclass(frozen=True, slots=True)
class Tests:
    """Every comparison's test in every survey: (comparisons × surveys × cells) each.

    `p_value` is NaN where no test is made; everything is where there is nothing to compare.
    `plain_p_value`: by the estimated variance alone, which contrasts do without.
    """

    compared: tuple[Compared, ...]
    difference: Floats
    standard_error: Floats
    df: Floats
    p_value: Floats
    plain_p_value: Floats

    def of_kind(self, kind: str) -> list[int]:
        """Return the places of the comparisons of a kind."""
        return [place for place, one in enumerate(self.compared) if one.kind == kind]


def every_test(surveyed: Surveyed, compared: tuple[Compared, ...]) -> Tests:
    """Return the tests of comparisons, made as `transforms.change.changes` makes them."""
    found = [_tested(one, surveyed) for one in compared]
    each = {name: surveyed.by_survey(np.stack([one[name] for one in found])) for name in found[0]}
    return Tests(compared, **each)


def window_at(totals: WaveTotals, places: Sequence[int]) -> Window:
    """Return the window of some waves, each counting alike."""
    names = tuple(totals.waves[place] for place in places)
    return Window(names, window_factors(totals.control_totals[list(places)].tolist(), "equal"))


def fewest_expected(study: Study, one: Compared) -> Floats:
    """(cells,) respondents expected with the outcome or without on either side, the fewest."""
    now, before = _sides(study, one)
    return np.asarray(np.minimum(now, before).min(axis=-1), dtype=np.float64)


def smaller_base(study: Study, one: Compared) -> Floats:
    """(cells,) the respondents expected on the smaller side."""
    now, before = _sides(study, one)
    return np.asarray(np.minimum(now.sum(axis=-1), before.sum(axis=-1)), dtype=np.float64)


def unchanged(study: Study, one: Compared) -> Flags:
    """(cells,) true where the truth is the same on both sides."""
    now = study.truth[list(one.now)]
    every = [now, study.truth[list(one.before)]] if one.before else [now]
    if not one.before:
        every.append(_force_of(study, now))
    spread = np.ptp(np.concatenate(every), axis=0)
    return np.asarray(spread < ALIKE, dtype=np.bool_)


def _sides(study: Study, one: Compared) -> tuple[Floats, Floats]:
    """Return the respondents expected, (cells × 2), on either side, shared waves apart.

    What both sides share cancels, so it adds nothing to what a test can go by.
    """
    shared = {*one.now} & {*one.before}
    now, before = (
        study.expected[[wave for wave in side if wave not in shared]].sum(axis=0)
        for side in (one.now, one.before)
    )
    if not one.before:
        before = _force_of(study, study.expected[list(one.now)]).sum(axis=0) - now
    return now, before


def _force_of(study: Study, values: Floats) -> Floats:
    """Return, for values of (waves × cells × …), the force's in the place of each cell's."""
    is_force = (study.cells["domain"] == FORCE[0]).to_numpy()
    of_cell = np.cumsum(is_force) - 1
    return values[:, np.flatnonzero(is_force)[of_cell]]


def _tested(one: Compared, surveyed: Surveyed) -> dict[str, Floats]:
    """(surveys · cells,) each figure of a comparison's test."""
    totals = surveyed.totals
    found = _difference(one, totals)
    limits = np.zeros(len(found.difference)), np.ones(len(found.difference))
    outcome, plain = (
        tested(each, limits, CONFIDENCE) for each in (found, replace(found, score=None))
    )
    is_made = found.fewest >= FEWEST
    figures = {
        "difference": found.difference,
        "standard_error": outcome["standard_error"],
        "df": outcome["df"],
        "p_value": np.where(is_made, outcome["p_value"], np.nan),
        "plain_p_value": np.where(is_made, plain["p_value"], np.nan),
    }
    return {name: _at_cells(values, one, totals) for name, values in figures.items()}


def _difference(one: Compared, totals: WaveTotals) -> Differences:
    now = window_at(totals, one.now)
    if one.before:
        return difference(totals, now, window_at(totals, one.before))
    return against_rest(window_totals(totals, now))


def _at_cells(values: Floats, one: Compared, totals: WaveTotals) -> Floats:
    """Return values of all cells, or of all but the force's, in the places of the cells."""
    if one.before:
        held = np.ones(len(totals.cells), dtype=np.bool_)
    else:
        held = (totals.cells["domain"] != FORCE[0]).to_numpy()
    placed = np.full(len(held), np.nan)
    placed[held] = values
    return placed


def _year(last: int) -> tuple[int, ...]:
    return tuple(range(last - 3, last + 1))
