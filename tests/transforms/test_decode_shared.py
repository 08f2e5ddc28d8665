"""The two real returns, decoded by their declaration, give the bases and means that R gives.

Source: ../shared/reference/expected/02_uk_bcs_csew.csv, R 4.2.2 with survey 4.1-1.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from builders import shared

from transforms.classify import classify
from transforms.decode import decode
from transforms.identify import identify_wave
from transforms.indicators import indicators
from warehouse.declaration import load_survey
from warehouse.returns import read_return

FOLDER = Path(__file__).resolve().parents[2] / "surveys" / "crime_survey_teaching"
RETURNS = ("bcs0708/bcs_2007_8_teaching_data.tab", "csew1314/csew1314teachingopen.sav")
DOMAINS = ("sex", "age_band", "rural")


def respondents_of(name: str) -> pd.DataFrame:
    """One row a respondent: weight, domains, indicators; and the wave in `attrs`."""
    survey = load_survey(FOLDER)
    raw = read_return(shared("returns", *name.split("/")))
    responses = decode(raw, survey, identify_wave(raw, survey).name)
    frames = [responses.respondents, classify(responses, survey), indicators(responses, survey)]
    respondents = pd.concat(frames, axis="columns")
    respondents.attrs = {"wave": responses.wave, "left_out": responses.left_out_rows}
    return respondents


@pytest.fixture(scope="module")
def waves() -> Mapping[str, pd.DataFrame]:
    decoded = [respondents_of(name) for name in RETURNS]
    return {respondents.attrs["wave"]: respondents for respondents in decoded}


@pytest.fixture(scope="module")
def reference(waves) -> pd.DataFrame:
    """One row a figure that decoding alone decides: a base, a sum of weights, a mean."""
    figures = pd.read_csv(shared("reference", "expected", "02_uk_bcs_csew.csv"))
    figures["wave"] = figures["design"].str.removeprefix("wave ")
    known = figures["design"].str.startswith("wave ") & figures["variable"].isin(waves["2007-08"])
    by = figures["domain"].str.partition("=")[0].isin(("all", *DOMAINS))
    stated = figures["statistic"].isin(("n_unweighted", "sum_weights", "estimate"))
    direct = figures["fn"].isin(("base", "svymean", "svyby_mean"))
    return figures[known & by & stated & direct]


def test_rows_and_rows_without_a_weight(waves):
    assert {wave: len(respondents) for wave, respondents in waves.items()} == {
        "2007-08": 11_676 - 16,
        "2013-14": 8_843,
    }
    assert waves["2007-08"].attrs["left_out"] == 16


def test_bases_and_weighted_means_are_those_of_r(waves, reference):
    assert len(reference) > 400
    for figure in reference.itertuples():
        respondents = waves[figure.wave]
        domain, _, value = figure.domain.partition("=")
        inside = respondents[figure.variable].notna()
        if domain != "all":
            inside &= respondents[domain] == value
        weight = respondents.loc[inside, "design_weight"]
        indicator = respondents.loc[inside, figure.variable]
        found = {
            "n_unweighted": len(weight),
            "sum_weights": weight.sum(),
            "estimate": (weight * indicator).sum() / weight.sum(),
        }[figure.statistic]
        assert found == pytest.approx(figure.value, rel=1e-12), figure
