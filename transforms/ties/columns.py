"""A wave's answers side by side, and two waves' of them as places among the same categories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.arrays import Flags, Floats, Ints
from transforms.catalogue import BoundItem, Survey
from transforms.responses import Responses

STRATUM, WEIGHT = "the stratum", "the design weight"
"""Columns beside the items', which no item can be called."""

PARTS = 5
"""Parts of about as many respondents that numbers are cut into."""

MOST = 60
"""Categories of a column up to which it is looked at."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A column of two waves: the place of each answer among `size` categories; −1: none of them."""

    now: Ints
    before: Ints
    size: int


def answers_given(responses: Responses, survey: Survey) -> pd.DataFrame:
    """Return one row a respondent: what each answered, by item, and STRATUM and WEIGHT.

    Of items of codes and of numbers. A code is given by its name, so that waves compare; NA where
    there is no valid answer.
    """
    people = responses.respondents[["stratum", "design_weight"]]
    return answers_stored(pd.concat([people, responses.codes], axis=1), survey, responses.wave)


def answers_stored(rows: pd.DataFrame, survey: Survey, wave: str) -> pd.DataFrame:
    """Return the same of a wave's stored rows: columns stratum, design_weight, and codes by item.

    Codes may be text.
    """
    columns = {
        item.name: _named(rows[item.name], item)
        for item in survey.items_in(wave)
        if item.item.type in ("code", "number") and item.name in rows
    }
    return pd.DataFrame({**columns, STRATUM: rows["stratum"], WEIGHT: rows["design_weight"]})


def _named(codes: pd.Series, item: BoundItem) -> pd.Series:
    """Return an item's codes as their names; of a number, as numbers."""
    if item.item.type == "number":
        return pd.to_numeric(codes).astype("float64")
    names = {str(value): code.name for value, code in item.codes.items()}
    known = [*dict.fromkeys(names.values())]
    return codes.astype("str").map(names).astype(pd.CategoricalDtype(known))


def placed(now: pd.DataFrame, before: pd.DataFrame) -> Mapping[str, Placed]:
    """Return the columns of both waves that have 2 to MOST categories, in the order of `now`.

    Not those that hold one answer throughout in this wave: they go with nothing.
    Categories are the answers of the wave before; of numbers, PARTS of about as many respondents
    in each wave: so that a number in another unit stands where it stood.
    """
    both = {str(name): _placed(now[name], before[name]) for name in now if name in before}
    return {
        name: column
        for name, column in both.items()
        if 2 <= column.size <= MOST and len(np.unique(column.now[column.now >= 0])) > 1
    }


def _placed(now: pd.Series, before: pd.Series) -> Placed:
    if pd.api.types.is_float_dtype(now) and before.nunique() > PARTS:
        return Placed(_parts(now), _parts(before), PARTS)
    known = sorted(before.dropna().unique().tolist())
    return Placed(_places(now, known), _places(before, known), len(known))


def _places(column: pd.Series, known: list[object]) -> Ints:
    row, distinct = pd.factorize(column)
    place = np.append(pd.Index(known).get_indexer(pd.Index(distinct)), -1)  # −1, empty, is last
    return np.asarray(place[row], dtype=np.int64)


def _parts(column: pd.Series) -> Ints:
    """Return which part of about as many respondents each number lies in."""
    numbers = column.to_numpy(dtype=np.float64)
    there: Flags = np.isfinite(numbers)
    edges: Floats = np.quantile(numbers[there], np.arange(1, PARTS) / PARTS) if there.any() else []
    return np.where(there, np.searchsorted(edges, numbers, side="right"), -1).astype(np.int64)


def within(column: Ints, group: Ints) -> bool:
    """Return whether a column says no more than a group does: one answer in each of its groups."""
    known = (column >= 0) & (group >= 0)
    pairs = np.unique(np.stack([group[known], column[known]]), axis=1)
    return bool(len(np.unique(pairs[0])) == pairs.shape[1])
