"""The surveys that come with the program: their figures, and that they can be run."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builders import raw_return, shared

from transforms.catalogue import Survey
from transforms.classify import classify
from transforms.decode import decode
from transforms.identify import identify_wave
from transforms.indicators import indicators
from transforms.simulation import simulate_wave, truth
from transforms.simulation.population import ADULTS, simulated_population
from transforms.weighting import calibrate
from warehouse.declaration import load_survey
from warehouse.returns import read_return

ADULTS_MID_2022 = {
    "birmingham": 899_315,
    "coventry": 282_949,
    "dudley": 263_607,
    "sandwell": 268_354,
    "solihull": 175_330,
    "walsall": 224_710,
    "wolverhampton": 211_159,
}
"""ONS mid-2022 population estimates, 16 and over, edition of 15 July 2024."""

LIVE_CHAT = ("live_chat_aware", "live_chat_used", "live_chat_satisfaction")


@pytest.fixture(scope="module")
def west_midlands() -> Survey:
    return load_survey("west_midlands")


@pytest.fixture(scope="module")
def crime_survey() -> Survey:
    return load_survey("crime_survey_teaching")


def margin_frame(survey: Survey, name: str) -> pd.Series:
    margin = survey.margins[name]
    cells = pd.DataFrame([c.category for c in margin.control_totals], columns=margin.variables)
    return cells.assign(population=[c.population for c in margin.control_totals]).set_index(
        list(margin.variables)
    )["population"]


# West Midlands


def test_the_margins_are_the_published_figures(west_midlands):
    for name in ("area_age", "area_sex"):
        assert margin_frame(west_midlands, name).groupby("area").sum().to_dict() == ADULTS_MID_2022
    assert {margin.total for margin in west_midlands.margins.values()} == {2_325_424}


def test_some_cells_are_the_published_ones(west_midlands):
    by_age = margin_frame(west_midlands, "area_age")
    by_sex = margin_frame(west_midlands, "area_sex")
    assert by_age["birmingham", "25-34"] == 168_418
    assert by_sex["birmingham", "female"] == 462_104


def test_the_census_classification_is_rescaled_and_says_so(west_midlands):
    """TS062 counts 584,178 in managerial occupations among 2,301,056."""
    rescaled = margin_frame(west_midlands, "nssec")
    assert rescaled["managerial"] == round(584_178 * 2_325_424 / 2_301_056)
    for cell in west_midlands.margins["nssec"].control_totals:
        assert "rescaled from its total 2,301,056" in cell.source


def test_the_margins_agree_with_the_shared_figures(west_midlands):
    adults = pd.read_csv(shared("population", "adults_age_sex_lad.csv"))
    band = adults["age_band"].replace(
        {"16-17": "16-24", "18-24": "16-24", "75-84": "75+", "85+": "75+"}
    )
    area = adults["area_name"].str.lower()
    for name, second in (("area_age", band), ("area_sex", adults["sex"])):
        published = adults["population"].groupby([area, second]).sum()
        assert margin_frame(west_midlands, name).to_dict() == published.to_dict()


def test_nothing_claims_to_be_the_real_plan(west_midlands):
    assert west_midlands.about.simulated
    assert "illustrative" in west_midlands.about.illustrative
    assert "Open Government Licence" in " ".join(west_midlands.about.sources)
    required = {kpi.required_direction for kpi in west_midlands.kpis.values()}
    assert required == {"increase", "decrease"}
    assert {kpi.judged for kpi in west_midlands.kpis.values()} == {"baseline"}
    assert {tuple(kpi.judged_by) for kpi in west_midlands.kpis.values()} == {("area",)}


def test_live_chat_is_routed_and_criminal_damage_is_asked_of_everyone(west_midlands):
    items = west_midlands.items
    assert [list(items[name].asked_if) for name in LIVE_CHAT] == [[], *([n] for n in LIVE_CHAT[:2])]
    assert not items["criminal_damage_problem"].asked_if
    assert west_midlands.kpis["criminal_damage"].required_direction == "decrease"


def test_missing_codes_differ_between_items(west_midlands):
    declared = {tuple(i.missing) for i in west_midlands.items.values() if i.missing}
    assert len(declared) >= 8
    valid_somewhere = {code for item in west_midlands.items.values() for code in item.codes}
    missing_somewhere = {code for item in west_midlands.items.values() for code in item.missing}
    assert {3, 4, 5, 8, 9} <= valid_somewhere & missing_somewhere


def test_every_area_carries_its_ons_code(west_midlands):
    areas = dict(west_midlands.domains["area"].values)
    codes = [area.area_code for area in areas.values()]
    assert codes == [f"E080000{number}" for number in range(25, 32)]
    assert codes == [code.area_code for code in west_midlands.items["area"].codes.values()]


def test_the_simulated_population_is_the_margins_and_its_addresses_are_plausible(west_midlands):
    """The census counts 1,131,760 households in the seven boroughs (TS054)."""
    population = simulated_population(west_midlands)
    by_area = population.summed_to(["area"], population.adults)
    assert by_area == pytest.approx(list(ADULTS_MID_2022.values()))
    by_adults = population.summed_to([ADULTS], population.adults)
    addresses = (by_adults / np.array(population.axis(ADULTS).categories)).sum()
    assert addresses == pytest.approx(1_131_760, rel=0.05)


def test_a_simulated_quarter_decodes_calibrates_and_fills_every_measure(west_midlands):
    simulated = simulate_wave(west_midlands, "2028-Q1", seed=3)
    raw = raw_return(simulated.rows, file_name="west_midlands_2028-Q1.sav")
    assert identify_wave(raw, west_midlands).name == "2028-Q1"
    responses = decode(raw, west_midlands, "2028-Q1")
    people = responses.respondents
    assert len(people) == pytest.approx(2800, abs=200)
    assert people.groupby("stratum")["psu"].nunique().between(2, 40).all()
    assert people["stratum"].nunique() == 21
    assert people["psu"].nunique() == 280
    weights = calibrate(
        people["design_weight"].to_numpy(float), classify(responses, west_midlands), west_midlands
    ).weights
    answers = indicators(responses, west_midlands)
    true_shares = truth(west_midlands, "2028-Q1").query("domain == 'all'").set_index("measure")
    for measure, answer in answers.items():
        asked = answer.notna()
        share = np.average(answer[asked], weights=weights[asked])
        spread = np.sqrt(share * (1 - share) * 2.5 / asked.sum())  # a design effect of 2.5
        assert abs(share - true_shares.loc[measure, "true_value"]) < 4 * spread


def test_the_truth_covers_every_measure_and_domain_in_every_wave(west_midlands):
    for wave in ("2026-Q2", "2028-Q1"):
        shares = truth(west_midlands, wave)
        expected = {
            (name, domain, value)
            for name, measure in west_midlands.measures.items()
            for domain in measure.by
            for value in tuple(west_midlands.domains[domain].values)
        } | {(name, "all", "all") for name in west_midlands.measures}
        assert set(shares.set_index(["measure", "domain", "domain_value"]).index) == expected
        assert shares["true_value"].between(0.002, 0.99).all()


# Crime survey


def test_the_crime_survey_has_two_waves_and_no_simulation(crime_survey):
    assert [wave.name for wave in crime_survey.waves] == ["2007-08", "2013-14"]
    assert crime_survey.simulation is None
    assert not crime_survey.about.simulated
    assert crime_survey.about.calibration is None
    assert crime_survey.about.estimation.interval == "logit"
    cited = " ".join(crime_survey.about.sources)
    assert "SN 6891" in cited and "SN 8011" in cited


@pytest.mark.parametrize(
    ("file", "wave", "left_out"),
    [
        ("bcs0708/bcs_2007_8_teaching_data.tab", "2007-08", 16),
        ("csew1314/csew1314teachingopen.sav", "2013-14", 0),
    ],
)
def test_the_real_files_give_r_s_bases_and_estimates(crime_survey, file, wave, left_out):
    raw = read_return(shared("returns", *Path(file).parts))
    assert identify_wave(raw, crime_survey).name == wave
    responses = decode(raw, crime_survey, wave)
    assert responses.left_out_rows == left_out
    found = _shares_by_domain(crime_survey, responses)
    reference = _reference(wave).loc[found.index]
    assert len(found) == 8 * (2 + 7 + 2)
    assert found["n"].tolist() == reference["n_unweighted"].tolist()
    assert found["estimate"].to_numpy() == pytest.approx(reference["estimate"], rel=1e-12)


def _shares_by_domain(survey, responses) -> pd.DataFrame:
    weight = responses.respondents["design_weight"]
    classified = classify(responses, survey)
    rows = {}
    for measure, answer in indicators(responses, survey).items():
        for domain in survey.measures[measure].by:
            for value in tuple(survey.domains[domain].values):
                here = answer.notna() & (classified[domain] == value)
                share = np.average(answer[here], weights=weight[here])
                rows[measure, f"{domain}={value}"] = (int(here.sum()), share)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["n", "estimate"])


def _reference(wave: str) -> pd.DataFrame:
    results = pd.read_csv(shared("reference", "expected", "02_uk_bcs_csew.csv"))
    of_domains = results.query(f"design == 'wave {wave}' and fn == 'svyby_mean'")
    return of_domains.pivot_table("value", ["variable", "domain"], "statistic")
