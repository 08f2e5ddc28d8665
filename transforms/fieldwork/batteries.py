"""One answer to a whole battery of questions: straight-lining."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from transforms.arrays import Flags, Floats, Ints


def answered_all(answers: Sequence[pd.Series]) -> Flags:
    """Return who gave a valid answer to each item of a battery."""
    return np.asarray(pd.concat(answers, axis=1).notna().all(axis=1), dtype=np.bool_)


def one_answer(answers: Sequence[pd.Series]) -> Flags:
    """Return who gave the same answer to each item of a battery."""
    first, *others = answers
    same = [(column == first).fillna(False).to_numpy(np.bool_) for column in others]
    return np.asarray(answered_all(answers) & np.all(same, axis=0), dtype=np.bool_)


def more_than_others(chosen: Flags, among: Flags, interviewer: Ints) -> Floats:
    """Return for each interviewer the chance of so many chosen, at twice the others' share.

    One-sided, binomial, times the number of interviewers (Bonferroni). Twice: interviewers differ
    by where they work.
    """
    known = among & (interviewer >= 0)
    size = int(interviewer.max(initial=-1)) + 1
    asked = np.bincount(interviewer[known], minlength=size)
    found = np.bincount(interviewer[known & chosen], minlength=size)
    share = (found.sum() - found) / np.maximum(asked.sum() - asked, 1)
    chance = stats.binom.sf(found - 1, asked, np.clip(2 * share, 0.01, 1.0))
    return np.minimum(chance * max(size, 1), 1.0)
