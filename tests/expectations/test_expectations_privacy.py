"""No answer leaves the check: not in results, reports, logs or on the terminal."""

import logging
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builders import WAVE, raw_return, small_rows, small_survey

from expectations import report_html, report_json, validate
from expectations.declared import rules_for
from expectations.frame import RESPONDENT
from expectations.rules import Coded, Nested
from transforms.validation import CheckResult, Severity, Validation

ROOT = Path(__file__).parents[2]
CANARY_TEXT = "CANARY-my-neighbour-Jo"
CANARY_NUMBER = 77123.25


def canaries() -> pd.DataFrame:
    """A return with a telling cell in every kind of column, text and number."""
    rows = small_rows(60)
    for variable in ("Q1", "age", "adults", "interview_date", "Q4"):
        rows[variable] = rows[variable].astype("object")
        rows.loc[7, variable] = CANARY_TEXT
    for variable in ("Q2", "Q3", "sex", "area", "dwellings", "point", "stratum"):
        rows.loc[9, variable] = CANARY_NUMBER
    return rows


@pytest.fixture
def heard():
    """Every message that reaches the root logger, as a file or Prefect would hear it."""
    # Not caplog: it listens to loggers that pass nothing on, too. Importing says harmless things.
    import expectations.suite  # noqa: F401

    messages: list[str] = []
    handler = logging.Handler(logging.NOTSET)
    handler.emit = lambda record: messages.append(record.getMessage())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield messages
    root.setLevel(before)
    root.removeHandler(handler)


def test_no_answer_is_in_results_reports_logs_or_output(heard, capfd):
    validation = validate(raw_return(canaries()), small_survey(), WAVE)
    assert len(validation.failures(Severity.CRITICAL)) >= 10
    logs = "".join(heard)
    out, err = capfd.readouterr()
    texts = (repr(validation), report_html(validation, "Small"), report_json(validation), logs)
    for text in (*texts, out, err):
        assert "CANARY" not in text
        assert "77123" not in text


def test_a_check_prints_nothing_and_logs_nothing(heard, capfd):
    validate(raw_return(canaries()), small_survey(), WAVE)
    assert capfd.readouterr() == ("", "")
    assert heard == []


def test_a_rule_that_cannot_be_run_is_a_critical_finding_of_its_own(heard, capfd):
    """Great Expectations answers an error with no result: an absent column, an unsortable cell."""
    from expectations.suite import Suite

    rules = {rule.id: rule for rule in rules_for(small_survey(), WAVE)}
    coded, nested = rules["confidence.codes"], rules["point.nested"]
    assert isinstance(coded, Coded) and isinstance(nested, Nested)
    points = pd.Series([[CANARY_TEXT], [CANARY_TEXT]], dtype="object")
    frame = pd.DataFrame({"point": points, "stratum": ["a", "b"], RESPONDENT: ["1", "2"]})
    found = Suite(frame).run([coded, nested])
    for result in found.values():
        assert (result.passed, result.severity) == (False, Severity.CRITICAL)
        assert "could not be checked" in result.finding
        assert result.failing_rows == 0
    assert "CANARY" not in repr(found)
    assert capfd.readouterr() == ("", "")
    assert heard == []


def test_a_rule_of_which_nothing_comes_back_was_not_checked(monkeypatch):
    """A library that left an expectation out would let every return through."""
    import expectations.suite

    class Nothing:
        results = ()

    class Silent:
        def validate(self, suite):
            return Nothing()

    monkeypatch.setattr(expectations.suite, "_batch_of", lambda frame: Silent())
    frame = pd.DataFrame({"serial": ["1", "2"], RESPONDENT: ["1", "2"]})
    (unique,) = [r for r in rules_for(small_survey(), WAVE) if r.id == "serial.unique"]
    (result,) = expectations.suite.Suite(frame).run([unique]).values()
    assert not result.passed
    assert "could not be checked" in result.finding


def test_importing_expectations_does_not_import_great_expectations():
    script = "import expectations, sys; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_a_report_without_findings_shows_only_what_passed():
    passed = CheckResult("serial.unique", "Serial: different", Severity.CRITICAL, True, "serial")
    page = report_html(Validation("a.sav", "0" * 64, WAVE, 8, (passed,)), "Small survey")
    assert "<strong>Accepted.</strong> Nothing is to be done." in page
    assert "<li>Serial: different</li>" in page
    assert "What to do" not in page


def test_all_rows_failing_name_twenty_respondents():
    rows = small_rows(60, Q1=np.full(60, 6.0))
    validation = validate(raw_return(rows), small_survey(), WAVE)
    (codes,) = validation.failures(Severity.CRITICAL)
    assert codes.failing_rows == 60
    assert len(codes.serials) == 20
    assert "the first 20 of 60 rows: 1001, 1002" in report_html(validation, "Small survey")
