"""Publishing: a candidate proposed, signed off or withdrawn, and made public when it is due."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from getpass import getuser

import typer

from flows.commands.app import DEFAULT_SURVEY
from flows.computing import partial_waves
from flows.endings import DONE
from flows.london import embargo_moment, london_day, london_words
from flows.receiving import held_by
from flows.settings import state_root
from transforms.catalogue import Survey
from transforms.catalogue.mistakes import series
from transforms.errors import UsageError
from transforms.wording import as_sentence
from warehouse.acceptances import open_findings_in
from warehouse.builds import current_build
from warehouse.declaration import load_either
from warehouse.home import Home, home_in_use
from warehouse.lock import writer_lock
from warehouse.releases import (
    Proposal,
    Release,
    Withdrawal,
    candidate_of,
    has_board_pdf,
    is_due,
    make_candidate,
    public_release,
    publish_due,
    sign_candidate,
    signed_releases,
    withdraw_release,
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was asked of a new candidate, as written."""

    embargo: str | None = None
    note: str | None = None
    provisional: tuple[str, ...] = ()
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to become of the candidate, or of a release."""

    approve: bool = False
    withdraw: int | None = None
    due: bool = False
    by: str | None = None
    note: str | None = None


def clock() -> datetime:
    """Return the moment it is, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def propose(survey_name: str, proposed: Proposed) -> int:
    """Make a candidate and print where it lies and what to do next."""
    survey = load_either(survey_name)
    home = home_in_use(survey.name, state_root())
    now = clock().replace(second=0)
    moment = embargo_moment(proposed.embargo) if proposed.embargo else now
    if moment < now:
        raise UsageError(
            f"--embargo: {proposed.embargo} has passed.", remedy="name a moment to come."
        )
    with writer_lock(home):
        if isinstance(survey, Survey):
            _require_whole_waves(home, survey, proposed.provisional)
        note = as_sentence(proposed.note) if proposed.note else None
        waves = (note, proposed.provisional, proposed.corrects)
        made = make_candidate(home, Proposal(moment, london_day(moment), *waves))
    typer.echo(f"Candidate for release {made.number}: {home.candidate / 'files' / 'index.html'}")
    typer.echo(f"Not public before {london_words(made.released_at)} in London.")
    if made.revisions:
        typer.echo(f"Published figures that it revises: {made.revisions} (data/revisions.csv)")
    if not has_board_pdf(home):
        typer.echo("The board paper has no PDF: Chromium is not installed, or could not print it.")
    signing = typed("publish --approve --by 'NAME'", survey_name)
    typer.echo(f"Sign it off with: {signing}")
    return DONE


def decide(survey_name: str, decision: Decision) -> int:
    """Sign off, withdraw, or neither; then make public whatever is due, and print that."""
    _require_one(decision)
    home = _home(survey_name)
    now = clock()
    with writer_lock(home):
        if decision.approve:
            _require_accepted(home)
            signed = sign_candidate(home, _name(decision), getuser(), now, london_day(now))
            typer.echo(f"Release {signed.number} is signed off by {_name(decision)}.")
        if decision.withdraw is not None:
            withdraw_release(home, decision.withdraw, _withdrawal(decision, now))
            typer.echo(f"Release {decision.withdraw} is withdrawn.")
        publish_due(home, now)
    typer.echo("\n".join(release_lines(home, now, survey_name)))
    return DONE


def typed(command: str, survey_name: str) -> str:
    """Return a command as it is typed for a survey, given by name or path."""
    survey = "" if survey_name == DEFAULT_SURVEY else f" --survey {shlex.quote(survey_name)}"
    return f"perceptions {command}{survey}"


def release_lines(home: Home, now: datetime, survey_name: str = DEFAULT_SURVEY) -> Sequence[str]:
    """Return what is public, under embargo, and waiting for sign-off, a line each."""
    releases = signed_releases(home)
    shown = public_release(home)
    lines = [] if shown is None else [f"Public: release {shown} in {home.public}"]
    if is_due(home, now):
        lines.append(f"Due, and not public yet: {typed('publish --due', survey_name)}")
    lines += [
        f"Under embargo: release {one.number}, until {london_words(one.released_at)} in London"
        for one in releases
        if one.withdrawal is None and one.released_at > now
    ]
    candidate = candidate_of(home)
    if candidate is not None:
        lines.append(f"Waiting for sign-off: {_waiting(home, candidate)}")
    return lines or [f"Nothing is released yet: {typed('publish', survey_name)}"]


def _waiting(home: Home, candidate: Release) -> str:
    build = current_build(home)
    other = build is not None and build.name != candidate.build
    since = f"; build {build.name} is current now" if build is not None and other else ""
    return f"release {candidate.number}, made from build {candidate.build}{since}"


def _require_one(decision: Decision) -> None:
    if decision.approve and decision.withdraw is not None:
        raise UsageError(
            "--approve and --withdraw are two decisions.", remedy="give one command for each."
        )


def _withdrawal(decision: Decision, now: datetime) -> Withdrawal:
    if not decision.note:
        raise UsageError(
            "A release is not withdrawn without a reason, which is published.",
            remedy="say why: --note 'Two areas were exchanged ...'",
        )
    return Withdrawal(
        withdrawn_by=_name(decision),
        account=getuser(),
        withdrawn_at=now,
        withdrawn_on=london_day(now),
        reason=as_sentence(decision.note),
    )


def _require_whole_waves(home: Home, survey: Survey, provisional: Sequence[str]) -> None:
    """Raise UsageError where a wave lacks a sample that was drawn, and is not named provisional."""
    lacking = {
        wave: names
        for wave, names in partial_waves(held_by(home), survey).items()
        if wave not in provisional
    }
    if lacking:
        told = "; ".join(
            f"{wave} has no return of {series(names)}" for wave, names in lacking.items()
        )
        raise UsageError(
            f"{told}: it would be published as if it were whole.",
            remedy="wait for the return, or say that figures may change: "
            f"{' '.join(f'--provisional {wave}' for wave in lacking)}. If none was drawn, name the "
            "sample's `waves` under samples in survey.yaml.",
        )


def _require_accepted(home: Home) -> None:
    """Raise UsageError where a finding on a return in use has been accepted by nobody."""
    left = open_findings_in(home)
    if left:
        raise UsageError(
            f"Nothing is signed off: findings that nobody has accepted: {len(left)}.\n"
            + "\n".join(f"  {one.wave}  {one.rule}: {one.finding}" for one in left),
            remedy="accept what may stand, each with a reason (perceptions accept WAVE RULE "
            "--reason …, or `accepted` in survey.yaml), and ask the supplier about the rest.",
        )


def _name(decision: Decision) -> str:
    if not (decision.by or "").strip():
        raise UsageError("It is not said who decides.", remedy="name the person: --by 'NAME'")
    return str(decision.by).strip()


def _home(survey_name: str) -> Home:
    return home_in_use(load_either(survey_name).name, state_root())
