"""Standard errors from our replicates against R's survey package, and its replicate weights.

multipliers.csv and reference.csv are made by make_multipliers.py and reference.R (R 4.2.2, survey
4.1-1). R calibrates the same draws.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builders import margin

from transforms.catalogue import Calibration
from transforms.estimation import SampleDesign, sample_design
from transforms.replicates import (
    Draws,
    ReplicateWeights,
    bootstrap,
    calibrated_draws,
    jackknife,
    replicate_shares,
    replicate_variance,
    seed_of,
    stream_of,
)
from transforms.weighting import margin_cells, weights_by_rule

HERE = Path(__file__).parent
SAMPLE = pd.read_csv(HERE.parent / "sample.csv")
MULTIPLIERS = pd.read_csv(HERE / "multipliers.csv")
REFERENCE = pd.read_csv(HERE / "reference.csv", skipinitialspace=True)
MEASURES, DOMAINS = ["confident", "rare"], ["age", "sex", "area"]
SAMPLED_FROM = SAMPLE["stratum"].map({0: 40, 1: 30, 2: 25, 3: 20, 4: 12})
MARGINS = [
    margin("age", ["age"], {"16-34": 31000, "35-64": 45000, "65+": 24000}),
    margin(
        "area_sex",
        ["area", "sex"],
        {"north|female": 29000, "north|male": 28000, "south|female": 22000, "south|male": 21000},
    ),
]
DESIGNS = [
    *("jackknife", "jackknife:raking", "jackknife:linear", "jackknife_fpc", "jackknife_mse"),
    *("bootstrap", "bootstrap:raking", "bootstrap:linear"),
]


def classified() -> pd.DataFrame:
    return SAMPLE[DOMAINS].astype("category")


def design(name: str) -> SampleDesign:
    sampled_from = SAMPLED_FROM if name == "jackknife_fpc" else None
    return sample_design(SAMPLE["stratum"], SAMPLE["psu"], population_psus=sampled_from)


def draws(name: str) -> Draws:
    sampled = design(name)
    if name.startswith("jackknife"):
        return jackknife(sampled)
    return bootstrap(sampled, len(MULTIPLIERS.columns) - 1, stream_of(seed_of("golden", "2026-Q2")))


def rule(name: str) -> Calibration | None:
    method = name.partition(":")[2]
    return Calibration(margins=("age", "area_sex"), method=method) if method else None


def replicates(name: str) -> ReplicateWeights:
    weight, drawn, sampled = SAMPLE["weight"].to_numpy(), draws(name), design(name)
    met = None
    if calibration := rule(name):
        cells = margin_cells(classified(), MARGINS)
        met = calibrated_draws(drawn, sampled.psu, weight, cells, calibration)
    return ReplicateWeights("any", "refuse", None, 0, sampled, weight, drawn, met)


def full_sample_weights(name: str) -> np.ndarray:
    weight = SAMPLE["weight"].to_numpy()
    calibration = rule(name)
    if calibration is None:
        return weight
    return weights_by_rule(weight, margin_cells(classified(), MARGINS), calibration).weights


def expected(name: str, fn: str, statistic: str) -> pd.Series:
    rows = REFERENCE[
        (REFERENCE.design == name) & (REFERENCE.fn == fn) & (REFERENCE.statistic == statistic)
    ]
    assert len(rows) > 0
    return rows.set_index(["variable", "domain"])["value"]


def test_the_saved_multipliers_are_what_the_seed_draws():
    """R got these; a change of the random stream would change every wave's replicates."""
    drawn = draws("bootstrap").multiplier
    psu = SAMPLE["psu"].to_numpy()
    for row in range(0, len(SAMPLE), 7):
        saved = MULTIPLIERS.set_index("psu").loc[psu[row]]
        np.testing.assert_allclose(drawn[design("bootstrap").psu[row]], saved, rtol=1e-15)


@pytest.mark.parametrize("name", DESIGNS)
def test_standard_errors_of_means_are_rs(name):
    shares = replicate_shares(
        SAMPLE[MEASURES], classified(), dict.fromkeys(MEASURES, DOMAINS), replicates(name)
    )
    keys, drawn = shares.keys, draws(name)
    domain = (keys["domain"] + "=" + keys["domain_value"]).where(keys["domain"] != "all", "all")
    index = pd.MultiIndex.from_arrays([keys["measure"], domain])
    centre = None
    if name == "jackknife_mse":
        centre = expected(name, "svymean", "estimate").loc[index].to_numpy()
    variance = replicate_variance(shares.share, drawn.scale, drawn.rscales, centre)
    wanted = expected(name, "svymean", "se").loc[index]
    np.testing.assert_allclose(np.sqrt(variance), wanted, rtol=1e-8)


@pytest.mark.parametrize("name", DESIGNS)
def test_standard_errors_of_a_ratio_are_rs(name):
    y, x = (SAMPLE[column].fillna(0).to_numpy() for column in ("rare", "confident"))
    weights, full, drawn = replicates(name).weights(), full_sample_weights(name), draws(name)
    ratio = (full @ y) / (full @ x)
    centre = ratio if name == "jackknife_mse" else None
    theta = (y @ weights) / (x @ weights)
    error = np.sqrt(replicate_variance(theta, drawn.scale, drawn.rscales, centre))
    assert ratio == pytest.approx(expected(name, "svyratio", "estimate").item(), rel=1e-9)
    assert error == pytest.approx(expected(name, "svyratio", "se").item(), rel=1e-8)


@pytest.mark.parametrize("name", [name for name in DESIGNS if ":" in name])
def test_replicate_weights_are_rs(name):
    """R's jackknife leaves PSUs out by stratum, in the order of their first respondents."""
    weights = replicates(name).weights()
    for (replicate, row), weight in expected(name, "weights", "weight").items():
        column = int(replicate) - 1
        if name.startswith("jackknife"):
            left_out = SAMPLE["psu"] == column // 12 + 5 * (column % 12)
            (column,) = np.flatnonzero((weights[left_out] == 0).all(axis=0))
        found = weights[int(row) - 1, column]
        assert found == pytest.approx(weight, rel=1e-8, abs=1e-9)
