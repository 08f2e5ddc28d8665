"""Each return's report as an artifact of the run: the verdict, and where the report lies.

Prefect's database is no place for what a report says: rules are named and counted, nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from prefect.artifacts import create_markdown_artifact

from flows.outcomes import FileOutcome
from transforms.wording import number


def link_reports(outcomes: Sequence[FileOutcome]) -> None:
    """Record an artifact for each file that has a report."""
    for one in outcomes:
        if one.report is not None:
            create_markdown_artifact(markdown=artifact_text(one), key=_key(one.report))


def artifact_text(outcome: FileOutcome) -> str:
    """Return what became of a file, the rules that found something, and a link to its report."""
    assert outcome.report is not None
    placed = ", ".join(word for word in (outcome.wave, outcome.sample) if word) or "no wave"
    found = [f"- {one.severity.value}: `{one.rule}`" for one in outcome.findings]
    lines = [
        f"**{placed}: {outcome.fate.value}**, {number(outcome.rows)} rows",
        "\n".join(found) or "Nothing was found.",
        f"[Report]({Path(outcome.report).as_uri()})",
        f"`{outcome.report}`",
    ]
    return "\n\n".join(lines)


def _key(report: str) -> str:
    """Return the artifact's key: runs that check the same return share it."""
    return f"report-{Path(report).parent.name[:16]}"
