"""From answers to domains: which subgroups each respondent belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from transforms.arrays import Ints, distinct_rows
from transforms.catalogue import BoundItem, Domain, DomainSource, Survey
from transforms.errors import ReturnRejected
from transforms.responses import Responses
from transforms.variables import held_as


def classify(responses: Responses, survey: Survey) -> pd.DataFrame:
    """One row a respondent, one column a domain whose source the wave asks.

    A column is an ordered Categorical of the domain's values as declared; NA where the respondent
    has none: no valid answer, an answer that is recoded to none, or, in a domain whose values are
    not everybody, a number outside every band. ReturnRejected where they are everybody.
    """
    sources = {name: _source(domain, survey, responses) for name, domain in survey.domains.items()}
    return pd.DataFrame(
        {
            name: _values(name, source, survey, responses)
            for name, source in sources.items()
            if source is not None
        },
        index=responses.codes.index,
    )


def value_combinations(
    classified: pd.DataFrame, domains: Sequence[str]
) -> tuple[list[tuple[str | None, ...]], Ints]:
    """Return the combinations of the domains' values that are held, and each respondent's place.

    None stands where there is no value. Combinations are in the order of the values, none first.
    """
    values = [classified[name].astype("category").cat for name in domains]
    codes = np.empty((len(values), len(classified)), dtype=np.int64)
    for row, value in zip(codes, values, strict=True):
        np.add(value.codes, 1, out=row, dtype=np.int64)  # 0 where there is no value
    held, combination = distinct_rows(codes.T, [len(value.categories) + 1 for value in values])
    labels = [[None, *map(str, value.categories)] for value in values]
    return [tuple(map(list.__getitem__, labels, row)) for row in held.tolist()], combination


def _source(domain: Domain, survey: Survey, responses: Responses) -> DomainSource | None:
    return next((s for s in domain.source if survey.asks(s.item, responses.wave)), None)


def _values(name: str, source: DomainSource, survey: Survey, responses: Responses) -> pd.Series:
    domain, answers = survey.domains[name], responses.codes[source.item]
    item = survey.item_in(source.item, responses.wave)
    found = _banded(answers, source.bands) if source.bands else _recoded(answers, source, item)
    if source.bands and domain.partitions_force:
        _require_in_bands(name, source.bands, answers, found)
    declared = pd.CategoricalDtype(list(domain.values), ordered=True)
    return found.astype(declared)


def _require_in_bands(
    name: str, bands: Mapping[str, tuple[float, float]], numbers: pd.Series, found: pd.Series
) -> None:
    """Raise where a number is in no band: the values would no longer add up to everybody."""
    outside = int((numbers.notna() & found.isna()).sum())
    if outside:
        within = ", ".join(f"{first:g} to {last:g}" for first, last in bands.values())
        raise ReturnRejected(
            f"{outside} interviews have a number in {numbers.name} that is in no band of {name}.",
            expected=f"a number within {within}: the values of {name} are everybody.",
            remedy="If the numbers are right, widen the bands in measures.yaml, or write "
            f"partitions_force: false in {name}; if not, ask the supplier to correct them.",
        )


def _recoded(answers: pd.Series, source: DomainSource, item: BoundItem) -> pd.Series:
    value_of = {held_as(item, code): value for code, value in source.value_of_code(item).items()}
    return answers.map(value_of).astype("str")


def _banded(numbers: pd.Series, bands: Mapping[str, tuple[float, float]]) -> pd.Series:
    values = pd.Series(pd.NA, index=numbers.index, dtype="str")
    for value, (first, last) in bands.items():
        values = values.mask(numbers.between(first, last), value)
    return values
