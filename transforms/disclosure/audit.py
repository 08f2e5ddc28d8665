"""What a reader can work out from published sums, and whether any small count is safe from it.

A small count is safe where the published sums, and that nobody counts less than no one, leave it
room up to `minimum`: then no subtraction can tell that it is small, let alone how small.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy import linalg, optimize, sparse
from scipy.sparse.csgraph import connected_components

from transforms.arrays import Flags, Floats, Ints
from transforms.disclosure.counts import Counts
from transforms.disclosure.sums import Sums

TOLERANCE = 1e-6
"""Of a count that a linear programme has found, and of a factor of a matrix of 0, 1 and −1."""


@dataclass(frozen=True, slots=True)
class Block:
    """Counts that are tied to each other by equations, and to no others.

    `counts`: their places. `equations`: (equations × counts).
    """

    counts: Ints
    equations: Floats

    @property
    def signature(self) -> tuple[bytes, int]:
        """What tells whether anything was added: equations are never taken away."""
        return self.counts.tobytes(), len(self.equations)


@dataclass(frozen=True)
class Knowledge:
    """What a reader has worked out of the counts at `places`; the other counts are known.

    `equations`: (equations × places) each ties several counts that are not `settled` (places,).
    """

    counts: Counts
    places: Ints
    equations: Floats
    settled: Flags

    def told_by(self, sums: Sums) -> Floats:
        """(parts of sums × places) the equations that sums bring, three of each figure."""
        cells = self.counts.people.shape[2]
        return np.asarray(sums.equations(cells)[:, self.places].toarray())

    def with_equations(self, told: Floats) -> Knowledge:
        """Return what is known when more is told."""
        equations = np.concatenate([self.equations, told])
        settled, left = _settle(equations, self.settled)
        return replace(self, equations=equations[left], settled=settled)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of counts that hold a small one."""
        small = self.counts.small[self.places] & ~self.settled
        if not small.any():
            return ()
        tied = np.where(self.settled, 0.0, np.abs(self.equations))
        _, label = connected_components(tied.T @ tied, directed=False)
        of_equation = label[tied.argmax(axis=1)]
        found = []
        for one in np.unique(label[small]):
            inside, about = np.flatnonzero(label == one), np.flatnonzero(of_equation == one)
            found.append(Block(self.places[inside], self.equations[np.ix_(about, inside)]))
        return tuple(found)


def knowledge(counts: Counts, sums: Sums) -> Knowledge:
    """Return what a reader of the published sums knows of the counts."""
    told = sums.equations(counts.people.shape[2])
    equations = sparse.csr_array(sparse.vstack([counts.equations, told], format="csr"))
    settled, left = _settle(equations, counts.known.ravel())
    places = np.flatnonzero(~settled)
    tied = equations[left][:, places].toarray()
    return Knowledge(counts, places, tied, np.zeros(len(places), dtype=np.bool_))


def is_harmless(before: Knowledge, after: Knowledge) -> bool:
    """Tell whether every small count that was safe `before` is safe `after` more is told."""
    small = before.counts.small[before.places]
    if (small & ~before.settled & after.settled).any():
        return False
    seen = {block.signature for block in before.blocks}
    return all(
        _is_safe(block, after.counts) for block in after.blocks if block.signature not in seen
    )


def _settle(equations: Floats | sparse.csr_array, settled: Flags) -> tuple[Flags, Ints]:
    """Work out what is the only unknown of an equation, until nothing is.

    Return (counts,) what is settled then, and the equations that have several unknowns.
    """
    pattern: Any = abs(equations)
    while True:
        unknowns = pattern @ (~settled).astype(np.float64)
        single = np.flatnonzero(unknowns == 1)
        if not len(single):
            return settled, np.flatnonzero(unknowns > 1)
        settled = settled | (pattern[single].sum(axis=0) > 0)


def _is_safe(block: Block, counts: Counts) -> bool:
    """Tell whether each small count of the block may, for all that is known, be `minimum`."""
    if not len(block.equations):
        return True
    unsure = np.flatnonzero(counts.small[block.counts])
    if _determined(block.equations)[unsure].any():
        return False
    known = block.equations @ counts.numbers[block.counts]
    while len(unsure):
        # Most often many may be large at once; where none is, one is looked at by itself.
        shown = _may_be(counts.minimum, unsure, block.equations, known)
        if not shown.any():
            shown = _may_be(counts.minimum, unsure[:1], block.equations, known)
        if not shown.any():
            return False
        unsure = np.concatenate([unsure[: len(shown)][~shown], unsure[len(shown) :]])
    return True


def _determined(equations: Floats) -> Flags:
    """(counts,) which follow from the equations alone: their unit vectors are in the row space."""
    basis, triangle, _ = linalg.qr(equations.T, mode="economic", pivoting=True)
    independent = np.abs(np.diag(triangle)) > TOLERANCE
    return np.asarray((basis[:, independent] ** 2).sum(axis=1) > 1 - TOLERANCE)


def _may_be(minimum: int, wanted: Ints, equations: Floats, known: Floats) -> Flags:
    """(wanted,) which of the counts are `minimum` where their sum, each up to it, is largest."""
    size = equations.shape[1]
    gain, upper = np.zeros(size), np.full(size, np.inf)
    gain[wanted], upper[wanted] = -1.0, minimum
    # No count has to be whole: what is weighted is known as a fraction.
    found = optimize.milp(
        gain,
        constraints=optimize.LinearConstraint(sparse.csr_array(equations), known, known),
        bounds=optimize.Bounds(0.0, upper),
    )
    if found.x is None:
        return np.zeros(len(wanted), dtype=np.bool_)
    return np.asarray(found.x[wanted] >= minimum - TOLERANCE)
