"""A wave of a main sample and a boost, trimmed and with imputed values, through the whole run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from offices import Ended, Office, current, tables

from transforms.samples import as_sampled
from transforms.simulation import simulate_wave
from transforms.weighting import effective_base
from warehouse.declaration import load_survey
from warehouse.new_survey import write_skeleton

WAVE, LATER = "2026-Q2", "2026-Q3"
SAMPLES = r"""
samples:
  main: {file_name: 'main_(?P<wave>20\d\d-Q[1-4])'}
  boost:
    file_name: 'boost_(?P<wave>20\d\d-Q[1-4])'
    covers: {area: north}
    weight: [boost_factor]
    minimum_rows: 20
    waves: [2026-Q2]
    required: REQUIRED
calibration:
  trim: {ratio_to_mean: [0.3, 2.7]}
  missing_margin_value: impute
"""
REFUSED = 9
CHANGES = {
    "survey.yaml": [
        ("\ncalibration:\n", SAMPLES),
        ("\n# replicates:\n", "\nreplicates: {count: 60}\n"),
    ],
    "questionnaire.yaml": [
        (
            "\n  sex:\n    label: Sex\n",
            "\n  boost_factor: {label: Boost factor, type: number, variable: WTBOOST}\n"
            "  sex:\n    label: Sex\n    missing:\n      9: {reason: refused, label: Refused}\n",
        )
    ],
}


def declare(folder: Path, *, required: bool) -> Path:
    """The new survey with a boost of its north."""
    survey = write_skeleton("boosted", folder)
    for file, changes in CHANGES.items():
        text = (survey / file).read_text(encoding="utf-8")
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new.replace("REQUIRED", str(required).lower()))
        (survey / file).write_text(text, encoding="utf-8")
    return survey


def main_rows(folder: Path, wave: str, seed: int = 1) -> pd.DataFrame:
    """What the main sample answered; three did not give their sex."""
    survey = load_survey(str(folder))
    rows = simulate_wave(as_sampled(survey, "main"), wave, seed).rows
    rows.loc[[2, 30, 99], "Q1"] = REFUSED
    return rows


def boost_rows(folder: Path, seed: int = 7) -> pd.DataFrame:
    """Two hundred more of the north, with the main sample's serials and points, in another unit."""
    rows = main_rows(folder, WAVE, seed).query("AREA == 1").head(200).reset_index(drop=True)
    factor = rows["WTADDR"] * rows["NADULTS"] / 1000
    return rows.drop(columns=["WTADDR", "NADULTS"]).assign(WTBOOST=factor)


