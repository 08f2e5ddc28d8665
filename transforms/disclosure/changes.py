"""Changes and trends as published: withheld where a figure they are made of is."""

from __future__ import annotations

import pandas as pd

from transforms.catalogue import Survey
from transforms.catalogue.base import WHOLE
from transforms.change import BREAK, REST
from transforms.disclosure.withholding import blank
from transforms.disclosure.words import BROKEN, CELL, WITHHELD_ANSWER, WITHHELD_POINT, WITHHELD_SIDE

CHANGE_FIGURES = ("difference", "standard_error", "df", "ci_lower", "ci_upper", "p_value")
TEST_FIGURES = ("f", "ndf", "ddf", "p_value")
TREND_FIGURES = ("slope", "standard_error", "df", "ci_lower", "ci_upper", "p_value")


def withhold_changes(changes: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the changes with `marker` and `suppression_reason`; a withheld side withholds both.

    `estimates`: rows of estimate.estimate for every period that is compared. The rest of the force
    is withheld where the force is: a difference from it would tell the force's figure. An outside
    figure is none of the survey's, and never withheld.
    """
    now, before = _now(changes, estimates), _before(changes, estimates)
    withheld = now["suppression_reason"].notna() | before["suppression_reason"].notna()
    broken = changes["no_verdict_reason"] == BREAK
    reason = pd.Series(pd.NA, index=changes.index, dtype="str")
    reason = reason.mask(withheld, WITHHELD_SIDE).mask(broken, BROKEN)
    marker = _change_markers(now, before, withheld).mask(broken, "[b]")
    blanked = blank(changes.drop(columns="earlier"), reason.notna(), CHANGE_FIGURES)
    return blanked.assign(
        no_verdict_reason=_said(changes["no_verdict_reason"], withheld & ~broken),
        marker=marker,
        suppression_reason=reason,
    )


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
    blanked = blank(trends.drop(columns="points"), withheld, TREND_FIGURES)
    return blanked.assign(
        no_test_reason=_said(trends["no_test_reason"], withheld),
        marker=marker,
        suppression_reason=reason,
    )


def withhold_tests(tests: pd.DataFrame, estimates: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """Return the tests of all answers to an item: none where a share of the same answers is [c].

    `tests`: rows of estimate.distribution. `estimates`: rows of estimate.estimate for every period
    that is compared. The other shares and the statistic would give the withheld one away, and that
    answers are too few would tell of it.
    """
    hidden = estimates[(estimates["domain"] == WHOLE) & _says(estimates["marker"], "[c]")]
    item = hidden["measure"].map({name: one.item for name, one in survey.measures.items()})
    figures = pd.MultiIndex.from_arrays([hidden["period"], item])
    withheld = pd.Series(False, index=tests.index)
    for side in ("period", "compared_with"):
        withheld |= pd.MultiIndex.from_arrays([tests[side], tests["item"]]).isin(figures)
    shown = blank(tests, withheld, TEST_FIGURES)
    return shown.assign(no_test_reason=tests["no_test_reason"].mask(withheld, WITHHELD_ANSWER))


def _now(changes: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Return marker and suppression reason of the figure that each change is of."""
    return _shown(changes[["period", *CELL]], estimates)


def _before(changes: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Return those of the figure that it is compared with; missing where that is an outside one."""
    against_rest = changes["compared_with"] == REST
    other = changes[["earlier", *CELL]].rename(columns={"earlier": "period"})
    other["period"] = other["period"].mask(against_rest, changes["period"])
    other[["domain", "domain_value"]] = other[["domain", "domain_value"]].mask(against_rest, WHOLE)
    return _shown(other[other["period"].notna()], estimates).reindex(changes.index)


def _shown(figures: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    reasons = estimates.set_index(["period", *CELL])[["marker", "suppression_reason"]]
    return reasons.loc[pd.MultiIndex.from_frame(figures)].set_axis(figures.index)


def _change_markers(now: pd.DataFrame, before: pd.DataFrame, withheld: pd.Series) -> pd.Series:
    """Return [c] where a withheld side is confidential, else its other marker."""
    later, earlier = (
        side["marker"].where(side["suppression_reason"].notna()) for side in (now, before)
    )
    confidential = _says(later, "[c]") | _says(earlier, "[c]")
    return later.fillna(earlier).mask(confidential, "[c]").where(withheld)


def _said(reason: pd.Series, withheld: pd.Series) -> pd.Series:
    """Return why nothing is tested, unsaid where it would tell what a withheld figure is like."""
    return reason.mask(withheld)


def _says(marker: pd.Series, single: str) -> pd.Series:
    return marker.fillna("").str.contains(single, regex=False)
