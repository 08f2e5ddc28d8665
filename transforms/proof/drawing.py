"""One simulated wave: respondents, their outcomes and groups, and their weights."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from transforms.arrays import Flags, Floats, Ints
from transforms.errors import CalibrationError
from transforms.estimation import SampleDesign
from transforms.proof.plan import (
    AREA,
    SCATTERED,
    STRATUM,
    Study,
    StudyWave,
    shares_of_groups,
)
from transforms.simulation.population import ADULTS
from transforms.simulation.sampling import Sample, correlated_uniforms, draw_sample
from transforms.weighting import Calibrated, MarginCells, require_support, weights_by_rule


@dataclass(frozen=True, slots=True)
class DrawnWave:
    """A wave as the estimating code takes it.

    `indicators`: respondents × outcomes, 1.0 or 0.0. `classified`: respondents × domains.
    """

    indicators: pd.DataFrame
    classified: pd.DataFrame
    calibrated: Calibrated
    design: SampleDesign


def draw_wave(study: Study, wave: StudyWave, rng: np.random.Generator) -> DrawnWave:
    """Return one wave's respondents, weighted by the survey's declaration."""
    sample = draw_sample(study.survey, wave.design, rng)
    cell = _cells(sample, wave)
    has = outcomes_of(wave.thresholds[cell], sample.psu, study, rng)
    return DrawnWave(
        indicators=pd.DataFrame(has.astype(np.float64), columns=list(study.outcomes.names)),
        classified=_classified(study, wave, sample, rng),
        calibrated=_calibrated(study, wave, sample, cell),
        design=_design(sample),
    )


def outcomes_of(thresholds: Floats, psu: Ints, study: Study, rng: np.random.Generator) -> Flags:
    """Return (respondents × outcomes) who has which outcome.

    A respondent has an outcome where a normal number is below the threshold. The numbers are
    correlated within sampling points, as in `correlated_uniforms`; those of a person, and of a
    sampling point, are correlated between outcomes that are alike.
    """
    at_points = _alike(rng, int(psu.max(initial=-1)) + 1, study.outcomes.alike)
    own = _alike(rng, len(psu), study.outcomes.alike)
    within = study.correlation
    number = np.sqrt(within) * at_points[psu] + np.sqrt(1 - within) * own
    return np.asarray(number < thresholds, dtype=np.bool_)


def _alike(rng: np.random.Generator, rows: int, alike: Floats) -> Floats:
    """(rows × outcomes) standard normal numbers, correlated within rows."""
    common, own = rng.standard_normal((rows, 1)), rng.standard_normal((rows, len(alike)))
    return np.sqrt(alike) * common + np.sqrt(1 - alike) * own


def _cells(sample: Sample, wave: StudyWave) -> Ints:
    """(respondents,) the cell each is in."""
    places = [sample.places[name] for name in wave.design.axes if name != ADULTS]
    return np.ravel_multi_index(tuple(places), wave.lengths).astype(np.int64)


def _classified(
    study: Study, wave: StudyWave, sample: Sample, rng: np.random.Generator
) -> pd.DataFrame:
    """Return respondents × domains; belonging to a scattered group is alike within points."""
    known = {AREA: sample.places[wave.design.axes[0]], STRATUM: sample.stratum, **sample.places}
    columns = {
        name: pd.Categorical.from_codes(
            _groups(study, name, sample, rng) if name in SCATTERED else known[name],
            categories=pd.Index(values),
        )
        for name, values in study.domains.items()
    }
    return pd.DataFrame(columns)


def _groups(study: Study, domain: str, sample: Sample, rng: np.random.Generator) -> Ints:
    """(respondents,) the group of a scattered domain that each belongs to."""
    uniforms = correlated_uniforms(sample.psu, study.correlation, rng)
    limits = np.cumsum(shares_of_groups(study.survey, domain))[:-1]
    return np.searchsorted(limits, uniforms, side="right").astype(np.int64)


def _design(sample: Sample) -> SampleDesign:
    """Return what `sample_design` makes of the sample, whose points are in order already."""
    points, first, psu = np.unique(sample.psu, return_index=True, return_inverse=True)
    stratum = sample.stratum[first]
    counts = np.bincount(stratum).astype(np.int64)
    assert len(points) == len(stratum)
    return SampleDesign(
        psu=psu.astype(np.int64),
        stratum=stratum,
        psus_in_stratum=counts,
        population_psus=np.full(len(counts), np.inf),
        strata=tuple(map(str, range(len(counts)))),
        lonely_psu="fail",
    )


def _calibrated(study: Study, wave: StudyWave, sample: Sample, cell: Ints) -> Calibrated:
    """Return the weights by the survey's declaration."""
    rule = study.survey.about.calibration
    design_weight = sample.address_factor * study.at_address[sample.places[ADULTS]]
    assert rule is not None
    cells = _of_respondents(wave.margins, cell)
    require_support(cells, design_weight)
    found = weights_by_rule(design_weight, cells, rule)
    return Calibrated(
        design_weight,
        found.weights,
        cells,
        rule.method,
        found.iterations,
        found.largest_relative_gap,
    )


def _of_respondents(margins: MarginCells, cell: Ints) -> MarginCells:
    """Return the margins with one row a respondent; raise where a category has nobody."""
    cells = replace(margins, category=margins.category[cell])
    if len(np.unique(cells.columns)) < len(cells.target):
        raise CalibrationError(
            "A simulated wave has nobody in a margin category.",
            expected="a respondent in every category with a control total.",
            remedy="simulate more interviews (fieldwork in simulation.yaml), or merge categories.",
        )
    return cells
