"""The California school samples under R's designs and calibrations: 01_api.csv."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd

from reference import r_only, statistics
from reference.margins import declared, margins_of
from reference.rows import inputs
from reference.samples import Sample, domain_difference, uncalibrated
from reference.statistics import Found, means_of, shares_of
from transforms.arrays import Floats
from transforms.errors import DesignError
from transforms.estimation import sample_design
from transforms.weighting import Calibrated, margin_cells, weights_by_rule
from transforms.weighting.distances import Exponential, Linear, Logit

DESIGNS = ["srs", "strat", "clus1", "clus2"]
CALIBRATIONS = {
    "poststrat_stype": (["stype"], {}),
    "rake_stype_schwide": (["stype", "sch.wide"], {}),
    "cal_linear_stype": (["stype"], {"method": "linear"}),
}
"""R's post-stratification is ours to one margin."""
NONE = (-np.inf, np.inf)


@cache
def schools(sample: str) -> pd.DataFrame:
    """One row a school; sw and aw are 1 where it met its school-wide target, or had an award."""
    people = inputs(f"api{sample}.csv", dtype={"dnum": str, "snum": str})
    types = pd.get_dummies(people["stype"], prefix="stype", prefix_sep="").astype(float)
    return people.join(types).assign(
        sw=(people["sch.wide"] == "Yes").astype(float),
        aw=(people["awards"] == "Yes").astype(float),
        growth_in_api=people["api00"] - people["api99"],
    )


def uncalibrated_samples() -> Iterator[Sample]:
    for name in DESIGNS:
        people = schools(name)
        whole = pd.Series("all", index=people.index)
        strata = people["stype"] if name == "strat" else whole
        psu = people["dnum"] if name.startswith("clus") else people["snum"]
        drawn_from = people["fpc1" if name == "clus2" else "fpc"]
        replaced = sample_design(strata, psu)
        corrected = sample_design(strata, psu, population_psus=drawn_from)
        weights = uncalibrated(people["pw"].to_numpy())
        ending = "wr" if name == "clus2" else "nofpc"
        yield Sample(f"{name}_{ending}", people, weights, replaced)
        one = Sample(f"{name}_fpc", people, weights, corrected)
        yield two_stage(one) if name == "clus2" else one


def two_stage(first: Sample) -> Sample:
    """R's variance where schools were drawn from districts that were themselves drawn.

    What is added to the variance between districts: that between schools of a district, with its
    own correction, times the share of districts drawn. Here districts stand as strata.
    """
    people = first.people
    within = sample_design(people["dnum"], people["snum"], population_psus=people["fpc2"])
    second = Sample("", people, first.calibrated, within)
    share = first.design.psus / people["fpc1"].iloc[0]

    def variances(values: Floats) -> Floats:
        return first.total_variances(values) + share * second.total_variances(values)

    return Sample(first.name, people, first.calibrated, first.design, variances)


def clustered() -> Sample:
    return next(one for one in uncalibrated_samples() if one.name == "clus1_nofpc")


def calibrated_samples() -> Iterator[Sample]:
    """R's calibrations of the one-stage sample, without correction for a finite population."""
    start = clustered()
    population = inputs("apipop.csv")
    for name, (variables, keys) in CALIBRATIONS.items():
        cells = margin_cells(
            start.people[variables].astype("category"), margins_of(population, variables)
        )
        found = weights_by_rule(start.weights, cells, declared(**keys))
        calibrated = Calibrated(start.weights, found.weights, cells, name, 1, 0.0)
        yield Sample(f"clus1:{name}", start.people, calibrated, start.design, keeps_rows=True)


