"""The shipped declarations: their own simulated returns, and the real files they declare."""

from dataclasses import replace
from pathlib import Path

import pytest
from builders import shared

from expectations import validate
from expectations.declared import rules_for
from transforms.catalogue import Survey
from transforms.simulation import simulate_wave
from transforms.validation import CheckResult, Severity
from warehouse.declaration import load_survey
from warehouse.returns import read_return
from warehouse.supplier_file import write_return

SURVEYS = Path(__file__).parents[2] / "surveys"
BCS = ("bcs0708", "bcs_2007_8_teaching_data.tab")
CSEW = ("csew1314", "csew1314teachingopen.sav")


@pytest.fixture(scope="module")
def crime_survey() -> Survey:
    return load_survey(SURVEYS / "crime_survey_teaching")


@pytest.mark.parametrize("name", ["west_midlands", "crime_survey_teaching"])
def test_every_wave_has_rules_of_distinct_names(name):
    survey = load_survey(SURVEYS / name)
    for wave in survey.waves:
        rules = [rule.id for rule in rules_for(survey, wave.name)]
        assert len(rules) == len(set(rules)) > 40


def test_a_simulated_return_raises_no_finding(tmp_path):
    survey = load_survey(SURVEYS / "west_midlands")
    wave = survey.waves[-1].name
    path = write_return(simulate_wave(survey, wave), survey, tmp_path)
    validation = validate(read_return(path), survey, wave)
    assert [result for result in validation.results if not result.passed] == []
    assert validation.rows > 2000


def test_the_british_crime_survey_is_accepted_with_its_rows_without_weight_counted(crime_survey):
    raw = read_return(shared("returns", *BCS))
    validation = validate(raw, crime_survey, "2007-08")
    assert validation.accepted
    found = {r.rule: r.failing_rows for r in validation.failures(Severity.WARNING)}
    assert found.pop("return.variables") == 0
    assert list(found.values()) == [16]


def test_the_crime_survey_for_england_and_wales_is_accepted(crime_survey):
    raw = read_return(shared("returns", *CSEW))
    validation = validate(raw, crime_survey, "2013-14")
    assert validation.accepted
    assert validation.rows == 8843


def test_a_file_without_rows_is_rejected(crime_survey):
    """The reader refuses it before; the rule stands by itself, and says nothing else."""
    raw = read_return(shared("returns", *CSEW))
    validation = validate(replace(raw, rows=raw.rows.iloc[:0]), crime_survey, "2013-14")
    failures: tuple[CheckResult, ...] = validation.failures(Severity.CRITICAL)
    assert [result.rule for result in failures] == ["return.rows"]


def test_the_other_waves_file_is_rejected(crime_survey):
    raw = read_return(shared("returns", *BCS))
    validation = validate(raw, crime_survey, "2013-14")
    assert not validation.accepted
