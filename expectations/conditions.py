"""When a row keeps a rule, and what a whole return lacks: conditions over the frame by item.

Row conditions return one truth value a row; findings return what was found, or None where all is
well. The parameters are plain values, as Great Expectations wants them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype, is_string_dtype

from transforms.catalogue import CodeValue

Codes = Sequence[CodeValue]
Finding = dict[str, Any] | None
SEPARATOR = " × "
FEW_PAIRS = 0.05
"""Pairs of rows alike by chance up to which those that are alike are copies."""


def declared(rows: pd.DataFrame, item: str, codes: Codes) -> pd.Series:
    """Return whether a cell is empty or one of the codes."""
    return rows[item].isna() | rows[item].isin(codes)


def filled(rows: pd.DataFrame, item: str) -> pd.Series:
    """Return whether a cell is not empty."""
    return rows[item].notna()


def unlike_others(rows: pd.DataFrame, item: str) -> pd.Series:
    """Return whether a cell is empty or has what no other row has."""
    return rows[item].isna() | ~rows[item].duplicated(keep=False)


def stored_as(rows: pd.DataFrame, item: str, storage: str, codes: Codes) -> pd.Series:
    """Return whether a cell is empty, a declared code, or a number or date as it should be."""
    cells = rows[item]
    kind = datetime if storage == "date" else (int, float)
    if cells.dtype != object and not is_string_dtype(cells):
        as_it_should = is_datetime64_any_dtype(cells) == (storage == "date")
        return cells.isna() | cells.isin(codes) | as_it_should
    return cells.isna() | cells.isin(codes) | cells.map(lambda cell: isinstance(cell, kind))


def possible(
    rows: pd.DataFrame, item: str, minimum: float | None, maximum: float | None, missing: Codes
) -> pd.Series:
    """Return whether a cell is empty, a missing code, or a finite number within the limits."""
    cells = rows[item]
    return cells.isna() | cells.isin(missing) | _within(cells, minimum, maximum)


def usable_weight(
    rows: pd.DataFrame, item: str, minimum: float | None, maximum: float | None, missing: Codes
) -> pd.Series:
    """Return whether a cell is a finite number above zero, within the limits, no missing code."""
    numbers = pd.to_numeric(rows[item], errors="coerce")
    return _within(numbers, minimum, maximum) & (numbers > 0) & ~rows[item].isin(missing)


def nested(rows: pd.DataFrame, item: str, stratum: str) -> pd.Series:
    """Return whether a row's sampling point lies in one stratum only."""
    strata: pd.Series = rows.groupby(item)[stratum].transform("nunique")
    return strata.fillna(1) <= 1


def in_period(rows: pd.DataFrame, item: str, start: str, end: str) -> pd.Series:
    """Return whether a cell is no date, or one from `start` to the end of the day `end`."""
    cells = rows[item]
    if not is_datetime64_any_dtype(cells):
        are_dates = cells.map(lambda cell: isinstance(cell, datetime)).astype("bool")
        cells = pd.to_datetime(cells.where(are_dates))
    within: pd.Series = cells.dt.normalize().between(pd.Timestamp(start), pd.Timestamp(end))
    return cells.isna() | within


def put_where_asked(
    rows: pd.DataFrame, item: str, asked: str, codes: Codes, blank: bool
) -> pd.Series:
    """Return whether a row is not to be asked, or does not say that it was not."""
    not_put = rows[item].isin(codes) | (rows[item].isna() & blank)
    return ~(rows[asked] & not_put)


def silent_where_unasked(rows: pd.DataFrame, item: str, asked: str, codes: Codes) -> pd.Series:
    """Return whether a row is to be asked, or has no answer."""
    return rows[asked] | rows[item].isna() | rows[item].isin(codes)


def distinct_interviews(
    rows: pd.DataFrame, items: Sequence[str], point: str | None = None
) -> pd.Series:
    """Return whether no other row has the same cells in all of `items`.

    Rows that are alike count where chance would hardly make a pair of them: in all items or, where
    these are too few to tell, in all items and the sampling point (`point`).
    """
    names = list(items)
    alike = _alike_beyond_chance(rows[names])
    if point is not None:
        alike = alike | _alike_beyond_chance(rows[[*names, point]])
    return ~alike


