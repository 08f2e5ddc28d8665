"""Accepting a finding: a person has looked at it, and says why it may stand."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime

import typer

from flows.endings import DONE
from flows.settings import state_root
from transforms.catalogue import Survey
from transforms.catalogue.mistakes import listing
from transforms.errors import UsageError
from transforms.validation import Acceptance, CheckResult, Severity
from warehouse.acceptances import OpenFinding, open_findings, record_acceptances
from warehouse.builds import open_build, open_current
from warehouse.declaration import load_survey
from warehouse.home import Home, home_in_use
from warehouse.lock import writer_lock
from warehouse.publication import publish_build
from warehouse.quarantine import rejected_deliveries


def accept_and_show(survey_name: str, wave: str, rule: str, reason: str, by: str | None) -> int:
    """Record that a finding is accepted, in a build of its own, and print what is left."""
    survey = load_survey(survey_name)
    home = home_in_use(survey.name, state_root())
    if not reason.strip():
        raise UsageError("The reason is empty.", remedy="say why the finding may stand.")
    with writer_lock(home):
        in_refused = _acceptable_in_refused(home, wave)
        _require_found(home, wave, rule, {one.rule for one in in_refused})
        accepted = Acceptance(wave, rule, reason, by or getpass.getuser(), datetime.now(UTC))
        left = _record(home, survey, accepted)
    typer.echo(f"{rule} of {wave} is accepted by {accepted.accepted_by}: {reason}")
    if any(one.rule == rule and one.severity is Severity.CRITICAL for one in in_refused):
        typer.echo("Its return was refused for it: put the file into the inbox again, and run.")
    typer.echo(open_text(left))
    return DONE


def open_text(left: tuple[OpenFinding, ...]) -> str:
    """Return the findings that nobody has accepted yet, one a line."""
    if not left:
        return "No finding is waiting to be accepted."
    lines = [f"  {one.wave}  {one.rule}: {one.finding}" for one in left]
    return "\n".join(["Findings that nobody has accepted yet:", *lines])


def _record(home: Home, survey: Survey, accepted: Acceptance) -> tuple[OpenFinding, ...]:
    with open_build(home, simulated=survey.about.simulated) as making:
        record_acceptances(making.connection, [accepted])
        left = open_findings(making.connection)
        publish_build(making)
    return left


def _acceptable_in_refused(home: Home, wave: str) -> tuple[CheckResult, ...]:
    """Return what was found on the refused returns of a wave and may be accepted."""
    rejections = [one for one in rejected_deliveries(home) if one.delivery.wave == wave]
    return tuple(result for one in rejections for result in one.results if result.acceptable)


def _require_found(home: Home, wave: str, rule: str, refused: set[str]) -> None:
    connection = open_current(home)
    if connection is None:
        raise UsageError(
            "There is no build yet to record it in.",
            remedy="write it under `accepted` in survey.yaml, or run first.",
        )
    with connection:
        known = [one.rule for one in open_findings(connection) if one.wave == wave]
    if rule not in {*known, *refused}:
        raise UsageError(
            f"Nothing that could be accepted was found in {wave} by a rule {rule}.",
            expected=f"{listing(sorted({*known, *refused}))}."
            if known or refused
            else "a finding that is not accepted yet; there is none in this wave.",
            remedy="copy the rule's name from the report, or see `perceptions status`.",
        )
