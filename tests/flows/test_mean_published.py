"""Means and a chain of questions through the whole run, from a return to published figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from declared_folder import Change, write_survey
from offices import Ended, Office, current, tables

WAVES = ("2026-Q2", "2026-Q3")
SCORES = {1: 2.0, 2: 1.0, 3: 0.0, 4: -1.0, 5: -2.0}
NO_IN = {"2026-Q2": 2.0, "2026-Q3": 5.0}
"""The code of not having used Live Chat differs between the waves."""

ITEMS = """\
  trust:
    label: Trust in the local police
    question: From 0 to 10, how far do you trust the police?
    variable: Q3
    type: number
    minimum: 0
    maximum: 10
    missing:
      98: {reason: refused, label: Refused}
  agreement:
    label: Agreement
    variable: Q4
    codes:
      1: {name: strongly_agree, label: Strongly agree}
      2: {name: agree, label: Agree}
      3: {name: neither, label: Neither}
      4: {name: disagree, label: Disagree}
      5: {name: strongly_disagree, label: Strongly disagree}
  aware:
"""
MEASURES = """\
  trust:
    label: Trust in the local police
    item: trust
    kind: mean
    scale: [0, 10]
    base_label: adults who gave an opinion
    by: [area]
  agreement:
    label: Agreement with the local police
    item: agreement
    kind: mean
    scores: {strongly_agree: 2, agree: 1, neither: 0, disagree: -1, strongly_disagree: -2}
    unit: steps
    base_label: all adults
  used_of_all:
    label: Use Live Chat
    item: used
    counts: [yes]
    leaves_base: [refused, not_asked]
    base_of: aware
    base_label: all adults
chains:
  chat:
    label: Live Chat
    steps:
      - {label: Know it, share_of_all: aware}
      - {label: Use it, share_of_all: used_of_all, share_of_previous: used}
"""
KPI = """\
  trust:
    section: contact
    title: Trust
    statement: Increase trust in the local police
    measure: trust
    required_direction: increase
    judged: previous_wave
    owner: Head of Contact
