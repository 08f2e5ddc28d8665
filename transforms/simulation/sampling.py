"""The sample: strata, sampling points, addresses, and one adult at each who responds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.special import ndtr

from transforms.arrays import Floats, Ints
from transforms.catalogue import Survey
from transforms.catalogue.simulation import Fieldwork
from transforms.errors import DeclarationError
from transforms.simulation.population import ADULTS, Population, declared_simulation


@dataclass(frozen=True, slots=True)
class SampleDesign:
    """How each stratum is sampled: one entry a stratum, in the order of the crossed domains.

    `respondents`: the distribution of a respondent over the other `axes` crossed, one row a stratum
    (rows sum to 1). `lengths`: the number of values on each of `axes`, the strata's domains first.
    """

    strata: tuple[tuple[str, ...], ...]
    psus: Ints
    address_factor: Floats
    addresses_per_psu: Ints
    respondents: Floats
    axes: tuple[str, ...]
    lengths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """The respondents, sampling point by sampling point: one entry each in every array.

    `places`: by axis, the place of the respondent's value on it.
    """

    stratum: Ints
    psu: Ints
    address_factor: Floats
    places: Mapping[str, Ints]


def sample_design(survey: Survey, population: Population) -> SampleDesign:
    """Return how each stratum is sampled, so that weights and margins recover the population.

    Within a stratum every address has one chance to be issued; one of its adults is chosen; who
    responds depends on the margins' domains alone. As many addresses are issued as are expected to
    yield the interviews; the address factor is the stratum's addresses for each one issued.
    """
    fieldwork = declared_simulation(survey).fieldwork
    axes = _drawn_axes(survey, fieldwork)
    _require_known_when_drawn(survey, axes)
    strata = tuple(product(*(survey.domains[name].values for name in fieldwork.strata)))
    at_address = population.along(ADULTS, np.array(population.axis(ADULTS).categories, dtype=float))
    chosen = population.adults * _response_chance(survey, population) / at_address
    respondents = population.summed_to(axes, chosen).reshape(len(strata), -1)
    addresses = population.summed_to(fieldwork.strata, population.adults / at_address).ravel()
    psus = _allocated_psus(fieldwork, population)
    factor = respondents.sum(axis=1) / (psus * fieldwork.interviews_per_psu)
    return SampleDesign(
        strata=strata,
        psus=psus,
        address_factor=factor,
        addresses_per_psu=np.ceil(addresses / factor / psus).astype(np.int64),
        respondents=respondents / respondents.sum(axis=1, keepdims=True),
        axes=axes,
        lengths=tuple(len(population.axis(name).categories) for name in axes),
    )


def draw_sample(survey: Survey, design: SampleDesign, rng: np.random.Generator) -> Sample:
    """Return the adults interviewed in one wave."""
    fieldwork = declared_simulation(survey).fieldwork
    stratum_of_psu = np.repeat(np.arange(len(design.psus)), design.psus)
    issued = design.addresses_per_psu[stratum_of_psu]
    interviews = rng.binomial(issued, np.minimum(1.0, fieldwork.interviews_per_psu / issued))
    psu = np.repeat(np.arange(len(interviews)), interviews)
    stratum = stratum_of_psu[psu]
    cell = _drawn_in_stratum(design.respondents, stratum, rng.random(len(psu)))
    crossed = len(fieldwork.strata)
    places = [
        *np.unravel_index(stratum, design.lengths[:crossed]),
        *np.unravel_index(cell, design.lengths[crossed:]),
    ]
    return Sample(
        stratum, psu, design.address_factor[stratum], dict(zip(design.axes, places, strict=True))
    )


def correlated_uniforms(psu: Ints, correlation: float, rng: np.random.Generator) -> Floats:
    """Return a uniform number for each respondent, alike within sampling points.

    Gaussians with the given correlation within a sampling point, put through their distribution
    function: each number alone is exactly uniform, whatever the correlation.
    """
    points = rng.standard_normal(int(psu.max(initial=-1)) + 1)
    own = rng.standard_normal(len(psu))
    return np.asarray(
        ndtr(np.sqrt(correlation) * points[psu] + np.sqrt(1 - correlation) * own), dtype=np.float64
    )


def drawn_by_share(shares: Floats, uniforms: Floats) -> Ints:
    """Return the column that each row's uniform number falls in; rows of `shares` sum to 1."""
    below = np.cumsum(shares, axis=1)[:, :-1] <= uniforms[:, np.newaxis]
    return np.asarray(below.sum(axis=1), dtype=np.int64)


def _drawn_in_stratum(shares: Floats, stratum: Ints, uniforms: Floats) -> Ints:
    """Return what `drawn_by_share` returns of each respondent's row of `shares`, faster."""
    drawn = np.empty(len(stratum), dtype=np.int64)
    for place, of_stratum in enumerate(np.cumsum(shares, axis=1)[:, :-1]):
        within = stratum == place
        drawn[within] = np.searchsorted(of_stratum, uniforms[within], side="right")
    return drawn


def _drawn_axes(survey: Survey, fieldwork: Fieldwork) -> tuple[str, ...]:
    margins = dict.fromkeys(name for m in survey.margins.values() for name in m.variables)
    return (*fieldwork.strata, *(name for name in margins if name not in fieldwork.strata), ADULTS)


def _require_known_when_drawn(survey: Survey, axes: tuple[str, ...]) -> None:
    """Raise DeclarationError where a stratum or a household depends on what is drawn after it."""
    simulation = declared_simulation(survey)
    given = {name: c.given for name, c in simulation.characteristics.items() if name in axes}
    for name, known in {**given, "household": simulation.household.given}.items():
        if known not in axes:
            raise DeclarationError(
                f"simulation.yaml: {name} is given by {known}, which is drawn after it.",
                expected=f"one of {', '.join(axes[:-1])}.",
                remedy=f"give {name} by a domain of the margins or of the strata.",
            )


def _response_chance(survey: Survey, population: Population) -> Floats:
    response = declared_simulation(survey).response
    calibrated = {name for margin in survey.margins_in_use() for name in margin.variables}
    if not calibrated.issuperset(response.effects):
        raise DeclarationError(
            "simulation.yaml: response depends on a domain that no margin holds.",
            expected=f"effects on some of {', '.join(sorted(calibrated))}.",
            remedy="take the others out of response.effects: no weight could put it right.",
        )
    chance: Floats = np.full([1] * len(population.axes), response.rate)
    for domain, effects in response.effects.items():
        by_value = [effects.get(str(value), 1.0) for value in population.axis(domain).categories]
        chance = chance * population.along(domain, np.array(by_value))
    return chance


def _allocated_psus(fieldwork: Fieldwork, population: Population) -> Ints:
    adults = population.summed_to(fieldwork.strata, population.adults)
    by_area = adults.reshape(adults.shape[0], -1)
    wanted = [fieldwork.interviews[str(v)] for v in population.axis(fieldwork.strata[0]).categories]
    rows = [
        _shared_out(round(interviews / fieldwork.interviews_per_psu), of_area)
        for interviews, of_area in zip(wanted, by_area, strict=True)
    ]
    return np.concatenate(rows).astype(np.int64)


def _shared_out(psus: int, adults: Floats) -> Ints:
    """Share sampling points among strata by size: two each, the rest by largest remainder."""
    exact = max(0, psus - 2 * len(adults)) * adults / adults.sum()
    shared: Ints = np.floor(exact).astype(np.int64) + 2
    left = max(0, psus - int(shared.sum()))
    shared[np.argsort(shared - exact, kind="stable")[:left]] += 1
    return shared
