"""How much of each interview stands in another: copies and near-copies.

The greatest percentage match of Kuriakose and Robbins (2016), with each answer counting for what it
says, −log2 of its share (Fellegi and Sunter 1969): what most people answer makes nobody alike. A
plain percentage depends on how many questions there are and how people agree (Simmons et al. 2016).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.arrays import Flags, Floats, Ints
from transforms.fieldwork.coding import NO_ANSWER, Codes

EVERY_PAIR = 8_000
"""Interviews up to which each is compared with each."""

SAMPLED, AMONG = 100, 40_000
"""Interviews of a longer return that are each compared with so many others."""

FEW_PAIRS = 0.05
"""Pairs expected by chance, were answers independent, up to which a match says something."""

BLOCK = 500
STEPS = 16
"""Rows at a time; and parts of a bit, as whole numbers: sums are then exact in any order."""

NEXT, MOST_BANDS = 5, 8
"""Neighbours looked at among interviews alike in a band of items; most bands."""

Compact = npt.NDArray[np.float32]

Pairs = tuple[tuple[Ints, Ints], Floats]
"""Rows here, the rows they are paired with, and what is alike in each pair."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """One entry an interview: how much of it stands in the one most like it.

    `share`: 0 to 1; NaN where none was found alike and it was not looked for in every other one.
    `other`: the row of that interview, −1 where there is none. `beyond_chance`: more is alike than
    chance would make in any pair. `every_pair`: each was compared with each.
    """

    share: Floats
    other: Ints
    beyond_chance: Flags
    every_pair: bool


def likeness(codes: Codes) -> Likeness:
    """Return how alike interviews are; `codes`: one row each, as `answer_codes` returns them."""
    rows = len(codes)
    whole = rows <= EVERY_PAIR
    chosen, others = (spread(rows, rows if whole else most) for most in (SAMPLED, AMONG))
    bits = _bits(codes)
    best, other = _best(codes, bits, chosen, others)
    if not whole:
        _improve(best, other, _alike_in_a_band(codes, bits))
    return _likeness(best, other, bits, _least(rows), every_pair=whole)


def likeness_to(codes: Codes, first: int) -> Likeness:
    """Return how alike each of the `first` interviews is to those after them; one entry each.

    `codes`: one row an interview, of both waves as `answer_codes` returns them together. `other`:
    the row among those after them.
    """
    rest = len(codes) - first
    whole = max(first, rest) <= EVERY_PAIR
    bits = _bits(codes)
    chosen = spread(first, first if whole else SAMPLED)
    best, other = _best(codes, bits, chosen, first + spread(rest, rest if whole else AMONG))
    if not whole:
        _improve(best, other, _across(_alike_in_a_band(codes, bits), first))
    best, other, bits = best[:first], other[:first], bits[:first]
    least = STEPS * float(np.log2(max(first * rest, 1.0) / FEW_PAIRS))
    return _likeness(best, np.where(other >= 0, other - first, -1), bits, least, every_pair=whole)


def _best(codes: Codes, bits: Compact, chosen: Ints, others: Ints) -> tuple[Floats, Ints]:
    """Return for each row what is alike in the most alike of `others`, and its row; −1: not known.

    Of the rows `chosen` alone.
    """
    best, other = np.full(len(codes), -1.0), np.full(len(codes), -1, dtype=np.int64)
    for here, near, matched in _nearest(codes, bits, chosen, others):
        best[here], other[here] = matched, near
    return best, other


def _improve(best: Floats, other: Ints, pairs: Iterator[Pairs]) -> None:
    """Put into `best` and `other` what pairs have that are more alike."""
    for pair, matched in pairs:
        for here, near in (pair, pair[::-1]):
            order = np.argsort(matched, kind="stable")  # the most alike is written last
            better = order[matched[order] > best[here[order]]]
            best[here[better]], other[here[better]] = matched[better], near[better]


def _across(pairs: Iterator[Pairs], first: int) -> Iterator[Pairs]:
    """Yield of the pairs those of one of the `first` rows and one after them."""
    for (here, near), matched in pairs:
        crossing = (here < first) != (near < first)
        yield (here[crossing], near[crossing]), matched[crossing]


def _likeness(
    best: Floats, other: Ints, bits: Compact, least: float, *, every_pair: bool
) -> Likeness:
    own = bits.sum(axis=1)
    share = np.where(best >= 0, best / np.maximum(own, 1.0), np.nan)
    return Likeness(share, other, best >= least, every_pair)


def spread(rows: int, most: int) -> Ints:
    """Return all rows, or so many of them, evenly spread."""
    return np.unique(np.linspace(0, rows - 1, min(rows, most)).astype(np.int64))


def tells_apart(codes: Codes) -> bool:
    """Return whether interviews hold enough answers for a match to be no chance."""
    return bool(len(codes) > 1 and np.median(_bits(codes).sum(axis=1)) >= _least(len(codes)))


def _least(rows: int) -> float:
    """Return what must be alike, in parts of a bit, for FEW_PAIRS pairs to be so by chance."""
    return STEPS * float(np.log2(max(rows * (rows - 1) / 2, 1.0) / FEW_PAIRS))


def _bits(codes: Codes) -> Compact:
    """Return what each answer says, in whole parts of a bit; 0 where there is none."""
    bits = np.zeros(codes.shape, dtype=np.float32, order="F")
    for place, column in enumerate(codes.T):
        counts = np.bincount(column)
        counts[NO_ANSWER] = 0
        shares = np.maximum(counts, 1) / max(counts.sum(), 1)
        said = np.where(counts > 0, np.round(-STEPS * np.log2(shares)), 0.0)
        bits[:, place] = said[column]
    return bits


def _nearest(
    codes: Codes, bits: Compact, chosen: Ints, others: Ints
) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Yield chosen rows with, of each, the one of `others` most like it and what is alike."""
    places, width = _columns(codes)
    held = _held(places[others], width)
    for start in range(0, len(chosen), BLOCK):
        here = chosen[start : start + BLOCK]
        matched = _held(places[here], width, bits[here]) @ held.T
        matched[here[:, np.newaxis] == others] = -1.0
        near = matched.argmax(axis=1)
        yield here, others[near], matched[np.arange(len(here)), near].astype(np.float64)


