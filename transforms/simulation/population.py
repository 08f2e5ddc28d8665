"""The simulated population: adults counted by everything that an answer or a drawing depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from transforms.arrays import Floats, Ints
from transforms.catalogue import CodeValue, DomainSource, Margin, Simulation, Survey
from transforms.errors import DeclarationError

ADULTS: Final = "adults at the address"
"""The axis that counts adults at the address; no domain can have this name."""


SharesByValue = Mapping[str, Mapping[str, float]] | Mapping[str, Mapping[int, float]]
"""For each value of a known domain, the relative frequency of each value of another axis."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One classification of adults: a domain and its values, or the adults at the address."""

    name: str
    categories: tuple[CodeValue, ...]


@dataclass(frozen=True, slots=True)
class Population:
    """Adults by every axis crossed: the margins' domains, the characteristics, adults at address.

    `adults`: as many dimensions as axes, each as long as the axis has values.
    """

    axes: tuple[Axis, ...]
    adults: Floats

    def place(self, name: str) -> int:
        """Return the number of the axis called `name`; ValueError where there is none."""
        return [axis.name for axis in self.axes].index(name)

    def axis(self, name: str) -> Axis:
        """Return the axis called `name`; ValueError where there is none."""
        return self.axes[self.place(name)]

    def along(self, name: str, numbers: Floats) -> Floats:
        """Return one number for each value of an axis, shaped to meet `adults`."""
        shape = [1] * len(self.axes)
        shape[self.place(name)] = -1
        return numbers.reshape(shape)

    def summed_to(self, names: Sequence[str], counts: Floats) -> Floats:
        """Return `counts`, shaped like `adults`, summed to the axes `names`, in that order."""
        kept = [self.place(name) for name in names]
        others = tuple(set(range(len(self.axes))) - set(kept))
        order = [sorted(kept).index(place) for place in kept]
        return np.asarray(counts.sum(axis=others).transpose(order), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Grouping:
    """A domain read off an axis: for each of the axis's values the domain value's place, or −1."""

    axis: str
    categories: tuple[str, ...]
    places: Ints


def declared_simulation(survey: Survey) -> Simulation:
    """Return the declared simulation; DeclarationError where the survey has none."""
    if survey.simulation is None:
        raise DeclarationError(
            f"The survey {survey.name} declares no simulation.",
            remedy="add simulation.yaml to its folder, as surveys/west_midlands has.",
        )
    return survey.simulation


def simulated_population(survey: Survey) -> Population:
    """Return the adults behind the control totals, by every classification of the simulation.

    The margins' domains are associated as declared and then fitted to all margins; the
    characteristics and the adults at the address are independent given the domain they follow.
    """
    simulation = declared_simulation(survey)
    population = _margins_population(survey, simulation)
    for name, characteristic in simulation.characteristics.items():
        axis = Axis(name, tuple(survey.domains[name].values))
        population = _crossed(population, axis, characteristic.given, characteristic.shares)
    household = simulation.household
    counts = sorted({adults for row in household.shares.values() for adults in row})
    return _crossed(population, Axis(ADULTS, tuple(counts)), household.given, household.shares)


def conditional_shares(given: Axis, axis: Axis, shares: SharesByValue) -> Floats:
    """Return the share of each value of `axis` (columns) by value of `given` (rows sum to 1)."""
    by_text = {known: {str(v): share for v, share in row.items()} for known, row in shares.items()}
    table = np.array(
        [
            [by_text[str(known)].get(str(value), 0.0) for value in axis.categories]
            for known in given.categories
        ]
    )
    return np.asarray(table / table.sum(axis=1, keepdims=True), dtype=np.float64)


def grouping(survey: Survey, wave: str, population: Population, domain: str) -> Grouping:
    """Return how `domain` is read off an axis; DeclarationError where no axis allows it."""
    values = tuple(survey.domains[domain].values)
    source = source_in(survey, wave, domain)
    for axis in population.axes:
        if axis.name == domain:
            return Grouping(domain, values, np.arange(len(values)))
        if _axis_item(survey, wave, axis) == source.item:
            names = [_only_group(survey, wave, domain, axis, value) for value in axis.categories]
            places = [values.index(name) if name in values else -1 for name in names]
            return Grouping(axis.name, values, np.array(places, dtype=np.int64))
    raise DeclarationError(
        f"simulation.yaml does not say how adults are distributed over the domain {domain}.",
        expected="a margin, or an entry under characteristics, for every domain that is used.",
        remedy=f"declare {domain} under characteristics, or leave it out of `by` and effects.",
    )


def source_in(survey: Survey, wave: str, domain: str) -> DomainSource:
    """Return the domain's source in `wave`: the first whose item is asked."""
    for source in survey.domains[domain].source:
        if survey.asks(source.item, wave):
            return source
    raise DeclarationError(
        f"measures.yaml: the domain {domain} has no source that {wave} asks.",
        remedy="declare a source for that wave, or leave the wave out of the item's waves.",
    )


def item_values(survey: Survey, wave: str, domain: str, value: str) -> tuple[CodeValue, ...]:
    """Return the item's codes that make up a domain value; of a band, its first and last number."""
    source = source_in(survey, wave, domain)
    if source.bands is not None:
        first, last = source.bands[value]
        return int(first), int(last)
    values = source.value_of_code(survey.item_in(source.item, wave))
    return tuple(code for code, name in values.items() if name == value)


def _axis_item(survey: Survey, wave: str, axis: Axis) -> str:
    if axis.name == ADULTS:
        return declared_simulation(survey).fieldwork.adults
    return source_in(survey, wave, axis.name).item


def _only_group(survey: Survey, wave: str, domain: str, axis: Axis, value: CodeValue) -> str | None:
    own = axis.name == ADULTS
    codes = (value,) if own else item_values(survey, wave, axis.name, str(value))
    names = {_group_of(survey, wave, domain, code) for code in codes}
    if len(names) == 1:
        return names.pop()
    raise DeclarationError(
        f"The domain {domain} divides the value {value} of {axis.name}.",
        expected="bands or recodings that are unions of those of the margins.",
        remedy=f"give {domain} the limits of {axis.name}, or fewer of them.",
    )


def _group_of(survey: Survey, wave: str, domain: str, code: CodeValue) -> str | None:
    source = source_in(survey, wave, domain)
    if source.bands is not None:
        held = (n for n, (low, high) in source.bands.items() if low <= float(code) <= high)
        return next(held, None)
    return source.value_of_code(survey.item_in(source.item, wave)).get(code)


def _margins_population(survey: Survey, simulation: Simulation) -> Population:
    margins = tuple(survey.margins.values())
    names = dict.fromkeys(name for margin in margins for name in margin.variables)
    axes = tuple(Axis(name, tuple(survey.domains[name].values)) for name in names)
    start = Population(axes, np.ones([len(axis.categories) for axis in axes]))
    adults = start.adults
    for association in simulation.associations:
        adults = adults * _odds(start, association.domains, association.odds)
    return fitted_to_margins(Population(axes, adults), margins)


def _odds(
    population: Population,
    domains: tuple[str, str],
    odds: Mapping[str, Mapping[str, float]],
) -> Floats:
    first, second = (population.axis(name) for name in domains)
    total: Floats = np.ones(population.adults.shape)
    for value, row in odds.items():
        here = population.along(first.name, np.array([v == value for v in first.categories], float))
        ratio = population.along(
            second.name, np.array([row.get(str(v), 1.0) for v in second.categories])
        )
        total = total * np.where(here == 1.0, ratio, 1.0)
    return total


def fitted_to_margins(start: Population, margins: Sequence[Margin]) -> Population:
    """Return `start` scaled to every margin in turn until all hold: iterative proportional fitting.

    Deming and Stephan (1940). DeclarationError where the margins do not allow it.
    """
    targets = [_control_totals(start, margin) for margin in margins]
    adults = start.adults
    for _ in range(1000):
        gaps = []
        for margin, target in zip(margins, targets, strict=True):
            held = start.summed_to(margin.variables, adults)
            gaps.append(float(np.max(np.abs(held - target)) / target.sum()))
            ratio = np.divide(target, held, out=np.zeros_like(target), where=held > 0)
            adults = adults * _spread(start, margin.variables, ratio)
        if max(gaps) < 1e-14:
            return Population(start.axes, adults)
    raise DeclarationError(
        "No population agrees with all of the survey's margins and associations.",
        expected="margins with one total, and no association of 0 where people are.",
        remedy="compare the totals of the files in margins/ and the odds in simulation.yaml.",
    )


def _control_totals(population: Population, margin: Margin) -> Floats:
    axes = [population.axis(name) for name in margin.variables]
    table = np.zeros([len(axis.categories) for axis in axes])
    for cell in margin.control_totals:
        place = tuple(a.categories.index(c) for a, c in zip(axes, cell.category, strict=True))
        table[place] = cell.population
    return table


def _spread(population: Population, names: Sequence[str], table: Floats) -> Floats:
    places = [population.place(name) for name in names]
    shape = [1] * len(population.axes)
    for place, length in zip(places, table.shape, strict=True):
        shape[place] = length
    return table.transpose(np.argsort(places)).reshape(shape)


def _crossed(
    population: Population,
    axis: Axis,
    given: str,
    shares: SharesByValue,
) -> Population:
    known = population.axis(given)
    table = conditional_shares(known, axis, shares)
    shape = [1] * len(population.axes) + [len(axis.categories)]
    shape[population.place(given)] = len(known.categories)
    adults = population.adults[..., np.newaxis] * table.reshape(shape)
    return Population((*population.axes, axis), adults)
