"""Interviews of a wave that stand in the wave before almost whole: copied under new numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.arrays import Flags
from transforms.fieldwork.alike import likeness, likeness_to, tells_apart
from transforms.fieldwork.coding import answer_codes


@dataclass(frozen=True, slots=True)
class Returned:
    """Which interviews stand in the wave before almost whole; one entry each.

    `by_chance`: how many would, did they stand there as often as interviews of the wave before
    stand in one another: people who answer alike.
    """

    rows: Flags
    by_chance: float


def returned(now: pd.DataFrame, before: pd.DataFrame, alike: float) -> Returned | None:
    """Return which of `now` stand in `before`, to the share `alike` of what was answered or more.

    One row an interview, one column a question, the same in both. None where answers tell too few
    people apart.
    """
    both = pd.concat([now, before], ignore_index=True)
    codes = answer_codes([both[name] for name in both])
    earlier = codes[len(now) :]
    if not tells_apart(codes[: len(now)]) or not tells_apart(earlier):
        return None
    found, own = likeness_to(codes, len(now)), likeness(earlier)
    among = (own.share >= alike) & own.beyond_chance
    rows = (found.share >= alike) & found.beyond_chance
    return Returned(rows, float(np.mean(among)) * len(now))
