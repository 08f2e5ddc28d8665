"""A release beside the one before: which published figures changed, and the markers [r] and [p]."""

from __future__ import annotations

from collections.abc import Collection
from math import isnan

import pandas as pd

from transforms.contract.fields import DECIMALS
from transforms.wording import rounded

FIGURE = ["period", "measure", "domain", "domain_value"]
"""What a published figure is known by."""
SHOWN = ["estimate", "ci_lower", "ci_upper", "unweighted_base"]
"""What a revision may change: the figure, its interval, its base; withheld is changed too."""
RECORD = ["series", "area", "period"]
"""What a published figure of a series of records is known by."""
NOT_YET = "[x]"
REVISED, PROVISIONAL = "[r]", "[p]"


def revisions_of(
    before: pd.DataFrame, after: pd.DataFrame, release: int, reason: str
) -> pd.DataFrame:
    """Return a row of kpi.revision for each figure of `before` that `after` changes or lacks.

    Both are rows of estimate.estimate; they are compared as published, to six decimals. A figure
    that was not available before is new, not revised. Where it is withheld now, the figure that
    was published is not said again.
    """
    published = before[~before["marker"].str.contains(NOT_YET, regex=False, na=False)]
    both = published[[*FIGURE, *SHOWN]].merge(
        after[[*FIGURE, *SHOWN]], on=FIGURE, how="left", suffixes=("_before", "_after")
    )
    changed = pd.concat(
        [_published(both[f"{name}_before"]) != _published(both[f"{name}_after"]) for name in SHOWN],
        axis="columns",
    ).any(axis="columns")
    rows = both[changed]
    return rows[FIGURE].assign(
        release=release,
        before=rows["estimate_before"].where(rows["estimate_after"].notna()),
        after=rows["estimate_after"],
        reason=reason,
    )


def waves_gone(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """Return the waves of which `before` has figures and `after` none, by name.

    Both are rows of estimate.estimate. A longer period goes with a wave of its own.
    """
    periods = set(before["period"]) - set(after["period"])
    return sorted(period for period in periods if "/" not in period)


def record_revisions_of(
    before: pd.DataFrame, after: pd.DataFrame, release: int, reason: str
) -> pd.DataFrame:
    """Return a row of record.revision for each figure of `before` that `after` changes or lacks.

    Both are rows of record.figure, compared to six decimals.
    """
    both = before[[*RECORD, "value"]].merge(
        after[[*RECORD, "value"]], on=RECORD, how="left", suffixes=("_before", "_after")
    )
    rows = both[_published(both["value_before"]) != _published(both["value_after"])]
    return rows[RECORD].assign(
        release=release, before=rows["value_before"], after=rows["value_after"], reason=reason
    )


def marked_records(rows: pd.DataFrame, revised: pd.DataFrame) -> pd.DataFrame:
    """Return rows of record.figure with [r] where `revised` has them."""
    known = pd.MultiIndex.from_frame(revised[RECORD])
    is_revised = pd.MultiIndex.from_frame(rows[RECORD]).isin(known)
    marker = rows["marker"].fillna("")
    marker = marker.mask(is_revised, REVISED + marker)
    return rows.assign(marker=marker.where(marker != ""))


def marked(
    rows: pd.DataFrame, revised: pd.DataFrame, last_waves: pd.Series, provisional: Collection[str]
) -> pd.DataFrame:
    """Return rows of figures with [r] where `revised` has them, and [p] at provisional ones.

    `last_waves`: the last wave of each period, by its name: a figure is provisional with it. A
    withheld figure is not.
    """
    known = pd.MultiIndex.from_frame(revised[FIGURE])
    is_revised = pd.MultiIndex.from_frame(rows[FIGURE]).isin(known)
    waves = rows["period"].map(last_waves)
    is_provisional = waves.isin(list(provisional)) & rows["estimate"].notna()
    marker = rows["marker"].fillna("")
    marker = marker.mask(is_provisional, PROVISIONAL + marker)
    marker = marker.mask(is_revised, REVISED + marker)
    return rows.assign(marker=marker.where(marker != ""))


def _published(values: pd.Series) -> pd.Series:
    """Return numbers as they are published; "" where there is none."""
    return values.map(
        lambda one: "" if one is None or isnan(one) else str(rounded(one, DECIMALS))
    ).astype("str")
