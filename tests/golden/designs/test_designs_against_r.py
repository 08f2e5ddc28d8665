"""Seven shapes of survey against R's survey package, each from its weights to its tests.

samples.csv and reference.csv are made by make_samples.py and reference.R (R 4.2.2, survey 4.1-1);
designs.csv says how each survey is calibrated and what becomes of a lonely point.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builders import margin

from transforms.catalogue import Calibration, EstimationRule
from transforms.distribution import adjusted_wald, crosstab, rao_scott, wald
from transforms.estimation import (
    SampleDesign,
    estimates_from_totals,
    sample_design,
    totals_with_covariance,
    wave_totals,
)
from transforms.replicates import (
    ReplicateWeights,
    calibrated_draws,
    jackknife,
    replicate_shares,
    replicate_variance,
)
from transforms.weighting import Calibrated, MarginCells, margin_cells, weights_by_rule

HERE = Path(__file__).parent
SAMPLES = pd.read_csv(HERE / "samples.csv")
DESIGNS = pd.read_csv(HERE / "designs.csv", keep_default_na=False).set_index("survey")
REFERENCE = pd.read_csv(HERE / "reference.csv")
MEASURES, DOMAINS = ["trusts", "victim"], ["age", "area", "place"]
COLUMNS = {
    "estimate": "estimate",
    "standard_error": "se",
    "df": "df",
    "unweighted_base": "n",
    "effective_base": "kish",
    "deff_design": "deff",
    "y": "total",
    **{name: name for name in ("cov_y_force_y", "cov_y_force_x", "cov_x_force_y", "cov_x_force_x")},
}
"""Ours, and the name in reference.csv."""

Key = tuple[str, str, str]
Found = Iterator[tuple[Key, float]]


@dataclass(frozen=True)
class Survey:
    people: pd.DataFrame
    design: SampleDesign
    cells: MarginCells | None
    rule: Calibration | None
    calibrated: Calibrated

    @property
    def classified(self) -> pd.DataFrame:
        return self.people[DOMAINS].astype("category")

    def totals(self, *, leverage: bool) -> pd.DataFrame:
        return wave_totals(
            self.people[MEASURES],
            self.classified,
            self.calibrated,
            self.design,
            dict.fromkeys(MEASURES, DOMAINS),
            leverage=leverage,
        )


def survey(name: str) -> Survey:
    people = SAMPLES[SAMPLES["survey"] == name].reset_index(drop=True)
    declared = DESIGNS.loc[name]
    drawn_from = people["drawn_from"] if declared["corrected"] == "yes" else None
    lonely = declared["lonely_in_r"]  # these policies have the same names
    design = sample_design(people["stratum"], people["point"], lonely, drawn_from)
    weight = people["weight"].to_numpy()
    if declared["method"] == "none":
        return Survey(people, design, None, None, Calibrated(weight, weight, None, "none", 0, 0.0))
    margins = [_margin(people, crossed.split("*")) for crossed in declared["margins"].split()]
    cells = margin_cells(people[["age", "sex", "area"]].astype("category"), margins)
    bounds = [float(end) for end in declared["bounds"].split()] or None
    keys = {"margins": ["any"], "method": declared["method"], "bounds": bounds}
    rule = Calibration.model_validate(keys)
    found = weights_by_rule(weight, cells, rule)
    calibrated = Calibrated(weight, found.weights, cells, rule.method, found.iterations, 0.0)
    return Survey(people, design, cells, rule, calibrated)


def _margin(people: pd.DataFrame, variables: list[str]):
    category = people[variables].agg("|".join, axis=1)
    return margin("_".join(variables), variables, people["aim"].groupby(category).sum().to_dict())


def ours(name: str) -> dict[Key, float]:
    one = survey(name)
    numbered = enumerate(one.calibrated.weights, start=1)
    found: dict[Key, float] = {("weight", str(n), "weight"): weight for n, weight in numbered}
    for part in (_described, _with_leverage, _differences, _tests, _jackknife):
        found |= dict(part(one))
    return found


def _described(one: Survey) -> Found:
    """R's calibrate() does not scale residuals by their leverage."""
    totals = one.totals(leverage=False)
    for interval in ("logit", "wilson", "korn_graubard"):
        estimates = estimates_from_totals(totals, EstimationRule(interval=interval))
        for variable, domain, row in _rows(totals.join(estimates[_beside(estimates, totals)])):
            for end in ("lower", "upper"):
                yield (variable, domain, f"{interval}_{end}"), row[f"ci_{end}"]
            for column, statistic in COLUMNS.items():
                yield (variable, domain, statistic), row[column]


