"""Sums of counts over waves: what a published figure, or a base alone, tells a reader."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from transforms.arrays import Flags, Ints
from transforms.disclosure.ties import BASE, COUNTING, OTHERS


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of a cell's counts over waves, in an order.

    `cell`: (sums,) the cell's place. `waves`: (sums × waves) those it is made of. `figure`: (sums,)
    whether it is a figure, which tells all parts, or a base alone.
    """

    cell: Ints
    waves: Flags
    figure: Flags

    def __len__(self) -> int:
        """How many there are."""
        return len(self.cell)

    def __getitem__(self, part: Flags | Ints) -> Sums:
        """Return some of them."""
        return Sums(self.cell[part], self.waves[part], self.figure[part])

    def __add__(self, more: Sums) -> Sums:
        """Return these and more."""
        return Sums(
            np.concatenate([self.cell, more.cell]),
            np.concatenate([self.waves, more.waves]),
            np.concatenate([self.figure, more.figure]),
        )

    def equations(self, cells: int) -> sparse.csr_array:
        """(equations × counts) one row a part that is told."""
        figures = self[self.figure]
        told = [(COUNTING, figures), (OTHERS, figures), (BASE, self)]
        rows = [sums._rows_of(part, cells) for part, sums in told]
        return sparse.csr_array(sparse.vstack(rows, format="csr"))

    def _rows_of(self, part: int, cells: int) -> sparse.csr_array:
        waves = self.waves.shape[1]
        row, wave = np.nonzero(self.waves)
        count = (part * waves + wave) * cells + self.cell[row]
        shape = (len(self), 3 * waves * cells)
        return sparse.csr_array((np.ones(len(row)), (row, count)), shape=shape)


def no_sums(waves: int) -> Sums:
    """Return no sums, of counts in so many waves."""
    return Sums(
        np.zeros(0, dtype=np.int64),
        np.zeros((0, waves), dtype=np.bool_),
        np.zeros(0, dtype=np.bool_),
    )