def samples_calibrated_to_a_mean() -> Iterator[Sample]:
    """Calibrations to the mean of last year's index too, which ours are not, and R's trims."""
    start = clustered()
    population = inputs("apipop.csv")
    linear = None
    for name, distance, bounds in [
        ("cal_linear_stype_api99", Linear(), NONE),
        ("cal_linear_bounded", Linear(), (0.7, 1.6)),
        ("cal_raking_stype_api99", Exponential(), NONE),
        ("cal_logit_stype_api99", Logit(0.7, 1.7), NONE),
    ]:
        targets = _type_and_index(population).sum(axis=0)
        auxiliaries = _type_and_index(start.people)
        weights = r_only.calibrated_to_means(start.weights, auxiliaries, targets, distance, bounds)
        linear = weights if linear is None else linear
        yield _regressed(start, name, weights, weights)
    for name, low, high, strict in [
        ("trim_lower20_upper45", 20, 45, False),
        ("trim_upper45_strict", -np.inf, 45, True),
        ("trim_upper3xmedian_strict", -np.inf, 3 * np.median(linear), True),
    ]:
        yield _regressed(start, name, r_only.trimmed(linear, low, high, strict=strict), linear)


def _type_and_index(people: pd.DataFrame) -> Floats:
    types = [(people["stype"] == name).to_numpy(dtype=float) for name in "EHM"]
    return np.column_stack([*types, people["api99"].to_numpy(dtype=float)])


def _regressed(start: Sample, name: str, weights: Floats, calibrated: Floats) -> Sample:
    """R takes residuals of y·(trimmed/calibrated weight), then weights them as calibrated."""
    auxiliaries = _type_and_index(start.people)
    spread = Sample(name, start.people, uncalibrated(calibrated), start.design)

    def variances(values: Floats) -> Floats:
        before = values * (weights / calibrated)[:, None]
        residuals = r_only.regression_residuals(before, auxiliaries, start.weights)
        return spread.total_variances(residuals)

    return Sample(
        f"clus1:{name}", start.people, uncalibrated(weights), start.design, variances, True
    )


def found() -> Found:
    """Every number of ours that has one of R's in 01_api.csv."""
    for sample in uncalibrated_samples():
        yield from _described(sample)
        yield from _compared(sample)
        yield from statistics.svychisq(sample, "sch.wide", "stype")
    for sample in [*calibrated_samples(), *samples_calibrated_to_a_mean()]:
        yield from _described_briefly(sample)
        yield from _case_weights(sample)
    yield from _lonely()


def _described(sample: Sample) -> Found:
    name = sample.name
    means = means_of(sample, ["api00", "enroll"], ["stype"])
    # R leaves out who has no enrolment, but was given the degrees of freedom of the whole design.
    means["df"] = means["df"].mask(means["domain"] == "all", _whole_df(sample))
    types = shares_of(sample, ["stypeE", "stypeH", "stypeM"])
    targets = shares_of(sample, ["sw", "aw"], ["stype"])
    for row in _whole(pd.concat([means, types])):
        yield from statistics.svymean(name, row, row.measure, "all")
    yield (name, "svymean", "stype", "all", "degf"), types["df"].iloc[0]
    yield from statistics.svytotal(name, _only(means, "enroll"), "enroll")
    for row in _parts(pd.concat([means, targets])):
        yield from statistics.svyby(name, row, row.n)
    for _, row in targets.iterrows():
        domain = "all" if row.domain == "all" else f"subset stype={row.domain_value}"
        yield from statistics.base(name, row, row.measure, domain)
        yield from statistics.svyciprop(name, row, domain, row.n)
        yield from statistics.svymean(name, row, row.measure, domain)


def _whole(rows: pd.DataFrame) -> list[pd.Series]:
    return [row for _, row in rows.iterrows() if row.domain == "all"]


def _parts(rows: pd.DataFrame) -> list[pd.Series]:
    return [row for _, row in rows.iterrows() if row.domain != "all"]


def _only(rows: pd.DataFrame, measure: str) -> pd.Series:
    return next(row for row in _whole(rows) if row.measure == measure)


def _whole_df(sample: Sample) -> int:
    return sample.design.psus - len(sample.design.strata)


