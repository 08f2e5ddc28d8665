"""The true share or mean of every measure: a sum over the population, with no sampling in it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from transforms.arrays import Floats, sum_by
from transforms.catalogue import Measure, MissingReason, Survey
from transforms.simulation.population import (
    Population,
    declared_simulation,
    grouping,
    simulated_population,
    source_in,
)
from transforms.simulation.tendencies import asked_share, share_giving, tendency_of


def truth(survey: Survey, wave: str) -> pd.DataFrame:
    """Return the true value of each measure in `wave`, in the population and its domains.

    Columns wave, measure, domain, domain_value, true_value (a share from 0 to 1, or a mean); the
    whole is domain `all`, value `all`. A domain value with nobody in the base has no row, nor has a
    domain made from an answer: only characteristics of the population are known before anybody is
    asked. Nor has the mean of a number: no tendency says how one is answered.
    """
    population = simulated_population(survey)
    rows = [
        (wave, name, *row)
        for name, measure in survey.measures.items()
        if survey.asks(measure.item, wave) and survey.items[measure.item].type == "code"
        for row in _true_values(survey, wave, population, measure)
    ]
    return pd.DataFrame(rows, columns=["wave", "measure", "domain", "domain_value", "true_value"])


def _true_values(
    survey: Survey, wave: str, population: Population, measure: Measure
) -> Iterator[tuple[str, str, float]]:
    counting = population.adults * _expected_y(survey, wave, population, measure)
    in_base = population.adults * _share_in_base(survey, wave, population, measure)
    yield "all", "all", float(counting.sum() / in_base.sum())
    for domain in _characteristics(survey, wave, measure):
        group = grouping(survey, wave, population, domain)
        # −1, adults outside the domain's values, becomes the last place and is dropped
        places = np.where(group.places < 0, len(group.categories), group.places)
        y, x = (
            sum_by(places, population.summed_to([group.axis], counts), len(group.categories) + 1)
            for counts in (counting, in_base)
        )
        for value, of_value, base in zip(group.categories, y, x, strict=False):
            if base > 0:
                yield domain, value, float(of_value / base)


def _characteristics(survey: Survey, wave: str, measure: Measure) -> tuple[str, ...]:
    answered = declared_simulation(survey).tendencies
    return tuple(d for d in measure.by if source_in(survey, wave, d).item not in answered)


def _expected_y(survey: Survey, wave: str, population: Population, measure: Measure) -> Floats:
    """Return the share of adults whose answer counts, or the sum of their scores per adult."""
    item = measure.item
    if measure.kind == "mean":
        parts = [
            score * share_giving(survey, wave, population, item, frozenset([answer]))
            for answer, score in measure.scores.items()
        ]
        given = sum(parts, start=np.zeros([1] * len(population.axes)))
    else:
        given = share_giving(survey, wave, population, item, frozenset(measure.counts))
    return asked_share(survey, wave, population, item) * given


def _share_in_base(survey: Survey, wave: str, population: Population, measure: Measure) -> Floats:
    asked = asked_share(survey, wave, population, measure.item)
    missing = tendency_of(survey, measure.item).missing
    leaving = sum(share for reason, share in missing.items() if reason in measure.leaves_base)
    if measure.base_of is not None:
        # Asked are those who count in the measure before; the others of its base stay.
        before = survey.measures[measure.base_of]
        return _share_in_base(survey, wave, population, before) - asked * leaving
    stays = 0.0 if MissingReason.NOT_ASKED in measure.leaves_base else 1.0
    return asked * (1 - leaving) + (1 - asked) * stays
