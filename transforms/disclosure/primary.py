"""Which figures cannot be published whatever else is: small counts, small bases, nobody at all."""

from __future__ import annotations

import pandas as pd

from transforms.catalogue import Survey
from transforms.disclosure.words import BASE, NO_RESPONDENT, SMALL_COUNT


def primary_rules(totals: pd.DataFrame, survey: Survey) -> pd.Series:
    """Return the rule that withholds each row's figure by itself; NA where none does."""
    small = small_counts(totals, survey.about.disclosure.minimum_count)
    few = totals["n"] < survey.about.reliability.minimum_base
    rule = pd.Series(pd.NA, index=totals.index, dtype="str")
    return rule.mask(few, BASE).mask(small, SMALL_COUNT).mask(totals["n"] == 0, NO_RESPONDENT)


def small_counts(totals: pd.DataFrame, minimum_count: int) -> pd.Series:
    """Flag rows where 1 to k − 1 people gave, or did not give, a counted answer, or are the base.

    Where answers are averaged, not counted (n_y is missing), only the base tells.
    """
    parts = (totals["n_y"], totals["n"] - totals["n_y"], totals["n"])
    small = [part.between(1, minimum_count - 1) for part in parts]
    return small[0] | small[1] | small[2]
