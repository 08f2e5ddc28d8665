"""Taking over figures that another office has published, from its tables to pages and files."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import typer

from flows.endings import DONE
from flows.publishing import typed
from flows.settings import state_root
from flows.version import code_version
from transforms.aggregates import SourceTable, TakenFigures, aggregate_tables, take_figures
from transforms.catalogue.published import PublishedSurvey
from transforms.errors import ReturnRejected, UsageError
from transforms.wording import number
from warehouse.builds import open_build
from warehouse.declaration import load_published
from warehouse.home import Home, home_of
from warehouse.lock import writer_lock
from warehouse.publication import publish_build
from warehouse.runs import Run, record_run
from warehouse.store import replace_all

DELIMITERS = ",;\t"


def adopt_and_show(name_or_path: str, files: Sequence[Path]) -> int:
    """Take the figures of the files over, and print where their pages are."""
    survey = load_published(name_or_path)
    started = datetime.now(UTC)
    contents = [(file.name, _content(file)) for file in files]
    taken = take_figures([_table(name, content) for name, content in contents], survey.about)
    home = home_of(survey.name, state_root())
    inputs = tuple(sha256(content).hexdigest() for _, content in contents)
    with writer_lock(home):
        folder = _build(home, survey, taken, (started, inputs))
    for at in taken.stray:
        typer.echo(f"Left out: a cell in a column without a name ({at}).")
    typer.echo(f"{number(len(taken.figures))} figures taken over; none has a standard error.")
    typer.echo(f"Pages: {folder / 'site' / 'index.html'}")
    typer.echo(f"Release them with: {typed('publish', name_or_path)}")
    return DONE


def _build(
    home: Home,
    survey: PublishedSurvey,
    taken: TakenFigures,
    run: tuple[datetime, tuple[str, ...]],
) -> Path:
    started, inputs = run
    with open_build(home, simulated=False) as making:
        replace_all(making.connection, aggregate_tables(survey, taken))
        waves = tuple(sorted({quarter for quarter, _, _ in taken.figures}))
        record_run(
            making.connection,
            Run(started, datetime.now(UTC), code_version(), survey.digest, inputs, waves, "done"),
        )
        publish_build(making)
        number_of_build = making.folder.with_suffix("").name
    return home.builds / number_of_build


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read ({error.strerror}).",
            expected="a CSV file.",
            remedy="check the path and its permissions.",
        ) from None


def _table(name: str, content: bytes) -> SourceTable:
    """Return a CSV file as text, separated by whatever its first line has most of."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [
            (reader.line_num, tuple(cell.strip() for cell in row)) for row in reader if any(row)
        ]
    except csv.Error:
        rows = []
    if not rows:
        raise ReturnRejected(
            f"{name} holds no table.",
            expected="a first row of column names, then one row a figure.",
            remedy="send the file as it was published.",
        )
    columns = rows[0][1]
    while columns and not columns[-1]:
        columns = columns[:-1]
    return SourceTable(
        name, columns, tuple(row for _, row in rows[1:]), tuple(line for line, _ in rows[1:])
    )
