"""survey.yaml, `returns`: how returns are received and read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.catalogue.draft import Draft
from transforms.catalogue.mistakes import SourceFile, in_words, series, unknown_name
from transforms.catalogue.returns import Reading
from transforms.errors import Mistake


def reading_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    """Yield what is mistaken in how returns are received and read."""
    if draft.returns is None:
        return
    yield from _manifest_mistakes(source, draft.returns.manifest)
    yield from _empty_mistakes(draft, source, ("reading",), draft.returns.reading)
    for wave, reading in draft.returns.reading_in_wave.items():
        path = ("returns", "reading_in_wave", wave)
        if draft.waves is not None:
            yield from unknown_name(source, path, "wave", wave, draft.wave_names)
        yield from _empty_mistakes(draft, source, ("reading_in_wave", wave), reading)


def _manifest_mistakes(source: SourceFile, pattern: str | None) -> Iterator[Mistake]:
    try:
        matches_all = pattern is not None and re.search(pattern, "") is not None
    except re.error as error:
        yield source.mistake(
            ("returns", "manifest"),
            f"The pattern {in_words(pattern)} is not a regular expression ({error.msg}).",
            expected=r"a regular expression for manifests' names, such as manifest.*\.csv",
            remedy="correct it; a bracket, point, plus or question mark of the file's name needs "
            "a backslash before it.",
        )
        return
    if matches_all:
        yield source.mistake(
            ("returns", "manifest"),
            f"The pattern {in_words(pattern)} matches every name: no file would be a return.",
            expected=r"a regular expression for manifests' names, such as manifest.*\.csv",
            remedy="write what only the names of manifests contain.",
        )


def _empty_mistakes(
    draft: Draft, source: SourceFile, path: tuple[str, ...], reading: Reading
) -> Iterator[Mistake]:
    """Yield the codes of items that would be read as empty cells."""
    for place, text in enumerate(reading.empty):
        items = [
            name
            for name, item in (draft.items or {}).items()
            if item is not None and text in {str(code) for code in (*item.codes, *item.missing)}
        ]
        if items:
            yield source.mistake(
                ("returns", *path, "empty", place),
                f"{in_words(text)} is to be read as an empty cell, and is a code of "
                f"{series(items)}.",
                expected="a text that no item declares: its code would never be seen.",
                remedy="take it out here, or out of the item's codes and missing codes.",
            )
