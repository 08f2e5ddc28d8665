"""No defect is missed, a clean return raises no finding, and docs/defects.md is what was found."""

from pathlib import Path

import pytest

from defects import fieldwork
from defects.clean import clean, results_of, survey
from defects.found import found_by, page, row
from defects.injected import DEFECTS

PAGE = Path(__file__).parents[2] / "docs" / "defects.md"
IN_EVERY_RUN = list(DEFECTS)[::3]


def require_found(name: str) -> None:
    defect = DEFECTS[name]
    found = found_by(defect)
    severities = {result.rule: result.severity.value for result in found}
    assert severities.get(defect.rule) == defect.severity
    assert row(defect, found) in PAGE.read_text(encoding="utf-8").splitlines()
    assert all(r.finding and r.remedy for r in found if r.rule not in ("readable", "weights"))


@pytest.mark.parametrize("name", IN_EVERY_RUN)
def test_a_defect_is_found_by_its_rule(name):
    require_found(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in DEFECTS if name not in IN_EVERY_RUN])
def test_every_other_defect_is_found_by_its_rule(name):
    require_found(name)


def test_a_clean_return_that_says_how_its_interviews_were_held_raises_no_finding():
    results = results_of(fieldwork.clean(), fieldwork.survey(), fieldwork.facts_before())
    assert [result.rule for result in results if not result.passed] == []
    held = {result.rule for result in results if result.rule.startswith(("fieldwork", "views"))}
    assert len(held) == 8


@pytest.mark.parametrize("labelled", [True, False])
def test_a_clean_return_raises_no_finding(labelled):
    file = clean()
    if not labelled:
        file.without_dictionary()
    assert [result.rule for result in results_of(file, survey()) if not result.passed] == []


def test_the_page_lists_every_defect_and_no_other():
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    assert [line.split(" | ")[0].removeprefix("| ") for line in rows[1:]] == [
        defect.done for defect in DEFECTS.values()
    ]
    assert len(DEFECTS) >= 40


@pytest.mark.slow
def test_the_page_is_what_was_found():
    assert page() == PAGE.read_text(encoding="utf-8")
