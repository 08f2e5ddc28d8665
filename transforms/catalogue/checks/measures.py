"""measures.yaml: what measures count or score, among whom, and by which domains."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.catalogue.checks.chains import base_of_mistakes
from transforms.catalogue.checks.codes import unknown_code
from transforms.catalogue.checks.scores import keys_of_a_mean, scoring_mistakes
from transforms.catalogue.draft import Draft
from transforms.catalogue.measures import Measure
from transforms.catalogue.mistakes import (
    KeyPath,
    SourceFile,
    unknown_name,
)
from transforms.catalogue.questionnaire import MissingReason
from transforms.errors import Mistake

FILE = "measures.yaml"


def measure_mistakes(draft: Draft) -> Iterator[Mistake]:
    """Yield the mistakes of each measure: its item, what counts, its base, its domains."""
    source = draft.source(FILE)
    for name, measure in (draft.measures or {}).items():
        if measure is None:
            continue
        path = ("measures", name)
        yield from unknown_name(source, (*path, "item"), "item", measure.item, draft.items)
        if measure.kind == "mean":
            yield from scoring_mistakes(draft, source, path, measure)
        else:
            yield from _count_mistakes(draft, source, path, measure)
            yield from _base_mistakes(draft, source, path, measure)
            yield from base_of_mistakes(draft, source, path, measure)
        for place, domain in enumerate(measure.by):
            here = (*path, "by", place)
            yield from unknown_name(source, here, "domain", domain, draft.domains)
            if domain in measure.by[:place]:
                yield _named_twice(source, here, domain)
        for place, broken in enumerate(measure.breaks):
            if draft.waves is not None:
                wave = broken.wave
                at = (*path, "breaks", place, "wave")
                yield from unknown_name(source, at, "wave", wave, draft.wave_names)


def _named_twice(source: SourceFile, path: KeyPath, name: str) -> Mistake:
    return source.mistake(
        path,
        f"'{name}' is named twice.",
        expected="each name once.",
        remedy="remove one of the two.",
    )


def _count_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, measure: Measure
) -> Iterator[Mistake]:
    misplaced = keys_of_a_mean(source, path, measure)
    yield from misplaced
    if not measure.counts and not misplaced:
        yield source.mistake(
            path,
            "'counts' is missing.",
            expected="of a proportion the codes that count.",
            remedy="add a line 'counts: …' here; of a mean write kind: mean.",
        )
    item = draft.item(measure.item)
    if item is None:
        return
    if item.type != "code":
        yield source.mistake(
            (*path, "item"),
            f"'{measure.item}' is of type {item.type}, so it has no answers to count.",
            expected="an item of type code.",
            remedy="name an item with codes.",
        )
        return
    asking = draft.waves_asking(measure.item)
    for place, code in enumerate(measure.counts):
        here = (*path, "counts", place)
        yield from unknown_code(draft, source, here, measure.item, code, waves=asking)
        if code in measure.counts[:place]:
            yield _named_twice(source, here, code)


def _base_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, measure: Measure
) -> Iterator[Mistake]:
    for place, reason in enumerate(measure.leaves_base):
        if reason in measure.leaves_base[:place]:
            yield _named_twice(source, (*path, "leaves_base", place), reason)
    item = draft.item(measure.item)
    routed = item is None or any(item.routings)
    if MissingReason.NOT_ASKED not in measure.leaves_base and not routed:
        yield source.mistake(
            (*path, "leaves_base"),
            f"Respondents who were not asked '{measure.item}' stay in the base, as if they had "
            "given another answer.",
            expected="not_asked among the reasons that leave the base, unless routing decides "
            "who is asked.",
            remedy="add not_asked to leaves_base.",
        )
