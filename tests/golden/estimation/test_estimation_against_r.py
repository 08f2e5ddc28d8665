"""Finite population correction, lonely PSUs, scores and sparse domains against R's survey package.

sample.csv and reference.csv are made by make_sample.py and reference.R (R 4.2.2, survey 4.1-1).
"""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builders import margin

from transforms.catalogue import Calibration
from transforms.errors import DesignError
from transforms.estimation import (
    LonelyPsuPolicy,
    SampleDesign,
    TotalsWithCovariance,
    sample_design,
    totals_with_covariance,
    wave_totals,
)
from transforms.weighting import Calibrated, margin_cells, weights_by_rule

HERE = Path(__file__).parent
SAMPLE = pd.read_csv(HERE / "sample.csv")
REFERENCE = pd.read_csv(HERE / "reference.csv", skipinitialspace=True)
POLICY_IN_R: dict[str, LonelyPsuPolicy] = {
    "adjust": "centre",
    "certainty": "certainty",
    "remove": "certainty",
    "average": "average",
}
DESIGNS = ["_".join(pair) for pair in product(["plain", "fpc", "fpc_calibrated"], POLICY_IN_R)]
DOMAINS = ["all", "group=large", "group=rare", "group=small"]
MARGINS = [
    margin("sex", ["sex"], {"female": 52000, "male": 48000}),
    margin("group", ["group"], {"large": 64000, "rare": 9000, "small": 27000}),
]


def design(name: str) -> SampleDesign:
    population = SAMPLE["population_psus"] if name.startswith("fpc") else None
    policy = POLICY_IN_R[name.rpartition("_")[2]]
    return sample_design(SAMPLE["stratum"], SAMPLE["point"], policy, population)


def calibrated(name: str) -> Calibrated:
    weight = SAMPLE["weight"].to_numpy()
    if "calibrated" not in name:
        return Calibrated(weight, weight, None, "none", 0, 0.0)
    cells = margin_cells(SAMPLE[["sex", "group"]].astype("category"), MARGINS)
    rule = Calibration.model_validate({"margins": ["sex", "group"], "method": "linear"})
    found = weights_by_rule(weight, cells, rule)
    return Calibrated(weight, found.weights, cells, "linear", found.iterations, 0.0)


def in_domain(domain: str) -> np.ndarray:
    return np.asarray((SAMPLE["group"] == domain.removeprefix("group=")) | (domain == "all"))


def compared(name: str) -> list[str]:
    """The domains in which our policy is R's.

    Averaging, R counts the strata of an uncalibrated design by the domain's rows, and of a
    calibrated one by all rows. We count all, so that domains' variances and covariances add up.
    """
    return ["all"] if name in ("plain_average", "fpc_average") else DOMAINS


def totals(name: str, variable: str, domain: str) -> TotalsWithCovariance:
    base = in_domain(domain) & SAMPLE[variable].notna().to_numpy()
    y = SAMPLE[variable].fillna(0).to_numpy() * base
    values = np.column_stack([y, base])
    # R's calibrate() does not scale residuals by their leverage.
    return totals_with_covariance(values, calibrated(name), design(name), leverage=False)


def r(name: str, fn: str, variable: str, domain: str) -> pd.Series:
    chosen = (
        (REFERENCE.design == name)
        & (REFERENCE.fn == fn)
        & (REFERENCE.variable == variable)
        & (REFERENCE.domain == domain)
    )
    return REFERENCE[chosen].set_index("statistic")["value"]


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("variable", ["trusts", "score"])
def test_means_and_totals_and_their_errors_are_rs(name, variable):
    for domain in compared(name):
        found = totals(name, variable, domain)
        total, mean = r(name, "svytotal", variable, domain), r(name, "svymean", variable, domain)
        ours = (found.totals[0], np.sqrt(found.covariance[0, 0]), *found.ratio(0, 1))
        wanted = (total["estimate"], total["se"], mean["estimate"], mean["se"])
        assert ours == pytest.approx(wanted, rel=1e-8)


@pytest.mark.parametrize("name", DESIGNS)
def test_the_covariance_of_two_totals_is_rs(name):
    values = SAMPLE[["trusts", "score"]].fillna(0).to_numpy()
    found = totals_with_covariance(values, calibrated(name), design(name), leverage=False)
    wanted = r(name, "svytotal", "trusts and score", "all")["covariance"]
    assert found.covariance[0, 1] == pytest.approx(wanted, rel=1e-8)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_waves_totals_have_rs_degrees_of_freedom_and_errors(name):
    frame = wave_totals(
        SAMPLE[["trusts"]],
        SAMPLE[["group"]].astype("category"),
        calibrated(name),
        design(name),
        {"trusts": ["group"]},
        leverage=False,
    )
    rows = dict(zip(DOMAINS, frame.itertuples(), strict=True))
    for domain in compared(name):
        total = r(name, "svytotal", "trusts", domain)
        assert np.sqrt(rows[domain].var_y) == pytest.approx(total["se"], rel=1e-8)
        assert rows[domain].df == r(name, "svymean", "trusts", domain)["degf"]


def test_a_lonely_point_is_refused_where_no_policy_is_declared():
    """Stratum 5 drew one point of 30; stratum 6 has one point in all, so nothing was left out."""
    with pytest.raises(DesignError, match="Stratum 5 holds a single sampling point"):
        sample_design(SAMPLE["stratum"], SAMPLE["point"], "fail", SAMPLE["population_psus"])
