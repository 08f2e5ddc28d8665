"""published.yaml: names that fit together, and spellings that stand for one thing each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from transforms.catalogue.base import WHOLE
from transforms.catalogue.checks.domains import area_code_mistakes
from transforms.catalogue.checks.survey import quarter_mistakes
from transforms.catalogue.mistakes import KeyPath, SourceFile, in_words, unknown_name
from transforms.catalogue.published import PublishedFile, Spelt
from transforms.errors import Mistake

AREAS: KeyPath = ("areas", "listed")


def published_mistakes(source: SourceFile, about: PublishedFile) -> Iterator[Mistake]:
    """Yield every mistake in a published.yaml whose keys are as they should be."""
    for name, kpi in about.kpis.items():
        path = ("kpis", name)
        yield from unknown_name(source, (*path, "measure"), "measure", kpi.measure, about.measures)
        yield from unknown_name(source, (*path, "section"), "section", kpi.section, about.sections)
    yield from quarter_mistakes(source, ("quarters",), about.quarters)
    yield from area_code_mistakes(source, AREAS, about.areas.listed)
    yield from _reserved(source, about)
    yield from _spelt_twice(source, AREAS, about.areas.listed, {WHOLE: about.whole_named})
    yield from _spelt_twice(source, ("measures",), about.measures, {})
    yield from _same_column(source, about)


def _reserved(source: SourceFile, about: PublishedFile) -> Iterator[Mistake]:
    if WHOLE in about.areas.listed:
        yield source.mistake(
            (*AREAS, WHOLE),
            f"An area is called '{WHOLE}', which stands for everyone in the figures.",
            expected="another name.",
            remedy="rename it; what the tables call the whole stands under whole_named.",
        )


def _spelt_twice(
    source: SourceFile,
    path: KeyPath,
    declared: Mapping[str, Spelt],
    taken: Mapping[str, Sequence[str]],
) -> Iterator[Mistake]:
    """Yield what stands for two things; `taken`: spellings of what is declared elsewhere."""
    first = {text: name for name, texts in taken.items() for text in texts}
    for name, one in declared.items():
        for text in one.spellings:
            if first.setdefault(text, name) != name:
                yield source.mistake(
                    (*path, name),
                    f"'{text}' is a spelling of '{first[text]}' too.",
                    expected="each spelling once.",
                    remedy="remove it from one of the two.",
                )


def _same_column(source: SourceFile, about: PublishedFile) -> Iterator[Mistake]:
    first: dict[str, str] = {}
    for key, column in about.columns.model_dump(exclude_none=True).items():
        if first.setdefault(column, key) != key:
            yield source.mistake(
                ("columns", key),
                f"The column {in_words(column)} is named for '{first[column]}' and for '{key}'.",
                expected="a column of its own for each.",
                remedy="correct one of the two.",
            )
