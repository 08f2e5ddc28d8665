"""Equations between the counts of a wave, and who is left: cells that anybody may form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from transforms.arrays import Flags, Floats, Ints
from transforms.catalogue import Survey
from transforms.catalogue.base import WHOLE
from transforms.disclosure.ties import BASE, COUNTING, OTHERS, Tie, ties

PARTS = (COUNTING, OTHERS, BASE)


@dataclass(frozen=True, slots=True)
class Balance:
    """Sums of counts, with signs, side by side: in each wave nobody is left, or the remainder.

    `terms`: part, (sums,) cells and sign; the first is what the others are taken from. `part` and
    `remainder`: (sums,) the cells of who is left; none where nobody is. `needs_all`: whether the
    sums hold only where a wave has every cell; otherwise the first and any other will do.
    `is_group`: whether who is left is a group that is protected. `is_told`: whether the rest is
    taken as known to everybody, once anything is unknown.
    """

    terms: tuple[tuple[int, Ints, int], ...]
    part: int
    remainder: Ints
    needs_all: bool
    is_group: bool
    is_told: bool = False

    def held(self, present: Flags) -> Flags:
        """(waves × sums) where the sums hold. `present`: (waves × cells)."""
        first, *others = (present[:, cells] for _, cells, _ in self.terms)
        found = np.all(others, axis=0) if self.needs_all else np.any(others, axis=0)
        return np.asarray(first & found)

    def left(self, people: Floats, held: Flags) -> Floats:
        """(waves × sums) who is left, 0 where the sums do not hold."""
        sums = [sign * people[part][:, cells] for part, cells, sign in self.terms]
        return np.asarray(np.sum(sums, axis=0) * held)

    def left_known(self, known: Flags, held: Flags) -> Flags:
        """(waves × sums) whether who is left is known without any figure."""
        others = [known[part][:, cells] for part, cells, _ in self.terms[1:]]
        return np.asarray(~held | (self.is_told & ~np.all(others, axis=0)))

    def equations(self, held: Flags, shape: tuple[int, ...]) -> sparse.csr_array:
        """(equations × counts) one row a wave and sum that hold."""
        terms = [*self.terms, *([(self.part, self.remainder, -1)] if len(self.remainder) else [])]
        wave, place = np.nonzero(held)
        counts = [
            np.ravel_multi_index((part, wave, cells[place]), shape) for part, cells, _ in terms
        ]
        return combination(np.column_stack(counts), [sign for _, _, sign in terms], shape)


def combination(counts: Ints, signs: list[int], shape: tuple[int, ...]) -> sparse.csr_array:
    """(equations × counts) from (equations × terms) counts and the terms' signs."""
    rows, width = counts.shape
    entries = (np.tile(np.array(signs, dtype=np.float64), rows), counts.ravel())
    ends = np.arange(rows + 1) * width
    return sparse.csr_array((*entries, ends), shape=(rows, int(np.prod(shape))))


def balances_of(cells: pd.DataFrame, survey: Survey) -> tuple[Balance, ...]:
    """Return the balances between cells (measure, domain, domain value), and what they leave.

    Cells of who is left are numbered on from the last of `cells`.
    """
    found = list(_divisions(cells, survey, len(cells)))
    next_cell = len(cells) + len({int(one.remainder[0]) for one in found})
    there = set(cells["measure"])
    for tie in ties(survey):
        if not there.issuperset(tie.measures):
            continue
        balance = _tied(cells, tie, next_cell)
        found += [balance] if len(balance.terms[0][1]) else []
        next_cell += len(balance.remainder)
    return tuple(found)


def _divisions(cells: pd.DataFrame, survey: Survey, next_cell: int) -> Iterator[Balance]:
    """Yield, of each part, what the values of a classification leave of the force."""
    for _, of_measure in cells.reset_index(drop=True).groupby("measure", sort=False):
        force = of_measure.index[of_measure["domain"] == WHOLE]
        values = of_measure[of_measure["domain"] != WHOLE]
        for domain, members in values.groupby("domain", sort=False) if len(force) else ():
            is_whole = survey.domains[str(domain)].partitions_force
            each = [force, *([member] for member in members.index)]
            signed = zip(each, [1] + [-1] * len(members), strict=True)
            terms = [(np.array(cell, dtype=np.int64), sign) for cell, sign in signed]
            for part in PARTS:
                yield Balance(
                    terms=tuple((part, cell, sign) for cell, sign in terms),
                    part=part,
                    remainder=np.array([next_cell]),
                    needs_all=False,
                    is_group=not is_whole,
                    is_told=is_whole,
                )
            next_cell += 1


def _tied(cells: pd.DataFrame, tie: Tie, next_cell: int) -> Balance:
    """Return a tie in every domain value that all its measures have."""
    by_measure = [
        cells.loc[cells["measure"] == measure, ["domain", "domain_value"]].reset_index(
            names=measure
        )
        for measure in tie.measures
    ]
    shared = by_measure[0]
    for one in by_measure[1:]:
        shared = shared.merge(one, on=["domain", "domain_value"])
    return Balance(
        terms=tuple(
            (part, shared[measure].to_numpy(dtype=np.int64), sign)
            for measure, part, sign in tie.terms
        ),
        part=COUNTING,
        remainder=np.arange(len(shared) if tie.remains else 0) + next_cell,
        needs_all=True,
        is_group=tie.is_group,
    )
