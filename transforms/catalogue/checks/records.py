"""series.yaml: the KPIs that series stand beside, their files and their breaks."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.catalogue.draft import Draft
from transforms.catalogue.mistakes import KeyPath, SourceFile, did_you_mean, in_words, unknown_name
from transforms.catalogue.record_table import SERIES_FOLDER, is_series_file, record_mistakes
from transforms.catalogue.records import RecordSeries, SeriesBreak
from transforms.errors import Mistake
from transforms.record_periods import EXAMPLES, record_period

FILE = "series.yaml"


def series_mistakes(draft: Draft) -> Iterator[Mistake]:
    """Yield the mistakes of each series, and of files that no series is read from."""
    source = draft.source(FILE)
    declared = draft.record_series or {}
    for name, series in declared.items():
        if series is None:
            continue
        path = ("series", name)
        for place, kpi in enumerate(series.beside):
            yield from unknown_name(source, (*path, "beside", place), "KPI", kpi, draft.kpis)
        for place, broken in enumerate(series.breaks):
            yield from _break_mistakes(source, (*path, "breaks", place), series, broken)
        yield from _citation_mistakes(source, path, series)
        yield from _file_mistakes(draft, source, name, series)
    if None not in declared.values():
        yield from _unused_files(draft, {one.file for one in declared.values() if one})


def _break_mistakes(
    source: SourceFile, path: KeyPath, series: RecordSeries, broken: SeriesBreak
) -> Iterator[Mistake]:
    ends = {"since": broken.first, **({"until": broken.last} if broken.last else {})}
    periods = {key: record_period(name, series.every) for key, name in ends.items()}
    for key in (key for key, period in periods.items() if period is None):
        yield source.mistake(
            (*path, key),
            f"'{key}' is {in_words(ends[key])}.",
            expected=f"a {series.every} written {EXAMPLES[series.every]}.",
            remedy="write it as the periods of the series are.",
        )
    since, until = periods["since"], periods.get("until")
    if since is not None and until is not None and until < since:
        yield source.mistake(
            (*path, "until"),
            f"The break ends with {broken.last}, before it begins.",
            expected=f"{broken.first} or a later {series.every}.",
            remedy="exchange the two, or leave 'until' out.",
        )


def _citation_mistakes(
    source: SourceFile, path: KeyPath, series: RecordSeries
) -> Iterator[Mistake]:
    for key in ("source", "licence"):
        if series.file is not None and getattr(series, key) is None:
            yield source.mistake(
                path,
                f"The figures are published, and '{key}' is missing.",
                expected="where the figures are from, and on what terms they are used.",
                remedy=f"add a line '{key}: …' here.",
            )


def _file_mistakes(
    draft: Draft, source: SourceFile, name: str, series: RecordSeries
) -> Iterator[Mistake]:
    if series.file is None:
        return
    if series.file in draft.files and is_series_file(series.file):
        yield from record_mistakes(name, series, draft.files[series.file], draft.areas_by_code)
        return
    held = [file for file in draft.files if is_series_file(file)]
    close = did_you_mean(series.file, held)
    yield source.mistake(
        ("series", name, "file"),
        f"There is no file {in_words(series.file)}.",
        expected=f"a CSV file in the survey's folder, below {SERIES_FOLDER}",
        remedy=f"did you mean '{close}'?"
        if close
        else "put it there, or leave 'file' out until there are figures.",
    )


def _unused_files(draft: Draft, named: set[str | None]) -> Iterator[Mistake]:
    unused = sorted(file for file in draft.files if is_series_file(file) and file not in named)
    for file in unused:
        yield Mistake(
            file,
            1,
            "No series is read from this file.",
            "files that series.yaml names.",
            f"name it under 'file' of a series in {FILE}, or move it out of the folder.",
        )
