"""Who was interviewed in one wave, and the random streams that the rest is drawn from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from transforms.arrays import Floats, Ints
from transforms.catalogue import Survey
from transforms.simulation.population import (
    Population,
    conditional_shares,
    declared_simulation,
    simulated_population,
)
from transforms.simulation.sampling import (
    Sample,
    SampleDesign,
    correlated_uniforms,
    draw_sample,
    drawn_by_share,
    sample_design,
)


@dataclass(frozen=True, slots=True)
class Drawing:
    """One wave's respondents, placed on every axis of the population."""

    survey: Survey
    wave: str
    seed: int
    population: Population
    design: SampleDesign
    sample: Sample

    @property
    def respondents(self) -> int:
        """How many were interviewed."""
        return len(self.sample.psu)

    @property
    def points(self) -> int:
        """How many sampling points were worked."""
        return int(self.sample.psu.max(initial=-1)) + 1

    def rng(self, part: str) -> np.random.Generator:
        """Return the random stream of one part, which no other part's draws can shift."""
        return _stream(self.survey, self.wave, self.seed, part)

    def clustered_uniforms(self, part: str) -> Floats:
        """Return a uniform number for each respondent, alike within sampling points."""
        correlation = declared_simulation(self.survey).psu_correlation
        return correlated_uniforms(self.sample.psu, correlation, self.rng(part))

    def of_respondents(self, numbers: Floats) -> Floats:
        """Return each respondent's value of an array that meets the population's axes."""
        places = tuple(
            self.sample.places[axis.name] if length > 1 else np.zeros(self.respondents, np.int64)
            for axis, length in zip(self.population.axes, numbers.shape, strict=True)
        )
        return numbers[places]


def draw_wave(survey: Survey, wave: str, seed: int) -> Drawing:
    """Return the respondents of one wave."""
    population = simulated_population(survey)
    design = sample_design(survey, population)
    sample = draw_sample(survey, design, _stream(survey, wave, seed, "sample"))
    drawing = Drawing(survey, wave, seed, population, design, sample)
    for name in declared_simulation(survey).characteristics:
        if name not in sample.places:
            drawing = _with_characteristic(drawing, name)
    return drawing


def _with_characteristic(drawing: Drawing, name: str) -> Drawing:
    declared = declared_simulation(drawing.survey).characteristics[name]
    given = drawing.population.axis(declared.given)
    shares = conditional_shares(given, drawing.population.axis(name), declared.shares)
    known = drawing.sample.places[given.name]
    places: Ints = drawn_by_share(shares[known], drawing.clustered_uniforms(name))
    placed = replace(drawing.sample, places={**drawing.sample.places, name: places})
    return replace(drawing, sample=placed)


def _stream(survey: Survey, wave: str, seed: int, part: str) -> np.random.Generator:
    key = f"{wave}/{part}".encode()
    return np.random.default_rng([declared_simulation(survey).seed, seed, *key])
