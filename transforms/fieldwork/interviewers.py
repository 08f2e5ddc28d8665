"""How much the answers differ that one interviewer brings, beside what everybody's do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.arrays import Floats, Ints
from transforms.fieldwork.coding import NO_ANSWER, Codes

FEWEST_INTERVIEWS = 10
"""Interviews from which on an interviewer is looked at."""

FEWEST_INTERVIEWERS = 8
"""Interviewers from which on it can be said what is usual among them."""

MAD_TO_SD = 1.4826


@dataclass(frozen=True, slots=True)
class Variety:
    """One entry an interviewer: differences among their respondents, beside all respondents'.

    `ratio`: pairs of answers that differ, to those expected were the respondents anybody's; NaN
    under FEWEST_INTERVIEWS. `errors`: how far below the median interviewer that is, in standard
    errors as interviewers themselves scatter.
    """

    ratio: Floats
    errors: Floats


def variety(codes: Codes, interviewer: Ints) -> Variety:
    """Return the variety of each interviewer's answers; `interviewer`: 0 … of each row, −1: none.

    Of each item the chance that two answers differ (Gini 1912), without replacement.
    """
    known = interviewer >= 0
    held, places = codes[known], interviewer[known]
    size = int(places.max(initial=-1)) + 1
    differing, expected = np.zeros(size), np.zeros(size)
    for column in held.T:
        counts = _counts(column, places, size)
        pairs, alike = _pairs(counts.sum(axis=1)), _pairs(counts).sum(axis=1)
        everybody = counts.sum(axis=0)
        of_all = _pairs(everybody.sum())
        usual = 1 - _pairs(everybody).sum() / of_all if of_all > 0 else 0.0
        differing += pairs - alike
        expected += pairs * usual
    interviews = np.bincount(places, minlength=size)
    enough = (interviews >= FEWEST_INTERVIEWS) & (expected > 0)
    ratio = np.where(enough, differing / np.where(enough, expected, 1.0), np.nan)
    return Variety(ratio, _errors(ratio, interviews))


def _counts(column: Codes, places: Ints, size: int) -> Floats:
    """Return interviewers × answers: how many of their respondents gave it."""
    width = int(column.max(initial=0)) + 1
    cells = np.bincount(places * width + column, minlength=size * width)
    counts = cells.reshape(size, width).astype(np.float64)
    return np.delete(counts, NO_ANSWER, axis=1)


def _pairs(number: Floats) -> Floats:
    return np.asarray(number * (number - 1) / 2, dtype=np.float64)


def _errors(ratio: Floats, interviews: Ints) -> Floats:
    known = np.isfinite(ratio)
    if known.sum() < FEWEST_INTERVIEWERS:
        return np.zeros(len(ratio))
    away = (np.median(ratio[known]) - ratio) * np.sqrt(interviews)
    scale = MAD_TO_SD * np.median(np.abs(away[known]))
    return np.where(known, away / scale, 0.0) if scale > 0 else np.zeros(len(ratio))
