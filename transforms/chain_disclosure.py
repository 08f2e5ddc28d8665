"""What is withheld along a chain of measures, so that no step gives another away.

The share among those at the step before is the quotient of two shares of all. Where it is
confidential, the share of all at that step and at each later one is withheld with it: with any of
them, and the shares from step to step, it could be worked out again (methods §7).
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from transforms.catalogue import Survey

PLACE = ["domain", "domain_value"]


def passed_along(confidential: pd.Series, totals: pd.DataFrame, survey: Survey) -> pd.Series:
    """Flag further rows of `totals` that would give a confidential share of the previous step away.

    `confidential`: a flag for each row of `totals` (one row a measure × domain value).
    """
    held = totals[["measure", *PLACE]].assign(row=totals.index)
    flagged: list[object] = []
    for of_previous, later in _dependants(survey):
        hidden = held.loc[confidential & (held["measure"] == of_previous), PLACE]
        flagged += list(held[held["measure"].isin(later)].merge(hidden, on=PLACE)["row"])
    return pd.Series(totals.index.isin(flagged), index=totals.index) & ~confidential


def asked_after(confidential: pd.Series, totals: pd.DataFrame, survey: Survey) -> pd.Series:
    """Flag confidential shares of the previous step, whose base is withheld with them.

    Who counts in them is the base of the next step: the difference of the two bases is how many
    did not.
    """
    of_previous = [
        step.share_of_previous
        for chain in survey.chains.values()
        for step in chain.steps
        if step.share_of_previous is not None
    ]
    return confidential & totals["measure"].isin(of_previous)


def _dependants(survey: Survey) -> Iterator[tuple[str, list[str]]]:
    """Yield each measure of a share of the previous step, and the shares of all from there on."""
    for chain in survey.chains.values():
        for place, step in enumerate(chain.steps):
            if step.share_of_previous is not None:
                yield step.share_of_previous, [one.share_of_all for one in chain.steps[place:]]