def _beside(estimates: pd.DataFrame, totals: pd.DataFrame) -> list[str]:
    return [column for column in estimates if column not in totals.columns]


def _rows(frame: pd.DataFrame) -> Iterator[tuple[str, str, pd.Series]]:
    for _, row in frame.iterrows():
        domain = "all" if row["domain"] == "all" else f"{row['domain']}={row['domain_value']}"
        yield row["measure"], domain, row


def _with_leverage(one: Survey) -> Found:
    estimates = estimates_from_totals(one.totals(leverage=True), EstimationRule())
    for variable, domain, row in _rows(estimates):
        yield (variable, domain, "se_with_leverage"), row["standard_error"]


def _differences(one: Survey) -> Found:
    answered, y = one.people["trusts"].notna(), one.people["trusts"].fillna(0)
    for by, first, second in [("age", "65+", "16-34"), ("area", "east", "south")]:
        x = [(one.people[by] == value) & answered for value in (first, second)]
        values = np.column_stack([y * x[0], x[0], y * x[1], x[1]]).astype(float)
        found = totals_with_covariance(values, one.calibrated, one.design, leverage=False)
        (ya, xa, yb, xb), name = found.totals, f"{first} less {second}"
        slope = np.array([1 / xa, -ya / xa**2, -1 / xb, yb / xb**2])
        yield ("trusts", name, "difference"), ya / xa - yb / xb
        yield ("trusts", name, "se"), np.sqrt(slope @ found.covariance @ slope)


def _tests(one: Survey) -> Found:
    codes = (pd.factorize(one.people[name], sort=True)[0] for name in ("age", "answer"))
    table = crosstab(*codes, one.calibrated, one.design, leverage=False)
    tested = rao_scott(table)
    results = {
        "F": (tested.second_order.statistic, tested.second_order.p_value),
        "Chisq": (tested.pearson, tested.first_order.p_value),
        "Wald": (wald(table).statistic, wald(table).p_value),
        "adjWald": (adjusted_wald(table).statistic, adjusted_wald(table).p_value),
    }
    for test, (statistic, p_value) in results.items():
        yield ("answer", "by age", test), statistic
        yield ("answer", "by age", f"{test}_p"), p_value


def _jackknife(one: Survey) -> Found:
    draws, weight, met = jackknife(one.design), one.calibrated.design_weight, None
    if one.cells is not None and one.rule is not None:
        met = calibrated_draws(draws, one.design.psu, weight, one.cells, one.rule)
    replicates = ReplicateWeights("jackknife", "refuse", None, 0, one.design, weight, draws, met)
    found = replicate_shares(
        one.people[MEASURES], one.classified, dict.fromkeys(MEASURES, DOMAINS), replicates
    )
    error = np.sqrt(replicate_variance(found.share, draws.scale, draws.rscales))
    for variable, domain, row in _rows(found.keys.assign(error=error)):
        yield (variable, domain, "jackknife_se"), row["error"]


@pytest.mark.parametrize("name", DESIGNS.index)
def test_every_figure_is_rs(name):
    """To 1e-8 relative; of covariances 1e-12 of the largest is rounding: margins explain some."""
    rows = REFERENCE[REFERENCE["survey"] == name]
    keys = rows[["variable", "domain", "statistic"]].itertuples(index=False, name=None)
    found = ours(name)
    compared = rows.assign(ours=[found[key] for key in keys])
    largest = rows["value"].abs().groupby(rows["statistic"]).transform("max")
    rounding = np.where(rows["statistic"].str.startswith("cov_"), 1e-12 * largest, 0.0)
    apart = (compared["ours"] - compared["value"]).abs() > 1e-8 * rows["value"].abs() + rounding
    missing = compared["ours"].isna()
    assert not (apart | missing).any(), compared[apart | missing].head(20).to_string()


@pytest.mark.parametrize("name", DESIGNS.index)
def test_r_was_asked_for_every_statistic(name):
    """None is compared in one survey only because the others lack it."""
    found = set(REFERENCE.query("survey == @name")["statistic"])
    assert set(COLUMNS.values()) | {"wilson_lower", "korn_graubard_upper", "F_p"} <= found
    assert ("jackknife_se" in found) == (DESIGNS.loc[name, "lonely_in_r"] != "average")
    assert ("se_with_leverage" in found) == (DESIGNS.loc[name, "method"] != "none")
