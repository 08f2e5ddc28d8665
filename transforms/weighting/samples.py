"""Several samples of one wave as one: where their populations overlap, they share it out.

Each sample is drawn by itself and its design weights speak for its own population. Within the part
of the population that the same samples cover, any mix λ₁Ŷ₁ + λ₂Ŷ₂ with λ₁ + λ₂ = 1 of their
estimates estimates the same total (Hartley 1962); λ_s = n*_s / Σ n*_s, n* the effective bases of
the design weights there (Kish 1965, §11.7), comes near the mix with the smallest variance
(O'Muircheartaigh and Pedlow 2002). Outside every overlap λ is 1.

A supplier's weights may be in any unit: addresses for each one drawn, or a mean of 1. Mixed as they
are, the sample in the larger unit would count for more, and an overlap for more or less than its
share of the population. So each boost's weights are first brought to the unit of the main sample,
which covers everybody: multiplied by what makes them add up, over the boost's population, to what
the main sample's weights there add up to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.arrays import Flags, Floats, Ints, sum_by
from transforms.errors import CalibrationError
from transforms.weighting.cell_table import require_positive
from transforms.wording import number


@dataclass(frozen=True, slots=True)
class Sampled:
    """Who was drawn in which sample, and which samples could have drawn them.

    `names`: the samples, the first of which covers everybody. `sample`: (respondents,) the place of
    each one's sample in `names`. `covered`: (respondents × samples) whether the respondent belongs
    to the population of the sample.
    """

    names: tuple[str, ...]
    sample: Ints
    covered: Flags


@dataclass(frozen=True, slots=True)
class Combined:
    """The design weights of all samples together, and how they came about.

    `shares`: one row a sample and part of the population: `covered_by` (the samples that cover the
    part, joined by " + "), respondents, effective_base (n*), scale (to the main sample's unit) and
    share (λ).
    """

    design_weight: Floats
    shares: pd.DataFrame


SHARES = ("sample", "covered_by", "respondents", "effective_base", "scale", "share")


def uncombined(design_weight: Floats) -> Combined:
    """Return the design weights of a survey of one sample, which nothing is mixed with."""
    return Combined(design_weight, pd.DataFrame(columns=list(SHARES)))


def combine_samples(design_weight: Floats, sampled: Sampled) -> Combined:
    """Return d · scale · λ for each respondent, or raise where a sample's weights cannot be used.

    `design_weight`: (respondents,) positive, in any unit that is one within a sample.
    """
    require_positive(design_weight)
    _require_own_population(sampled)
    scale = _scales(design_weight, sampled)
    parts, part = np.unique(sampled.covered, axis=0, return_inverse=True)
    part = part.reshape(-1).astype(np.int64)
    bases, counts = _effective_bases(design_weight, sampled, part, len(parts))
    share = bases / bases.sum(axis=1, keepdims=True)
    weights = design_weight * scale[sampled.sample] * share[part, sampled.sample]
    return Combined(weights, _shares(sampled.names, parts, counts, bases, scale, share))


def _require_own_population(sampled: Sampled) -> None:
    """Raise where a sample holds somebody whom it could not have drawn."""
    own = sampled.covered[np.arange(len(sampled.sample)), sampled.sample]
    for place, name in enumerate(sampled.names):
        of_sample = sampled.sample == place
        outside = int((of_sample & ~own).sum())
        if outside:
            raise CalibrationError(
                f"Sample {name}: {number(outside)} of {number(of_sample.sum())} respondents are "
                "not known to belong to the population it was drawn from.",
                expected=f"respondents with a value that {name} `covers`, and no others.",
                remedy="ask the supplier why they were interviewed, or correct `covers` under "
                "samples in survey.yaml.",
            )


def _scales(design_weight: Floats, sampled: Sampled) -> Floats:
    """(samples,) what brings each sample's weights to the main sample's unit."""
    main = sampled.sample == 0
    scale = np.ones(len(sampled.names))
    for place, name in enumerate(sampled.names[1:], 1):
        covered = main & sampled.covered[:, place]
        if not covered.any():
            raise CalibrationError(
                f"Sample {name}: nobody in the sample {sampled.names[0]} belongs to the population "
                f"that {name} covers, so that nothing says how much its weights count for.",
                expected=f"respondents of {sampled.names[0]} whom {name} `covers`.",
                remedy="ask the supplier for the missing interviews, or correct `covers` under "
                "samples in survey.yaml.",
            )
        scale[place] = design_weight[covered].sum() / design_weight[sampled.sample == place].sum()
    return scale


def _effective_bases(
    design_weight: Floats, sampled: Sampled, part: Ints, parts: int
) -> tuple[Floats, Ints]:
    """(parts × samples) Kish's effective base, 0 where a sample has nobody, and the respondents."""
    samples = len(sampled.names)
    cell = part * samples + sampled.sample
    total = sum_by(cell, design_weight, parts * samples)
    squares = sum_by(cell, design_weight**2, parts * samples)
    bases = np.divide(total**2, squares, out=np.zeros_like(total), where=squares > 0)
    counts = np.bincount(cell, minlength=parts * samples)
    return bases.reshape(parts, samples), counts.reshape(parts, samples).astype(np.int64)


def _shares(
    names: Sequence[str],
    parts: Flags,
    counts: Ints,
    bases: Floats,
    scale: Floats,
    share: Floats,
) -> pd.DataFrame:
    part, sample = np.nonzero(parts)
    joined = [" + ".join(n for n, one in zip(names, of, strict=True) if one) for of in parts]
    return pd.DataFrame(
        {
            "sample": [names[int(place)] for place in sample],
            "covered_by": [joined[int(place)] for place in part],
            "respondents": counts[part, sample],
            "effective_base": bases[part, sample],
            "scale": scale[sample],
            "share": share[part, sample],
        }
    )