def _columns(codes: Codes) -> tuple[Codes, int]:
    """Return for each cell the column of its answer; the last where nobody else gave it."""
    counted = [np.bincount(column) > 1 for column in codes.T]
    width = sum(int(shared[1:].sum()) for shared in counted)
    places, first = np.empty_like(codes), 0
    for item, shared in enumerate(counted):
        shared[NO_ANSWER] = False
        number = np.where(shared, first + np.cumsum(shared) - 1, width).astype(np.int32)
        places[:, item] = number[codes[:, item]]
        first += int(shared.sum())
    return places, width


def _held(places: Codes, width: int, value: Compact | None = None) -> Compact:
    """Return one row an interview, one column an answer: 1, or its `value`, where it was given."""
    held = np.zeros((len(places), width + 1), dtype=np.float32)
    held[np.arange(len(places))[:, np.newaxis], places] = 1.0 if value is None else value
    return held[:, :width]


def _alike_in_a_band(codes: Codes, bits: Compact) -> Iterator[Pairs]:
    """Yield pairs that agree in one of several bands of items, and what of them is alike.

    As many bands as leave each enough to tell most interviews apart: pairs that differ in fewer
    items than there are bands agree in one of them.
    """
    said = bits.mean(axis=0)
    bands = int(np.clip(said.sum() / STEPS / (np.log2(len(codes)) + 3), 1, MOST_BANDS))
    order = np.argsort(-said, kind="stable")
    for band in range(bands):
        key = np.zeros(len(codes), dtype=np.uint64)
        for item in order[band::bands]:
            key = key * np.uint64(1_000_003) + codes[:, item].astype(np.uint64)
        ranked = np.argsort(key, kind="stable")
        for step in range(1, NEXT + 1):
            same = key[ranked[step:]] == key[ranked[:-step]]
            pair = (ranked[:-step][same], ranked[step:][same])
            alike = codes[pair[0]] == codes[pair[1]]
            yield pair, np.where(alike, bits[pair[0]], 0.0).sum(axis=1)
