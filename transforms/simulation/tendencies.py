"""The chance of each answer, by everything it depends on, as the simulation declares it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import numpy as np
from scipy.special import expit, logit

from transforms.arrays import Floats
from transforms.catalogue import Survey
from transforms.catalogue.simulation import Tendency
from transforms.errors import DeclarationError
from transforms.simulation.population import Population, declared_simulation, grouping


def tendency_of(survey: Survey, item: str) -> Tendency:
    """Return an item's tendency; DeclarationError where simulation.yaml has none."""
    tendencies = declared_simulation(survey).tendencies
    if item in tendencies:
        return tendencies[item]
    raise DeclarationError(
        f"simulation.yaml does not say how the item {item} is answered.",
        remedy=f"add an entry {item} under tendencies.",
    )


def answer_shares(
    survey: Survey, wave: str, population: Population, item: str
) -> Mapping[str, Floats]:
    """Return the share of each answer among those asked who give a valid one.

    By name of the answer, those the chance speaks of first; each array meets the population's
    `adults` by broadcasting.
    """
    tendency = tendency_of(survey, item)
    chance = _chance(survey, wave, population, tendency)
    counted, other = sum(tendency.answers.values()), sum(tendency.others.values())
    return {
        **{name: chance * share / counted for name, share in tendency.answers.items()},
        **{name: (1 - chance) * share / other for name, share in tendency.others.items()},
    }


def share_giving(
    survey: Survey, wave: str, population: Population, item: str, answers: frozenset[str]
) -> Floats:
    """Return the share of those asked who give one of `answers`: no valid answer is not one."""
    shares = answer_shares(survey, wave, population, item)
    valid = 1 - sum(tendency_of(survey, item).missing.values())
    given = [shares[name] for name in shares if name in answers]
    return valid * sum(given, start=np.zeros([1] * len(population.axes)))


def asked_share(survey: Survey, wave: str, population: Population, item: str) -> Floats:
    """Return the share of adults who are asked `item`: all of its routing's conditions hold."""
    shares = [
        share_giving(survey, wave, population, condition, answers)
        for condition, answers in routing(survey, wave, item).items()
    ]
    return reduce(np.multiply, shares, np.ones([1] * len(population.axes)))


def routing(survey: Survey, wave: str, item: str) -> Mapping[str, frozenset[str]]:
    """Return every answer an item's being asked rests on, through the items it is routed from.

    Answers to different items are independent among adults alike in all that the simulation
    declares, and a condition on an item implies that it was asked. An item that the wave does not
    ask sets no condition.
    """
    conditions: dict[str, frozenset[str]] = {}
    for parent, answers in survey.item_in(item, wave).asked_if.items():
        if not survey.asks(parent, wave):
            continue
        for name, needed in {**routing(survey, wave, parent), parent: frozenset(answers)}.items():
            conditions[name] = conditions.get(name, needed) & needed
    return conditions


def _chance(survey: Survey, wave: str, population: Population, tendency: Tendency) -> Floats:
    waves = [known.name for known in survey.waves]
    total: Floats = np.full([1] * len(population.axes), logit(tendency.level))
    total = total + tendency.trend * waves.index(wave)
    for domain, effects in tendency.effects.items():
        group = grouping(survey, wave, population, domain)
        by_value = np.array([effects.get(value, 0.0) for value in group.categories] + [0.0])
        total = total + population.along(group.axis, by_value[group.places])
    return np.asarray(expit(total), dtype=np.float64)
