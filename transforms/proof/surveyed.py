"""Simulated surveys from their draw to their stored totals, by the code that publishes figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from transforms.arrays import Floats
from transforms.estimation import wave_totals
from transforms.proof.drawing import DrawnWave, draw_wave
from transforms.proof.plan import Study
from transforms.windows import WaveTotals
from transforms.windows.wave_totals import COUNTS, SQUARES, SUMS

REPLICATED: Final = 10
"""Of so many surveys, one keeps the respondents of its first wave."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """Some surveys of all the study's waves, side by side: what is done, is done to all at once.

    `totals`: the cells of the first survey, then those of the second, and so on; each survey's
    measures have names of their own. `first_waves`: of some of the surveys.
    """

    study: Study
    surveys: int
    totals: WaveTotals
    first_waves: tuple[DrawnWave, ...]

    def by_survey(self, values: Floats) -> Floats:
        """Return an array whose last axis is the cells as one of (… × surveys × cells of one)."""
        cells = values.shape[-1] // self.surveys
        return values.reshape(*values.shape[:-1], self.surveys, cells)


def surveyed(study: Study, seeds: Sequence[np.random.SeedSequence]) -> Surveyed:
    """Return one survey of all the study's waves for each seed, drawn from its own stream."""
    drawn = [_drawn(study, seed) for seed in seeds]
    totals = [[totals_of(study, wave) for wave in waves] for waves in drawn]
    first_waves = tuple(waves[0] for waves in drawn[::REPLICATED])
    return Surveyed(study, len(seeds), side_by_side(study, totals), first_waves)


def totals_of(study: Study, drawn: DrawnWave, *, leverage: bool = True) -> pd.DataFrame:
    """Return a wave's rows of estimate.total, in the order of the study's cells."""
    return wave_totals(
        drawn.indicators,
        drawn.classified,
        drawn.calibrated,
        drawn.design,
        {name: tuple(study.domains) for name in study.outcomes.names},
        leverage=leverage,
    )


def side_by_side(study: Study, totals: Sequence[Sequence[pd.DataFrame]]) -> WaveTotals:
    """Return the totals of several surveys, each a list of its waves, as those of one."""
    names = (*SUMS, *COUNTS, *SQUARES, "df")
    stacked = {name: _stacked(totals, name) for name in names}
    return WaveTotals(
        waves=tuple(wave.name for wave in study.waves),
        cells=pd.concat(
            [_named_apart(study.cells, place) for place in range(len(totals))], ignore_index=True
        ),
        figures=stacked,
        present=np.ones(stacked["n"].shape, dtype=np.bool_),
        control_totals=np.array([wave.margins.targets[0].sum() for wave in study.waves]),
    )


def measure_in(name: str, survey: int) -> str:
    """Return what a measure is called in one of several surveys."""
    return f"{name}_{survey}"


def _drawn(study: Study, seed: np.random.SeedSequence) -> list[DrawnWave]:
    rng = np.random.default_rng(seed)
    return [draw_wave(study, wave, rng) for wave in study.waves]


def _stacked(totals: Sequence[Sequence[pd.DataFrame]], name: str) -> Floats:
    """(waves × surveys · cells) one column of the totals."""
    each = [[wave[name].to_numpy(dtype=np.float64) for wave in survey] for survey in totals]
    return np.concatenate(each, axis=1)


def _named_apart(cells: pd.DataFrame, survey: int) -> pd.DataFrame:
    names = cells["measure"].unique()
    return cells.assign(measure=cells["measure"].map({n: measure_in(n, survey) for n in names}))
