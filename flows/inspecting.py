"""Looking without changing anything: one return, or the state of a survey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import typer

from flows.checking import check_whole_way
from flows.commands.app import DEFAULT_SURVEY
from flows.computing import waiting_waves
from flows.endings import DONE, REJECTED, as_json_text
from flows.outcomes import Held
from flows.progress import say_what_is_not_limited
from flows.publishing import clock, release_lines
from flows.receiving import held_by
from flows.settings import state_root
from flows.shown import validation_text
from transforms.catalogue import Reading, Survey
from transforms.catalogue.mistakes import series
from transforms.catalogue.published import PublishedSurvey
from transforms.errors import UsageError
from transforms.proposing import proposed_questionnaire
from transforms.samples import samples_in
from transforms.waves import Wave
from transforms.wording import number, table
from warehouse.acceptances import OpenFinding, open_findings
from warehouse.builds import current_build, open_current
from warehouse.declaration import load_either, load_survey
from warehouse.deliveries import Delivery
from warehouse.disk import place_named, require_writable
from warehouse.home import Home, home_of, place_of
from warehouse.inbox import Left, look_into
from warehouse.quarantine import rejected_deliveries
from warehouse.returns import read_return
from warehouse.runs import Run, last_run


def check_and_show(file: Path, survey_name: str, report: Path | None, *, as_json: bool) -> int:
    """Check a return, print what is wrong with it, and return the exit status."""
    from expectations.report import report_html, report_json

    if not file.is_file():
        raise UsageError(f"There is no file {file}.", remedy="name an existing file.")
    survey = load_survey(survey_name)
    say_what_is_not_limited()
    if report is not None:
        require_writable(report)
    validation = check_whole_way(file, survey, place_of(survey.name, state_root()))
    if report is not None:
        with place_named(report):
            report.write_text(report_html(validation, survey.about.title), encoding="utf-8")
    typer.echo(report_json(validation) if as_json else validation_text(validation))
    return DONE if validation.accepted else REJECTED


def propose_and_show(file: Path) -> int:
    """Print a draft of questionnaire.yaml from a return of a survey that nobody has declared."""
    if not file.is_file():
        raise UsageError(f"There is no file {file}.", remedy="name an existing file.")
    say_what_is_not_limited()
    typer.echo(proposed_questionnaire(read_return(file, Reading())), nl=False)
    return DONE


@dataclass(frozen=True, slots=True)
class WaveStatus:
    """A wave as it stands: received, waiting for a sample, late, or still to come.

    `rows`: of all its samples together.
    """

    wave: str
    period_end: date
    state: str
    file_name: str | None
    rows: int | None


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a survey: waves, what is refused or waiting, and the last run."""

    survey: str
    waves: tuple[WaveStatus, ...]
    rejected: tuple[str, ...]
    waiting_in_inbox: tuple[str, ...]
    left_in_inbox: tuple[Left, ...]
    to_accept: tuple[OpenFinding, ...]
    folder: str
    last_run_ended: datetime | None
    last_run_outcome: str | None
    build: str | None
    releases: tuple[str, ...] = ()


def show_status(survey_name: str, *, as_json: bool) -> int:
    """Print the state of a survey."""
    survey = load_either(survey_name)
    new = not place_of(survey.name, state_root()).folder.is_dir()
    home = home_of(survey.name, state_root())
    if isinstance(survey, PublishedSurvey):
        found = published_status(survey, home, survey_name)
    else:
        found = survey_status(survey, home, date.today(), survey_name)
    typer.echo(as_json_text(found) if as_json else status_text(found))
    if new and not isinstance(survey, PublishedSurvey):
        typer.echo(f"It was made just now, empty. Put returns into {home.inbox}", err=True)
    return DONE