def _compared(sample: Sample) -> Found:
    """Contrasts, each as the total of its linearised variable; df are R's."""
    name, df = sample.name, _whole_df(sample)
    ratio = _ratio(sample, "api.stu", "enroll")
    yield (name, "svyratio", "api.stu/enroll", "all", "estimate"), ratio[0]
    yield (name, "svyratio", "api.stu/enroll", "all", "se"), ratio[1]
    growth = _only(means_of(sample, ["growth_in_api"]), "growth_in_api")
    paired = (name, "svycontrast_paired", "api00-api99", "all")
    yield from statistics.contrast(paired, growth.estimate, growth.standard_error, df)
    for first, second in ["EH", "EM"]:
        values = domain_difference(sample, "sw", "stype", first, second)
        key = (name, "svycontrast_domains", "sw", f"{first}-{second}")
        yield from statistics.contrast(key, *values, df)
    for item, domain in [("api00", "sch.wide"), ("sw", "awards")]:
        values = domain_difference(sample, item, domain, "Yes", "No")
        key = (name, "svyttest", f"{item} ~ {domain}", "all")
        yield from statistics.contrast(key, *values, df - 1, test=True)


def _ratio(sample: Sample, above: str, below: str) -> tuple[float, float]:
    """Return Σwa/Σwb and its standard error, of those who have both."""
    answered = ~np.isnan(sample.item(above) + sample.item(below))
    a, b = (np.where(answered, sample.item(one), 0.0) for one in (above, below))
    total = (sample.weights * b).sum()
    ratio = (sample.weights * a).sum() / total
    variance = sample.total_variances(((a - ratio * b) / total)[:, None])[0]
    return ratio, float(np.sqrt(variance))


def _described_briefly(sample: Sample) -> Found:
    name = sample.name
    means = means_of(sample, ["api00", "enroll"], ["stype"])
    target = _only(shares_of(sample, ["sw"]), "sw")
    yield from statistics.svymean(name, _only(means, "api00"), "api00", "all")
    yield from statistics.svymean(name, target, "sw", "all")
    yield from statistics.svytotal(name, _only(means, "enroll"), "enroll")
    yield from statistics.base(name, target, "sw", "all")
    yield from statistics.svyciprop(name, target, "all", target.n)
    for row in _parts(means):
        yield from statistics.svyby(name, row, row.n)


def _case_weights(sample: Sample) -> Found:
    yield from statistics.weight_summary(sample.name, sample.weights, "weights", "w", "all")
    column = sample.name.removeprefix("clus1:")
    for school, weight in zip(sample.people["snum"], sample.weights, strict=True):
        yield ("api_clus1_calibrations", "weights", column, school, "weight"), weight


def _lonely() -> Found:
    """Districts taken as strata of schools: one district has a single school."""
    people = schools("clus1")
    weights = uncalibrated(people["pw"].to_numpy())
    counts = people["dnum"].value_counts()
    yield (LONELY, "design", "strata_with_one_psu", "all", "n"), int((counts == 1).sum())
    try:
        sample_design(people["dnum"], people["snum"], "fail")
        refused = 0.0
    except DesignError:
        refused = 1.0
    yield (LONELY, "lonely.psu=fail", "api00", "all", "is_error"), refused
    for in_r, policy in POLICIES.items():
        design = sample_design(people["dnum"], people["snum"], policy)
        row = _only(means_of(Sample(LONELY, people, weights, design), ["api00"]), "api00")
        yield (LONELY, f"lonely.psu={in_r}", "api00", "all", "estimate"), row.estimate
        yield (LONELY, f"lonely.psu={in_r}", "api00", "all", "se"), row.standard_error


LONELY = "lonely strata=dnum"
POLICIES = {
    "remove": "certainty",
    "certainty": "certainty",
    "adjust": "centre",
    "average": "average",
}
"""R's policies, and ours."""
