"""survey.yaml: how a return is recognised by its file's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from transforms.catalogue.draft import Draft
from transforms.catalogue.mistakes import KeyPath, SourceFile, in_words, series, unknown_name
from transforms.errors import Mistake

Pattern = Mapping[str, str] | str
"""One regular expression with a group named wave, or one for each wave."""


def file_name_mistakes(
    draft: Draft,
    source: SourceFile,
    path: KeyPath,
    pattern: Pattern,
    waves: Sequence[str] | None = None,
) -> Iterator[Mistake]:
    """Yield the mistakes in the pattern at `path` of the returns of `waves`; default: of all."""
    if isinstance(pattern, str):
        yield from _pattern_mistakes(source, path, pattern, "wave")
    else:
        wanted = draft.wave_names if waves is None else waves
        yield from _patterns_by_wave_mistakes(draft, source, path, pattern, wanted)


def _patterns_by_wave_mistakes(
    draft: Draft,
    source: SourceFile,
    path: KeyPath,
    patterns: Mapping[str, str],
    waves: Sequence[str],
) -> Iterator[Mistake]:
    for wave, pattern in patterns.items():
        yield from _pattern_mistakes(source, (*path, wave), pattern)
        if draft.waves is not None:
            yield from unknown_name(source, (*path, wave), "wave", wave, draft.wave_names)
    without = [wave for wave in waves if wave not in patterns]
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
