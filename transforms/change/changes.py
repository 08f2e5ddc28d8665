"""Every comparison declared of the figures of a period, tested but not yet judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.arrays import Flags, Floats
from transforms.catalogue import Comparison, Survey
from transforms.catalogue.base import WHOLE
from transforms.change.counterparts import Counterpart, counterpart, headline_kind
from transforms.change.testing import FEWEST, tested
from transforms.change.words import BREAK, NO_SPREAD, NOT_SAME_QUARTERS, TOO_FEW
from transforms.periods import Period, segment
from transforms.pooled import measures_in, stacked, window_of
from transforms.waves import quarter_of_year
from transforms.windows import (
    Differences,
    WaveTotals,
    Window,
    against_rest,
    difference,
    outside_difference,
    window_totals,
)


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides of a comparison; `before` is None for an outside figure and for the rest."""

    now: Window
    counterpart: Counterpart
    before: Window | None

    @property
    def earlier(self) -> str | None:
        """The earlier period's name; None where there is none."""
        return self.counterpart.period.name if self.counterpart.period else None

    @property
    def shared_waves(self) -> int:
        """How many waves both sides are made of."""
        return len({*self.now.waves} & {*(self.before.waves if self.before else ())})


def changes(by_wave: WaveTotals, periods: Iterable[Period], survey: Survey) -> pd.DataFrame:
    """Return one row a period × comparison × measure × domain value, before withholding.

    `by_wave`: totals of every wave that the periods are made of or compared with. A comparison is
    formed where both sides have the measure; across a break it stands without a test.
    """
    frames = [
        _changed(sides, by_wave.of_measures(measures), period, comparison, survey)
        for period in periods
        for comparison in survey.about.comparisons
        for sides, measures in _grouped(period, comparison, by_wave, survey)
    ]
    return stacked(frames) if any(map(len, frames)) else _no_changes()


def _grouped(
    period: Period, comparison: Comparison, by_wave: WaveTotals, survey: Survey
) -> Iterator[tuple[Sides, list[str]]]:
    """Yield the sides of a comparison, each pair with the measures that share it."""
    groups: dict[Sides, list[str]] = {}
    for measure in measures_in(by_wave):
        sides = sides_of(period, comparison, measure, by_wave, survey)
        if sides is not None:
            groups.setdefault(sides, []).append(measure)
    yield from groups.items()


def sides_of(
    period: Period, comparison: Comparison, measure: str, by_wave: WaveTotals, survey: Survey
) -> Sides | None:
    """Return both sides of a measure's comparison; None where one of them has no figure."""
    other = counterpart(period, comparison, survey, measure, by_wave.waves_of(measure))
    now = window_of(period, measure, by_wave, survey) if other else None
    if other is None or now is None:
        return None
    if other.period is None:
        return Sides(now, other, None)
    before = window_of(other.period, measure, by_wave, survey)
    return Sides(now, other, before) if before else None


def _changed(
    sides: Sides, by_wave: WaveTotals, period: Period, comparison: Comparison, survey: Survey
) -> pd.DataFrame:
    """Return the changes of the measures that share a comparison's sides."""
    found = _found(sides, by_wave)
    limits = _limits(found.cells["measure"], survey)
    changed = found.cells.assign(
        period=period.name,
        compared_with=sides.counterpart.name,
        earlier=pd.Series(sides.earlier, index=found.cells.index, dtype="str"),
        comparison=comparison.value,
        difference=found.difference,
        **tested(found, limits, survey.about.estimation.confidence),
        shared_waves=sides.shared_waves,
    )
    reason = _no_verdict_reason(changed, found.fewest)
    if period.kind != "wave":
        reason = reason.mask(~_same_quarters(found.cells, sides, by_wave), NOT_SAME_QUARTERS)
    if sides.before is not None or sides.counterpart.outside is not None:
        reason = reason.mask(_across_break(changed["measure"], sides, survey), BREAK)
    # Where the test may not be trusted there is no p either: it would be read as a verdict.
    changed["p_value"] = changed["p_value"].where(reason.isna())
    role, family = _roles(found.cells, period, comparison, survey)
    return changed.assign(
        role=role, family=pd.Series(family, dtype="str"), no_verdict_reason=reason
    )


def _found(sides: Sides, by_wave: WaveTotals) -> Differences:
    if sides.before is not None:
        return difference(by_wave, sides.now, sides.before)
    totals = window_totals(by_wave, sides.now)
    outside = sides.counterpart.outside
    if outside is None:
        return against_rest(totals)
    force = totals[(totals["domain"] == WHOLE) & (totals["n"] > 0)].reset_index(drop=True)
    return outside_difference(
        force, outside.estimate or 0.0, outside.standard_error or 0.0, outside.df or np.inf
    )


