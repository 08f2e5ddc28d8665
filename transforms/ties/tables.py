"""How far each column goes with the others, as in the wave before, or not at all any more.

Of each pair of columns the wave before gives a table of respondents. What is in it beyond
independence and beyond chance, its first singular vectors (the strongest pattern of correspondence
analysis, Greenacre 1984), makes a score for each pair of answers: above 0 where they go together.
Summed over this wave's respondents it is some number; put the column's cells into other rows at
random, and it is 0 but for chance, whose variance is known exactly (Hoeffding 1951).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from transforms.arrays import Floats, Ints
from transforms.ties.columns import Placed

BLOCK = 20_000
"""Rows counted at a time."""

FEWEST = 100
"""Respondents who answered both of a pair of columns from which on the pair is looked at."""

BEYOND = 1.4
"""Design effect: patterns must exceed what independence brings by chance so many times."""


LARGEST = 1.0
"""Score at most: answers that few give would else decide."""


@dataclass(frozen=True, slots=True)
class Tie:
    """How some columns go with others, in standard deviations of cells put into rows at random.

    `found`: in this wave. `expected`: had they gone together as in the wave before. `error`: the
    standard error of the difference of the two, had they.
    """

    found: float
    expected: float
    error: float

    @property
    def kept(self) -> float:
        """The share of what was expected that was found; below 0: turned round."""
        return self.found / self.expected

    @property
    def errors(self) -> float:
        """How far below the expected it lies, in standard errors."""
        return (self.expected - self.found) / self.error


@dataclass(frozen=True, slots=True)
class Ties:
    """What two waves say of which columns go together.

    `respondents`: in this wave and in the one before. `together`: those of this wave by answer ×
    answer, one row and column for each answer of each column, whose places `slots` gives.
    `scores`: the same, of pairs of columns that go together. `expected`: by pair, their sum over
    this wave's respondents, did they go together as before. `earlier`: by column, answers of up to
    BLOCK respondents of the wave before.
    """

    respondents: tuple[int, int]
    slots: Mapping[str, slice]
    together: Floats
    scores: Floats
    expected: Mapping[tuple[str, str], float]
    earlier: Mapping[str, Ints]

    def between(self, some: Collection[str], others: Collection[str]) -> Tie | None:
        """Return how `some` columns go with `others`; None where no pair of them did before."""
        pairs = [(a, b) for a in some for b in others if (a, b) in self.expected]
        if not pairs:
            return None
        respondents = self.respondents[0]
        left, right = self._places({a for a, _ in pairs}), self._places({b for _, b in pairs})
        scores = self.scores[np.ix_(left, right)]
        counts = self.together.diagonal()
        centred = self.together - np.outer(counts, counts) / respondents
        spread = scores.T @ centred[np.ix_(left, left)] @ scores @ centred[np.ix_(right, right)]
        chance = float(np.sqrt(max(np.trace(spread), 0.0) / (respondents - 1)))
        if chance == 0:
            return None
        found = float((scores * centred[np.ix_(left, right)]).sum())
        expected = sum(self.expected[pair] for pair in pairs)
        return Tie(found / chance, expected / chance, self._error(pairs) / chance)

    def partners(self, column: str, among: Collection[str]) -> tuple[str, ...]:
        """Return the columns that went with one in the wave before, the closest first."""
        found = [other for other in among if (column, other) in self.expected]
        return tuple(sorted(found, key=lambda other: -self.expected[column, other]))

    def _error(self, pairs: Collection[tuple[str, str]]) -> float:
        """Return the standard error of a sum of scores less what the wave before lets expect."""
        scored: Floats = np.zeros(len(next(iter(self.earlier.values()))))
        for one, other in pairs:
            a, b = self.earlier[one], self.earlier[other]
            table = self.scores[self.slots[one], self.slots[other]]
            scored += np.where((a >= 0) & (b >= 0), table[a, b], 0.0)
        now, before = self.respondents
        return float(np.sqrt(BEYOND * now * (1 + now / before) * scored.var()))

    def _places(self, names: Collection[str]) -> Ints:
        parts = [np.arange(s.start, s.stop) for name, s in self.slots.items() if name in names]
        return np.concatenate(parts)


def ties(columns: Mapping[str, Placed]) -> Ties:
    """Return which columns go together, by the wave before, and how they do in this one.

    `columns`: one at least.
    """
    slots = _slots(columns)
    together = _together([column.now for column in columns.values()], [*slots.values()])
    earlier = _together([column.before for column in columns.values()], [*slots.values()])
    first = next(iter(columns.values()))
    respondents = len(first.now), len(first.before)
    more = {name: _times_more(column) for name, column in columns.items()}
    scores, expected = np.zeros_like(together), {}
    for one, other in combinations(slots, 2):
        found = _pattern(earlier[slots[one], slots[other]])
        if found is not None:
            scores[slots[one], slots[other]] = found[0]
            scores[slots[other], slots[one]] = found[0].T
            often = more[one] * more[other] * respondents[1] / respondents[0]
            expected[one, other] = expected[other, one] = found[1] * often
    step = 1 + len(first.before) // BLOCK
    sampled = {name: column.before[::step] for name, column in columns.items()}
    return Ties(respondents, slots, together, scores, expected, sampled)


def _times_more(column: Placed) -> float:
    """Return how many answered for each one in the wave before."""
    return float((column.now >= 0).sum() / max((column.before >= 0).sum(), 1))


def _slots(columns: Mapping[str, Placed]) -> dict[str, slice]:
    ends = np.cumsum([0, *(column.size for column in columns.values())]).tolist()
    return {name: slice(a, b) for name, a, b in zip(columns, ends, ends[1:], strict=False)}


def _together(columns: list[Ints], slots: list[slice]) -> Floats:
    """Return respondents by answer × answer, of every pair of columns."""
    width = slots[-1].stop if slots else 0
    total: Floats = np.zeros((width, width))
    rows = len(columns[0]) if columns else 0
    for start in range(0, rows, BLOCK):
        held = np.zeros((min(BLOCK, rows - start), width))
        for column, slot in zip(columns, slots, strict=True):
            part = column[start : start + BLOCK]
            there = np.flatnonzero(part >= 0)
            held[there, slot.start + part[there]] = 1.0
        total += held.T @ held
    return total


def _pattern(table: Floats) -> tuple[Floats, float] | None:
    """Return a score for each pair of answers, and their sum; None: no pattern.

    The table's singular values are shrunk by what independence would bring by chance.
    """
    rows, columns, total = table.sum(axis=1), table.sum(axis=0), table.sum()
    filled = np.outer(rows, columns) > 0
    if total < FEWEST or min((rows > 0).sum(), (columns > 0).sum()) < 2:
        return None
    root = np.sqrt(np.where(filled, np.outer(rows, columns) / total, 1.0))
    left, values, right = np.linalg.svd(
        np.where(filled, table / root - root, 0.0), full_matrices=False
    )
    chance = (np.sqrt((rows > 0).sum() - 1) + np.sqrt((columns > 0).sum() - 1)) ** 2
    beyond = np.maximum(values**2 - BEYOND * chance, 0.0)
    if beyond[0] <= 0:
        return None
    shrunk = beyond / np.maximum(values**2, 1.0)
    pattern = np.where(filled, (left * (values * shrunk)) @ right / root, 0.0)
    scores = np.clip(pattern, -LARGEST, LARGEST)
    return scores, float((root**2 * pattern * scores).sum())
