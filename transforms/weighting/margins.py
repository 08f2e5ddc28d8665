"""From declared margins and classified respondents to the numbers that calibration works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from transforms.arrays import Floats, Ints
from transforms.catalogue import TOTALS_AGREE, Margin
from transforms.errors import CalibrationError

SEPARATOR = " × "


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
    def target(self) -> Floats:
        """The control totals of all margins, one after the other."""
        return np.concatenate(self.targets)

    def label(self, column: int) -> tuple[str, str]:
        """Return the margin and the category that an indicator column stands for."""
        margin = int(np.searchsorted(self.offsets, column, side="right")) - 1
        return self.margins[margin], self.names[margin][column - int(self.offsets[margin])]


def margin_cells(classified: pd.DataFrame, margins: Sequence[Margin]) -> MarginCells:
    """Return the margins as numbers; raise where a respondent or a target has no counterpart.

    `classified`: one row a respondent, one column a domain.
    """
    require_equal_totals(margins)
    coded = [_category_of_respondents(classified, margin) for margin in margins]
    return MarginCells(
        margins=tuple(margin.name for margin in margins),
        names=tuple(_category_names(margin) for margin in margins),
        category=np.column_stack(coded),
        targets=tuple(
            np.array([cell.population for cell in margin.control_totals]) for margin in margins
        ),
    )


def require_equal_totals(margins: Sequence[Margin]) -> None:
    """Raise where two margins add up to different populations."""
    first = margins[0]
    for margin in margins[1:]:
        gap = margin.total / first.total - 1
        if abs(gap) > TOTALS_AGREE:
            raise CalibrationError(
                f"Margins {first.name} and {margin.name} add up to different populations: "
                f"{first.total:,.0f} and {margin.total:,.0f} ({gap:+.3%}).",
                expected="the same total in every margin.",
                remedy=f"take both from one edition of the estimates, or rescale "
                f"margins/{margin.name}.csv to {first.total:,.0f} and say so in its source.",
            )


def _category_names(margin: Margin) -> tuple[str, ...]:
    return tuple(SEPARATOR.join(cell.category) for cell in margin.control_totals)


def _category_of_respondents(classified: pd.DataFrame, margin: Margin) -> Ints:
    names = _category_names(margin)
    first, *others = (classified[variable].astype("str") for variable in margin.variables)
    for other in others:
        first = first + SEPARATOR + other
    category: Ints = pd.Index(names).get_indexer(pd.Index(first)).astype(np.int64)
    _require_targets(classified, margin, category)
    _require_respondents(margin, names, category)
    return category


def _require_targets(classified: pd.DataFrame, margin: Margin, category: Ints) -> None:
    without = category < 0
    if not without.any():
        return
    missing = classified.loc[without, list(margin.variables)].isna().any(axis=1).sum()
    if missing:
        raise CalibrationError(
            f"Margin {margin.name}: {missing:,} respondents have no value of "
            f"{' or '.join(margin.variables)}, so they cannot be weighted.",
            expected="a value for every respondent.",
            remedy="ask the supplier to complete it, or leave the margin out of calibration.",
        )
    raise CalibrationError(
        f"Margin {margin.name}: {without.sum():,} respondents are in a category "
        "that has no control total.",
        expected="a control total for every category in the sample.",
        remedy=f"add the category to margins/{margin.name}.csv with its population.",
    )


def _require_respondents(margin: Margin, names: Sequence[str], category: Ints) -> None:
    counts = np.bincount(category, minlength=len(names))
    empty = [name for name, count in zip(names, counts, strict=True) if count == 0]
    if empty:
        raise CalibrationError(
            f"Margin {margin.name}: nobody in the sample is in {', '.join(empty)}.",
            expected="at least one respondent in every category with a control total.",
            remedy=f"merge the category with a neighbour in margins/{margin.name}.csv and in "
            "measures.yaml, or ask the supplier for the missing interviews.",
        )