def survey_status(
    survey: Survey, home: Home, today: date, survey_name: str = DEFAULT_SURVEY
) -> Status:
    """Return the state of a survey on the day `today`."""
    held, (run, to_accept) = held_by(home), _recorded(home)
    waiting = waiting_waves((), held, survey)
    build = current_build(home)
    inbox = look_into(home, survey.about.returns.manifest)
    return Status(
        survey=survey.name,
        waves=tuple(
            _wave_status(w, held, waiting.get(w.name, ()), survey, today) for w in survey.waves
        ),
        rejected=tuple(_rejected_line(one.delivery) for one in rejected_deliveries(home)),
        waiting_in_inbox=tuple(path.name for path in (*inbox.returns, *inbox.manifests)),
        left_in_inbox=inbox.left,
        to_accept=to_accept,
        folder=str(home.folder),
        last_run_ended=run.ended_at if run else None,
        last_run_outcome=run.outcome if run else None,
        build=str(build) if build else None,
        releases=tuple(release_lines(home, clock(), survey_name)),
    )


def published_status(survey: PublishedSurvey, home: Home, survey_name: str) -> Status:
    """Return the state of figures taken over from another office: no return is awaited."""
    run, _ = _recorded(home)
    build = current_build(home)
    held = set(run.waves_computed) if run else set()
    return Status(
        survey=survey.name,
        waves=tuple(
            WaveStatus(w.name, w.end, "taken over" if w.name in held else "no figures", None, None)
            for w in survey.waves
        ),
        rejected=(),
        waiting_in_inbox=(),
        left_in_inbox=(),
        to_accept=(),
        folder=str(home.folder),
        last_run_ended=run.ended_at if run else None,
        last_run_outcome=run.outcome if run else None,
        build=str(build) if build else None,
        releases=tuple(release_lines(home, clock(), survey_name)),
    )


def _recorded(home: Home) -> tuple[Run | None, tuple[OpenFinding, ...]]:
    connection = open_current(home)
    if connection is None:
        return None, ()
    with connection:
        return last_run(connection), open_findings(connection)


def _wave_status(
    wave: Wave, held: Held, waits_for: Sequence[str], survey: Survey, today: date
) -> WaveStatus:
    in_use = held.accepted.get(wave.name, {})
    if not in_use:
        return WaveStatus(wave.name, wave.end, _awaited(wave, survey, today), None, None)
    without = [name for name in samples_in(survey, wave.name) if name not in in_use]
    state = f"accepted, without {series(without)}" if without else "accepted"
    if waits_for:
        state = f"waits for {series(waits_for)}"
    if wave.name in held.reduced:
        state += ", respondents no longer kept"
    names = ", ".join(delivery.file_name for delivery in in_use.values())
    rows = sum(delivery.row_count or 0 for delivery in in_use.values())
    return WaveStatus(wave.name, wave.end, state, names, rows)


def _awaited(wave: Wave, survey: Survey, today: date) -> str:
    """Return whether a wave without a return is still to come, due by a day, or late."""
    if wave.end >= today:
        return "to come"
    due = survey.due(wave)
    return "late" if due < today else f"due by {due.isoformat()}"


def _rejected_line(delivery: Delivery) -> str:
    wave = f" ({delivery.wave})" if delivery.wave else ""
    return f"{delivery.file_name}{wave}: {delivery.reason}"


def status_text(status: Status) -> str:
    """Return the state of a survey in plain text."""
    rows = [
        [
            wave.wave,
            wave.period_end.isoformat(),
            wave.state,
            number(wave.rows) if wave.rows is not None else "",
            wave.file_name or "",
        ]
        for wave in status.waves
    ]
    lines = [table(["Wave", "Ends", "State", "Rows", "Return"], rows, right=(3,)), ""]
    lines += [f"Refused: {line}" for line in status.rejected]
    lines += [f"Waiting in the inbox: {name}" for name in status.waiting_in_inbox]
    lines += [f"Left in the inbox: {one.name}: {one.reason}" for one in status.left_in_inbox]
    lines += [f"Not accepted yet: {one.wave} {one.rule}: {one.finding}" for one in status.to_accept]
    lines.append(f"State lies in {status.folder}")
    if status.last_run_ended is None:
        lines.append("No run has completed yet.")
    else:
        ended = status.last_run_ended.strftime("%Y-%m-%d %H:%M UTC")
        lines.append(f"Last run: {ended}, {status.last_run_outcome}. Build: {status.build}")
    lines += status.releases
    return "\n".join(lines)
