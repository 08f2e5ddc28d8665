"""Questions in SQL at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import typer

from flows.endings import DONE
from flows.settings import state_root
from transforms.errors import UsageError
from warehouse.asking import answer, opened_for_questions, record_access
from warehouse.declaration import load_either
from warehouse.home import Home, home_in_use


def ask_and_show(survey_name: str, query: str | None, *, restricted: bool, as_csv: bool) -> int:
    """Answer a query, or those that are typed; return the exit status."""
    home = home_in_use(load_either(survey_name).name, state_root())
    folder, connection = opened_for_questions(home, restricted=restricted)
    with connection:
        if query is not None:
            _logged(home, folder, query, restricted=restricted)
            typer.echo(answer(connection, query, as_csv=as_csv))
            return DONE
        for typed in _typed():
            _logged(home, folder, typed, restricted=restricted)
            try:
                typer.echo(answer(connection, typed, as_csv=as_csv))
            except UsageError as error:
                typer.echo(str(error), err=True)
    return DONE


def _logged(home: Home, folder: Path, query: str, *, restricted: bool) -> None:
    """Record who asks before anything is shown; nothing where the database is open to anyone."""
    if restricted:
        record_access(home, folder, query, datetime.now(UTC))


def _typed() -> Iterator[str]:
    """Yield what is typed, or piped in, up to each semicolon."""
    asked_by_hand = sys.stdin.isatty()
    lines: list[str] = []
    if asked_by_hand:
        typer.echo("End a query with ; and the session with Ctrl-D.", err=True)
    for line in sys.stdin:
        lines.append(line)
        if line.rstrip().endswith(";"):
            yield "".join(lines)
            lines = []
    if "".join(lines).strip():
        yield "".join(lines)
