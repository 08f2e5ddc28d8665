"""A validation as a page to read and as JSON; neither holds a respondent's answer or a clock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path

from expectations.charts import chart_html
from transforms.validation import SERIALS_SHOWN, CheckResult, Severity, Validation
from transforms.wording import number

STYLE = Path(__file__).with_name("report.css")


def report_html(validation: Validation, survey_title: str) -> str:
    """Return the report as one page: the verdict and what to do, the findings, what passed."""
    title = f"Check of {validation.file_name}"
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
{_verdict(validation)}
{_about(validation, survey_title)}
{_findings("Why it is rejected", validation.failures(Severity.CRITICAL))}
{_findings("What else was found", validation.failures(Severity.WARNING))}
{_findings("What a person has accepted", validation.accepted_findings)}
{_fieldwork(validation)}
{_passed([result for result in validation.results if result.passed])}
</main>
</body>
</html>
"""


def report_json(validation: Validation) -> str:
    """Return the validation as JSON, its keys sorted."""
    facts = {**asdict(validation), "accepted": validation.accepted}
    if validation.sample is None:
        del facts["sample"]
    return json.dumps(facts, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _verdict(validation: Validation) -> str:
    critical = validation.failures(Severity.CRITICAL)
    warnings = validation.failures(Severity.WARNING)
    if critical:
        steps = "".join(f"<li>{escape(remedy)}</li>\n" for remedy in _remedies(critical))
        return (
            f'<div class="verdict">\n<p><strong>Rejected: {_counted(critical, "problem")} must be '
            "put right.</strong> Nothing of this return is used. What to do:</p>\n"
            f"<ol>\n{steps}</ol>\n</div>"
        )
    noted = f", with {_counted(warnings, 'finding')} to look at" if warnings else ""
    accept = "Read the findings below; the return is used. What may stand is to be accepted: "
    command = "perceptions accept WAVE RULE --reason …, or `accepted` in survey.yaml."
    then = f"{accept}{command}" if warnings else "Nothing is to be done."
    return f'<p class="verdict"><strong>Accepted{noted}.</strong> {then}</p>'


def _remedies(results: Sequence[CheckResult]) -> tuple[str, ...]:
    """Return what to do about each result, once where several say the same."""
    return tuple(dict.fromkeys(f"{result.finding} {result.remedy}" for result in results))


def _about(validation: Validation, survey_title: str) -> str:
    facts = {
        "Survey": survey_title,
        "Wave": validation.wave or "not known",
        "Sample": validation.sample or "",
        "Rows": f"{number(validation.rows)}",
        "Compared with": validation.compared_with or "",
        "sha256": validation.sha256,
    }
    return _described("about", facts)


def _findings(heading: str, results: Sequence[CheckResult]) -> str:
    if not results:
        return ""
    found = "\n".join(_finding(result) for result in results)
    return f"<section>\n<h2>{escape(heading)}</h2>\n{found}\n</section>"


def _finding(result: CheckResult) -> str:
    shown = ", ".join(result.serials)
    first = f"the first {SERIALS_SHOWN} of {number(result.failing_rows)} rows: "
    serials = f"{first * (result.failing_rows > SERIALS_SHOWN)}{shown}"
    facts = {
        "Accepted by": result.accepted or "",
        "Expected": result.expected,
        "What to do": "" if result.accepted else result.remedy,
        "Serial numbers": serials if result.serials else "",
        "Kind of difference": result.drift or "",
        "Rule": result.rule,
    }
    return (
        f'<div class="finding">\n<h3>{escape(result.finding)}</h3>\n'
        f"{_described('facts', facts)}\n{_to_paste(result)}</div>"
    )


def _to_paste(result: CheckResult) -> str:
    if not result.paste or result.accepted:
        return ""
    return (
        "<p>Where it is right so, write into the declaration:</p>\n"
        f'<pre tabindex="0">{escape(result.paste)}</pre>\n'
    )


def _fieldwork(validation: Validation) -> str:
    if not validation.charts:
        return ""
    failed = {result.rule for result in validation.results if not result.passed}
    drawn = "\n".join(
        chart_html(chart, number, beyond=chart.rule in failed)
        for number, chart in enumerate(validation.charts, 1)
    )
    return (
        "<section>\n<h2>How the interviews were held</h2>\n<p>These figures never refuse a return "
        f"and take no interview out.</p>\n{drawn}\n</section>"
    )


def _passed(results: Sequence[CheckResult]) -> str:
    if not results:
        return ""
    kept = "".join(f"<li>{escape(result.title)}</li>\n" for result in results)
    return (
        f"<section>\n<h2>What passed</h2>\n<p>{_counted(results, 'check')}.</p>\n"
        f"<ul>\n{kept}</ul>\n</section>"
    )


def _described(kind: str, facts: dict[str, str]) -> str:
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(fact)}</dd>\n" for name, fact in facts.items() if fact
    )
    return f'<dl class="{kind}">\n{rows}</dl>'


def _counted(results: Sequence[CheckResult], noun: str) -> str:
    return f"{number(len(results))} {noun}{'s' * (len(results) != 1)}"
