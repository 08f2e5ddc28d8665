"""Published calibrations: Kalton and Flores-Cervantes (2003), Pew 2013: 06_raking_published.csv."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from reference import r_only, statistics
from reference.margins import declared, margin, margins_from_table
from reference.rows import inputs, weights_file
from reference.samples import Sample, uncalibrated
from reference.statistics import Found, shares_of
from transforms.arrays import Floats
from transforms.catalogue import Margin
from transforms.estimation import sample_design
from transforms.weighting import Calibrated, margin_cells, weights_by_rule
from transforms.weighting.distances import Linear

TABLE = "kalton_flores_cervantes_2003"
SIMPLE, CROSSED = [("a",), ("b",)], [("a", "b")]
METHODS = {
    "A_cell_weighting": (CROSSED, {}),
    "A_cell_by_calibrate": (CROSSED, {"method": "linear"}),
    "B_raking": (SIMPLE, {}),
    "B_raking_by_calibrate": (SIMPLE, {}),
    "C_linear": (SIMPLE, {"method": "linear"}),
    "G_logit_0.5_2.2": (SIMPLE, {"method": "logit", "bounds": [0.5, 2.2]}),
    "G_truncated_linear_0.5_2.2": (SIMPLE, {"method": "truncated", "bounds": [0.5, 2.2]}),
}
PEW = ["sex", "recage", "receduc"]


def found() -> Found:
    """Every number of ours that has one of R's in 06_raking_published.csv."""
    yield from _kalton_and_flores_cervantes()
    for sample, formula in pew_samples():
        yield from _pew(sample, formula)


def _kalton_and_flores_cervantes() -> Found:
    """Their bounds are on the weights of respondents who count 1; ours on weights of mean 1."""
    table = inputs("kalton_flores_cervantes_table.csv", dtype={"a": str, "b": str})
    people = table.loc[table.index.repeat(table["sample_n"])].reset_index(drop=True)
    one = np.ones(len(people))
    mean = table["population_N"].sum() / len(people)
    for fn, (crossings, keys) in METHODS.items():
        margins = [_margin_of(table, list(variables)) for variables in crossings]
        if "bounds" in keys:
            keys = keys | {"bounds": [bound / mean for bound in keys["bounds"]]}
        cells = margin_cells(people[["a", "b"]].astype("category"), margins)
        yield from _by_cell(fn, people, weights_by_rule(one, cells, declared(**keys)).weights)
    targets = _scores(table).T @ table["population_N"].to_numpy(dtype=float)
    weights = r_only.calibrated_to_means(one, _scores(people), targets, Linear())
    yield from _by_cell("D_greg", people, weights)


def _margin_of(table: pd.DataFrame, variables: list[str]) -> Margin:
    cell = table[variables].agg(":".join, axis=1)
    return margin(variables, table["population_N"].groupby(cell).sum().to_dict())


def _scores(rows: pd.DataFrame) -> Floats:
    """1, a and b: D calibrates to the means of the row and the column number."""
    return np.column_stack([np.ones(len(rows)), rows["a"].astype(float), rows["b"].astype(float)])


def _by_cell(fn: str, people: pd.DataFrame, weights: Floats) -> Found:
    cells = "a=" + people["a"] + " b=" + people["b"]
    for cell, weight in dict(zip(cells, weights, strict=True)).items():
        yield (TABLE, fn, "weight", cell, "weight"), weight


def pew_samples() -> Iterator[tuple[Sample, str]]:
    """R's rakings to the American Community Survey, and its trims at their 5% and 95% points."""
    given = weights_file("pew_dec13_raked_to_acs").set_index("psraid")["base_weight"]
    people = inputs("pew_dec13_excerpt.csv").set_index("psraid").loc[given.index].reset_index()
    people["approves"] = (people["q1"] == "Approve").astype(float)
    totals = margins_from_table(inputs("pew_dec13_targets.csv"))
    simple = [margin([name], totals[name]) for name in PEW]
    crossed = [*simple, margin(["sex", "receduc"], totals["se"])]
    design = sample_design(pd.Series("all", index=people.index), people["psraid"])
    for base, start in [("unit_base", np.ones(len(people))), ("design_base", given.to_numpy())]:
        for margins, formula in [
            (simple, "+".join(PEW)),
            (crossed, "+".join(PEW) + "+sex:receduc"),
        ]:
            cells = margin_cells(people[PEW].astype("category"), margins)
            found = weights_by_rule(start, cells, declared()).weights
            # R's rake() takes the residuals of an unweighted regression.
            calibrated = Calibrated(np.ones(len(people)), found, cells, "raking", 1, 0.0)
            raked = Sample(f"pew_dec13 {base} raked", people, calibrated, design)
            yield raked, formula
            yield _trimmed(raked, f"pew_dec13 {base} trimmed_5_95"), formula


def _trimmed(raked: Sample, name: str) -> Sample:
    low, high = np.quantile(raked.weights, [0.05, 0.95])
    weights = r_only.trimmed(raked.weights, low, high, strict=True)

    def variances(values: Floats) -> Floats:
        return raked.total_variances(values * (weights / raked.weights)[:, None])

    return Sample(name, raked.people, uncalibrated(weights), raked.design, variances)


def _pew(sample: Sample, formula: str) -> Found:
    yield from statistics.weight_summary(sample.name, sample.weights, formula, "w", "all")
    row = shares_of(sample, ["approves"]).iloc[0]
    key = (sample.name, formula, "q1=Approve (DK in base)", "all")
    yield (*key, "estimate"), row.estimate
    yield (*key, "se"), row.standard_error
    _, base, kind = sample.name.split(" ")
    column = f"{base} {formula} {kind}"
    for person, weight in zip(sample.people["psraid"], sample.weights, strict=True):
        yield ("pew_dec13_raked_to_acs", "weights", column, str(person), "weight"), weight
