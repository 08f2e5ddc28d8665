"""Means of scores, by the functions that the pipeline runs, against R's survey package.

sample.csv and reference.csv are made by make_sample.py and reference.R (R 4.2.2, survey 4.1-1).
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builders import margin

from transforms.catalogue import Calibration, EstimationRule
from transforms.estimation import estimates_from_totals, sample_design, wave_totals
from transforms.replicates.calibrating import calibrated_draws
from transforms.replicates.draws import jackknife
from transforms.replicates.variance import replicate_shares, replicate_variance
from transforms.replicates.weights import ReplicateWeights
from transforms.weighting import Calibrated, margin_cells, rake

HERE = Path(__file__).parent
SAMPLE = pd.read_csv(HERE / "sample.csv")
REFERENCE = pd.read_csv(HERE / "reference.csv", skipinitialspace=True)
SCALES = {"trust": (0.0, 10.0), "agreement": (-2.0, 2.0)}
BREAKDOWNS = {measure: ["group"] for measure in SCALES}
ALIKE = "group=alike"
"""Where everybody gave the same score: R's standard errors there are rounding; ours are 0."""
MARGINS = [
    margin("sex", ["sex"], {"female": 103000, "male": 97000}),
    margin("age", ["age"], {"16-34": 61000, "35-64": 92000, "65+": 47000}),
]


def classified() -> pd.DataFrame:
    return SAMPLE[["group", "sex", "age"]].astype("category")


def calibrated(design: str) -> Calibrated:
    weight = SAMPLE["weight"].to_numpy()
    if design == "plain":
        return Calibrated(weight, weight, None, "none", 0, 0.0)
    cells = margin_cells(classified(), MARGINS)
    found = rake(weight, cells)
    return Calibrated(weight, found.weights, cells, "raking", found.iterations, 0.0)


def estimates(design: str) -> pd.DataFrame:
    """Our estimates by (measure, domain); R's calibrate() does not use the leverage."""
    totals = wave_totals(
        SAMPLE[list(SCALES)],
        classified(),
        calibrated(design),
        sample_design(SAMPLE["stratum"], SAMPLE["point"]),
        BREAKDOWNS,
        leverage=False,
        means=SCALES,
    )
    return by_domain(estimates_from_totals(totals, EstimationRule(), SCALES))


def by_domain(rows: pd.DataFrame) -> pd.DataFrame:
    domain = (rows["domain"] + "=" + rows["domain_value"]).where(rows["domain"] != "all", "all")
    return rows.set_index([rows["measure"].rename("variable"), domain.rename("domain")])


def expected(design: str, fn: str, statistic: str) -> pd.Series:
    chosen = (
        (REFERENCE.design == design) & (REFERENCE.fn == fn) & (REFERENCE.statistic == statistic)
    )
    values = REFERENCE[chosen].set_index(["variable", "domain"])["value"]
    assert len(values) == (8 if fn == "svyby" else 10)
    return values


@pytest.mark.parametrize("design", ["plain", "raked"])
@pytest.mark.parametrize(
    ("fn", "statistic", "column"),
    [
        ("svymean", "estimate", "estimate"),
        ("svymean", "se", "standard_error"),
        ("svymean", "deff", "deff_design"),
        ("svymean", "degf", "df"),
        ("svyby", "estimate", "estimate"),
        ("svyby", "se", "standard_error"),
    ],
)
def test_means_errors_and_design_effects_are_rs(design, fn, statistic, column):
    wanted = expected(design, fn, statistic)
    found = estimates(design)[column].loc[wanted.index]
    np.testing.assert_allclose(found, wanted, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("design", ["plain", "raked"])
@pytest.mark.parametrize("end", ["lower", "upper"])
def test_intervals_are_rs_cut_to_the_scale(design, end):
    wanted = expected(design, "confint", end)
    varied = wanted[wanted.index.get_level_values("domain") != ALIKE]
    limits = [SCALES[measure] for measure, _ in varied.index]
    cut = [np.clip(value, *scale) for value, scale in zip(varied, limits, strict=True)]
    np.testing.assert_allclose(estimates(design)[f"ci_{end}"].loc[varied.index], cut, rtol=1e-8)


def test_a_group_that_answered_alike_has_a_mean_but_no_interval():
    rows = estimates("raked").xs(ALIKE, level="domain")
    assert rows["estimate"].tolist() == pytest.approx([7.0, -1.0])
    assert rows["standard_error"].tolist() == [0.0, 0.0]
    assert rows[["ci_lower", "ci_upper", "deff_design"]].isna().all(axis=None)


@pytest.mark.parametrize("design", ["jackknife", "jackknife_raked"])
def test_standard_errors_of_replicates_are_rs(design):
    weight, sampled = SAMPLE["weight"].to_numpy(), sample_design(SAMPLE["stratum"], SAMPLE["point"])
    drawn, met = jackknife(sampled), None
    if design == "jackknife_raked":
        rule = Calibration(margins=("sex", "age"))
        cells = margin_cells(classified(), MARGINS)
        met = calibrated_draws(drawn, sampled.psu, weight, cells, rule)
    replicates = ReplicateWeights("any", "refuse", None, 0, sampled, weight, drawn, met)
    found = replicate_shares(SAMPLE[list(SCALES)], classified(), BREAKDOWNS, replicates)
    error = np.sqrt(replicate_variance(found.share, drawn.scale, drawn.rscales))
    ours = by_domain(found.keys.assign(se=error))["se"]
    for fn in ("svymean", "svyby"):
        wanted = expected(design, fn, "se")
        np.testing.assert_allclose(ours.loc[wanted.index], wanted, rtol=1e-8, atol=1e-12)
