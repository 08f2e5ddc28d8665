"""Replicate weights as analysts meet them: a view over draws and factors, exact and quick."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from transforms.catalogue import Survey
from transforms.classify import classify
from transforms.decode import decode
from transforms.estimation import estimates_from_totals, sample_design
from transforms.indicators import indicators
from transforms.replicates import (
    ReplicateWeights,
    replicate_shares,
    replicate_variance,
    replicate_weights,
)
from transforms.responses import RawReturn, Responses, Variable
from transforms.simulation import simulate_wave
from transforms.wave import process_wave
from transforms.weighting import calibrate
from warehouse.database import create_warehouse
from warehouse.declaration import load_survey
from warehouse.store import replace_wave

WAVE = "2027-Q1"
DECLARED = {
    "as declared": {},
    "limited": {
        "calibration": {"trim": {"ratio_to_mean": (0.1, 9.0), "ratio_to_design": None}},
        "replicates": {"count": 50, "lost_category": "half_step"},
    },
    "jackknife": {"replicates": {"method": "jackknife", "count": None}},
    "uncalibrated": {"calibration": None, "replicates": {"count": 50}},
}


@pytest.fixture(scope="module")
def responses() -> Responses:
    survey = load_survey("west_midlands")
    rows = simulate_wave(survey, WAVE, 1).rows
    variables = {name: Variable(name) for name in rows.columns}
    raw = RawReturn(f"{WAVE}.sav", "0" * 64, rows, variables, simulated=True)
    return decode(raw, survey, WAVE)


def changed(changes: dict[str, object]) -> Survey:
    declared = load_survey("west_midlands").model_dump()
    for key, change in changes.items():
        old = declared["about"][key]
        declared["about"][key] = {**old, **change} if isinstance(change, dict) else change
    return Survey.model_validate(declared)


def made(responses: Responses, survey: Survey) -> ReplicateWeights:
    people = responses.respondents
    design_weight = people["design_weight"].to_numpy(dtype=float)
    rule = survey.about.replicates
    assert rule is not None
    return replicate_weights(
        calibrate(design_weight, classify(responses, survey), survey),
        sample_design(people["stratum"], people["psu"]),
        rule,
        survey.about.calibration,
        survey.name,
        WAVE,
    )


def stored(responses: Responses, survey: Survey, path: Path) -> duckdb.DuckDBPyConnection:
    connection = create_warehouse(path / "warehouse.duckdb", survey.name, simulated=True)
    tables = process_wave(responses, responses.respondents["serial"], survey)
    replace_wave(connection, WAVE, tables)
    return connection


@pytest.fixture(scope="module", params=DECLARED)
def case(
    request: pytest.FixtureRequest, responses: Responses, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Survey, duckdb.DuckDBPyConnection]]:
    survey = changed(DECLARED[request.param])
    with stored(responses, survey, tmp_path_factory.mktemp("case")) as connection:
        yield survey, connection


def test_the_view_multiplies_the_weights_back_exactly(case, responses):
    survey, connection = case
    started = time.process_time()
    held = connection.sql("FROM survey.replicate_weight").df()
    assert time.process_time() - started < 6, "1.4 million weights take half a second"
    wide = held.pivot_table(index="respondent", columns="replicate", values="weight")
    found = wide.loc[responses.respondents["serial"].astype(str)].to_numpy()
    weights = made(responses, survey).weights()
    assert found.shape == weights.shape
    np.testing.assert_allclose(found, weights, rtol=1e-12, atol=0)


def test_replication_says_how_they_were_made(case):
    survey, connection = case
    rule = survey.about.replicates
    assert rule is not None
    held = connection.sql("FROM survey.replication").df().iloc[0]
    assert (held["method"], held["lost_category"]) == (rule.method, rule.lost)
    assert held["replicates"] == len(held["rscales"])
    assert held["largest_relative_gap"] < 1e-10
    assert pd.isna(held["seed"]) == (rule.method == "jackknife")
    counts = connection.sql("SELECT DISTINCT len(multipliers) FROM survey.replicate_draw")
    assert counts.fetchall() == [(held["replicates"],)]


def test_bootstrap_and_linearised_standard_errors_agree_on_this_design(responses):
    """Chance moves a standard error of 500 replicates by 3%, the mean of 300 of them far less."""
    survey = load_survey("west_midlands")
    tables = process_wave(responses, responses.respondents["serial"], survey)
    totals = tables["estimate.total"]
    measured, classified = indicators(responses, survey), classify(responses, survey)
    breakdowns = {name: survey.measures[str(name)].by for name in measured}
    replicates = made(responses, survey)
    shares = replicate_shares(measured, classified, breakdowns, replicates)
    variance = replicate_variance(shares.share, replicates.draws.scale, replicates.draws.rscales)
    replicated = shares.keys.assign(error=np.sqrt(variance))
    linearised = estimates_from_totals(totals, survey.about.estimation)
    both = linearised.merge(replicated, on=["measure", "domain", "domain_value"])
    both = both[(both["unweighted_base"] >= 100) & (both["standard_error"] > 0)]
    assert len(both) > 300
    ratio = both["error"] / both["standard_error"]
    assert ratio.mean() == pytest.approx(1, abs=0.02)
    assert ratio.between(0.8, 1.25).all()
