"""Whether a wave's answers are another wave's with codes exchanged: likely, or not at all.

A file without labels does not say that a scale was turned round. Its answers do: they fit the wave
before far better when the codes are exchanged than as they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.optimize import linear_sum_assignment

from transforms.arrays import Floats, Ints

DESIGN = 2.0
"""Design effect that counts are taken to have; published surveys of this kind have 1.4 or so."""

UNLIKELY = 1e-6
"""Chance, by sampling alone, below which answers as they stand are another distribution."""

FITS = 1e-3
"""Chance above which answers with codes exchanged are the same distribution."""

APART = 0.10
"""Smallest share of answers that must change their code for the difference to be one of codes."""

APART_OF_TWO = 0.30
"""The same where there are two codes: any change of two shares looks like an exchange."""

LIKENESS = 9.0
"""χ² up to which a code's share is what it was: exchanges are looked for among the other codes."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """For each code now, the place of the code that it was before; `turned`: from the other end.

    `sure`: false of two codes whose shares are those of each other before, and not far apart: a
    real change may look so.
    """

    places: tuple[int, ...]
    turned: bool
    sure: bool = True


def exchange(now: Sequence[int], before: Sequence[int]) -> Exchange | None:
    """Return how codes were exchanged, None where they were not, or where that cannot be told.

    `now`, `before`: respondents by code, in the order of the codes. The reversed order is looked
    at first, then the one that fits best (assignment of least χ²).
    """
    new, old = np.asarray(now, dtype=np.float64), np.asarray(before, dtype=np.float64)
    codes = len(new)
    if codes < 2 or min(new.sum(), old.sum()) == 0 or not _apart(new, old):
        return None
    reverse = np.arange(codes)[::-1]
    for places in (reverse, _best(new, old, staying=True), _best(new, old, staying=False)):
        if _fits(new, old[places]) and not (places == np.arange(codes)).all():
            turned = bool((places == reverse).all())
            sure = codes > 2 or _moved(new, old) >= APART_OF_TWO
            return Exchange(tuple(int(p) for p in places), turned, sure)
    return None


def _apart(new: Floats, old: Floats) -> bool:
    """Return whether the answers as they stand are another distribution, and far from it."""
    return _moved(new, old) >= APART and _chance(new, old) < UNLIKELY


def _moved(new: Floats, old: Floats) -> float:
    """Return the share of answers that changed their code, at least."""
    return float(np.abs(new / new.sum() - old / old.sum()).sum() / 2)


def _fits(new: Floats, old: Floats) -> bool:
    return _chance(new, old) > FITS


def _chance(new: Floats, old: Floats) -> float:
    """Return the p value of χ² for two samples, their counts divided by the design effect."""
    table = np.stack([new, old]) / DESIGN
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2:
        return 1.0
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    return float(stats.chi2.sf(statistic, table.shape[1] - 1))


def _best(new: Floats, old: Floats, *, staying: bool) -> Ints:
    """Return the order of the codes before in which they fit the codes now best.

    `staying`: a code that fits as it stands keeps its place. Of codes with much the same share any
    order would fit.
    """
    p, q = (new / new.sum())[:, None], (old / old.sum())[None, :]
    spread = p / new.sum() + q / old.sum()
    cost = np.divide((p - q) ** 2, spread, out=np.zeros_like(p + q), where=spread > 0)
    if staying:
        stays = np.diagonal(cost) <= LIKENESS * DESIGN
        np.fill_diagonal(cost, np.where(stays, -cost.max() - 1.0, np.diagonal(cost)))
    return np.asarray(linear_sum_assignment(cost)[1], dtype=np.int64)
