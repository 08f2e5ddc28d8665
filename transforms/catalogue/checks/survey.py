"""survey.yaml: waves, the recognition of returns, the design and the calibration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from transforms.catalogue.checks.calibration import calibration_mistakes
from transforms.catalogue.checks.comparisons import comparison_mistakes
from transforms.catalogue.checks.replicates import replicate_mistakes
from transforms.catalogue.draft import Draft
from transforms.catalogue.mistakes import (
    KeyPath,
    SourceFile,
    in_words,
    listing,
    series,
    unknown_name,
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
    yield from _file_name_mistakes(draft, source)
    yield from _interview_date_mistakes(draft, source)
    yield from _design_mistakes(draft, source)
    yield from calibration_mistakes(draft, source)
    yield from replicate_mistakes(draft, source)
    yield from comparison_mistakes(draft, source)


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
        yield from _quarter_mistakes(source, declared.quarters)
    else:
        yield from _listed_wave_mistakes(source, declared.listed or ())


def _quarter_mistakes(source: SourceFile, declared: Quarters) -> Iterator[Mistake]:
    ends = {"first": declared.first, "last": declared.last}
    wrong = {key: name for key, name in ends.items() if not QUARTER_NAME.match(name)}
    for key, name in wrong.items():
        yield source.mistake(
            ("waves", "quarters", key),
            f"'{name}' is not a calendar quarter.",
            expected="a year and a quarter, such as 2026-Q2 (April to June 2026).",
            remedy="write it like that.",
        )
    if not wrong and declared.first > declared.last:
        yield source.mistake(
            ("waves", "quarters", "last"),
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


def _file_name_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    pattern = draft.returns.file_name if draft.returns else None
    if isinstance(pattern, str):
        yield from _pattern_mistakes(source, ("returns", "file_name"), pattern, "wave")
    elif pattern is not None:
        yield from _patterns_by_wave_mistakes(draft, source, pattern)


def _patterns_by_wave_mistakes(
    draft: Draft, source: SourceFile, patterns: Mapping[str, str]
) -> Iterator[Mistake]:
    path = ("returns", "file_name")
    for wave, pattern in patterns.items():
        yield from _pattern_mistakes(source, (*path, wave), pattern)
        if draft.waves is not None:
            yield from unknown_name(source, (*path, wave), "wave", wave, draft.wave_names)
    without = [wave for wave in draft.wave_names if wave not in patterns]
    if without:
        yield source.mistake(
            path,
            f"No file name is declared for {series(without)}.",
            expected="a pattern for every wave.",
            remedy=f"add a line '{without[0]}: …' with a regular expression.",
        )


def _pattern_mistakes(
    source: SourceFile, path: KeyPath, pattern: str, group: str | None = None
) -> Iterator[Mistake]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        yield source.mistake(
            path,
            f"The pattern {in_words(pattern)} is not a regular expression ({error.msg}).",
            expected=r"a regular expression such as .*_(?P<wave>\d{4}-Q[1-4])\.sav",
            remedy="correct it; a bracket, point, plus or question mark of the file's name needs "
            "a backslash before it.",
        )
        return
    if group is not None and group not in compiled.groupindex:
        yield source.mistake(
            path,
            f"The pattern {in_words(pattern)} does not say which part of the name is the wave.",
            expected=r"a group named wave, such as (?P<wave>\d{4}-Q[1-4]).",
            remedy="put (?P<wave> and ) round that part; or write one pattern for each wave.",
        )


def _interview_date_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    name = draft.returns.interview_date if draft.returns else None
    if name is not None:
        path = ("returns", "interview_date")
        yield from _carrier_mistakes(draft, source, path, name, ("date",))


def _design_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    design = draft.design
    if design is None:
        return
    labels = ("code", "identifier", "number")
    carriers: list[tuple[KeyPath, str | None, tuple[str, ...]]] = [
        (("design", "serial"), design.serial, ("identifier",)),
        (("design", "stratum"), design.stratum, labels),
        (("design", "psu"), design.psu, labels),
        (("design", "population_psus"), design.population_psus, ("number",)),
        *((("design", "weight", n), item, ("number",)) for n, item in enumerate(design.weight)),
    ]
    for path, name, kinds in carriers:
        if name is not None:
            yield from _carrier_mistakes(draft, source, path, name, kinds)
    if len(set(design.weight)) < len(design.weight):
        yield source.mistake(
            ("design", "weight"),
            "An item is named twice among the factors of the weight.",
            expected="each factor once: the weight is their product.",
            remedy="remove one of the two.",
        )


def _carrier_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, name: str, kinds: Sequence[str]
) -> Iterator[Mistake]:
    """Yield what keeps an item from carrying the design: unknown, of another type, not asked."""
    yield from unknown_name(source, path, "item", name, draft.items)
    item = draft.item(name)
    if item is None:
        return
    if item.type not in kinds:
        yield source.mistake(
            path,
            f"The item '{name}' is of type {item.type}.",
            expected=f"an item of type {listing(kinds)}.",
            remedy=f"name another item, or correct the type of '{name}' in questionnaire.yaml.",
        )
    asking = draft.waves_asking(name)
    without = [wave for wave in draft.wave_names if wave not in asking]
    if without:
        yield source.mistake(
            path,
            f"The item '{name}' is not part of {series(without)}.",
            expected="an item that every wave has.",
            remedy=f"correct asked_in, first_asked or last_asked of '{name}'; a variable with "
            "another name in a wave goes under in_wave.",
        )
