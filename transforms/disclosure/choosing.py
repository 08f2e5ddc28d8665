"""Which sums can be published: one after the other, in order of value, none giving a count away."""

from __future__ import annotations

import numpy as np

from transforms.arrays import Flags, Floats
from transforms.disclosure.audit import Knowledge, is_harmless
from transforms.disclosure.sums import Sums


def publish(before: Knowledge, candidates: Sums) -> tuple[Flags, Knowledge]:
    """Return which candidates can be published after what has been, and what is known then.

    `candidates`: figures only, or bases only, in order of value. The result is what taking one
    after the other gives, each published unless it does harm.
    """
    if not len(candidates):
        return np.zeros(0, dtype=np.bool_), before
    told = before.told_by(candidates)
    parts = len(told) // len(candidates)
    # From part by part to candidate by candidate.
    by_candidate = told.reshape(parts, len(candidates), -1).transpose(1, 0, 2)
    return _publish(before, by_candidate)


def _publish(before: Knowledge, told: Floats) -> tuple[Flags, Knowledge]:
    """As `publish`; `told`: (candidates × parts × places).

    More is never less harmful, so candidates that do no harm together are not looked at one by one.
    """
    after = before.with_equations(told.reshape(-1, told.shape[2]))
    if is_harmless(before, after):
        return np.ones(len(told), dtype=np.bool_), after
    if len(told) == 1:
        return np.zeros(1, dtype=np.bool_), before
    half = len(told) // 2
    first, then = _publish(before, told[:half])
    second, end = _publish(then, told[half:])
    return np.concatenate([first, second]), end
