"""Replicates of a sampling design: which PSUs each holds, how often, and what it counts for.

A replicate multiplies the design weights of a PSU's respondents by the PSU's multiplier. The spread
of an estimate over the replicates is its variance (`variance.py` has the formula).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from transforms.arrays import Floats, Ints
from transforms.errors import DesignError
from transforms.estimation import SampleDesign

FULL_STEP, HALF_STEP = 1.0, 0.5
"""How far replicates go from the full sample; variances are divided by its square."""


@dataclass(frozen=True, slots=True)
class Draws:
    """`multiplier`: (PSUs × replicates), on average 1. `rscales`: (replicates,).

    The variance is scale · Σ rscales·(θ_b − θ̄)².
    """

    multiplier: Floats
    scale: float
    rscales: Floats

    @property
    def count(self) -> int:
        """The number of replicates."""
        return len(self.rscales)


def seed_of(survey: str, wave: str) -> str:
    """Return the seed of a wave's random stream in hexadecimal: each wave has its own."""
    return sha256(f"{survey}\0{wave}".encode()).hexdigest()[:32]


def stream_of(seed: str) -> np.random.Generator:
    """Return the random stream of a seed."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(int(seed, 16))))


def bootstrap(
    design: SampleDesign, count: int, stream: np.random.Generator, step: float = FULL_STEP
) -> Draws:
    """Return `count` replicates of n_h − 1 PSUs drawn with replacement in each stratum.

    A PSU drawn k times is multiplied by k·n_h/(n_h − 1): Rao, Wu and Yue (1992). A stratum sampled
    to a fraction f goes √(1 − f) of that way from 1: Rao and Wu (1988). A lonely PSU taken about
    zero (`centre`) is left out or doubled at even chances; one that adds no variance is kept.
    """
    multiplier = bootstrap_multipliers(design, count, stream, step)
    return Draws(multiplier, _for_lonely(design) / (step**2 * (count - 1)), np.ones(count))


def bootstrap_multipliers(
    design: SampleDesign, count: int, stream: np.random.Generator, step: float = FULL_STEP
) -> Floats:
    """Return the (PSUs × replicates) multipliers of `bootstrap`; one replicate alone will do."""
    times = _times_drawn(design, count, stream).astype(np.float64)
    n = design.psus_in_stratum[design.stratum][:, None]
    raw = np.where(n > 1, times * n / np.maximum(n - 1, 1), 1.0)
    if design.lonely_psu == "centre":
        alone = np.flatnonzero(design.lonely[design.stratum])
        raw[alone] = 2.0 * (stream.random((count, len(alone))).T < 0.5)
    towards = step * np.sqrt(_uncorrected(design))[design.stratum][:, None]
    multiplier: Floats = 1 + towards * (raw - 1)
    return multiplier


def jackknife(design: SampleDesign, step: float = FULL_STEP) -> Draws:
    """Return one replicate a PSU, which leaves it out: JKn (Rust and Rao 1996, §2.1).

    The others of its stratum are multiplied by n_h/(n_h − 1); rscale (1 − f_h)(n_h − 1)/n_h, so
    strata sampled whole need none. A lonely PSU taken about zero is left out of one replicate
    and doubled in another, of rscale (1 − f_h)/2 each. Raises DesignError where no PSU is left.
    """
    n, uncorrected = design.psus_in_stratum, _uncorrected(design)
    varies = uncorrected > 0
    left_out = np.flatnonzero((varies & (n > 1))[design.stratum])
    raw, rscales = _leaving_out(design, left_out)
    if design.lonely_psu == "centre":
        alone = np.flatnonzero((varies & design.lonely)[design.stratum])
        raw = np.hstack([raw, *(_only(design, int(psu)) for psu in alone)])
        rscales = np.concatenate([rscales, np.full(2 * len(alone), 0.5)])
        left_out = np.concatenate([left_out, np.repeat(alone, 2)])
    if not len(left_out):
        raise DesignError(
            "No stratum has two sampling points or more, drawn from yet more, so a jackknife has "
            "none to leave out.",
            expected="strata with at least two sampling points that are not all there are.",
            remedy="ask the supplier to merge strata, or remove `replicates` from survey.yaml.",
        )
    rscales = rscales * uncorrected[design.stratum[left_out]] / step**2
    return Draws(1 + step * (raw - 1), _for_lonely(design), rscales)


def _times_drawn(design: SampleDesign, count: int, stream: np.random.Generator) -> Ints:
    """(PSUs × replicates) how often each PSU is drawn; the replicates are drawn one by one."""
    n = design.psus_in_stratum
    stratum = np.repeat(np.arange(len(n)), n - 1)
    first = (np.cumsum(n) - n)[stratum]
    drawn = first + np.floor(stream.random((count, len(stratum))) * n[stratum]).astype(np.int64)
    place = drawn + design.psus * np.arange(count)[:, None]
    times = np.bincount(place.ravel(), minlength=count * design.psus).astype(np.int64)
    return times.reshape(count, design.psus).T


def _leaving_out(design: SampleDesign, left_out: Ints) -> tuple[Floats, Floats]:
    """Return multipliers (PSUs × replicates) and (n_h − 1)/n_h for each."""
    stratum = design.stratum[left_out]
    n = design.psus_in_stratum[stratum].astype(np.float64)
    same = design.stratum[:, None] == stratum
    multiplier = np.where(same, n / (n - 1), 1.0)
    multiplier[left_out, np.arange(len(left_out))] = 0.0
    return multiplier, (n - 1) / n


def _only(design: SampleDesign, psu: int) -> Floats:
    """(PSUs × 2) multipliers that leave one PSU out, and double it."""
    multiplier = np.ones((design.psus, 2))
    multiplier[psu] = 0.0, 2.0
    return multiplier


def _uncorrected(design: SampleDesign) -> Floats:
    """(strata,) 1 − n_h/N_h: 1 where no finite population correction is declared."""
    left: Floats = 1 - design.psus_in_stratum / design.population_psus
    return left


def _for_lonely(design: SampleDesign) -> float:
    """Return what a variance is multiplied by where lonely PSUs have the others' mean variance."""
    if design.lonely_psu != "average":
        return 1.0
    return float(len(design.strata) / (~design.lonely).sum())
