"""The validation report: verdict first, everything escaped, the same bytes each time."""

import json
import re

import html5lib
import pytest

from expectations import report_html, report_json
from transforms.validation import CheckResult, Severity, Validation

HOSTILE = "<script>alert('x')</script> & “quotes”"


def failing(rule: str, severity: Severity, **more: object) -> CheckResult:
    return CheckResult(
        rule,
        f"Title of {rule}",
        severity,
        False,
        variable="Q1",
        finding=f"Finding of {rule}.",
        expected=f"Expected of {rule}.",
        remedy=f"Remedy of {rule}.",
        **more,  # type: ignore[arg-type]
    )


def validation(*results: CheckResult, file_name: str = "return.sav") -> Validation:
    passed = CheckResult("return.rows", "The return: enough respondents", Severity.CRITICAL, True)
    return Validation(file_name, "ab" * 32, "2026-Q2", 2800, (*results, passed))


REJECTED = validation(
    failing("late", Severity.WARNING),
    failing("codes", Severity.CRITICAL, failing_rows=2, serials=("1001", "row 7")),
)


def test_the_verdict_and_what_to_do_come_first_then_findings_then_what_passed():
    page = report_html(REJECTED, "Survey")
    order = (
        "Rejected: 1 problem must be put right.",
        "<li>Finding of codes. Remedy of codes.</li>",
        "Why it is rejected",
        "<h3>Finding of codes.</h3>",
        "1001, row 7",
        "What else was found",
        "<h3>Finding of late.</h3>",
        "What passed",
        "The return: enough respondents",
    )
    places = [page.index(part) for part in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("warnings", "verdict"),
    [
        (0, "Accepted."),
        (1, "Accepted, with 1 finding to look at."),
        (2, "Accepted, with 2 findings to look at."),
    ],
)
def test_warnings_leave_a_return_accepted(warnings, verdict):
    found = [failing(f"rule{number}", Severity.WARNING) for number in range(warnings)]
    assert f"<strong>{verdict}</strong>" in report_html(validation(*found), "Survey")


def test_every_text_is_escaped_and_the_page_is_sound_html():
    hostile = CheckResult(
        HOSTILE,
        HOSTILE,
        Severity.CRITICAL,
        False,
        HOSTILE,
        1,
        (HOSTILE,),
        HOSTILE,
        HOSTILE,
        HOSTILE,
    )
    page = report_html(validation(hostile, file_name=HOSTILE), HOSTILE)
    assert "<script" not in page
    html5lib.HTMLParser(strict=True).parse(page)


def test_the_page_needs_nothing_from_elsewhere():
    page = report_html(REJECTED, "Survey")
    assert not re.search(r"(src|href)\s*=|url\(|https?:|@import", page)
    assert 'lang="en-GB"' in page
    assert page.count("<h1>") == 1


def test_json_holds_every_result_with_sorted_keys():
    text = report_json(REJECTED)
    held = json.loads(text)
    assert text == report_json(REJECTED)
    assert list(held) == sorted(held)
    assert held["accepted"] is False
    assert held["rows"] == 2800
    assert [result["rule"] for result in held["results"]] == ["late", "codes", "return.rows"]
    assert held["results"][1]["serials"] == ["1001", "row 7"]
    assert held["results"][1]["severity"] == "critical"
