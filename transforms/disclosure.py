"""What is withheld, and what is marked: small counts, small bases, unreliable intervals.

Withheld is NULL with a reason, never 0 (methods §7). Everything that could be used to work a
withheld figure out goes with it: standard error, interval, weighted and effective base.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import pandas as pd

from transforms.catalogue import Survey
from transforms.chain_disclosure import asked_after, passed_along
from transforms.change import BREAK

CELL = ["measure", "domain", "domain_value"]
SMALL_COUNT = "fewer than {fewest} people gave one of the answers"
BY_SUBTRACTION = "another withheld figure could be worked out from it"
SMALL_BASE = "fewer than {smallest} people answered"
NOBODY = "nobody was asked or answered"
INCOMPLETE = "not every quarter of the year has a figure"
WITHHELD_POINT = "the figure for one of the waves is withheld"
WITHHELD_SIDE = "the figure for one of the two periods is withheld"
BROKEN = "the two periods are not comparable: the series has a break between them"

ESTIMATE_FIGURES = (
    *("estimate", "standard_error", "ci_lower", "ci_upper", "weighted_base", "effective_base"),
    *("df", "deff_design", "deff_kish"),
)
CHANGE_FIGURES = ("difference", "standard_error", "df", "ci_lower", "ci_upper", "p_value")
TREND_FIGURES = ("slope", "standard_error", "df", "ci_lower", "ci_upper", "p_value")


def withhold_estimates(
    estimates: pd.DataFrame,
    totals: pd.DataFrame,
    survey: Survey,
    first_wave: str,
    exposing: pd.Series | None = None,
) -> pd.DataFrame:
    """Return a period's estimates with `marker` and `suppression_reason`, withheld figures NULL.

    `estimates` and `totals`: one row a measure × domain value, in the same order. `first_wave`: the
    first, or only, wave of the period. `exposing`: rows that would give a figure of another period
    away; none unless given.
    """
    fewest = survey.about.disclosure.minimum_count
    small = small_counts(totals, fewest)
    other = pd.Series(False, index=totals.index) if exposing is None else exposing
    derived = other | _derived(totals, small | other, survey)
    reliability = survey.about.reliability
    few = totals["n"] < reliability.minimum_base
    reason = pd.Series(pd.NA, index=estimates.index, dtype="str")
    reason = reason.mask(few, SMALL_BASE.format(smallest=reliability.minimum_base))
    reason = reason.mask(derived, BY_SUBTRACTION)
    reason = reason.mask(small, SMALL_COUNT.format(fewest=fewest))
    reason = reason.mask(small & totals["n_y"].isna(), SMALL_BASE.format(smallest=fewest))
    reason = reason.mask(totals["n"] == 0, NOBODY)
    marker = _markers(estimates, totals, small | derived, few, survey)
    marker = _with_breaks(marker, totals["measure"], survey, first_wave)
    blanked = _blank(estimates, reason.notna(), ESTIMATE_FIGURES)
    hidden = _hidden_bases(totals, reason.notna(), survey)
    hidden |= asked_after(small | derived, totals, survey)
    base = totals["n"].astype("Int64").mask(hidden)
    return blanked.assign(unweighted_base=base, marker=marker, suppression_reason=reason)


def exposing_waves(
    totals: pd.DataFrame, estimates: pd.DataFrame, waves: Collection[str]
) -> pd.Series:
    """Flag rows of a period of several waves in which a wave's figure is confidential.

    The others' figures, or the year before's, would leave it as a remainder. `totals`: the period's
    rows. `estimates`: published rows of estimate.estimate of its waves.
    """
    of_waves = estimates[estimates["period"].isin(list(waves))]
    hidden = of_waves[of_waves["suppression_reason"].notna() & _says(of_waves["marker"], "[c]")]
    cells = pd.MultiIndex.from_frame(totals[CELL])
    return pd.Series(cells.isin(pd.MultiIndex.from_frame(hidden[CELL])), index=totals.index)


def small_counts(totals: pd.DataFrame, minimum_count: int) -> pd.Series:
    """Flag rows where 1 to k − 1 people gave, or did not give, a counted answer.

    Of a mean, in which nobody counts, rows whose whole base is so small.
    """
    counting, others = totals["n_y"], totals["n"] - totals["n_y"]
    base = totals["n"].where(counting.isna())
    small = [part.between(1, minimum_count - 1) for part in (counting, others, base)]
    return small[0] | small[1] | small[2]


def withhold_changes(changes: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the changes with `marker` and `suppression_reason`; a withheld side withholds both.

    `estimates`: rows of estimate.estimate for every period that is compared. A change whose
    `earlier` is missing is measured against no figure of the survey's that could be withheld.
    """
    reasons = estimates.set_index(["period", *CELL])[["marker", "suppression_reason"]]
    in_time = changes["earlier"].notna()
    now = reasons.loc[pd.MultiIndex.from_frame(changes[["period", *CELL]])]
    before = reasons.loc[pd.MultiIndex.from_frame(changes.loc[in_time, ["earlier", *CELL]])]
    sides = [
        now.reset_index(drop=True).set_axis(changes.index),
        before.reset_index(drop=True).set_axis(changes.index[in_time]).reindex(changes.index),
    ]
    withheld = sides[0]["suppression_reason"].notna() | sides[1]["suppression_reason"].notna()
    broken = changes["no_verdict_reason"] == BREAK
    reason = pd.Series(pd.NA, index=changes.index, dtype="str")
    reason = reason.mask(withheld, WITHHELD_SIDE).mask(broken, BROKEN)
    marker = _change_markers(sides, withheld).mask(broken, "[b]")
    blanked = _blank(changes.drop(columns="earlier"), reason.notna(), CHANGE_FIGURES)
    return blanked.assign(marker=marker, suppression_reason=reason)


