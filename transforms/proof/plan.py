"""What the study draws from: the declared design and population, and where outcomes are examined.

The population, the fieldwork and who responds are those of the survey's simulation.yaml. What is
added are outcomes and domains whose truth is known exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from scipy.special import ndtri

from transforms.arrays import Floats
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
SCATTERED: Final = {
    "scattered": (50, 100, 150, 250, 500, 1000),
    "scattered_widely": (2000,),
}
"""Groups found at every sampling point, by about how many are interviewed in a wave."""

REST: Final = "others"
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
    domains of the strata crossed stratum. `scattered`: of each scattered domain, the share of
    everybody in each value. `at_address`: adults at an address, by its place on that axis.
    `correlation`: of normal numbers within sampling points.
    """

    survey: Survey
    outcomes: Outcomes
    waves: tuple[StudyWave, ...]
    domains: Mapping[str, tuple[str, ...]]
    scattered: Mapping[str, Floats]
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


def study_of(survey: Survey, outcomes: Outcomes, *, drifting: bool = False) -> Study:
    """Return the study of `outcomes` under the survey's design.

    `drifting`: the population grows and shrinks from wave to wave, by area and characteristic; the
    outcomes' truth stays as given.
    """
    start = simulated_population(survey)
    names = tuple(wave.name for wave in survey.waves)[: len(outcomes.truth)]
    wanted = declared_simulation(survey).fieldwork.interviews
    scattered = _shares_of_groups(sum(wanted.values()))
    waves = []
    for place, name in enumerate(names):
        population = _drifted(survey, start, place) if drifting else start
        truth = outcomes.truth[place]
        waves.append(_wave(name, survey, population, truth, scattered))
    return Study(
        survey=survey,
        outcomes=outcomes,
        waves=tuple(waves),
        domains=_domains(waves[0].design),
        scattered=scattered,
        at_address=np.array(start.axis(ADULTS).categories, dtype=np.float64),
        correlation=declared_simulation(survey).psu_correlation,
    )


def _shares_of_groups(interviews: int) -> dict[str, Floats]:
    """Return the share of everybody in each group of a scattered domain, the others last."""
    shares = {name: np.array(bases) / interviews for name, bases in SCATTERED.items()}
    return {name: np.append(found, 1 - found.sum()) for name, found in shares.items()}


def _domains(design: SampleDesign) -> dict[str, tuple[str, ...]]:
    areas = tuple(dict.fromkeys(values[0] for values in design.strata))
    strata = tuple(" × ".join(values) for values in design.strata)
    groups = {name: (*map(str, bases), REST) for name, bases in SCATTERED.items()}
    return {AREA: areas, STRATUM: strata, **groups}


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
    name: str,
    survey: Survey,
    population: Population,
    truth: Floats,
    scattered: Mapping[str, Floats],
) -> StudyWave:
    design = sample_design(survey, population)
    axes = _cell_axes(design)
    adults = population.summed_to(axes, population.adults)
    areas = len(adults)
    effects = effects_of_characteristics(adults.shape[1:], truth.shape[1])
    chance = chances(adults.reshape(areas, -1), effects, truth).reshape(adults.size, -1)
    respondents = _expected_respondents(survey, design)
    groups = (1, areas, len(design.strata))
    having, everybody = _by_domain(adults.ravel(), chance, groups, scattered)
    expected, base = _by_domain(respondents, chance, groups, scattered)
    return StudyWave(
        name=name,
        design=design,
        lengths=adults.shape,
        margins=_margins(survey, population, axes),
        thresholds=ndtri(chance),
        truth=having / everybody,
        expected=expected,
        base=base,
    )


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


def _by_domain(
    people: Floats, chance: Floats, groups: tuple[int, ...], scattered: Mapping[str, Floats]
) -> tuple[Floats, Floats]:
    """Return people with the outcome, (outcomes × domain values), and people, (domain values,).

    `groups`: into how many runs of cells the force, the areas and the strata divide the cells.
    """
    both = np.column_stack([people[:, None] * chance, people])
    parts = [both.reshape(runs, -1, both.shape[1]).sum(axis=1) for runs in groups]
    parts += [parts[0] * share[:, None] for share in scattered.values()]
    table = np.concatenate(parts).T
    return table[:-1], table[-1]


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
