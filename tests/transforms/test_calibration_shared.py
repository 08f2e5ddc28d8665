"""Weights against R's on the shared reference files, where they lie beside the repository.

Left out: R calibrations to the mean of a continuous variable (`*_api99`, `cal_linear_bounded`) and
R's own trims, which miss the margins (`trim_*`, `raked_trimmed_0.3_3`, `trimmed_5_95`): not built;
`rake_default_control`, which R stops early.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from transforms.catalogue import Calibration, ControlTotal, Margin
from transforms.weighting import MarginCells, margin_cells, weights_by_rule

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
INPUTS, WEIGHTS = REFERENCE / "inputs", REFERENCE / "expected" / "weights"
pytestmark = pytest.mark.skipif(not REFERENCE.exists(), reason="../shared is not here")


def margin(variables: tuple[str, ...], populations: Mapping[str, float]) -> Margin:
    """A margin of R's categories, whose names are no names of ours: not checked."""
    cells = [
        ControlTotal.model_construct(
            category=tuple(category.split(":")),
            population=population,
            source="R",
            reference_date=date(2026, 1, 1),
        )
        for category, population in populations.items()
    ]
    return Margin.model_construct(
        name="_".join(variables), variables=variables, control_totals=tuple(cells)
    )


def weights(base: pd.Series, cells: MarginCells, **keys: Any) -> np.ndarray:
    rule = Calibration.model_validate({"margins": ["a"], **keys})
    return weights_by_rule(base.to_numpy(dtype=float), cells, rule).weights


@pytest.mark.parametrize(
    ("column", "variables", "keys"),
    [
        ("poststrat_stype", ["stype"], {}),
        ("cal_linear_stype", ["stype"], {"method": "linear"}),
        ("rake_stype_schwide", ["stype", "sch.wide"], {}),
    ],
)
def test_california_schools(column, variables, keys):
    schools = pd.read_csv(INPUTS / "apipop.csv")
    wanted = pd.read_csv(WEIGHTS / "api_clus1_calibrations.csv")
    margins = [margin((name,), schools[name].value_counts().to_dict()) for name in variables]
    cells = margin_cells(wanted[variables].astype("category"), margins)
    found = weights(wanted["base"], cells, **keys)
    np.testing.assert_allclose(found, wanted[column], rtol=1e-8)


@pytest.mark.parametrize(
    ("column", "keys"),
    [
        ("raked", {}),
        ("linear", {"method": "linear"}),
        ("logit", {"method": "logit", "bounds": [0.5, 2]}),
    ],
)
def test_crime_survey_to_the_profile_of_the_earlier_one(column, keys):
    people = pd.read_csv(INPUTS / "uk_two_waves_harmonised.csv").query("wave == '2013-14'")
    targets = pd.read_csv(INPUTS / "uk_rake_targets_from_wave1.csv")
    wanted = pd.read_csv(WEIGHTS / "csew1314_raked_to_bcs0708.csv")
    margins = [
        margin((name,), dict(zip(part["category"], part["target_total"], strict=True)))
        for name, part in targets.groupby("variable")
    ]
    matched = people.set_index("rowlabel").loc[wanted["rowlabel"]].reset_index()
    cells = margin_cells(matched[[one.name for one in margins]].astype("category"), margins)
    found = weights(wanted["base"], cells, **keys)
    np.testing.assert_allclose(found, wanted[column], rtol=1e-8)


@pytest.mark.parametrize("crossed", [False, True])
@pytest.mark.parametrize("base", ["unit_base", "design_base"])
def test_pew_to_the_american_community_survey(base, crossed):
    wanted = pd.read_csv(WEIGHTS / "pew_dec13_raked_to_acs.csv").set_index("psraid")
    people = pd.read_csv(INPUTS / "pew_dec13_excerpt.csv").set_index("psraid").loc[wanted.index]
    targets = pd.read_csv(INPUTS / "pew_dec13_targets.csv")
    totals = {
        name: dict(zip(part["category"], part["target_total"], strict=True))
        for name, part in targets.groupby("variable")
    }
    margins = [margin((name,), totals[name]) for name in ("sex", "recage", "receduc")]
    design = f"{base} sex+recage+receduc"
    if crossed:
        margins.append(margin(("sex", "receduc"), totals["se"]))
        design += "+sex:receduc"
    cells = margin_cells(people[["sex", "recage", "receduc"]].astype("category"), margins)
    start = wanted["base_weight"] if base == "design_base" else wanted["base_weight"] * 0 + 1
    np.testing.assert_allclose(weights(start, cells), wanted[f"{design} raked"], rtol=1e-8)


@pytest.mark.parametrize(
    ("fn", "keys"),
    [
        ("B_raking_by_calibrate", {}),
        ("C_linear", {"method": "linear"}),
        ("G_logit_0.5_2.2", {"method": "logit", "bounds": [0.5, 2.2]}),
        ("G_truncated_linear_0.5_2.2", {"method": "truncated", "bounds": [0.5, 2.2]}),
    ],
)
def test_kalton_and_flores_cervantes(fn, keys):
    """Their bounds are on the weights of respondents who count 1; ours on weights of mean 1."""
    table = pd.read_csv(INPUTS / "kalton_flores_cervantes_table.csv", dtype={"a": str, "b": str})
    published = pd.read_csv(REFERENCE / "expected" / "06_raking_published.csv")
    wanted = published[published["fn"] == fn].set_index("domain")["value"]
    people = table.loc[table.index.repeat(table["sample_n"])].reset_index(drop=True)
    margins = [margin((v,), table.groupby(v)["population_N"].sum().to_dict()) for v in "ab"]
    mean = table["population_N"].sum() / len(people)
    if "bounds" in keys:
        keys = keys | {"bounds": [bound / mean for bound in keys["bounds"]]}
    cells = margin_cells(people[["a", "b"]].astype("category"), margins)
    found = weights(pd.Series(1.0, index=people.index), cells, **keys)
    cell = "a=" + people["a"] + " b=" + people["b"]
    np.testing.assert_allclose(found, wanted.loc[cell], rtol=1e-8)