def _alike_beyond_chance(cells: pd.DataFrame) -> pd.Series:
    """Return which rows have a double, or none where chance may have made one.

    Chance: the pairs that would be alike, were answers independent. They are not, so that even few
    such pairs say that the cells cannot tell people apart.
    """
    alike: pd.Series = cells.duplicated(keep=False)
    shares = (cells[name].value_counts(normalize=True, dropna=False) for name in cells)
    same = float(np.prod([float((share**2).sum()) for share in shares]))
    by_chance = len(cells) * (len(cells) - 1) / 2 * same
    return alike & (by_chance <= FEW_PAIRS)


def within_bounds(rows: pd.DataFrame, kind: str) -> pd.Series:
    """Return whether a figure is of another kind, or lies from its lowest to its highest value."""
    above = rows["lowest"].isna() | (rows["value"] >= rows["lowest"])
    below = rows["highest"].isna() | (rows["value"] <= rows["highest"])
    return (rows["kind"] != kind) | (above & below)


def classified(
    rows: pd.DataFrame,
    domains: Sequence[str],
    categories: Sequence[Sequence[str]],
    weighted: str,
    blank: bool,
) -> pd.Series:
    """Return whether a row is in one of a margin's categories, or has no weight to calibrate.

    `blank`: a row without a value of the margin will do as well.
    """
    within = _category(rows, domains).isin(_names(categories))
    without_value = rows[list(domains)].isna().any(axis=1)
    return within | ~rows[weighted] | (without_value & blank)


def too_few_rows(rows: pd.DataFrame, minimum: int) -> Finding:
    """Return the number of rows where it is too small; None otherwise."""
    return None if len(rows) >= minimum else {"rows": len(rows)}


def absent(rows: pd.DataFrame, item: str) -> Finding:
    """Return an empty finding where there is no such column; None otherwise."""
    return None if item in rows.columns else {}


def too_few_answers(
    rows: pd.DataFrame,
    item: str,
    asked: str | None,
    missing: Codes,
    outside: Codes,
    blank_outside: bool,
    minimum: float,
) -> Finding:
    """Return how many were asked and answered, where that is too small a share; None otherwise.

    Nobody asked is too small a share as well, unless the routing leads nobody to the item.
    """
    cells = rows[item] if asked is None else rows.loc[rows[asked], item]
    put = ~cells.isin(outside) & (cells.notna() | (not blank_outside))
    answered = int((put & cells.notna() & ~cells.isin(missing)).sum())
    enough = put.any() or minimum == 0 or (asked is not None and len(cells) == 0)
    if enough and answered >= minimum * put.sum():
        return None
    return {"asked": int(put.sum()), "answered": answered}


def empty_categories(
    rows: pd.DataFrame, domains: Sequence[str], categories: Sequence[Sequence[str]], weighted: str
) -> Finding:
    """Return the places of the categories that no weighted respondent is in; None without any."""
    found = set(_category(rows[rows[weighted]], domains).unique())
    places = [place for place, name in enumerate(_names(categories)) if name not in found]
    return {"categories": places} if places else None


def _within(cells: pd.Series, minimum: float | None, maximum: float | None) -> pd.Series:
    numbers: pd.Series = pd.to_numeric(cells, errors="coerce")
    lowest = -np.inf if minimum is None else minimum
    highest = np.inf if maximum is None else maximum
    within: pd.Series = numbers.between(lowest, highest) & np.isfinite(numbers)
    return within


def _category(rows: pd.DataFrame, domains: Sequence[str]) -> pd.Series:
    if len(domains) == 1:
        return rows[domains[0]]
    category: pd.Series = rows[domains[0]].astype("str")
    for domain in domains[1:]:
        category = category + SEPARATOR + rows[domain].astype("str")
    return category


def _names(categories: Sequence[Sequence[str]]) -> list[str]:
    return [SEPARATOR.join(category) for category in categories]


CONDITIONS: Mapping[str, Callable[..., pd.Series]] = {
    function.__name__: function
    for function in (
        declared,
        filled,
        unlike_others,
        stored_as,
        possible,
        usable_weight,
        nested,
        in_period,
        put_where_asked,
        silent_where_unasked,
        classified,
        distinct_interviews,
        within_bounds,
    )
}
"""Every row condition by its name."""

FINDINGS: Mapping[str, Callable[..., Finding]] = {
    function.__name__: function
    for function in (too_few_rows, absent, too_few_answers, empty_categories)
}
"""Every finding over the whole return by its name."""
