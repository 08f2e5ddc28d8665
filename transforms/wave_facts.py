"""What a wave is compared by with the next: counts that stay when respondents are deleted."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from transforms.arrays import Floats
from transforms.catalogue import BoundItem, Survey
from transforms.responses import Responses

LONGEST_SCALE = 20
"""Numbers from minimum to maximum up to which a number is a scale: its answers are counted."""

EVERY_STRATUM = "*"
"""Stands for all strata together."""

NO_VALUE = "no value"
"""The value of a domain for respondents without one."""


def answer_counts(responses: Responses, weights: Floats, survey: Survey) -> pd.DataFrame:
    """Return one row an item × answer, or × reason why there is none (`valid` false).

    Not of what design weights are made of.
    Columns item, answer (a code's name, a number of a scale, or a reason), valid, answer_order,
    respondents, weighted.
    """
    samples = (sample.weight or () for sample in survey.about.samples.values())
    weights_of = {*survey.about.design.weight, *(item for weight in samples for item in weight)}
    rows = [
        row
        for item in survey.items_in(responses.wave)
        if item.name in responses.reasons and is_counted(item) and item.name not in weights_of
        for row in _counts(item, responses, weights)
    ]
    names = ["item", "answer", "valid", "answer_order", "respondents", "weighted"]
    return pd.DataFrame(rows, columns=names)


def stratum_counts(people: pd.DataFrame, classified: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """Return one row a stratum × area, and one a value of every other domain: its respondents.

    Of domains that are no areas `stratum` is EVERY_STRATUM: more would say more about people.
    """
    frames = [
        pd.DataFrame(
            {
                "stratum": people["stratum"]
                if survey.domains[str(name)].is_geographic
                else EVERY_STRATUM,
                "domain": name,
                "domain_value": values.astype("str").fillna(NO_VALUE),
            }
        )
        for name, values in classified.items()
    ]
    keys = ["stratum", "domain", "domain_value"]
    if not frames:
        return pd.DataFrame({**{k: pd.Series(dtype="str") for k in keys}, "respondents": []})
    counted = pd.concat(frames, ignore_index=True).groupby(keys, sort=True, observed=True).size()
    return counted.rename("respondents").reset_index()


def is_counted(item: BoundItem) -> bool:
    """Return whether an item's answers are few enough to be counted one by one."""
    low, high = item.item.minimum, item.item.maximum
    if item.item.type != "number":
        return item.item.type == "code"
    return low is not None and high is not None and high - low <= LONGEST_SCALE


def _counts(
    item: BoundItem, responses: Responses, weights: Floats
) -> Iterator[tuple[str, str, bool, int, int, float]]:
    answers, reasons = responses.codes[item.name], responses.reasons[item.name]
    if item.codes:
        names = {str(value): code.name for value, code in item.codes.items()}
        order = list(dict.fromkeys(names.values()))
        given = answers.astype("str").map(names)
    else:
        given = answers.map(lambda number: f"{number:g}", na_action="ignore").astype("str")
        order = _steps(item, given)
    for place, name in enumerate(order, 1):
        yield (item.name, name, True, place, *_summed(given == name, weights))
    for reason in sorted(reasons.dropna().unique()):
        yield (item.name, str(reason), False, 0, *_summed(reasons == reason, weights))


def _steps(item: BoundItem, given: pd.Series) -> list[str]:
    """Return the whole numbers of a scale, and what other numbers were given, in order."""
    low, high = item.item.minimum, item.item.maximum
    assert low is not None and high is not None
    whole = [f"{number:g}" for number in range(math.ceil(low), math.floor(high) + 1)]
    return sorted({*whole, *given.dropna().unique()}, key=float)


def _summed(chosen: pd.Series, weights: Floats) -> tuple[int, float]:
    flags = chosen.fillna(False).to_numpy(dtype=np.bool_)
    return int(flags.sum()), float(weights[flags].sum())