"""
CHANGES: tuple[Change, ...] = (
    ("questionnaire.yaml", "  aware:\n", ITEMS),
    ("measures.yaml", "    breaks:\n      - {wave: 2026-Q3, reason: another code}\n", MEASURES),
    ("kpis.yaml", "kpis:\n", f"kpis:\n{KPI}"),
)


def respondents(wave: str, rise: float) -> pd.DataFrame:
    """320 people, four at each of 80 points; `rise` is added to everybody's trust."""
    rng, number = np.random.default_rng(int(wave[-1])), np.arange(320)
    aware = rng.choice([1.0, 2.0, 8.0], 320, p=[0.55, 0.40, 0.05])
    used = np.where(aware == 1, rng.choice([1.0, NO_IN[wave]], 320, p=[0.4, 0.6]), np.nan)
    trust = np.clip(np.round(rng.normal(5.6 + rise, 1.8, 320)), 0, 10)
    return pd.DataFrame(
        {
            **{"serial": 5000.0 + number, "stratum": 1.0 + number // 160},
            "interviewed": [pd.Timestamp(2026, 3 * int(wave[-1]) - 2, 10)] * 320,
            **{
                "point": 100 * int(wave[-1]) + 1.0 + number // 4,
                "dwellings": rng.integers(20, 60, 320).astype(float),
            },
            "adults": rng.integers(1, 4, 320).astype(float),
            **{"area": 1.0 + number // 160, "sex": rng.choice([1.0, 2.0], 320)},
            **{"age": rng.integers(16, 90, 320).astype(float), "Q1": aware, "Q2": used},
            "Q3": np.where(rng.random(320) < 0.05, 98.0, trust),
            "Q4": rng.choice([1.0, 2, 3, 4, 5], 320, p=[0.1, 0.3, 0.25, 0.2, 0.15]),
        }
    )


@pytest.fixture(scope="module")
def survey_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_survey(tmp_path_factory.mktemp("declared"), CHANGES)
    (folder / "simulation.yaml").unlink()  # no tendency says how a number is answered
    return folder


@pytest.fixture(scope="module")
def run(survey_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ended, Office]:
    office = Office(tmp_path_factory.mktemp("office"))
    files = [office.root / f"small_{wave}.sav" for wave in WAVES]
    for wave, file in zip(WAVES, files, strict=True):
        pyreadstat.write_sav(respondents(wave, 1.0 if wave == WAVES[1] else 0.0), str(file))
    ended = office.call("run", "--survey", survey_folder, *files)
    assert ended.status == 0, ended.err
    return ended, office


@pytest.fixture(scope="module")
def held(run: tuple[Ended, Office]) -> dict[str, pd.DataFrame]:
    return tables(current(run[1], "small") / "warehouse.duckdb")


def weighted_mean(held: dict[str, pd.DataFrame], item: str, wave: str, score=float) -> float:
    """Σwy/Σw over the answers as stored: codes as text, and calibrated weights."""
    answers = held["survey.answer"].query("item == @item and wave == @wave and code.notna()")
    people = held["survey.respondent"].query("wave == @wave").set_index("respondent")
    weights = people.loc[answers["respondent"], "calibration_weight"].to_numpy()
    return float(np.average([score(code) for code in answers["code"]], weights=weights))


def row_of(rows: pd.DataFrame, measure: str, period: str, value: str = "all") -> pd.Series:
    chosen = rows.query("measure == @measure and period == @period and domain_value == @value")
    assert len(chosen) == 1
    return chosen.iloc[0]


@pytest.mark.parametrize("wave", WAVES)
def test_a_mean_is_the_weighted_average_of_the_answers(held, wave):
    trust = row_of(held["estimate.estimate"], "trust", wave)
    assert trust["estimate"] == pytest.approx(weighted_mean(held, "trust", wave), rel=1e-12)
    assert 5 < trust["ci_lower"] < trust["estimate"] < trust["ci_upper"] < 7.5
    assert trust["interval_method"] == "t"
    agreement = row_of(held["estimate.estimate"], "agreement", wave)
    by_hand = weighted_mean(held, "agreement", wave, lambda code: SCORES[int(float(code))])
    assert agreement["estimate"] == pytest.approx(by_hand, rel=1e-12)


def test_nobody_counts_in_a_mean(held):
    totals = held["estimate.total"].set_index("measure")
    assert totals.loc[["trust", "agreement"], "n_y"].isna().all()
    assert totals.loc[["aware", "used_of_all"], "n_y"].notna().all()
    scored = held["survey.indicator"].query("measure == 'agreement'")["y"]
    assert set(scored) == {-2.0, -1.0, 0.0, 1.0, 2.0}


def test_a_change_of_a_mean_is_more_than_a_share_could_change_by(held):
    change = row_of(held["estimate.change"], "trust", WAVES[1])
    figures = [row_of(held["estimate.estimate"], "trust", wave)["estimate"] for wave in WAVES]
    assert change["difference"] == pytest.approx(figures[1] - figures[0])
    assert change["unit"] == "points on a scale from 0 to 10"
    assert change["ci_upper"] > 1
    assert pd.isna(row_of(held["estimate.change"], "aware", WAVES[1])["unit"])


def test_a_kpi_on_a_mean_is_told_on_its_scale(run, held):
    kpi = held["kpi.kpi"].query("kpi == 'trust' and wave == @WAVES[1]").iloc[0]
    assert kpi["status"] == "improving"
    assert "points on a scale from 0 to 10, from " in kpi["evidence"]
    assert "%" not in kpi["evidence"]
    assert kpi["unit"] == "points on a scale from 0 to 10"
    (line,) = [line for line in run[0].out.splitlines() if line.startswith("Trust ")]
    assert "%" not in line
    assert f" {kpi['estimate']:.1f} " in line


def test_the_declaration_says_how_a_mean_is_scored(held):
    measures = held["ref.measure"].set_index("measure")
    assert measures.loc["trust", ["kind", "scale_lower", "scale_upper"]].tolist() == ["mean", 0, 10]
    assert measures.loc["trust", "scores"] is None
    assert measures.loc["agreement", "scores"]["strongly_disagree"] == -2
    assert measures.loc["agreement", "unit"] == "steps"
    assert measures.loc["aware", "kind"] == "proportion"
    assert pd.isna(measures.loc["aware", "unit"])


@pytest.mark.parametrize("wave", WAVES)
def test_both_shares_of_a_chains_step_are_published(run, wave):
    """Where everybody answers, the users of all are the aware of all times their users."""
    published = tables(current(run[1], "small") / "published.duckdb")
    first, second = published["ref.chain"].itertuples(index=False)
    assert (first.share_of_all, second.share_of_all) == ("aware", "used_of_all")
    share = {
        name: row_of(published["estimate.estimate"], name, wave)["estimate"]
        for name in (first.share_of_all, second.share_of_all, second.share_of_previous)
    }
    assert share["used_of_all"] == pytest.approx(share["aware"] * share["used"], rel=1e-12)


def test_an_answer_beyond_the_scale_is_refused(survey_folder, tmp_path):
    office = Office(tmp_path)
    wrong = respondents(WAVES[0], 0.0)
    wrong.loc[3, "Q3"] = 11.0
    pyreadstat.write_sav(wrong, str(tmp_path / "small_2026-Q2.sav"))
    ended = office.call("run", "--survey", survey_folder, tmp_path / "small_2026-Q2.sav")
    assert ended.status == 3, ended.err
    assert "an impossible number" in ended.out
    assert "from 0 to 10" in ended.out