def write(rows: pd.DataFrame, path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    pyreadstat.write_sav(rows, path, file_label="SIMULATED")
    return path


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return declare(tmp_path_factory.mktemp("required"), required=True)


@pytest.fixture(scope="module")
def files(survey: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("returns")
    boost = boost_rows(survey)
    outside = boost.assign(AREA=np.where(boost.index < 2, 2.0, boost["AREA"]))
    return {
        "main": write(main_rows(survey, WAVE), folder / f"main_{WAVE}.sav"),
        "boost": write(boost, folder / f"boost_{WAVE}.sav"),
        "again": write(boost_rows(survey, 8), folder / "again" / f"boost_{WAVE}.sav"),
        "outside": write(outside, folder / "outside" / f"boost_{WAVE}.sav"),
        "unnamed": write(boost, folder / f"north_{WAVE}.sav"),
        "both": write(boost, folder / f"main_{WAVE}_boost_{WAVE}.sav"),
        "undrawn": write(main_rows(survey, LATER), folder / f"boost_{LATER}.sav"),
    }


def held(office: Office) -> dict[str, pd.DataFrame]:
    return tables(current(office, "boosted") / "warehouse.duckdb")


def run(office: Office, survey: Path, *files: Path, status: int = 0) -> Ended:
    ended = office.call("run", "--survey", survey, *files)
    assert ended.status == status, ended.out + ended.err
    assert "Traceback" not in ended.out + ended.err
    return ended


@pytest.fixture(scope="module")
def waiting(survey: Path, files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory):
    office = Office(tmp_path_factory.mktemp("office"))
    return office, run(office, survey, files["main"])


@pytest.fixture(scope="module")
def whole(waiting, survey: Path, files: dict[str, Path]):
    """The boost has come: what the run said, and what was waiting before."""
    office, _ = waiting
    before = held(office)
    status = office.call("status", "--survey", survey).out
    return office, run(office, survey, files["boost"]), before, status


def test_a_wave_waits_for_its_required_sample_and_says_so(waiting, whole):
    _, ended = waiting
    assert f"main_{WAVE}.sav ({WAVE}, main): accepted" in ended.out
    assert f"{WAVE} is not computed yet: it waits for boost." in ended.out
    _, _, before, status = whole
    assert before["estimate.estimate"].empty
    assert before["ops.run"]["outcome"].tolist() == ["waiting"]
    assert before["ops.delivery"]["sample"].tolist() == ["main"]
    assert "waits for boost" in status


def test_when_the_boost_arrives_the_wave_is_computed_from_both(whole, files):
    office, ended, _, _ = whole
    assert "waits for" not in ended.out
    now = held(office)
    assert now["ops.delivery"].set_index("sample")["status"].to_dict() == {
        "main": "accepted",
        "boost": "accepted",
    }
    versions = now["ops.wave_version"].set_index("sample")["sha256"]
    deliveries = now["ops.delivery"].set_index("sample")["sha256"]
    assert versions.to_dict() == deliveries.to_dict()
    people = now["survey.respondent"]
    assert people["sample"].value_counts()["boost"] == 200
    assert people["respondent"].is_unique, "serials repeat between the samples"
    assert set(people["stratum"]) == {"main:north", "main:south", "boost:north"}
    names = people["psu"].str.split(":", n=1).str[0]
    assert (names == people["sample"]).all()


def test_weights_meet_the_margins_within_the_trim(whole):
    now = held(whole[0])
    checks = now["survey.margin_check"]
    np.testing.assert_allclose(checks["calibrated"], checks["control_total"], rtol=1e-9)
    people, how = now["survey.respondent"], now["survey.calibration"].iloc[0]
    relative = people["calibration_weight"] / people["calibration_weight"].mean()
    assert relative.between(0.3 - 1e-9, 2.7 + 1e-9).all()
    assert how["trimmed"] > 0


def test_imputed_values_weigh_and_are_counted_nowhere(whole, survey):
    office, ended, _, _ = whole
    now = held(office)
    missing = now["survey.answer"].query("item == 'sex' and missing_reason == 'refused'")
    expected = 3 + (boost_rows(survey)["Q1"] == REFUSED).sum()
    assert now["survey.calibration"]["imputed"].tolist() == [len(missing)] == [expected]
    assert f"{WAVE}: {expected} respondents without a value of a margin were given one" in ended.out
    people = now["survey.respondent"]
    without = people.loc[["sex" not in dict(one) for one in people["domains"]], "respondent"]
    assert len(without) == expected
    base = now["survey.indicator"].query("measure == 'confident'")["respondent"]
    totals = now["estimate.total"].query("measure == 'confident'").set_index("domain_value")["n"]
    assert totals["all"] == len(base)
    assert totals["female"] + totals["male"] == (~base.isin(without)).sum() < len(base)


def test_the_samples_share_the_north_by_their_effective_bases(whole, survey):
    """Worked from the files: the north's size is what the main sample says."""
    people = held(whole[0])["survey.respondent"]
    shares = held(whole[0])["survey.sample"].set_index(["covered_by", "sample"])
    main, boost = main_rows(survey, WAVE), boost_rows(survey)
    weight = (main["WTADDR"] * main["NADULTS"])[main["AREA"] == 1].to_numpy()
    bases = effective_base(weight), effective_base(boost["WTBOOST"].to_numpy())
    share = shares.loc[("main + boost", "boost"), "share"]
    assert share == pytest.approx(bases[1] / sum(bases))
    assert shares.loc[("main", "main"), "share"] == 1
    north = people["stratum"].str.endswith("north")
    assert people.loc[north, "design_weight"].sum() == pytest.approx(weight.sum())


def test_replicates_carry_the_samples_weights(whole):
    now = held(whole[0])
    assert now["survey.replication"]["replicates"].tolist() == [60]
    drawn = now["survey.replicate_draw"]
    assert {name.split(":")[0] for name in drawn["stratum"]} == {"main", "boost"}


def test_a_boost_sent_again_supersedes_the_boost_and_never_the_main_file(whole, survey, files):
    office = whole[0]
    ended = run(office, survey, files["again"])
    assert f"boost_{WAVE}.sav ({WAVE}, boost): accepted" in ended.out
    now = held(office)
    status = now["ops.delivery"].groupby("sample")["status"].apply(sorted).to_dict()
    assert status == {"main": ["accepted"], "boost": ["accepted", "superseded"]}
    assert_revised(office, survey, now)
    before = now["estimate.total"]
    again = run(office, survey)
    assert "The inbox holds no returns." in again.out
    after = held(office)
    pd.testing.assert_frame_equal(after["estimate.total"], before)
    assert after["ops.run"]["outcome"].tolist()[-1] == "nothing new"


def assert_revised(office: Office, survey: Path, now: dict[str, pd.DataFrame]) -> None:
    """Figures that the boost sent again has changed are listed, each with that as its cause."""
    revisions = now["ops.revision"]
    assert len(revisions) > 5
    assert set(revisions["run"]) == {now["ops.run"]["run"].max()}
    boost = rf"boost_{WAVE}.sav \(\w{{12}}\)"
    cause = rf"{WAVE}: {boost} took the place of {boost}$"
    assert revisions["cause"].str.match(cause).all()
    number = int(current(office, "boosted").name)
    builds = [f"build:{number - 1}", f"build:{number}"]
    asked = ("explain", "--survey", survey, "--between", *builds)
    told = json.loads(office.call(*asked, "--json").out)
    assert len(told["revisions"]) == len(revisions)
    text = office.call(*asked)
    assert text.status == 0, text.err
    assert f"Published figures that differ: {len(revisions)}." in text.out
    ended = office.call("explain", "--survey", survey, "--between", "1", "build:99")
    assert ended.status == 2
    assert f"Expected: one of build:1, build:2, build:{number}." in ended.err


@pytest.mark.parametrize(
    ("which", "says"),
    [
        ("outside", "nobody whom the sample boost covers in 2 of 200 rows"),
        ("unnamed", "does not say in its name which sample it holds"),
        ("both", "fits several samples: main and boost"),
        ("undrawn", f"holds the sample boost of {LATER}, where none was drawn"),
    ],
)
def test_a_file_that_cannot_be_of_a_sample_is_refused(which, says, survey, files, empty_office):
    ended = empty_office.call("check", "--survey", survey, files[which])
    assert ended.status == 3, ended.out
    said = " ".join(ended.out.split())
    assert says in said
    assert "What to do:" in said


def test_check_routes_a_file_to_its_sample(survey, files, empty_office):
    main = empty_office.call("check", "--survey", survey, files["main"])
    assert main.status == 0, main.out
    assert f"({WAVE}, main, " in main.out
    said = " ".join(main.out.split())
    assert "Not checked, since it takes boost too: whether weights can be formed" in said
    boost = empty_office.call("check", "--survey", survey, files["boost"], "--json")
    assert json.loads(boost.out)["sample"] == "boost"


def test_check_looks_at_a_boost_beside_the_samples_that_have_come(waiting, survey, files):
    """With the main file in use the whole wave is checked; nothing is written."""
    office, _ = waiting
    runs = len(held(office)["ops.run"])
    checked = office.call("check", "--survey", survey, files["again"], "--json")
    told = json.loads(checked.out)
    assert told["waits_for"] == []
    assert "weights.efficiency" in {one["rule"] for one in told["results"]}
    assert len(held(office)["ops.run"]) == runs


@pytest.mark.slow
def test_a_refused_boost_leaves_the_main_file_accepted(survey, files, empty_office):
    ended = run(empty_office, survey, files["main"], files["outside"], files["unnamed"], status=3)
    assert f"{WAVE} is not computed yet: it waits for boost." in ended.out
    deliveries = held(empty_office)["ops.delivery"].set_index("file_name")
    assert deliveries["status"].to_dict() == {
        f"main_{WAVE}.sav": "accepted",
        f"boost_{WAVE}.sav": "rejected",
        f"north_{WAVE}.sav": "rejected",
    }
    assert deliveries.loc[f"boost_{WAVE}.sav", "sample"] == "boost"
    assert pd.isna(deliveries.loc[f"north_{WAVE}.sav", "sample"])


@pytest.mark.slow
def test_a_wave_is_computed_without_a_boost_that_is_not_required(files, empty_office, tmp_path):
    """Computed again, from both, when it arrives; missed aloud where it has become required."""
    survey = declare(tmp_path, required=False)
    ended = run(empty_office, survey, files["main"])
    assert "waits" not in ended.out
    alone = held(empty_office)["estimate.total"]
    assert not alone.empty
    assert f"{WAVE} is computed without boost, which has not come: it is not whole." in ended.out
    assert "accepted, without boost" in empty_office.call("status", "--survey", survey).out
    refused = empty_office.call("publish", "--survey", survey, "--note", "first")
    assert refused.status == 2
    assert f"{WAVE} has no return of boost" in refused.err
    assert f"--provisional {WAVE}" in refused.err
    text = (survey / "survey.yaml").read_text()
    (survey / "survey.yaml").write_text(text.replace("required: false", "required: true"))
    missed = run(empty_office, survey, status=2)
    assert f"{WAVE} was computed without the sample boost" in missed.err
    assert "`required: false`" in missed.err
    (survey / "survey.yaml").write_text(text)
    run(empty_office, survey, files["boost"])
    both = held(empty_office)
    assert both["ops.run"]["waves_computed"].map(list).tolist() == [[WAVE], [WAVE]]
    grown = both["estimate.total"]["n"].sum() - alone["n"].sum()
    assert grown > 200
    assert both["survey.calibration"]["respondents"].sum() > 800


def test_the_simulator_writes_the_main_samples_returns(survey, empty_office):
    ended = empty_office.call("simulate", "made", "--survey", survey, "--wave", WAVE)
    assert ended.status == 0, ended.err
    made = empty_office.root / "made" / f"boosted_main_{WAVE}.sav"
    checked = empty_office.call("check", made, "--survey", survey)
    assert checked.status == 0, checked.out
    assert f"({WAVE}, main, " in checked.out


FIGURES = ("estimate.total", "estimate.estimate", "survey.calibration", "kpi.kpi")


@pytest.mark.slow
def test_a_new_key_gives_new_pseudonyms_and_the_same_figures(whole, survey):
    office = whole[0]
    before = held(office)
    ended = office.call("new-key", "--survey", survey)
    assert "computes the waves held again (1)" in ended.out, ended.err
    assert held(office)["survey.respondent"].equals(before["survey.respondent"])
    run(office, survey)
    after = held(office)
    names = [set(one["survey.respondent"]["respondent"]) for one in (before, after)]
    assert len(names[1]) == len(names[0])
    assert not names[0] & names[1]
    for table in FIGURES:
        pd.testing.assert_frame_equal(after[table], before[table])
    assert after["ops.revision"].equals(before["ops.revision"])


def test_a_lost_key_changes_nothing_that_is_held(whole, survey):
    office = whole[0]
    before = held(office)
    (office.survey("boosted") / "secret.key").unlink()
    run(office, survey)
    after = held(office)
    for table in ("survey.respondent", *FIGURES):
        pd.testing.assert_frame_equal(after[table], before[table])
