"""KPI cards of surveys in which nothing has changed for two years: how often they say it has.

From simulated returns through everything that makes a card of them: decoded, weighted, pooled over
rolling years, compared, judged and put into words.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

import numpy as np
import pandas as pd
import pytest
from builders import raw_return

from transforms.arrays import Flags, Floats
from transforms.catalogue import Survey
from transforms.change import changes, judged
from transforms.classify import classify
from transforms.decode import decode
from transforms.estimation import estimates_from_totals, wave_totals
from transforms.indicators import indicators
from transforms.kpi import kpi_statuses
from transforms.periods import Period, periods_ending
from transforms.pooled import period_totals
from transforms.simulation import simulate_wave
from transforms.simulation.population import declared_simulation
from transforms.wave import wave_design
from transforms.weighting import calibrate
from transforms.windows import WaveTotals
from transforms.windows.wave_totals import wave_by_wave
from warehouse.declaration import load_survey

SURVEYS = 400
LEVEL = 0.05
FAMILIES_AT_MOST = 0.065
SAYS_SOMETHING = ("improving", "worsening")


@dataclass(frozen=True, slots=True)
class Cards:
    """Which cards of one survey say improving or worsening: KPIs × (the force, then the areas).

    `alone`: each judged without the others. `declared`: adjusted as kpis.yaml says. `made`: a test
    was made.
    """

    alone: Flags
    declared: Flags
    made: Flags


@pytest.mark.slow
def test_cards_seldom_say_that_something_changed_where_nothing_did() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        surveys = list(processes.map(cards_of_survey, range(1, SURVEYS + 1)))
    alone = np.array([cards.alone for cards in surveys])
    made = np.array([cards.made for cards in surveys])
    assert made.mean() > 0.9
    for at in (np.s_[:, :, :1], np.s_[:, :, 1:]):
        share, error = _share(alone[at], made[at])
        assert abs(share - LEVEL) <= 2 * error, f"{share:.4f} ± {error:.4f}"
    declared = np.array([cards.declared for cards in surveys])
    headline = declared[:, :, 0].any(axis=1)
    of_kpi = declared[:, :, 1:].any(axis=2)
    for families in (headline[:, None], of_kpi):
        share, error = _share(families, np.ones_like(families))
        assert share - 2 * error <= FAMILIES_AT_MOST, f"{share:.4f} ± {error:.4f}"


def cards_of_survey(seed: int) -> Cards:
    """Return the cards at the eighth wave of a survey drawn from `seed`."""
    survey = _unchanging()
    by_wave = _totals(seed, survey)
    declared = _found(by_wave, survey)
    alone = _found(by_wave, _each_alone(survey))
    says = [status.isin(SAYS_SOMETHING).to_numpy() for status in (alone, declared)]
    made = (declared != "not yet measurable").to_numpy()
    shape = (len(survey.kpis), -1)
    return Cards(says[0].reshape(shape), says[1].reshape(shape), made.reshape(shape))


def _share(found: Flags, made: Flags) -> tuple[float, float]:
    """Return the share found of what was tested, and its Monte Carlo standard error.

    Surveys are independent, the cards of one are not: the error is that of a ratio of survey sums.
    """
    axes = tuple(range(1, found.ndim))
    sums: Floats = found.sum(axis=axes).astype(np.float64)
    counts: Floats = made.sum(axis=axes).astype(np.float64)
    share = sums.sum() / counts.sum()
    residuals = sums - share * counts
    return float(share), float(residuals.std(ddof=1) / counts.mean() / np.sqrt(len(sums)))


@cache
def _unchanging() -> Survey:
    """The West Midlands survey, its tendencies without trend."""
    survey = load_survey("west_midlands")
    simulation = declared_simulation(survey)
    level = {
        name: tendency.model_copy(update={"trend": 0.0})
        for name, tendency in simulation.tendencies.items()
    }
    return survey.model_copy(
        update={"simulation": simulation.model_copy(update={"tendencies": level})}
    )


def _each_alone(survey: Survey) -> Survey:
    plan = survey.plan.model_copy(update={"adjustment": "none", "families": {}})
    return survey.model_copy(update={"plan": plan})


def _totals(seed: int, survey: Survey) -> WaveTotals:
    names = [wave.name for wave in survey.waves]
    totals = [_wave_totals(wave, seed, survey) for wave in names]
    return wave_by_wave(pd.concat(totals, ignore_index=True), names)


def _wave_totals(wave: str, seed: int, survey: Survey) -> pd.DataFrame:
    responses = decode(raw_return(simulate_wave(survey, wave, seed).rows), survey, wave)
    classified = classify(responses, survey)
    measures = list(dict.fromkeys(kpi.measure for kpi in survey.kpis.values()))
    design_weight = responses.respondents["design_weight"].to_numpy(dtype=np.float64)
    totals = wave_totals(
        indicators(responses, survey)[measures],
        classified,
        calibrate(design_weight, classified, survey, None, wave),
        wave_design(responses, survey),
        {measure: ("area",) for measure in measures},
        survey.about.estimation.leverage,
        survey.means,
    )
    return totals.assign(wave=wave)


def _found(by_wave: WaveTotals, survey: Survey) -> pd.Series:
    """Return the status of each KPI × (the force, then the areas) at the last wave."""
    last = by_wave.waves[-1]
    ending = periods_ending(last, survey)
    verdicts = judged(changes(by_wave, ending, survey).assign(suppression_reason=None), survey)
    held = {measure: by_wave.waves_of(measure) for measure in survey.measures}
    earlier = periods_ending(by_wave.waves[3], survey)
    estimates = pd.concat(
        [_estimates(period, by_wave, survey) for period in (*ending, *earlier)], ignore_index=True
    )
    statuses: pd.Series = kpi_statuses(last, estimates, verdicts, held, survey)["status"]
    return statuses


def _estimates(period: Period, by_wave: WaveTotals, survey: Survey) -> pd.DataFrame:
    totals = period_totals(period, by_wave, survey)
    found = estimates_from_totals(totals, survey.about.estimation, survey.means)
    return found.assign(period=period.name, marker="", suppression_reason=None)
