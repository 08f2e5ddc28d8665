"""Two-way tables of weighted totals with their covariance: what a test of distributions needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from transforms.arrays import Floats, Ints
from transforms.estimation import SampleDesign, totals_with_covariance
from transforms.weighting import Calibrated


@dataclass(frozen=True, slots=True)
class CategoryTotals:
    """Sufficient statistics of the answers to an item, in one domain value of one wave.

    `totals`: (categories,) weighted. `covariance`: (categories × categories), design-based.
    `counts`: (categories,) respondents. `df`: degrees of freedom of the wave in that domain value.
    """

    totals: Floats
    covariance: Floats
    counts: Ints
    df: float


@dataclass(frozen=True, slots=True)
class Crosstab:
    """Weighted totals of a two-way table, from one sample or from several independent ones.

    `totals`: (rows × columns). `covariances`: (samples × cells × cells), the cells row by row; what
    each sample adds to the covariance of the totals. `df`: (samples,) its degrees of freedom.
    `n`: respondents, to whose number X² is scaled; no p value depends on it.
    """

    totals: Floats
    covariances: Floats
    df: Floats
    n: int

    def occupied(self) -> Crosstab:
        """Return the table without rows and columns that are empty."""
        rows, columns = (self.totals.sum(axis=axis) > 0 for axis in (1, 0))
        cells = np.flatnonzero(np.outer(rows, columns))
        return Crosstab(
            self.totals[np.ix_(rows, columns)],
            self.covariances[:, cells[:, None], cells],
            self.df,
            self.n,
        )


def crosstab(
    row: Ints,
    column: Ints,
    calibrated: Calibrated,
    design: SampleDesign,
    *,
    df: float | None = None,
    leverage: bool = True,
) -> Crosstab:
    """Return the table of two classifications of one wave's respondents.

    `row`, `column`: (respondents,) the index of the category from 0; −1 outside the base. `df`:
    degrees of freedom of the test; None: PSUs minus strata of the whole wave, as in R.
    """
    rows, columns = int(row.max()) + 1, int(column.max()) + 1
    inside = (row >= 0) & (column >= 0)
    cell = np.where(inside, row * columns + column, -1)
    values = (cell[:, None] == np.arange(rows * columns)).astype(np.float64)
    found = totals_with_covariance(values, calibrated, design, leverage=leverage)
    whole = design.psus - len(design.strata)
    return Crosstab(
        totals=found.totals.reshape(rows, columns),
        covariances=found.covariance[None],
        df=np.array([whole if df is None else df], dtype=np.float64),
        n=int(inside.sum()),
    )


def two_periods(waves: Sequence[CategoryTotals], latest: Floats, earlier: Floats) -> Crosstab:
    """Return two periods as the rows of a table, the categories as its columns.

    A period is a sum of waves, each multiplied by its factor in `latest` or `earlier` (waves,), 0
    outside. Waves are independent samples; one that is in both periods correlates them.
    """
    factors = np.column_stack([latest, earlier])
    return Crosstab(
        totals=factors.T @ np.stack([wave.totals for wave in waves]),
        covariances=np.stack(
            [
                np.kron(np.outer(both, both), wave.covariance)
                for both, wave in zip(factors, waves, strict=True)
            ]
        ),
        df=np.array([wave.df for wave in waves], dtype=np.float64),
        n=int(sum(wave.counts.sum() for wave in waves)),
    )


def shares_with_covariance(found: CategoryTotals) -> tuple[Floats, Floats]:
    """Return the share of each category (categories,), and their covariance by linearisation."""
    whole = found.totals.sum()
    share: Floats = found.totals / whole
    slope = (np.eye(len(share)) - share[:, None]) / whole
    return share, slope @ found.covariance @ slope.T
