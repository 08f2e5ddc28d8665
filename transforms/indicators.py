"""From answers to indicators: whether each respondent counts, among whom."""

from __future__ import annotations

import pandas as pd

from transforms.catalogue import Measure, Survey
from transforms.errors import DeclarationError
from transforms.responses import Responses
from transforms.variables import codes_named


def indicators(responses: Responses, survey: Survey) -> pd.DataFrame:
    """One row a respondent, one column a measure that the wave asks (float64).

    1.0 where the answer counts, 0.0 where the respondent is in the base and it does not, NaN
    outside the base. Of those without a valid answer, the reasons in the measure's `leaves_base`
    leave the base; others stay in and do not count.
    """
    return pd.DataFrame(
        {
            name: indicator(name, measure, responses, survey)
            for name, measure in survey.measures.items()
            if survey.asks(measure.item, responses.wave)
        },
        index=responses.codes.index,
        dtype="float64",
    )


def indicator(name: str, measure: Measure, responses: Responses, survey: Survey) -> pd.Series:
    """Return one measure's indicator; DeclarationError where no code of the wave can count."""
    item = survey.item_in(measure.item, responses.wave)
    counting = codes_named(item, measure.counts)
    if not counting:
        raise DeclarationError(
            f"Measure {name} counts {', '.join(measure.counts)}, which are not answers to "
            f"{measure.item} in {responses.wave}.",
            expected=f"some of {', '.join(code.name for code in item.codes.values())}.",
            remedy="Correct `counts` in measures.yaml, or the item's codes in that wave.",
        )
    leaves = [reason.value for reason in measure.leaves_base]
    outside = responses.reasons[measure.item].isin(leaves)
    return responses.codes[measure.item].isin(counting).astype("float64").mask(outside)
