"""Looking after a home: which builds it keeps, going back to one, and backups."""

from __future__ import annotations

from pathlib import Path

import typer

from flows.endings import DONE
from flows.settings import state_root
from transforms.errors import UsageError
from transforms.wording import table
from warehouse.backup import MANIFEST, back_up, restore_backup
from warehouse.builds import complete_builds, current_build, open_build
from warehouse.declaration import load_either, load_survey
from warehouse.home import Home, home_in_use, home_of
from warehouse.keeping import Restored, linked_build, restore_build, run_that_made
from warehouse.lock import writer_lock
from warehouse.pseudonyms import renew_key
from warehouse.publication import publish_build
from warehouse.runs import mark_as_of_another_key


def show_builds(survey_name: str) -> int:
    """Print the builds that are kept."""
    home = _home(survey_name)
    current = linked_build(home)
    rows = []
    for folder in complete_builds(home):
        run = run_that_made(folder)
        ended = run.ended_at.strftime("%Y-%m-%d %H:%M UTC") if run else "cannot be read"
        mark = "current" if folder == current else ""
        rows.append([folder.name, ended, run.outcome if run else "", mark])
    typer.echo(table(["Build", "Made", "Run", ""], rows) if rows else "There is no build yet.")
    return DONE


def restore_and_show(survey_name: str, what: str) -> int:
    """Make a build current, by number or from a backup, and print what that leaves behind."""
    if what.isascii() and what.isdigit():
        home = _home(survey_name)
        with writer_lock(home):
            typer.echo(_restored_text(restore_build(home, int(what))))
        return DONE
    _require_folder(Path(what))
    home = home_of(load_either(survey_name).name, state_root())
    with writer_lock(home):
        folder = restore_backup(home, Path(what).absolute())
    typer.echo(f"{folder} is current. The key of the pseudonyms is not in a backup: put yours back")
    typer.echo(f"as {home.secret_key}, or waves computed from now on have new pseudonyms.")
    return DONE


def back_up_and_show(survey_name: str, to: Path) -> int:
    """Back the home up and print where."""
    home = _home(survey_name)
    with writer_lock(home):
        made = back_up(home, to)
    typer.echo(f"{made}  verified; {MANIFEST} lists its files")
    typer.echo(f"Not in it: {home.secret_key}. Keep a copy of that where the backup is not.")
    return DONE


def renew_key_and_show(survey_name: str) -> int:
    """Change the key of the pseudonyms, and have the next run compute every wave with it."""
    survey = load_survey(survey_name)
    home = home_in_use(survey.name, state_root())
    with writer_lock(home):
        waves = 0
        if current_build(home) is not None:
            with open_build(home, simulated=survey.about.simulated) as making:
                waves = mark_as_of_another_key(making.connection)
                publish_build(making)
        renew_key(home)
    typer.echo(
        f"{home.secret_key} is new; a copy of the old one undoes the pseudonyms made with it."
    )
    if waves:
        typer.echo(f"The next run computes the waves held again ({waves}): perceptions run")
        typer.echo("Builds before that, and backups, hold the old pseudonyms: remove them by hand.")
    return DONE


def _home(survey_name: str) -> Home:
    return home_in_use(load_either(survey_name).name, state_root())


def _require_folder(path: Path) -> None:
    if not path.is_dir():
        raise UsageError(
            f"{path} is neither a build's number nor a folder.",
            remedy="see `perceptions builds` for numbers, or name the folder of a backup.",
        )


def _restored_text(restored: Restored) -> str:
    lines = [f"{restored.folder} is current again. The next run starts from it."]
    if restored.left_behind:
        lines.append("No longer in use, until they are put into the inbox again:")
    lines += [
        f"  {one.file_name} ({one.wave}), archive/{one.sha256}" for one in restored.left_behind
    ]
    return "\n".join(lines)
