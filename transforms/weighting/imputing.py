"""A value for a respondent who lacks one, for weighting only: a weighted hot deck within classes.

Whoever lacks a value of a margin's domain takes that of a donor, drawn by design weight from those
with the same values of the other margin domains (Rao and Shao 1992; Andridge and Little 2010). A
class with too few donors gives up its last declared domain, then the one before, until it has
enough. Who lacks several values takes them all from one donor, so that they go together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import fsum

import numpy as np
import pandas as pd

from transforms.arrays import Flags, Floats, Ints
from transforms.catalogue import Margin
from transforms.errors import CalibrationError

FEWEST_DONORS = 5
"""A class with fewer is widened: one person's value is not to be handed on again and again."""


@dataclass(frozen=True, slots=True)
class Imputed:
    """Respondents' domains with every margin's value known, and how many of them were given one."""

    classified: pd.DataFrame
    respondents: int


def own_numbers(survey: str, wave: str, sample: pd.Series, serial: pd.Series) -> Floats:
    """Return a number from 0 up to 1 for each respondent, drawn by SHA-256 from who they are.

    It depends on survey, wave, sample and serial alone: not on the order of the rows, on who else
    is there, nor on the secret key of the pseudonyms, which differs from home to home.
    """
    messages = (f"impute\0{survey}\0{wave}\0{a}\0{b}" for a, b in zip(sample, serial, strict=True))
    drawn = [int.from_bytes(sha256(message.encode()).digest()[:8]) >> 11 for message in messages]
    return np.array(drawn, dtype=np.float64) * 2.0**-53


def impute(
    classified: pd.DataFrame, design_weight: Floats, margins: Sequence[Margin], numbers: Floats
) -> Imputed:
    """Return the respondents' domains with those of `margins` completed, or raise.

    `classified`: one row a respondent, one column a domain. `numbers`: (respondents,) from 0 up to
    1; each says which donor is taken, donors being in the order of the domains' values.
    """
    domains = list(dict.fromkeys(name for margin in margins for name in margin.variables))
    values = [pd.Categorical(classified[name]) for name in domains]
    known: Ints = np.column_stack([value.codes for value in values]).astype(np.int64)
    lacking = ~_all_true(known >= 0)
    filled = known.copy()
    for pattern in np.unique(known[lacking], axis=0):
        alike = _all_true(known == pattern)
        filled[alike] = _taken(known, design_weight, pattern, numbers[alike], domains)
    completed = {
        name: pd.Categorical.from_codes(codes, value.categories, ordered=value.ordered)
        for name, codes, value in zip(domains, filled.T, values, strict=True)
    }
    return Imputed(classified.assign(**completed), int(lacking.sum()))


def _taken(
    known: Ints, design_weight: Floats, pattern: Ints, numbers: Floats, domains: Sequence[str]
) -> Ints:
    """(recipients × domains) what each of those who share `pattern` (−1: no value) ends with."""
    lacks = pattern < 0
    donors = _donors(known, pattern)
    if not donors.any():
        raise _no_donors([name for name, without in zip(domains, lacks, strict=True) if without])
    choices, choice = np.unique(known[donors][:, lacks], axis=0, return_inverse=True)
    weights = design_weight[donors]
    # Summed exactly, so that the order of the rows cannot move a limit.
    sums = [fsum(weights[choice.reshape(-1) == place]) for place in range(len(choices))]
    limits = np.cumsum(sums)[:-1] / fsum(sums)
    taken = np.tile(pattern, (len(numbers), 1))
    taken[:, lacks] = choices[np.searchsorted(limits, numbers, side="right")]
    return taken


def _donors(known: Ints, pattern: Ints) -> Flags:
    """Return who has all that the pattern lacks, in the finest class with enough of them."""
    shared = np.flatnonzero(pattern >= 0)
    able = _all_true(known[:, pattern < 0] >= 0)
    for size in range(len(shared), 0, -1):
        alike = able & _all_true(known[:, shared[:size]] == pattern[shared[:size]])
        if alike.sum() >= FEWEST_DONORS:
            return alike
    return able


def _all_true(flags: Flags) -> Flags:
    """Return, for each row, whether every column is true."""
    return np.asarray(flags.all(axis=1), dtype=np.bool_)


def _no_donors(domains: Sequence[str]) -> CalibrationError:
    named = " and ".join(domains)
    return CalibrationError(
        f"Nobody in the sample has a value of {named}, so none can be given to who has none.",
        expected=f"respondents with a value of {named}.",
        remedy="ask the supplier to complete it, or leave its margin out of calibration.",
    )
