"""Answers as whole numbers, so that many interviews can be compared at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

Codes = npt.NDArray[np.int32]
"""One row a respondent, one column an item: which answer it is, from 1; or NO_ANSWER."""

NO_ANSWER = 0
"""Stands where there is no valid answer: such cells are like no other."""

MOST_ANSWERS = 256
"""Different answers up to which an item is compared: beyond it every answer is nearly alone."""


def answer_codes(answers: Sequence[pd.Series]) -> Codes:
    """Return the answers to items as Codes; NA is no answer.

    Items of more than MOST_ANSWERS different answers are left out.
    """
    found = [pd.factorize(column, use_na_sentinel=True) for column in answers]
    kept = [place for place, distinct in found if len(distinct) <= MOST_ANSWERS]
    codes = np.zeros((len(answers[0]) if answers else 0, len(kept)), dtype=np.int32, order="F")
    for item, place in enumerate(kept):
        codes[:, item] = place + 1
    return codes
