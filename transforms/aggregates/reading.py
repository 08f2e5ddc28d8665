"""From a publisher's tables, as text, to figures by quarter, measure and area; nothing guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from transforms.catalogue.base import WHOLE
from transforms.catalogue.mistakes import did_you_mean, in_words, listing
from transforms.catalogue.published import PublishedFile, Spelt
from transforms.errors import ReturnRejected
from transforms.notation import date_in, number_in
from transforms.waves import quarters

Place = tuple[str, str, str]
"""A quarter, a measure and an area (all: the whole), by their names in the declaration."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table as read: its file's name, its columns, its rows, and the line of each row."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TakenFigures:
    """Every figure once, and what was left out: `stray` cells beyond the named columns."""

    figures: Mapping[Place, float]
    stray: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Names:
    """What stands in the tables, and what the declaration calls it."""

    quarters: Mapping[str, str]
    areas: Mapping[str, str]
    measures: Mapping[str, str]


@dataclass(slots=True)
class _Found:
    """The figures so far, each with the place that it was first found at."""

    values: dict[Place, float] = field(default_factory=dict)
    first: dict[Place, str] = field(default_factory=dict)


def take_figures(tables: Sequence[SourceTable], about: PublishedFile) -> TakenFigures:
    """Return every figure of the tables once.

    A figure may be given several times, if alike: in two tables, or the whole's beside each area.
    ReturnRejected where a row cannot be understood, names what is not declared, or contradicts
    another.
    """
    names, found = _names(about), _Found()
    stray: list[str] = []
    for table in tables:
        _require_columns(table, about)
        for line, row in zip(table.lines, table.rows, strict=True):
            cells = dict(zip(table.columns, row, strict=False))
            at = f"{table.file}, line {line}"
            _take_row(cells, at, about, names, found)
            if any(cell for name, cell in _beyond(table, row) if not name):
                stray.append(at)
    return TakenFigures(dict(sorted(found.values.items())), tuple(stray))


def _names(about: PublishedFile) -> _Names:
    ends = quarters(about.quarters.first, about.quarters.last)
    whole = dict.fromkeys(about.whole_named, WHOLE)
    return _Names(
        quarters={wave.end.isoformat(): wave.name for wave in ends},
        areas=whole | _spellings(about.areas.listed),
        measures=_spellings(about.measures),
    )


def _spellings(declared: Mapping[str, Spelt]) -> dict[str, str]:
    return {text: name for name, one in declared.items() for text in one.spellings}


def _beyond(table: SourceTable, row: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each cell with the name of its column, "" beyond the named ones."""
    names = (*table.columns, *[""] * max(0, len(row) - len(table.columns)))
    yield from zip(names, row, strict=False)


def _require_columns(table: SourceTable, about: PublishedFile) -> None:
    named = about.columns
    for column in (named.date, named.area, named.measure, named.value):
        if column not in table.columns:
            close = did_you_mean(column, [known for known in table.columns if known])
            raise ReturnRejected(
                f"{table.file}: there is no column '{column}'.",
                expected=f"{listing(table.columns)}, as published.yaml names them.",
                remedy=f"did you mean '{close}'?" if close else "correct published.yaml.",
            )


def _take_row(
    cells: Mapping[str, str], at: str, about: PublishedFile, names: _Names, found: _Found
) -> None:
    named = about.columns
    day = date_in(cells.get(named.date, ""), about.dates)
    quarter = _known(
        names.quarters, day.date().isoformat() if day else cells.get(named.date, ""), "quarter", at
    )
    measure = _known(names.measures, cells.get(named.measure, ""), "measure", at)
    area = _known(names.areas, cells.get(named.area, ""), "area", at)
    _keep(found, (quarter, measure, area), _share(cells, named.value, about, at), at)
    if named.whole is not None and cells.get(named.whole):
        whole = _share(cells, named.whole, about, at)
        _keep(found, (quarter, measure, WHOLE), whole, at)


def _known(names: Mapping[str, str], text: str, kind: str, at: str) -> str:
    if text in names:
        return names[text]
    close = did_you_mean(text, names)
    raise ReturnRejected(
        f"{at}: {in_words(text or None)} is no {kind} that is declared.",
        expected="the last day of a declared quarter."
        if kind == "quarter"
        else f"a {kind} of published.yaml, in one of its spellings.",
        remedy=f"if it is {close}, add this spelling in published.yaml under 'named'."
        if close and kind != "quarter"
        else "correct the row, or declare it in published.yaml.",
    )


def _share(cells: Mapping[str, str], column: str, about: PublishedFile, at: str) -> float:
    text = cells.get(column, "")
    value = number_in(text, about.decimal)
    if value is not None and 0 <= value <= 1:
        return value
    raise ReturnRejected(
        f"{at}: the {column} is {in_words(text or None)}.",
        expected="a share from 0 to 1.",
        remedy="correct the row, or 'decimal' in published.yaml; leave a row without a figure out.",
    )


def _keep(found: _Found, place: Place, value: float, at: str) -> None:
    known = found.values.setdefault(place, value)
    first = found.first.setdefault(place, at)
    if known != value:
        quarter, measure, area = place
        raise ReturnRejected(
            f"{at}: {measure} of {area} in {quarter} is {value:g}, and {known:g} in {first}.",
            expected="one figure for a quarter, measure and area.",
            remedy="find out which of the two is right, and correct the other.",
        )