def withhold_trends(trends: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the trends with `marker` and `suppression_reason`: withheld where a point of it is.

    `estimates`: rows of estimate.estimate for every wave. A slope and the other points would give
    a withheld one away.
    """
    points = trends[[*CELL, "points"]].explode("points").reset_index(names="trend")
    hidden = estimates[estimates["suppression_reason"].notna()].rename(columns={"period": "points"})
    within = points.merge(hidden[["points", *CELL, "marker"]], on=["points", *CELL])
    withheld = pd.Series(trends.index.isin(within["trend"]), index=trends.index)
    is_confidential = _says(within["marker"], "[c]")
    marker = pd.Series(pd.NA, index=trends.index, dtype="str").mask(withheld, "[u]")
    marker = marker.mask(trends.index.isin(within["trend"][is_confidential]), "[c]")
    reason = pd.Series(pd.NA, index=trends.index, dtype="str").mask(withheld, WITHHELD_POINT)
    blanked = _blank(trends.drop(columns="points"), withheld, TREND_FIGURES)
    return blanked.assign(marker=marker, suppression_reason=reason)


def _change_markers(sides: list[pd.DataFrame], withheld: pd.Series) -> pd.Series:
    """Return [c] where a withheld side is confidential, else its other marker."""
    now, before = (side["marker"].where(side["suppression_reason"].notna()) for side in sides)
    confidential = _says(now, "[c]") | _says(before, "[c]")
    return now.fillna(before).mask(confidential, "[c]").where(withheld)


def _says(marker: pd.Series, single: str) -> pd.Series:
    return marker.fillna("").str.contains(single, regex=False)


def _derived(totals: pd.DataFrame, small: pd.Series, survey: Survey) -> pd.Series:
    """Flag what would give small counts away: by subtraction, or along a chain of measures."""
    within = _by_subtraction(totals, small, survey)
    along = passed_along(small | within, totals, survey)
    return within | along | _by_subtraction(totals, small | within | along, survey)


def _by_subtraction(totals: pd.DataFrame, small: pd.Series, survey: Survey) -> pd.Series:
    """Flag the figures that, with the force's, would give withheld ones away.

    In a classification that adds up to the force, values are withheld too, smallest base first,
    until at least two are, and what they hold together is no small count either.
    """
    fewest = survey.about.disclosure.minimum_count
    derived: list[object] = []
    for rows in _partitions(totals, small, survey):
        hidden = rows.index[small[rows.index]]
        others = rows.index.difference(hidden)
        derived += _complement(rows, hidden, others, lambda sums: _is_small(sums, fewest))
    return pd.Series(totals.index.isin(derived), index=totals.index)


def _hidden_bases(totals: pd.DataFrame, withheld: pd.Series, survey: Survey) -> pd.Series:
    """Flag bases that are not shown: of a few people, and what would give such a base away.

    A base of a few people is itself a small count: of those whom routing let through. Only bases
    of withheld figures are taken with it, since a figure is never shown without its base.
    """
    fewest = survey.about.disclosure.minimum_count
    few = totals["n"].between(1, fewest - 1)
    derived: list[object] = []
    for rows in _partitions(totals, few, survey):
        hidden = rows.index[few[rows.index]]
        others = rows.index[withheld[rows.index]].difference(hidden)
        derived += _complement(rows, hidden, others, lambda sums: bool(sums["n"] < fewest))
    return few | totals.index.isin(derived)


def _partitions(totals: pd.DataFrame, hidden: pd.Series, survey: Survey) -> list[pd.DataFrame]:
    """Return the rows of each measure × classification that adds up to the force and hides some."""
    partitions = [name for name, domain in survey.domains.items() if domain.partitions_force]
    hides = hidden.groupby([totals["measure"], totals["domain"]], sort=False).transform("any")
    present = totals[totals["domain"].isin(partitions) & (totals["n"] > 0) & hides]
    return [rows for _, rows in present.groupby(["measure", "domain"], sort=False)]


def _complement(
    rows: pd.DataFrame, hidden: pd.Index, others: pd.Index, unsafe: Callable[[pd.Series], bool]
) -> list[object]:
    """Return which of `others` to hide until two are hidden and their sum is not `unsafe`."""
    chosen = list(hidden)
    for other in rows.loc[others].sort_values("n", kind="stable").index:
        if not chosen or (len(chosen) > 1 and not unsafe(rows.loc[chosen, ["n", "n_y"]].sum())):
            break
        chosen.append(other)
    return chosen[len(hidden) :]


def _is_small(sums: pd.Series, fewest: int) -> bool:
    counting, others = int(sums["n_y"]), int(sums["n"] - sums["n_y"])
    return 0 < counting < fewest or 0 < others < fewest


def _markers(
    estimates: pd.DataFrame,
    totals: pd.DataFrame,
    confidential: pd.Series,
    few: pd.Series,
    survey: Survey,
) -> pd.Series:
    rule = survey.about.reliability
    scale = totals["measure"].map({name: high - low for name, (low, high) in survey.means.items()})
    width = (estimates["ci_upper"] - estimates["ci_lower"]) / scale.fillna(1.0)
    unreliable = few | (estimates["df"] < rule.minimum_df) | (width > rule.maximum_width)
    marker = pd.Series(pd.NA, index=estimates.index, dtype="str")
    marker = marker.mask(unreliable, "[u]").mask(confidential, "[c]")
    return marker.mask(totals["n"] == 0, "[x]")


def _with_breaks(marker: pd.Series, measure: pd.Series, survey: Survey, wave: str) -> pd.Series:
    """Put [b] before the other marker where the measure's series breaks at this wave."""
    broken = {name for name in survey.measures if wave in survey.breaks_of(name)}
    return marker.mask(measure.isin(broken), "[b]" + marker.fillna(""))


def _blank(frame: pd.DataFrame, withheld: pd.Series, columns: tuple[str, ...]) -> pd.DataFrame:
    return frame.assign(**{column: frame[column].mask(withheld) for column in columns})
