"""From a series' CSV, as read, to its figures; or every mistake in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from transforms.catalogue.base import WHOLE
from transforms.catalogue.mistakes import KeyPath, SourceFile, did_you_mean, in_words, listing
from transforms.catalogue.records import RecordFigure, RecordSeries
from transforms.errors import Mistake
from transforms.record_periods import EXAMPLES, record_period

SERIES_FOLDER = "series/"
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]+)?")

Row = Mapping[str, str]


def is_series_file(file: str) -> bool:
    """True where a file of the declaration holds figures of series."""
    return file.startswith(SERIES_FOLDER)


def figures_of(series: RecordSeries, source: SourceFile) -> tuple[RecordFigure, ...]:
    """Return the figures of a file without mistakes, in its order."""
    return tuple(
        RecordFigure(
            area=_area(series, row), period=row[series.period], value=float(row[series.value])
        )
        for row in _rows(source)
    )


def record_mistakes(
    name: str, series: RecordSeries, source: SourceFile, areas: Mapping[str, str]
) -> Iterator[Mistake]:
    """Yield what keeps a file from holding the series; `areas`: the survey's areas by ONS code."""
    if not source.readable:
        return
    columns = _columns(source)
    missing = [column for column in series.columns if column not in columns]
    for column in missing:
        yield _missing_column(name, source, columns, column)
    uneven = list(_uneven_rows(source, columns))
    yield from uneven
    if missing or uneven:
        return
    first: dict[tuple[str, str], int] = {}
    for place, row in enumerate(_rows(source)):
        yield from _cell_mistakes(series, source, place, row, areas)
        key = (_area(series, row), row[series.period])
        if key in first:
            yield _twice(source, place, series.period, row, source.line(("rows", first[key])))
        first.setdefault(key, place)


def _columns(source: SourceFile) -> Sequence[str]:
    assert isinstance(source.content, dict)
    columns: Sequence[str] = source.content["columns"]
    return columns


def _rows(source: SourceFile) -> list[Row]:
    assert isinstance(source.content, dict)
    columns = _columns(source)
    return [dict(zip(columns, row, strict=True)) for row in source.content["rows"]]


def _area(series: RecordSeries, row: Row) -> str:
    if series.area is None or row[series.area] == series.whole:
        return WHOLE
    return row[series.area]


def _missing_column(name: str, source: SourceFile, columns: Sequence[str], column: str) -> Mistake:
    close = did_you_mean(column, [known for known in columns if known])
    return source.mistake(
        ("columns",),
        f"There is no column '{column}', which the series '{name}' is read from.",
        expected=f"{listing(columns)}, as series.yaml names them." if columns else "a first row.",
        remedy=f"did you mean '{close}'?" if close else "name the column, or correct series.yaml.",
    )


def _uneven_rows(source: SourceFile, columns: Sequence[str]) -> Iterator[Mistake]:
    assert isinstance(source.content, dict)
    for place, row in enumerate(source.content["rows"]):
        if len(row) != len(columns):
            yield source.mistake(
                ("rows", place),
                f"The row has {len(row)} cells.",
                expected=f"{len(columns)} cells, as in the first row.",
                remedy="add or remove commas; put a cell that contains a comma in quotes.",
            )


def _cell_mistakes(
    series: RecordSeries, source: SourceFile, place: int, row: Row, areas: Mapping[str, str]
) -> Iterator[Mistake]:
    path: KeyPath = ("rows", place)
    period, value = row[series.period], row[series.value]
    if record_period(period, series.every) is None:
        yield source.mistake(
            path,
            f"The {series.period} is {in_words(period or None)}.",
            expected=f"a {series.every} written {EXAMPLES[series.every]}.",
            remedy="correct it, or 'every' in series.yaml.",
        )
    whole = series.quantity == "count"
    if not _NUMBER.fullmatch(value) or (whole and float(value) % 1):
        yield source.mistake(
            path,
            f"The {series.value} is {in_words(value or None)}.",
            expected="a whole number, 0 or more." if whole else "a number, 0 or more.",
            remedy="write digits only, without separators; leave the row out where there is none.",
        )
    known = {series.whole, *series.other_areas, *areas}
    if series.area is not None and row[series.area] not in known:
        yield _unknown_area(series, source, path, row[series.area], areas)


def _unknown_area(
    series: RecordSeries, source: SourceFile, path: KeyPath, area: str, areas: Mapping[str, str]
) -> Mistake:
    return source.mistake(
        path,
        f"The {series.area} is {in_words(area or None)}, which is no area of the survey.",
        expected=f"an ONS code of measures.yaml, such as {next(iter(areas), 'E08000025')}.",
        remedy="correct it, or name it in series.yaml under 'whole' or 'other_areas'.",
    )


def _twice(source: SourceFile, place: int, column: str, row: Row, line: int) -> Mistake:
    return source.mistake(
        ("rows", place),
        f"There is a figure for {in_words(row[column])} already, on line {line}.",
        expected="one figure a period and area.",
        remedy="remove one of the two.",
    )
