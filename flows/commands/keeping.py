"""What is kept: builds, backups, the key, and respondents who are to go."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.app import DEFAULT_SURVEY, SurveyOption, app


@app.command()
def builds(survey: SurveyOption = DEFAULT_SURVEY) -> None:
    """List the builds that are kept, and say which is current."""
    from flows.keeping import show_builds

    raise typer.Exit(show_builds(survey))


@app.command()
def restore(
    what: Annotated[
        str, typer.Argument(help="A build's number, or the folder of a backup for an empty home.")
    ],
    survey: SurveyOption = DEFAULT_SURVEY,
) -> None:
    """Make an earlier build current again, or bring a backup into an empty home."""
    from flows.keeping import restore_and_show

    raise typer.Exit(restore_and_show(survey, what))


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="Where to make the backup: on another disk.")],
    survey: SurveyOption = DEFAULT_SURVEY,
) -> None:
    """Copy archive, quarantine, releases and the current build elsewhere; verify the copy."""
    from flows.keeping import back_up_and_show

    raise typer.Exit(back_up_and_show(survey, folder))


@app.command()
def new_key(survey: SurveyOption = DEFAULT_SURVEY) -> None:
    """Change the key of the pseudonyms; the next run computes every wave held with the new one."""
    from flows.keeping import renew_key_and_show

    raise typer.Exit(renew_key_and_show(survey))


@app.command()
def retain(survey: SurveyOption = DEFAULT_SURVEY) -> None:
    """Remove respondents whose time is up, as survey.yaml declares; every run does so too."""
    from flows.retaining import retain_and_show

    raise typer.Exit(retain_and_show(survey))


@app.command()
def withdraw(
    serial: Annotated[
        str | None,
        typer.Argument(help="The respondent's serial number; left out: it is asked for."),
    ] = None,
    survey: SurveyOption = DEFAULT_SURVEY,
    wave: Annotated[
        str | None, typer.Option(help="The interview's wave; needed where several have the number.")
    ] = None,
    sample: Annotated[
        str | None, typer.Option(help="Its sample; needed where several of a wave have it.")
    ] = None,
    reason: Annotated[
        str, typer.Option(help="Recorded in the warehouse; who it was is not.")
    ] = "asked to be withdrawn",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before acting.")] = False,
) -> None:
    """Erase a respondent who asks for it: from returns, figures and builds."""
    from flows.withdrawing import Request, withdraw_and_show

    number = typer.prompt("Serial number", hide_input=True) if serial is None else serial
    raise typer.Exit(withdraw_and_show(survey, Request(number, wave, sample, reason, yes)))
