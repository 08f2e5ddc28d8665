"""From answers to what is totalled: whether each respondent counts, or scores what, among whom."""

from __future__ import annotations

import pandas as pd

from transforms.catalogue import BoundItem, Measure, Survey
from transforms.errors import DeclarationError, ReturnRejected
from transforms.responses import Responses
from transforms.variables import codes_named, held_as
from transforms.wording import number


def indicators(responses: Responses, survey: Survey) -> pd.DataFrame:
    """One row a respondent, one column a measure that the wave asks (float64).

    Of a proportion 1.0 where the answer counts, 0.0 where the respondent is in the base and it does
    not; of a mean the answer's score; NaN outside the base. Of those without a valid answer, the
    reasons in the measure's `leaves_base` leave the base; others stay in and do not count.
    """
    return pd.DataFrame(
        {
            name: indicator(name, responses, survey)
            for name, measure in survey.measures.items()
            if survey.asks(measure.item, responses.wave)
        },
        index=responses.codes.index,
        dtype="float64",
    )


def indicator(name: str, responses: Responses, survey: Survey) -> pd.Series:
    """Return one measure's indicator; DeclarationError where no code of the wave can count.

    With `base_of`, an answer decides of those alone who count in that measure: who does not count
    there does not count here, and who has left its base has left this one.
    """
    measure = survey.measures[name]
    item = survey.item_in(measure.item, responses.wave)
    value = _scores if measure.kind == "mean" else _counting
    leaves = [reason.value for reason in measure.leaves_base]
    outside = responses.reasons[measure.item].isin(leaves)
    own = value(name, measure, item, responses).mask(outside)
    if measure.base_of is None:
        return own
    before = indicator(measure.base_of, responses, survey)
    return own.where(before == 1, before)


def _counting(name: str, measure: Measure, item: BoundItem, responses: Responses) -> pd.Series:
    counting = codes_named(item, measure.counts)
    if not counting:
        raise DeclarationError(
            f"Measure {name} counts {', '.join(measure.counts)}, which are not answers to "
            f"{measure.item} in {responses.wave}.",
            expected=f"some of {', '.join(code.name for code in item.codes.values())}.",
            remedy="Correct `counts` in measures.yaml, or the item's codes in that wave.",
        )
    return responses.codes[measure.item].isin(counting).astype("float64")


def _scores(name: str, measure: Measure, item: BoundItem, responses: Responses) -> pd.Series:
    """Return each answer's score, NaN where there is no valid answer."""
    answers = responses.codes[measure.item]
    if item.item.type == "number":
        return _within_scale(name, measure, answers, responses.wave)
    scores = {held_as(item, value): measure.scores.get(c.name) for value, c in item.codes.items()}
    scored = answers.map(scores).astype("float64")
    if (scored.isna() & answers.notna()).any():
        raise DeclarationError(
            f"Measure {name} has no score for some answers to {measure.item} in {responses.wave}.",
            expected=f"a score for each of {', '.join(code.name for code in item.codes.values())}.",
            remedy="Complete `scores` in measures.yaml.",
        )
    return scored


def _within_scale(name: str, measure: Measure, answers: pd.Series, wave: str) -> pd.Series:
    """Return numbers as they are; ReturnRejected where one lies beyond the scale."""
    lowest, highest = measure.limits
    beyond = int(((answers < lowest) | (answers > highest)).sum())
    if beyond:
        raise ReturnRejected(
            f"{number(beyond)} answers to {measure.item} in {wave} lie beyond the scale of {name}.",
            expected=f"numbers from {lowest:g} to {highest:g}.",
            remedy="Ask the supplier to check them; where they are right, correct `scale` in "
            "measures.yaml.",
        )
    return answers.astype("float64")
