"""Intervals against a known truth, over independent draws of a whole West Midlands wave."""

from __future__ import annotations

import pandas as pd
import pytest

from transforms.catalogue import EstimationRule
from transforms.coverage import Coverage, coverage
from transforms.decode import decode
from transforms.responses import RawReturn, Variable
from transforms.simulation import simulate_wave, truth
from transforms.wave import process_wave
from warehouse.declaration import load_survey

WAVE = "2027-Q1"
SEEDS = range(1, 25)


def totals_of_draw(seed: int) -> pd.DataFrame:
    survey = load_survey("west_midlands")
    rows = simulate_wave(survey, WAVE, seed).rows
    variables = {name: Variable(name) for name in rows.columns}
    raw = RawReturn(f"{WAVE}.sav", "0" * 64, rows, variables, simulated=True)
    responses = decode(raw, survey, WAVE)
    return process_wave(responses, responses.respondents["serial"], survey)["estimate.total"]


@pytest.mark.slow
def test_intervals_of_independent_draws_hold_the_truth_95_times_in_100():
    """Korn–Graubard is cautious for rare answers at small bases, so a little over is expected."""
    survey = load_survey("west_midlands")
    true_values = truth(survey, WAVE)
    found = [coverage(totals_of_draw(s), true_values, survey.about.estimation) for s in SEEDS]
    intervals = sum(one.intervals for one in found)
    assert intervals > 400 * len(SEEDS)
    assert 0.94 <= sum(one.holding for one in found) / intervals <= 0.98


def test_coverage_counts_intervals_that_hold_the_truth():
    """Two intervals around 0.5: one with the truth inside, one with it far outside."""
    row = {
        **{"wave": WAVE, "measure": "m", "domain": "all", "y": 50.0, "x": 100.0, "n": 100},
        **{"n_y": 50, "var_y": 25.0, "var_x": 0.0, "cov_yx": 0.0, "sum_w2": 100.0, "df": 40},
        "sum_wy2": 50.0,
    }
    totals = pd.DataFrame([row | {"domain_value": value} for value in ("all", "other")])
    true_values = totals[["wave", "measure", "domain", "domain_value"]].assign(
        true_value=[0.52, 0.9]
    )
    assert coverage(totals, true_values, EstimationRule()) == Coverage(intervals=2, holding=1)
    assert Coverage(2, 1).share == pytest.approx(0.5)
