"""From a margin's CSV, as read, to control totals; or every mistake in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from transforms.catalogue.base import SLUG_PATTERN
from transforms.catalogue.margins import EDITION, ControlTotal, Margin
from transforms.catalogue.mistakes import SourceFile, did_you_mean, in_words, series
from transforms.errors import Mistake

TOTAL_COLUMNS = ("population", "source", "reference_date")
"""The columns that every margin has after its variables."""

_FOLDER, _ENDING = "margins/", ".csv"


def is_margin_file(file: str) -> bool:
    """True where a file of the declaration holds a margin."""
    return file.startswith(_FOLDER)


def margin_name(file: str) -> str:
    """Return the name of the margin that a file holds: margins/area.csv holds area.

    A later edition's carries the wave from which it holds: margins/area.from_2027-Q2.csv.
    """
    return file.removeprefix(_FOLDER)[: -len(_ENDING)]


def read_margin_table(source: SourceFile) -> tuple[Margin | None, list[Mistake]]:
    """Return the margin and no mistakes, or what keeps the file from being one."""
    if not source.readable:
        return None, []
    columns, rows = _table(source)
    mistakes = [*_name_mistakes(source), *_column_mistakes(source, columns, rows)]
    if not mistakes:
        mistakes = [
            mistake
            for place, row in enumerate(rows)
            for mistake in _row_mistakes(source, place, columns, row)
        ]
    return (None if mistakes else _margin(source, columns, rows)), mistakes


def _table(source: SourceFile) -> tuple[list[str], list[list[str]]]:
    content = source.content
    assert isinstance(content, dict)
    return content["columns"], content["rows"]


def _name_mistakes(source: SourceFile) -> Iterator[Mistake]:
    name = margin_name(source.name).partition(EDITION)[0]
    if not re.match(SLUG_PATTERN, name):
        yield source.mistake(
            (),
            f"{in_words(name)} cannot be the name of a margin.",
            expected="a file named in lower-case letters, digits and underscores.",
            remedy="rename the file, and write the same name in survey.yaml under calibration.",
        )


def _column_mistakes(
    source: SourceFile, columns: Sequence[str], rows: Sequence[object]
) -> Iterator[Mistake]:
    expected = f"one column for each domain, then {', '.join(TOTAL_COLUMNS)}."
    if len(columns) == 1 and ";" in columns[0]:
        remedy = "save it with commas between the columns (in Excel: 'CSV UTF-8')."
        yield _column_mistake(source, "The columns are separated by semicolons.", expected, remedy)
        return
    for missing in (column for column in TOTAL_COLUMNS if column not in columns):
        close = did_you_mean(missing, [column for column in columns if column])
        remedy = f"rename '{close}' to '{missing}'." if close else f"add the column '{missing}'."
        yield _column_mistake(source, f"There is no column '{missing}'.", expected, remedy)
    repeated = sorted({column for column in columns if columns.count(column) > 1})
    if repeated or "" in columns:
        found = f"twice: {series(repeated)}" if any(repeated) else "without a name"
        remedy = "give each column one name of its own; remove empty columns."
        yield _column_mistake(source, f"There is a column {found}.", expected, remedy)
    if len(columns) == len(TOTAL_COLUMNS) and set(columns) == set(TOTAL_COLUMNS):
        remedy = "add a column named after a domain of measures.yaml."
        yield _column_mistake(source, "No column names a domain.", expected, remedy)
    if columns and not rows:
        remedy = "add a row for each category."
        yield _column_mistake(source, "There are no control totals.", expected, remedy)


def _column_mistake(source: SourceFile, found: str, expected: str, remedy: str) -> Mistake:
    return source.mistake(("columns",), found, expected=expected, remedy=remedy)


def _row_mistakes(
    source: SourceFile, place: int, columns: Sequence[str], row: Sequence[str]
) -> Iterator[Mistake]:
    path = ("rows", place)
    if len(row) != len(columns):
        yield source.mistake(
            path,
            f"The row has {len(row)} cells.",
            expected=f"{len(columns)} cells, as in the first row.",
            remedy="add or remove commas; put a cell that contains a comma in quotes.",
        )
        return
    cells = dict(zip(columns, row, strict=True))
    if not _is_population(cells["population"]):
        yield source.mistake(
            path,
            f"The population is {in_words(cells['population'] or None)}.",
            expected="a number greater than 0, such as 12345.",
            remedy="write digits only, without separators; merge a category of nobody with another "
            "in measures.yaml.",
        )
    if not cells["source"]:
        yield source.mistake(
            path,
            "The source is left empty.",
            expected="where the figure was published.",
            remedy="write publisher, table and edition.",
        )
    if not _is_date(cells["reference_date"]):
        yield source.mistake(
            path,
            f"The reference_date is {in_words(cells['reference_date'] or None)}.",
            expected="the day the population is of, written 2022-06-30.",
            remedy="write year, month and day; Excel may have changed it: format the column as "
            "text before typing.",
        )


def _is_population(text: str) -> bool:
    """True for a positive number in digits; longer ones are no population on Earth."""
    return re.fullmatch(r"[0-9]{1,12}(\.[0-9]+)?", text) is not None and float(text) > 0


def _is_date(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _margin(source: SourceFile, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Margin:
    variables = tuple(column for column in columns if column not in TOTAL_COLUMNS)
    return Margin.model_construct(
        name=margin_name(source.name),
        variables=variables,
        control_totals=tuple(
            _control_total(variables, dict(zip(columns, row, strict=True))) for row in rows
        ),
    )


def _control_total(variables: Sequence[str], cells: Mapping[str, str]) -> ControlTotal:
    """Return a row's control total; the names in it are checked against the domains later."""
    return ControlTotal.model_construct(
        category=tuple(cells[variable] for variable in variables),
        population=float(cells["population"]),
        source=cells["source"],
        reference_date=date.fromisoformat(cells["reference_date"]),
    )
