"""From declared margins and classified respondents to the numbers that calibration works on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from transforms.arrays import Flags, Floats, Ints, distinct_rows, sum_by
from transforms.catalogue import Margin
from transforms.catalogue.margins import SEPARATOR, gap_in_words, total_in_words
from transforms.classify import value_combinations
from transforms.errors import CalibrationError
from transforms.wording import number

MERGED = " + "
"""Between the names of categories that are weighted as one."""
NO_VALUE = "no value"
"""The category of respondents without a value of the margin, where it is one of its own."""

Merges = Mapping[str, Sequence[Sequence[str]]]


@dataclass(frozen=True)
class MarginCells:
    """Each respondent's category of each margin, and the population of each category.

    `category`: (respondents × margins) the index of the category within its margin.
    `names`: one tuple of category names a margin. `targets`: one array of control totals a margin.
    """

    margins: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    category: Ints
    targets: tuple[Floats, ...]

    @cached_property
    def offsets(self) -> Ints:
        """Return the first column of each margin in the indicator matrix, then its width."""
        return np.cumsum([0, *(len(target) for target in self.targets)])

    @cached_property
    def columns(self) -> Ints:
        """(respondents × margins) the indicator column that is 1 for each margin."""
        return self.category + self.offsets[:-1]

    @cached_property
    def combinations(self) -> tuple[Ints, Ints]:
        """Return the combinations of categories that are held, and each respondent's place there.

        (combinations × margins) their indicator columns, and (respondents,).
        """
        held, place = distinct_rows(self.category, [len(target) for target in self.targets])
        return held + self.offsets[:-1], place

    @cached_property
    def target(self) -> Floats:
        """The control totals of all margins, one after the other."""
        return np.concatenate(self.targets)

    def label(self, column: int) -> tuple[str, str]:
        """Return the margin and the category that an indicator column stands for."""
        margin = int(np.searchsorted(self.offsets, column, side="right")) - 1
        return self.margins[margin], self.names[margin][column - int(self.offsets[margin])]


@dataclass(frozen=True, slots=True)
class _Coded:
    """One margin as numbers. `category`: −1 where a respondent has no category yet.

    `held`: the categories that respondents have, by name, whether or not the margin has them;
    `combination`: the place of each respondent's among them.
    """

    margin: Margin
    names: tuple[str, ...]
    held: tuple[str, ...]
    combination: Ints
    category: Ints
    target: Floats
    without_value: Flags


def margin_cells(
    classified: pd.DataFrame,
    margins: Sequence[Margin],
    merge: Merges | None = None,
    own_category_by: Floats | None = None,
) -> MarginCells:
    """Return the margins as numbers; raise where a respondent or a target has no counterpart.

    `classified`: one row a respondent, one column a domain. `merge`: for a margin, the groups of
    categories taken as one. `own_category_by`: the design weights by which respondents without a
    value become a category of the margin; None refuses them.
    """
    require_equal_totals(margins)
    coded = [_coded(classified, margin) for margin in margins]
    coded = [_merged(one, (merge or {}).get(one.margin.name, ())) for one in coded]
    if own_category_by is not None:
        coded = [_with_own_category(one, own_category_by) for one in coded]
    for one in coded:
        _require_targets(one)
        _require_respondents(one)
    return MarginCells(
        margins=tuple(margin.name for margin in margins),
        names=tuple(one.names for one in coded),
        category=np.array([one.category for one in coded]).T,  # each margin's in one piece
        targets=tuple(one.target for one in coded),
    )


def require_equal_totals(margins: Sequence[Margin]) -> None:
    """Raise where two margins add up to different populations."""
    first = margins[0]
    for margin in margins[1:]:
        gap = margin.apart_from(first)
        if gap:
            raise CalibrationError(
                f"Margins {first.name} and {margin.name} add up to different populations: "
                f"{total_in_words(first.total)} and {total_in_words(margin.total)} "
                f"({gap_in_words(gap)}).",
                expected="the same total in every margin.",
                remedy=f"take both from one edition of the estimates, or rescale "
                f"margins/{margin.name}.csv to {total_in_words(first.total)} and say so in its "
                "source.",
            )


def _coded(classified: pd.DataFrame, margin: Margin) -> _Coded:
    names = tuple(cell.name for cell in margin.control_totals)
    place_of = {name: place for place, name in enumerate(names)}
    values, combination = value_combinations(classified, margin.variables)
    without_value = np.array([None in one for one in values], dtype=np.bool_)
    held = tuple(SEPARATOR.join(map(str, one)) for one in values)
    category = np.array([place_of.get(name, -1) for name in held], dtype=np.int64)
    category[without_value] = -1
    target = np.array([cell.population for cell in margin.control_totals])
    return _Coded(
        margin,
        names,
        held,
        combination,
        category[combination],
        target,
        without_value[combination],
    )


def _merged(one: _Coded, groups: Sequence[Sequence[str]]) -> _Coded:
    """Return the margin with each group of categories as one, in the place of its first."""
    if not groups:
        return one
    together = {name: MERGED.join(group) for group in groups for name in group}
    unknown = [name for name in together if name not in one.names]
    if unknown:
        raise CalibrationError(
            f"Margin {one.margin.name}: {', '.join(unknown)} is to be merged but is no category.",
            expected=f"categories of margins/{one.margin.name}.csv.",
            remedy="correct `merge` under calibration in survey.yaml.",
        )
    new_names = [together.get(name, name) for name in one.names]
    names = tuple(dict.fromkeys(new_names))
    place: Ints = pd.Index(names).get_indexer(pd.Index(new_names)).astype(np.int64)
    category = np.where(one.category < 0, -1, place[one.category])
    target = sum_by(place, one.target, len(names))
    return replace(one, names=names, category=category, target=target)


def _with_own_category(one: _Coded, design_weight: Floats) -> _Coded:
    """Return the margin with respondents without a value as a category of its own.

    Its target is its design-weighted share of the population; the others are reduced pro rata.
    """
    missing = one.without_value
    if not missing.any():
        return one
    share = float(design_weight[missing].sum() / design_weight.sum())
    target = np.append(one.target * (1 - share), one.target.sum() * share)
    category = np.where(missing, len(one.names), one.category)
    return replace(one, names=(*one.names, NO_VALUE), category=category, target=target)


def _require_targets(one: _Coded) -> None:
    margin, without = one.margin, one.category < 0
    if not without.any():
        return
    if (without & one.without_value).any():
        raise _no_value(margin, without & one.without_value)
    names = ", ".join(sorted(one.held[place] for place in set(one.combination[without])))
    raise CalibrationError(
        f"Margin {margin.name}: {number(without.sum())} respondents, {without.mean():.1%} of all, "
        f"are in {names}, which has no control total.",
        expected="a control total for every category in the sample.",
        remedy=f"add the category to margins/{margin.name}.csv with its population.",
    )


def _no_value(margin: Margin, missing: Flags) -> CalibrationError:
    return CalibrationError(
        f"Margin {margin.name}: {number(missing.sum())} respondents, {missing.mean():.1%} of all, "
        f"have no value of {' or '.join(margin.variables)}, so they cannot be weighted.",
        expected="a value for every respondent.",
        remedy="ask the supplier to complete it, declare `missing_margin_value: own_category` or "
        "`impute` under calibration in survey.yaml, or leave the margin out of calibration.",
    )


def _require_respondents(one: _Coded) -> None:
    empty = np.bincount(one.category, minlength=len(one.names)) == 0
    if empty.any():
        names = ", ".join(one.names[place] for place in np.flatnonzero(empty))
        missed = one.target[empty].sum()
        raise CalibrationError(
            f"Margin {one.margin.name}: nobody in the sample is in {names}: {number(missed)} of "
            f"the population, {missed / one.target.sum():.1%}, have nobody to stand for them.",
            expected="at least one respondent in every category with a control total.",
            remedy="merge the category with a neighbour (`merge` under calibration in "
            "survey.yaml), or ask the supplier for the missing interviews.",
        )
