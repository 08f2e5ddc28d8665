"""Shares of all answers, their covariance and tests of whole distributions against R's svychisq.

sample.csv and reference.csv are made by make_sample.py and reference.R (R 4.2.2, survey 4.1-1).
"""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builders import margin

from transforms.arrays import Floats, Ints
from transforms.catalogue import Calibration
from transforms.distribution import (
    CategoryTotals,
    Crosstab,
    TestResult,
    adjusted_wald,
    crosstab,
    rao_scott,
    shares_with_covariance,
    two_periods,
    wald,
)
from transforms.estimation import SampleDesign, sample_design, totals_with_covariance
from transforms.weighting import Calibrated, margin_cells, weights_by_rule

HERE = Path(__file__).parent
SAMPLE = pd.read_csv(HERE / "sample.csv")
REFERENCE = pd.read_csv(HERE / "reference.csv", skipinitialspace=True)
KEY = ["design", "fn", "variable", "domain"]
EXPECTED = {
    key: rows.set_index("statistic")["value"].to_dict() for key, rows in REFERENCE.groupby(KEY)
}
TESTS = {
    "Chisq": lambda table: rao_scott(table).first_order,
    "F": lambda table: rao_scott(table).second_order,
    "Wald": wald,
    "adjWald": adjusted_wald,
}
WEIGHTS, PERIODS, ANSWERS = ["plain", "calibrated"], ["before", "now"], ["trust", "safe"]
MARGINS = [
    margin("sex", ["sex"], {"female": 52000, "male": 48000}),
    margin("age", ["age"], {"16-34": 31000, "35-64": 45000, "65+": 24000}),
]


def people(period: str) -> pd.DataFrame:
    return SAMPLE[SAMPLE["period"] == period].reset_index(drop=True)


def codes(column: pd.Series) -> Ints:
    return pd.factorize(column, sort=True)[0].astype(np.int64)


def design(period: str) -> SampleDesign:
    return sample_design(people(period)["stratum"], people(period)["point"])


def weighted(how: str, period: str) -> Calibrated:
    weight = people(period)["weight"].to_numpy()
    if how == "plain":
        return Calibrated(weight, weight, None, "none", 0, 0.0)
    cells = margin_cells(people(period)[["sex", "age"]].astype("category"), MARGINS)
    rule = Calibration.model_validate({"margins": ["sex", "age"], "method": "linear"})
    found = weights_by_rule(weight, cells, rule)
    return Calibrated(weight, found.weights, cells, "linear", found.iterations, 0.0)


def category_totals(how: str, period: str, answer: str, domain: str) -> CategoryTotals:
    name, _, value = domain.partition("=")
    inside = (
        np.ones(len(people(period)), bool) if domain == "all" else people(period)[name] == value
    )
    code = np.where(inside, codes(people(period)[answer]), -1)
    values = (code[:, None] == np.arange(code.max() + 1)).astype(float)
    found = totals_with_covariance(values, weighted(how, period), design(period), leverage=False)
    one = design(period)
    counts = values.sum(axis=0).astype(np.int64)
    return CategoryTotals(found.totals, found.covariance, counts, one.psus - len(one.strata))


def as_one_sample(table: Crosstab) -> Crosstab:
    """R takes stacked periods as one design: one covariance, the df of both together."""
    return Crosstab(
        table.totals, table.covariances.sum(axis=0)[None], table.df.sum(keepdims=True), table.n
    )


def assert_test(table: Crosstab, rows: int, key: tuple[str, ...]) -> None:
    """`rows`: R scales X² to all rows of the data, also those without an answer."""
    design_name, statistic, answer, domain = key
    wanted = EXPECTED[design_name, f"svychisq_{statistic}", answer, domain]
    found = TESTS[statistic](table)
    if statistic == "Chisq":
        pearson = rao_scott(table).pearson * rows / table.n
        found = TestResult(pearson, found.ndf, found.ddf, found.p_value)
    ours = {"statistic": found.statistic, "ndf": found.ndf, "p": found.p_value}
    if statistic != "Chisq":
        ours["ddf"] = found.ddf
    assert ours == pytest.approx(wanted, rel=1e-8)


@pytest.mark.parametrize(("how", "period"), [*product(WEIGHTS, PERIODS)])
@pytest.mark.parametrize(
    ("answer", "domain"), [*product(ANSWERS, ["all", "sex=female", "age=65+"])]
)
def test_shares_and_their_covariance_are_rs(how, period, answer, domain):
    wanted = EXPECTED[f"{how}_{period}", "svymean", answer, domain]
    share, covariance = shares_with_covariance(category_totals(how, period, answer, domain))
    k = len(share)
    ours: dict[str, Floats] = {f"share_{i + 1}": share[i] for i in range(k)}
    ours |= {f"cov_{i + 1}_{j + 1}": covariance[i, j] for i in range(k) for j in range(i + 1)}
    assert ours == pytest.approx(wanted, rel=1e-8)


@pytest.mark.parametrize(("how", "period"), [*product(WEIGHTS, PERIODS)])
@pytest.mark.parametrize(("answer", "domain"), [*product(ANSWERS, ["sex", "age"])])
@pytest.mark.parametrize("statistic", TESTS)
def test_association_of_an_answer_and_a_domain_is_rs(how, period, answer, domain, statistic):
    row, column = codes(people(period)[domain]), codes(people(period)[answer])
    table = crosstab(row, column, weighted(how, period), design(period), leverage=False)
    key = (f"{how}_{period}", statistic, answer, domain)
    assert_test(table, len(people(period)), key)


@pytest.mark.parametrize(("how", "answer"), [*product(WEIGHTS, ANSWERS)])
@pytest.mark.parametrize("domain", ["all", "sex=female"])
@pytest.mark.parametrize("statistic", TESTS)
def test_change_between_two_periods_is_rs_of_both_stacked(how, answer, domain, statistic):
    waves = [category_totals(how, period, answer, domain) for period in PERIODS]
    table = as_one_sample(two_periods(waves, np.array([0.0, 1.0]), np.array([1.0, 0.0])))
    # Of a calibrated design R drops no row: those outside the subset have a weight of 0.
    inside = (
        SAMPLE["sex"].eq("female")
        if (how, domain) == ("plain", "sex=female")
        else SAMPLE["sex"].notna()
    )
    assert_test(table, int(inside.sum()), (how, statistic, answer, domain))


def test_every_reference_row_is_compared():
    tests = {f"svychisq_{name}" for name in TESTS}
    assert set(REFERENCE["fn"]) == tests | {"svymean"}
    within = set(product(WEIGHTS, PERIODS))
    designs = {"_".join(pair) for pair in within} | set(WEIGHTS)
    assert set(REFERENCE["design"]) == designs
