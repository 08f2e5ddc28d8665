"""From answers to domains: which subgroups each respondent belongs to."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transforms.catalogue import BoundItem, Domain, DomainSource, Survey
from transforms.responses import Responses
from transforms.variables import held_as


def classify(responses: Responses, survey: Survey) -> pd.DataFrame:
    """One row a respondent, one column a domain whose source the wave asks.

    A column is an ordered Categorical of the domain's values as declared; NA where the respondent
    has none: no valid answer, an answer that is recoded to none, a number outside every band.
    """
    sources = {name: _source(domain, survey, responses) for name, domain in survey.domains.items()}
    return pd.DataFrame(
        {
            name: _values(survey.domains[name], source, survey, responses)
            for name, source in sources.items()
            if source is not None
        },
        index=responses.codes.index,
    )


def _source(domain: Domain, survey: Survey, responses: Responses) -> DomainSource | None:
    return next((s for s in domain.source if survey.asks(s.item, responses.wave)), None)


def _values(
    domain: Domain, source: DomainSource, survey: Survey, responses: Responses
) -> pd.Series:
    answers = responses.codes[source.item]
    item = survey.item_in(source.item, responses.wave)
    found = _banded(answers, source.bands) if source.bands else _recoded(answers, source, item)
    declared = pd.CategoricalDtype(list(domain.values), ordered=True)
    return found.astype(declared)


def _recoded(answers: pd.Series, source: DomainSource, item: BoundItem) -> pd.Series:
    recode = source.recode or {value: code.name for value, code in item.codes.items()}
    value_of = {held_as(item, code): value for code, value in recode.items()}
    return answers.map(value_of).astype("str")


def _banded(numbers: pd.Series, bands: Mapping[str, tuple[float, float]]) -> pd.Series:
    values = pd.Series(pd.NA, index=numbers.index, dtype="str")
    for value, (first, last) in bands.items():
        values = values.mask(numbers.between(first, last), value)
    return values
