"""Outcomes that a respondent has or has not, each with an exact truth in every wave and area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import expit, logit

from transforms.arrays import Floats, Ints

SHARES: Final = (0.02, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.98)
"""The shares at which intervals and tests are examined."""

FURTHER_SHARES: Final = (0.30, 0.40, 0.50, 0.60, 0.70)
"""With `SHARES`, fourteen: as many KPIs as a headline family may have."""

ALIKE: Final = 0.3
"""Correlation between any two KPIs of one person, on the scale of the normal distribution."""

SPREAD: Final = 0.6
"""Between the first and the last value of a characteristic, on the logit scale."""

SETTLED: Final = 1e-13
"""Largest difference between an outcome's share of the population and its truth."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Yes–no outcomes, drawn together.

    `truth`: (waves × areas × outcomes) the population's share. `alike`: (outcomes,) the correlation
    with the other outcomes that are alike; 0 for one that has to do with none.
    """

    names: tuple[str, ...]
    truth: Floats
    alike: Floats

    @property
    def shares(self) -> Floats:
        """(outcomes,) the share in the first wave's first area."""
        first: Floats = self.truth[0, 0]
        return first


def headline_outcomes(waves: int, areas: int) -> Outcomes:
    """Return fourteen correlated KPIs that change in no wave and no area."""
    shares = np.array([*SHARES, *FURTHER_SHARES])
    names = tuple(f"kpi_{place:02d}" for place in range(1, len(shares) + 1))
    truth = np.broadcast_to(shares, (waves, areas, len(shares)))
    return Outcomes(names, np.array(truth), np.full(len(shares), ALIKE))


def effects_of_characteristics(lengths: tuple[int, ...], outcomes: int) -> Floats:
    """Return (characteristics crossed × outcomes) effects on the logit scale.

    Along each characteristic they rise evenly by `SPREAD`, of every second outcome they fall; one
    of length 1 has none.
    """
    total: Floats = np.zeros((*lengths, outcomes))
    sign = np.where(np.arange(outcomes) % 2 == 0, 1.0, -1.0)
    for axis, length in enumerate(lengths):
        shape = [1] * (len(lengths) + 1)
        shape[axis] = length
        rising = np.linspace(-SPREAD / 2, SPREAD / 2, length) if length > 1 else np.zeros(1)
        total = total + rising.reshape(shape) * sign
    return total


def chances(adults: Floats, group: Ints, effects: Floats, truth: Floats) -> Floats:
    """Return (cells × outcomes) the chance of each outcome, exact in each group of cells.

    `adults`, `group`: (cells,) people, and the group they are in. `effects`: (cells × outcomes).
    `truth`: (groups × outcomes). The level of each group and outcome is moved, on the logit scale,
    by what its share is off, until it is not.
    """
    member = group == np.arange(len(truth))[:, None]
    part = member * adults / (member @ adults)[:, None]
    level = logit(truth)
    for _ in range(100):
        chance: Floats = expit(level[group] + effects)
        share = part @ chance
        if np.abs(share - truth).max() < SETTLED:
            return chance
        level = level + logit(truth) - logit(share)
    raise ArithmeticError("no level of an outcome gives its truth")
