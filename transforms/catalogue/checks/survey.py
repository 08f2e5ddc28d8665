"""survey.yaml: waves and comparisons, and what its other parts hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from transforms.catalogue.checks.calibration import calibration_mistakes
from transforms.catalogue.checks.checked import checked_mistakes
from transforms.catalogue.checks.comparisons import comparison_mistakes
from transforms.catalogue.checks.design import carrier_mistakes, design_mistakes
from transforms.catalogue.checks.fieldwork import fieldwork_mistakes
from transforms.catalogue.checks.file_names import file_name_mistakes
from transforms.catalogue.checks.interviews import interview_mistakes
from transforms.catalogue.checks.replicates import replicate_mistakes
from transforms.catalogue.checks.returns import reading_mistakes
from transforms.catalogue.checks.samples import sample_mistakes
from transforms.catalogue.draft import Draft
from transforms.catalogue.mistakes import (
    KeyPath,
    SourceFile,
    in_words,
)
from transforms.catalogue.survey import Quarters, WaveList
from transforms.errors import Mistake
from transforms.waves import QUARTER_NAME, Wave, quarter

FILE = "survey.yaml"
_WAVE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def survey_mistakes(draft: Draft) -> Iterator[Mistake]:
    """Yield the mistakes that survey.yaml holds or that its names bring about."""
    source = draft.source(FILE)
    if draft.wave_list is not None:
        yield from _wave_list_mistakes(source, draft.wave_list)
    if draft.returns is not None:
        path = ("returns", "file_name")
        yield from file_name_mistakes(draft, source, path, draft.returns.file_name)
    yield from _interview_date_mistakes(draft, source)
    yield from reading_mistakes(draft, source)
    yield from design_mistakes(draft, source)
    yield from sample_mistakes(draft, source)
    yield from calibration_mistakes(draft, source)
    yield from replicate_mistakes(draft, source)
    yield from comparison_mistakes(draft, source)
    yield from checked_mistakes(draft, source)
    yield from fieldwork_mistakes(draft, source)
    yield from interview_mistakes(draft, source)


def _wave_list_mistakes(source: SourceFile, declared: WaveList) -> Iterator[Mistake]:
    if (declared.quarters is None) == (not declared.listed):
        yield source.mistake(
            ("waves",),
            "The waves are declared twice."
            if declared.quarters is not None
            else "No waves are declared.",
            expected="either 'quarters' with first and last, or 'listed' with one wave or more.",
            remedy="keep or write one of the two.",
        )
    elif declared.quarters is not None:
        yield from quarter_mistakes(source, ("waves", "quarters"), declared.quarters)
    else:
        yield from _listed_wave_mistakes(source, declared.listed or ())


def quarter_mistakes(source: SourceFile, path: KeyPath, declared: Quarters) -> Iterator[Mistake]:
    """Yield what is wrong in a span of quarters at `path`."""
    ends = {"first": declared.first, "last": declared.last}
    wrong = {key: name for key, name in ends.items() if not QUARTER_NAME.match(name)}
    for key, name in wrong.items():
        yield source.mistake(
            (*path, key),
            f"'{name}' is not a calendar quarter.",
            expected="a year and a quarter, such as 2026-Q2 (April to June 2026).",
            remedy="write it like that.",
        )
    if not wrong and declared.first > declared.last:
        yield source.mistake(
            (*path, "last"),
            f"The last quarter, {declared.last}, is before the first, {declared.first}.",
            expected="a last quarter that is not before the first.",
            remedy="exchange the two, or correct one.",
        )


def _listed_wave_mistakes(source: SourceFile, waves: Sequence[Wave]) -> Iterator[Mistake]:
    for place, wave in enumerate(waves):
        yield from _wave_mistakes(source, ("waves", "listed", place), wave)
        earlier = waves[:place]
        if wave.name in [known.name for known in earlier]:
            yield source.mistake(
                ("waves", "listed", place),
                f"Two waves are called '{wave.name}'.",
                expected="a name of its own for each wave.",
                remedy="rename one of them.",
            )
        if earlier and wave.start <= earlier[-1].end:
            yield source.mistake(
                ("waves", "listed", place),
                f"Wave '{wave.name}' starts on {wave.start}, before wave '{earlier[-1].name}', "
                f"listed above it, has ended on {earlier[-1].end}.",
                expected="waves in order of time that do not overlap.",
                remedy="correct the dates, or the order.",
            )


def _wave_mistakes(source: SourceFile, path: KeyPath, wave: Wave) -> Iterator[Mistake]:
    if not _WAVE_NAME.fullmatch(wave.name):
        yield source.mistake(
            path,
            f"{in_words(wave.name)} cannot be the name of a wave.",
            expected="letters, digits, _ and - without spaces, such as 2013-14.",
            remedy="rename the wave.",
        )
    if wave.end < wave.start:
        yield source.mistake(
            path,
            f"Wave '{wave.name}' ends on {wave.end}, before it starts on {wave.start}.",
            expected="an end that is not before the start.",
            remedy="correct one of the dates.",
        )
    elif wave.is_quarter and wave != quarter(wave.name):
        calendar = quarter(wave.name)
        yield source.mistake(
            path,
            f"Wave '{wave.name}' is named as a calendar quarter, "
            f"but lasts from {wave.start} to {wave.end}.",
            expected=f"{calendar.start} to {calendar.end}, or another name.",
            remedy="correct the dates, or rename the wave.",
        )


def _interview_date_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    name = draft.returns.interview_date if draft.returns else None
    if name is not None:
        path = ("returns", "interview_date")
        yield from carrier_mistakes(draft, source, path, name, ("date",))
