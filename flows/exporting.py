"""Respondents handed on to other programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from flows.endings import DONE
from flows.settings import state_root
from transforms.catalogue.mistakes import series
from warehouse.asking import opened_for_questions, record_command
from warehouse.declaration import load_survey
from warehouse.exchange import Format, export_respondents, require_free, waves_to_export
from warehouse.home import home_in_use


def export_and_show(survey_name: str, to: Path, form: Format, asked: Sequence[str]) -> int:
    """Export respondents, record that in the access log first, and print what is where."""
    home = home_in_use(load_survey(survey_name).name, state_root())
    target = to.absolute()
    require_free(target, home)
    build, connection = opened_for_questions(home, restricted=True)
    with connection:
        waves = waves_to_export(connection, asked)
        told = f"export {form} of {', '.join(waves)} to {target}"
        record_command(home, build, told, datetime.now(UTC))
        made = export_respondents(home, build, connection, waves, target, form)
    typer.echo(f"{made.folder}: respondents of {series(made.waves)}. README.md says what is there.")
    typer.echo("They are restricted: keep them on an encrypted disk, and remove them after use.")
    if made.left_out and not asked:
        typer.echo(f"Not in it, since no longer kept: {series(made.left_out)}.")
    return DONE
