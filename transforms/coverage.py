"""How many intervals hold what a simulation knows to be true."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from transforms.catalogue import EstimationRule
from transforms.estimation import NO_MEANS, Limits, estimates_from_totals

KEY = ["wave", "measure", "domain", "domain_value"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Intervals formed, and how many of them hold the truth."""

    intervals: int
    holding: int

    @property
    def share(self) -> float:
        """The share of intervals that hold the truth; NaN where there is none."""
        return self.holding / self.intervals if self.intervals else float("nan")


def coverage(
    totals: pd.DataFrame, truth: pd.DataFrame, rule: EstimationRule, means: Limits = NO_MEANS
) -> Coverage:
    """Return how many intervals hold the truth, those withheld from publication included.

    Leaving out what disclosure rules withhold would leave out samples by what they showed.
    `totals`: rows of estimate.total. `truth`: wave, measure, domain, domain_value, true_value.
    """
    intervals = estimates_from_totals(totals, rule, means).assign(wave=totals["wave"])
    known = intervals.merge(truth, on=KEY, validate="one_to_one").dropna(subset=["ci_lower"])
    # An end computed to 16 digits may miss a truth of exactly 0 or 1 by rounding.
    inside = known["true_value"].between(known["ci_lower"] - 1e-12, known["ci_upper"] + 1e-12)
    return Coverage(len(known), int(inside.sum()))
