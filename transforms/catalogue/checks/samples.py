"""survey.yaml: the samples a wave consists of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from transforms.catalogue.checks.design import weight_mistakes
from transforms.catalogue.checks.file_names import Pattern, file_name_mistakes
from transforms.catalogue.draft import Draft
from transforms.catalogue.mistakes import KeyPath, SourceFile, in_words, unknown_name
from transforms.catalogue.samples import Sample
from transforms.errors import Mistake


def sample_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    """Yield the mistakes in each sample, and in how files are told apart by their names."""
    for place, (name, sample) in enumerate(draft.samples.items()):
        if sample is None:
            continue
        path: KeyPath = ("samples", name)
        if place == 0:
            yield from _first_mistakes(source, path, name, sample)
        yield from _wave_mistakes(draft, source, path, sample)
        yield from _reading_mistakes(draft, source, path, sample)
        yield from _cover_mistakes(draft, source, path, sample)
    yield from _alike_mistakes(draft, source)


def _first_mistakes(
    source: SourceFile, path: KeyPath, name: str, sample: Sample
) -> Iterator[Mistake]:
    """Yield what a first sample must not say: the others' weights are brought to its scale."""
    partial = {
        "covers": "covers a part of the population" if sample.covers else None,
        "waves": "is drawn in some waves only" if sample.waves is not None else None,
        "required": None if sample.required else "is not required",
    }
    for key, found in partial.items():
        if found is not None:
            yield source.mistake(
                (*path, key),
                f"The first sample, '{name}', {found}.",
                expected="first of all the main sample: of everybody, in every wave, required.",
                remedy=f"list the main sample above it, or remove '{key}'.",
            )


def _wave_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, sample: Sample
) -> Iterator[Mistake]:
    for place, wave in enumerate(sample.waves or ()):
        if draft.waves is not None:
            yield from unknown_name(source, (*path, "waves", place), "wave", wave, draft.wave_names)


def _reading_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, sample: Sample
) -> Iterator[Mistake]:
    """Yield the mistakes in how the sample's returns are recognised and weighted."""
    waves = [wave for wave in draft.wave_names if sample.drawn_in(wave)]
    if sample.file_name is not None:
        yield from file_name_mistakes(draft, source, (*path, "file_name"), sample.file_name, waves)
    if sample.weight is not None:
        yield from weight_mistakes(draft, source, (*path, "weight"), sample.weight, waves)


def _cover_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, sample: Sample
) -> Iterator[Mistake]:
    for domain in sample.covers:
        here = (*path, "covers", domain)
        yield from unknown_name(source, here, "domain", domain, draft.domains)
        declared = draft.domain(domain)
        for value in sample.values_covered(domain) if declared is not None else ():
            known = declared.values if declared is not None else None
            yield from unknown_name(source, here, f"value of '{domain}'", value, known)


def _alike_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    """Yield a mistake where two samples' files have the same pattern: no name would tell them."""
    first: dict[str, str] = {}
    for name, sample in draft.samples.items():
        pattern = sample.file_name if sample else None
        if sample is not None and pattern is None and draft.returns is not None:
            pattern = draft.returns.file_name
        for expression in _expressions(pattern):
            other = first.setdefault(expression, name)
            if other != name:
                yield source.mistake(
                    ("samples", name, "file_name"),
                    f"Files of '{name}' are recognised by the same pattern as those of "
                    f"'{other}': {in_words(expression)}.",
                    expected="for each sample a pattern that no other sample's files fit.",
                    remedy="add a 'file_name' with what its files have in their names and no "
                    r"others, such as boost.*(?P<wave>\d{4}-Q[1-4]).",
                )


def _expressions(pattern: Pattern | None) -> tuple[str, ...]:
    if isinstance(pattern, Mapping):
        return tuple(dict.fromkeys(pattern.values()))
    return () if pattern is None else (pattern,)
