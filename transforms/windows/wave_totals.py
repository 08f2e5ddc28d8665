"""The stored totals of several waves side by side: arrays of waves × cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from transforms.arrays import Flags, Floats, Ints
from transforms.errors import ContractError

CELL = ["measure", "domain", "domain_value"]

SUMS = ("y", "x", "sum_wy2")
"""Weighted sums: a wave's factor multiplies them once."""

COUNTS = ("n", "n_y", "psus", "strata")
"""Unweighted counts: they add up as they are."""

SQUARES = (
    *("var_y", "var_x", "cov_yx", "sum_w2"),
    *("cov_y_force_y", "cov_y_force_x", "cov_x_force_y", "cov_x_force_x"),
)
"""Sums of squares and products of weights: a wave's factor multiplies them twice."""


@dataclass(frozen=True)
class WaveTotals:
    """Sufficient statistics of several waves.

    `cells`: one row a measure × domain value. `figures`: each column of estimate.total by name,
    (waves × cells), 0 where the wave has no such cell. `present`: (waves × cells) whether it has.
    `control_totals`: (waves,) the population each is calibrated to; NaN where it is not.
    """

    waves: tuple[str, ...]
    cells: pd.DataFrame
    figures: Mapping[str, Floats]
    present: Flags
    control_totals: Floats

    def of_waves(self, waves: Sequence[str]) -> WaveTotals:
        """Return some of the waves, in the order given; ContractError where one is not here."""
        missing = [wave for wave in waves if wave not in self.waves]
        if missing:
            raise ContractError(f"There are no totals of {', '.join(missing)}.")
        rows = [self.waves.index(wave) for wave in waves]
        return replace(
            self,
            waves=tuple(waves),
            figures={name: values[rows] for name, values in self.figures.items()},
            present=self.present[rows],
            control_totals=self.control_totals[rows],
        )

    def of_measures(self, measures: Iterable[str]) -> WaveTotals:
        """Return the cells of some measures."""
        chosen = self.cells["measure"].isin(list(measures)).to_numpy()
        return replace(
            self,
            cells=self.cells[chosen].reset_index(drop=True),
            figures={name: values[:, chosen] for name, values in self.figures.items()},
            present=self.present[:, chosen],
        )

    def waves_of(self, measure: str) -> frozenset[str]:
        """Return the waves in which somebody is in the measure's base."""
        return self._waves_by_measure.get(measure, frozenset())

    @cached_property
    def _waves_by_measure(self) -> Mapping[str, frozenset[str]]:
        # Asked for thousands of times in a release: once for each figure's window.
        place, measures = pd.factorize(self.cells["measure"])
        base = np.zeros((len(measures), len(self.waves)))
        np.add.at(base, place, self.figures["n"].T)
        return {
            str(measure): frozenset(np.array(self.waves)[held > 0].tolist())
            for measure, held in zip(measures, base, strict=True)
        }

    def answered(self, cells: pd.DataFrame) -> Flags:
        """(waves × cells) whether somebody is in the base of each of `cells`, some of these."""
        every = pd.MultiIndex.from_frame(self.cells)
        places = every.get_indexer(pd.MultiIndex.from_frame(cells[CELL]))
        found: Flags = self.figures["n"][:, places] > 0
        return found


def wave_by_wave(totals: pd.DataFrame, waves: Sequence[str]) -> WaveTotals:
    """Return rows of estimate.total as arrays.

    `waves`: the order of time; those without rows are left out. Cells are in the order in which
    the waves bring them, the latest first.
    """
    held = tuple(wave for wave in waves if wave in set(totals["wave"]))
    newest_first = totals.assign(place=totals["wave"].map(held.index)).sort_values(
        "place", ascending=False, kind="stable"
    )
    cells = newest_first[CELL].drop_duplicates(ignore_index=True)
    cell = pd.MultiIndex.from_frame(cells).get_indexer(pd.MultiIndex.from_frame(newest_first[CELL]))
    row = newest_first["place"].to_numpy(dtype=np.int64)
    shape = (len(held), len(cells))
    names = (*SUMS, *COUNTS, *SQUARES, "df")
    return WaveTotals(
        waves=held,
        cells=cells,
        figures={name: _spread(newest_first[name], row, cell, shape) for name in names},
        present=_spread(pd.Series(1.0, index=newest_first.index), row, cell, shape) > 0,
        control_totals=totals.groupby("wave")["control_total"]
        .first()
        .reindex(list(held))
        .to_numpy(dtype=np.float64),
    )


def _spread(
    column: pd.Series, row: Ints, cell: npt.NDArray[np.intp], shape: tuple[int, int]
) -> Floats:
    values = np.zeros(shape)
    values[row, cell] = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return values
