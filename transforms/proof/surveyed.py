"""One simulated survey from its draw to its figures, by the code that publishes figures."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.estimation import wave_totals
from transforms.proof.drawing import DrawnWave, draw_wave
from transforms.proof.figures import SurveyFigures
from transforms.proof.intervals import interval_figures
from transforms.proof.plan import Study


def examined(study: Study, seed: np.random.SeedSequence) -> SurveyFigures:
    """Return the figures of one survey of all the study's waves, drawn from its own stream."""
    rng = np.random.default_rng(seed)
    waves = [draw_wave(study, wave, rng) for wave in study.waves]
    totals = pd.concat(
        [
            _totals(study, drawn, leverage=True).assign(wave=wave.name)
            for wave, drawn in zip(study.waves, waves, strict=True)
        ],
        ignore_index=True,
    )
    without_leverage = _totals(study, waves[0], leverage=False)
    return interval_figures(totals, without_leverage, study.truth)


def _totals(study: Study, drawn: DrawnWave, *, leverage: bool) -> pd.DataFrame:
    breakdowns = {name: tuple(study.domains) for name in study.outcomes.names}
    return wave_totals(
        drawn.indicators,
        drawn.classified,
        drawn.calibrated,
        drawn.design,
        breakdowns,
        leverage=leverage,
    )
