"""Respondents removed when their time is up, as survey.yaml declares."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import typer

from flows.endings import DONE
from flows.outcomes import Held
from flows.progress import say
from flows.receiving import held_by
from flows.settings import state_root
from transforms.catalogue import Survey
from transforms.catalogue.mistakes import series
from warehouse.builds import open_build
from warehouse.declaration import load_survey
from warehouse.home import Home, home_in_use
from warehouse.lock import writer_lock
from warehouse.publication import publish_build
from warehouse.retention import of_waves, record_reduction, sweep


def retain_and_show(survey_name: str) -> int:
    """Remove what is no longer to be kept, and print what was."""
    survey = load_survey(survey_name)
    home = home_in_use(survey.name, state_root())
    if survey.about.keeping.respondents_for_months is None:
        typer.echo("survey.yaml sets no end (`keeping`, `respondents_for_months`): all is kept.")
        return DONE
    with writer_lock(home):
        waves = retain(home, survey, datetime.now(UTC))
    typer.echo(f"Respondents removed of {series(waves)}." if waves else "No wave's time is up.")
    return DONE


def retain(home: Home, survey: Survey, now: datetime) -> tuple[str, ...]:
    """Remove the respondents of waves whose time is up; return those waves. Needs `writer_lock`.

    Their totals, estimates and KPIs stand. Returns, refused ones too, and earlier builds that hold
    such respondents are removed.
    """
    months = survey.about.keeping.respondents_for_months
    if months is None:
        return ()
    due = due_waves(held_by(home), survey, now.date())
    if due:
        _reduce(home, survey, due, now)
        say("Keeping", f"respondents of {series(due)} removed")
    sweep(home, (pd.Timestamp(now) - pd.DateOffset(months=months)).to_pydatetime())
    return due


def due_waves(held: Held, survey: Survey, today: date) -> tuple[str, ...]:
    """Return the computed waves that ended so long ago that their respondents are to go."""
    months = survey.about.keeping.respondents_for_months
    if months is None:
        return ()
    oldest = (pd.Timestamp(today) - pd.DateOffset(months=months)).date()
    return tuple(
        wave.name
        for wave in survey.waves
        if wave.name in held.versions and wave.name not in held.reduced and wave.end < oldest
    )


def _reduce(home: Home, survey: Survey, waves: tuple[str, ...], now: datetime) -> None:
    simulated = survey.about.simulated
    with open_build(home, simulated=simulated, leave_out=of_waves(waves)) as making:
        record_reduction(making, home, waves, now)
        publish_build(making)
