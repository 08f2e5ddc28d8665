"""What the study draws from: the declared design and population, and where outcomes are examined.

The population, the fieldwork and who responds are those of the survey's simulation.yaml. What is
added are outcomes and domains whose truth is known exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from scipy.special import ndtri

from transforms.arrays import Floats, Ints
from transforms.catalogue import Margin, Survey
from transforms.estimation.totals import FORCE
from transforms.proof.outcomes import Outcomes, chances, effects_of_characteristics
from transforms.simulation.population import (
    ADULTS,
    Population,
    declared_simulation,
    simulated_population,
)
from transforms.simulation.sampling import SampleDesign, sample_design
from transforms.weighting import MarginCells, margin_cells

AREA: Final = "area"
STRATUM: Final = "stratum"
SEX: Final = "sex"
"""Its values meet at every sampling point, and are equally likely to have any outcome."""
SCATTERED: Final = {
    "scattered": (50, 100, 150, 250, 500, 1000),
    "scattered_widely": (2000,),
}
"""Groups found at every sampling point, by about how many are interviewed in a wave."""

REST: Final = "others"
EVERYWHERE: Final = (AREA, STRATUM, SEX, *SCATTERED)
"""Every domain that the study looks into."""
GROWTH_BY_AREA: Final = (-0.01, 0.02)
GROWTH_BY_CHARACTERISTIC: Final = (-0.01, 0.01)
"""Of a drifting population in a quarter, from the first to the last value."""


@dataclass(frozen=True)
class StudyWave:
    """One wave: who can be drawn, and how likely each outcome is.

    A cell is a combination of the strata's and the margins' domains, the adults at the address
    apart. `thresholds`: (cells × outcomes) normal quantiles of the chances. `margins`: the margin
    categories and control totals, one row a cell. `truth`, `expected`: (outcomes × domain values)
    the population's share and the expected count of respondents with the outcome; `base`: (domain
    values,) the expected respondents.
    """

    name: str
    design: SampleDesign
    lengths: tuple[int, ...]
    margins: MarginCells
    thresholds: Floats
    truth: Floats
    expected: Floats
    base: Floats


@dataclass(frozen=True)
class Study:
    """What every simulated survey of the study shares.

    `domains`: by domain, its values. The first domain of the strata is called area here, and all
    domains of the strata crossed stratum. `at_address`: adults at an address, by its place on that
    axis. `correlation`: of normal numbers within sampling points.
    """

    survey: Survey
    outcomes: Outcomes
    waves: tuple[StudyWave, ...]
    domains: Mapping[str, tuple[str, ...]]
    at_address: Floats
    correlation: float

    @cached_property
    def cells(self) -> pd.DataFrame:
        """One row an outcome × domain value, in the order of `wave_totals`."""
        values = _values(self.domains)
        rows = [(name, *value) for name in self.outcomes.names for value in values]
        return pd.DataFrame(rows, columns=["measure", "domain", "domain_value"])

    @cached_property
    def truth(self) -> Floats:
        """(waves × cells) the true share."""
        return np.array([wave.truth.ravel() for wave in self.waves])

    @cached_property
    def expected(self) -> Floats:
        """(waves × cells × 2) respondents expected with the outcome and without."""
        with_it = np.array([wave.expected for wave in self.waves])
        without = np.array([wave.base for wave in self.waves])[:, None, :] - with_it
        return np.stack([with_it, without], axis=-1).reshape(len(self.waves), -1, 2)


def study_of(
    survey: Survey,
    outcomes: Outcomes,
    *,
    drifting: bool = False,
    domains: Sequence[str] = EVERYWHERE,
) -> Study:
    """Return the study of `outcomes` under the survey's design, in some of `EVERYWHERE`.

    `drifting`: the population grows and shrinks from wave to wave, by area and characteristic; the
    outcomes' truth stays as given.
    """
    start = simulated_population(survey)
    names = tuple(wave.name for wave in survey.waves)[: len(outcomes.truth)]
    waves = []
    for place, name in enumerate(names):
        population = _drifted(survey, start, place) if drifting else start
        waves.append(_wave(name, survey, population, outcomes.truth[place], domains))
    return Study(
        survey=survey,
        outcomes=outcomes,
        waves=tuple(waves),
        domains={name: _values_of(name, waves[0].design, start) for name in domains},
        at_address=np.array(start.axis(ADULTS).categories, dtype=np.float64),
        correlation=declared_simulation(survey).psu_correlation,
    )


def shares_of_groups(survey: Survey, domain: str) -> Floats:
    """Return the share of everybody in each group of a scattered domain, the others last."""
    interviews = sum(declared_simulation(survey).fieldwork.interviews.values())
    shares = np.array(SCATTERED[domain]) / interviews
    return np.append(shares, 1 - shares.sum())


def _values_of(domain: str, design: SampleDesign, population: Population) -> tuple[str, ...]:
    if domain == AREA:
        return tuple(dict.fromkeys(values[0] for values in design.strata))
    if domain == STRATUM:
        return tuple(" × ".join(values) for values in design.strata)
    if domain in SCATTERED:
        return (*map(str, SCATTERED[domain]), REST)
    return tuple(map(str, population.axis(domain).categories))


def _values(domains: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [FORCE, *((domain, value) for domain, values in domains.items() for value in values)]


def _drifted(survey: Survey, start: Population, quarters: int) -> Population:
    """Return the population after some quarters of growth along the strata's and margins' axes."""
    adults = start.adults
    area = declared_simulation(survey).fieldwork.strata[0]
    for name in _cell_axes(sample_design(survey, start)):
        growth = GROWTH_BY_AREA if name == area else GROWTH_BY_CHARACTERISTIC
        by_value = np.linspace(*growth, len(start.axis(name).categories))
        adults = adults * start.along(name, (1 + by_value) ** quarters)
    return Population(start.axes, adults)


def _wave(
    name: str, survey: Survey, population: Population, truth: Floats, domains: Sequence[str]
) -> StudyWave:
    design = sample_design(survey, population)
    axes = _cell_axes(design)
    adults = population.summed_to(axes, population.adults)
    place = dict(zip(axes, np.indices(adults.shape).reshape(len(axes), -1), strict=True))
    chance = _chances(adults, axes, place, truth)
    member = _membership(survey, design, place, domains)
    respondents = _expected_respondents(survey, design)
    everybody = member @ adults.ravel()
    return StudyWave(
        name=name,
        design=design,
        lengths=adults.shape,
        margins=_margins(survey, population, axes),
        thresholds=ndtri(chance),
        truth=(member @ (adults.ravel()[:, None] * chance)).T / everybody,
        expected=(member @ (respondents[:, None] * chance)).T,
        base=member @ respondents,
    )


def _chances(
    adults: Floats, axes: Sequence[str], place: Mapping[str, Ints], truth: Floats
) -> Floats:
    """(cells × outcomes) the chance of each outcome: each area's truth, in both sexes alike."""
    area = place[axes[0]]
    lengths = tuple(
        1 if name in (axes[0], SEX) else length
        for name, length in zip(axes, adults.shape, strict=True)
    )
    effects = effects_of_characteristics(lengths, truth.shape[1])
    of_cell = np.broadcast_to(effects, (*adults.shape, truth.shape[1]))
    group = area * adults.shape[axes.index(SEX)] + place[SEX]
    by_group = np.repeat(truth, adults.shape[axes.index(SEX)], axis=0)
    return chances(adults.ravel(), group, of_cell.reshape(adults.size, -1), by_group)


