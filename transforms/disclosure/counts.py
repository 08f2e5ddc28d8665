"""How many people are counted in each cell, and how these counts add up.

Whoever knows some sums of counts may work out others by subtraction: over waves, over the values of
a classification, between those who count, the others and all, and between measures that are tied.
So all these counts are held together, with the equations between them (methods §7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse

from transforms.arrays import Flags, Floats, Ints
from transforms.catalogue import Survey
from transforms.disclosure.balances import Balance, balances_of, combination
from transforms.disclosure.ties import BASE, COUNTING, OTHERS
from transforms.disclosure.words import CELL
from transforms.windows import WaveTotals


@dataclass(frozen=True)
class Counts:
    """The people of measures that are tied to no others; arrays are (parts × waves × cells).

    `cells`: measure, domain, domain_value. Behind them the arrays have more cells: who belongs to
    none of a classification's values, and who is left between tied measures. `people`: how many; 0
    where a wave has no such cell. `known`: what everybody knows without any figure, such as that
    nobody was asked. `is_protected`: not known, and a group. `equations`: (equations × counts). A
    count from 1 to `minimum` − 1 is small.
    """

    cells: pd.DataFrame
    people: Floats
    known: Flags
    is_protected: Flags
    equations: sparse.csr_array
    minimum: int

    @cached_property
    def numbers(self) -> Floats:
        """(counts,) how many people."""
        return self.people.ravel()

    @cached_property
    def small(self) -> Flags:
        """(counts,) which are small and have to be protected."""
        few = (self.people > 0) & (self.people < self.minimum)
        return np.asarray((few & self.is_protected).ravel())

    def places(self, rows: pd.DataFrame) -> Ints:
        """(rows,) the cell of each row."""
        cells = pd.MultiIndex.from_frame(self.cells[CELL])
        return cells.get_indexer(pd.MultiIndex.from_frame(rows[CELL])).astype(np.int64)


def counts_of(by_wave: WaveTotals, survey: Survey) -> Counts:
    """Return the counts of the measures of `by_wave`, which has all that are tied to them."""
    n, n_y, present = by_wave.figures["n"], by_wave.figures["n_y"], by_wave.present
    balances = balances_of(by_wave.cells, survey)
    held = [balance.held(present) for balance in balances]
    people, known, is_group = _with_remainders(*_own(n, n_y, present), balances, held)
    equations = [
        *(one.equations(where, people.shape) for one, where in zip(balances, held, strict=True)),
        _parts_add_up(known),
    ]
    return Counts(
        cells=by_wave.cells,
        people=people,
        known=known,
        is_protected=~known & is_group,
        equations=sparse.csr_array(sparse.vstack(equations, format="csr")),
        minimum=survey.about.disclosure.minimum_count,
    )


def _own(n: Floats, n_y: Floats, present: Flags) -> tuple[Floats, Flags]:
    """Return the people of the cells themselves, and what is known; of a mean only its base."""
    people = np.nan_to_num(np.stack([n_y, n - n_y, n]) * present)
    averaged = np.isnan(n_y)
    only_base = np.stack([averaged, averaged, np.zeros_like(averaged)])
    return people, ~present | (n == 0) | only_base


def _with_remainders(
    people: Floats, known: Flags, balances: Sequence[Balance], held: Sequence[Flags]
) -> tuple[Floats, Flags, Flags]:
    """Return people and known with the cells of who is left behind, and which cells are groups."""
    own = people.shape[2]
    added = max((int(one.remainder.max()) + 1 for one in balances if len(one.remainder)), default=0)
    more = ((0, 0), (0, 0), (0, max(added - own, 0)))
    everybody, everything = np.pad(people, more), np.pad(known, more, constant_values=True)
    is_group = np.ones(everybody.shape[2], dtype=np.bool_)
    for one, where in zip(balances, held, strict=True):
        everybody[one.part][:, one.remainder] = one.left(people, where)[:, : len(one.remainder)]
        everything[one.part][:, one.remainder] = one.left_known(known, where)[
            :, : len(one.remainder)
        ]
        is_group[one.remainder] = one.is_group
    return everybody, everything, is_group


def _parts_add_up(known: Flags) -> sparse.csr_array:
    """Return who counts + the others = all, of each count of which the parts are not known."""
    wave, cell = np.nonzero(~known[COUNTING] & ~known[OTHERS])
    counts = [
        np.ravel_multi_index((part, wave, cell), known.shape) for part in (COUNTING, OTHERS, BASE)
    ]
    return combination(np.column_stack(counts), [1, 1, -1], known.shape)
