"""The true share of every measure: a sum over the population, with no sampling in it."""

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
    """Return the true share of each measure in `wave`, in the population and its domains.

    Columns wave, measure, domain, domain_value, true_share (0–1); the whole is domain `all`, value
    `all`. A domain value with nobody in the base has no row, nor has a domain made from an answer:
    only characteristics of the population are known before anybody is asked.
    """
    population = simulated_population(survey)
    rows = [
        (wave, name, *row)
        for name, measure in survey.measures.items()
        if survey.asks(measure.item, wave)
        for row in _true_shares(survey, wave, population, measure)
    ]
    return pd.DataFrame(rows, columns=["wave", "measure", "domain", "domain_value", "true_share"])


def _true_shares(
    survey: Survey, wave: str, population: Population, measure: Measure
) -> Iterator[tuple[str, str, float]]:
    counting = population.adults * _share_counting(survey, wave, population, measure)
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


def _share_counting(survey: Survey, wave: str, population: Population, measure: Measure) -> Floats:
    asked = asked_share(survey, wave, population, measure.item)
    counts = frozenset(measure.counts)
    return asked * share_giving(survey, wave, population, measure.item, counts)


def _share_in_base(survey: Survey, wave: str, population: Population, measure: Measure) -> Floats:
    asked = asked_share(survey, wave, population, measure.item)
    missing = tendency_of(survey, measure.item).missing
    leaving = sum(share for reason, share in missing.items() if reason in measure.leaves_base)
    stays = 0.0 if MissingReason.NOT_ASKED in measure.leaves_base else 1.0
    return asked * (1 - leaving) + (1 - asked) * stays