def _membership(
    survey: Survey, design: SampleDesign, place: Mapping[str, Ints], domains: Sequence[str]
) -> Floats:
    """(domain values × cells) the share of a cell's people who are in each domain value."""
    area = place[design.axes[0]]
    stratum = np.repeat(np.arange(len(design.strata)), len(area) // len(design.strata))
    known = {**place, AREA: area, STRATUM: stratum}
    rows = [np.ones((1, len(area)))]
    for name in domains:
        if name in SCATTERED:
            rows.append(np.repeat(shares_of_groups(survey, name)[:, None], len(area), axis=1))
        else:
            rows.append((known[name] == np.arange(known[name].max() + 1)[:, None]) * 1.0)
    return np.concatenate(rows)


def _cell_axes(design: SampleDesign) -> tuple[str, ...]:
    return tuple(axis for axis in design.axes if axis != ADULTS)


def _expected_respondents(survey: Survey, design: SampleDesign) -> Floats:
    """(cells,) respondents expected in a wave."""
    interviews = design.psus * declared_simulation(survey).fieldwork.interviews_per_psu
    by_stratum = design.respondents * interviews[:, None]
    at_address = design.lengths[design.axes.index(ADULTS)]
    assert design.axes[-1] == ADULTS
    summed: Floats = by_stratum.reshape(-1, at_address).sum(axis=1)
    return summed


def _margins(survey: Survey, population: Population, axes: tuple[str, ...]) -> MarginCells:
    """Return the population's margins as the weights' code takes them, one row a cell."""
    values = [[str(value) for value in population.axis(name).categories] for name in axes]
    cells = pd.MultiIndex.from_product(values, names=axes).to_frame(index=False)
    margins = [_with_totals(margin, population) for margin in survey.margins_in_use()]
    rule = survey.about.calibration
    return margin_cells(cells, margins, rule.merge if rule else None)


def _with_totals(margin: Margin, population: Population) -> Margin:
    """Return the margin with the population's counts as its control totals."""
    table = population.summed_to(margin.variables, population.adults)
    axes = [population.axis(name).categories for name in margin.variables]
    counted = []
    for cell in margin.control_totals:
        place = tuple(axis.index(value) for axis, value in zip(axes, cell.category, strict=True))
        counted.append(cell.model_copy(update={"population": float(table[place])}))
    return margin.model_copy(update={"control_totals": tuple(counted)})