def _limits(measure: pd.Series, survey: Survey) -> tuple[Floats, Floats]:
    """Return the lowest and the highest value that each row's figure can have."""
    limits = np.array([survey.measures[name].limits for name in measure]).reshape(-1, 2)
    return limits[:, 0], limits[:, 1]


def _no_verdict_reason(changed: pd.DataFrame, fewest: Floats) -> pd.Series:
    reason = pd.Series(pd.NA, index=changed.index, dtype="str")
    reason = reason.mask(changed["p_value"].isna(), NO_SPREAD)
    return reason.mask(fewest < FEWEST, TOO_FEW)


def _same_quarters(cells: pd.DataFrame, sides: Sides, by_wave: WaveTotals) -> Flags:
    """(cells,) whether both sides of a comparison of years are made of the same quarters.

    A quarter in which nobody of a cell was asked is not in its year. An outside figure and the rest
    of the force are of the whole year.
    """
    answered = dict(zip(by_wave.waves, by_wave.answered(cells), strict=True))
    if sides.before is None:
        return _all_of([answered[wave] for wave in sides.now.waves])
    now, before = (_by_quarter(side.waves, answered) for side in (sides.now, sides.before))
    nobody = np.zeros(len(cells), dtype=np.bool_)
    alike = [now.get(one, nobody) == before.get(one, nobody) for one in {*now, *before}]
    return _all_of(alike)


def _all_of(flags: Sequence[Flags]) -> Flags:
    return np.asarray(np.stack(flags).all(axis=0), dtype=np.bool_)


def _by_quarter(waves: Sequence[str], answered: Mapping[str, Flags]) -> Mapping[str, Flags]:
    """Return, by quarter of the year, whether some of `waves` have respondents of each cell."""
    found: dict[str, Flags] = {}
    for wave in waves:
        quarter = quarter_of_year(wave)
        found[quarter] = found[quarter] | answered[wave] if quarter in found else answered[wave]
    return found


def _across_break(measure: pd.Series, sides: Sides, survey: Survey) -> pd.Series:
    """Flag rows whose measure's series breaks between the two sides.

    An outside figure stands where the wave does that it is comparable with.
    """
    order = [wave.name for wave in survey.waves]
    now, outside = sides.now.waves[-1], sides.counterpart.outside
    alike = outside.comparable_with or order[0] if outside else order[0]
    before = sides.before.waves[-1] if sides.before else alike
    broken = {
        name
        for name in measure.unique()
        if before not in segment(now, survey.breaks_of(name), order)
    }
    return measure.isin(broken)


def _roles(
    cells: pd.DataFrame, period: Period, comparison: Comparison, survey: Survey
) -> tuple[list[str], list[str | None]]:
    """Return each row's role, declared before the data arrive, and its family of tests.

    A difference from the rest of the force is a contrast, not a change: it has families of its
    own, in the domains whose values are judged.
    """
    contrast = comparison is Comparison.REST_OF_FORCE
    named = _contrast_families(period, survey) if contrast else _families(comparison, survey)
    keys = zip(cells["measure"], cells["domain"], strict=True)
    families = [named.get(key) for key in keys]
    role = "contrast" if contrast else "judged"
    return [role if family else "shown" for family in families], families


def _families(comparison: Comparison, survey: Survey) -> dict[tuple[str, str], str]:
    """Return the family of each measure and domain that the comparison judges."""
    families: dict[tuple[str, str], str] = {}
    for name, kpi in survey.kpis.items():
        for domain in (WHOLE, *kpi.judged_by):
            if kpi.comparison_in(domain) is comparison:
                family = kpi.family if domain == WHOLE else f"{name}:{domain}"
                families.setdefault((kpi.measure, domain), family)
    return families


def _contrast_families(period: Period, survey: Survey) -> dict[tuple[str, str], str]:
    families: dict[tuple[str, str], str] = {}
    if period.kind == headline_kind(survey):
        for name, kpi in survey.kpis.items():
            for domain in kpi.judged_by:
                families.setdefault((kpi.measure, domain), f"{name}:{domain}:rest_of_force")
    return families


def _no_changes() -> pd.DataFrame:
    columns = [
        *("measure", "domain", "domain_value", "period", "compared_with", "earlier"),
        *("comparison", "difference", "standard_error", "df", "ci_lower", "ci_upper", "p_value"),
        *("shared_waves", "role", "family", "no_verdict_reason"),
    ]
    return pd.DataFrame({column: pd.Series(dtype="object") for column in columns})
