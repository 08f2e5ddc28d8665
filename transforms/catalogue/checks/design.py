"""survey.yaml: the items that carry the sampling design."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.catalogue.draft import Draft
from transforms.catalogue.mistakes import KeyPath, SourceFile, listing, series, unknown_name
from transforms.errors import Mistake


def design_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    """Yield what keeps items from carrying the design."""
    design = draft.design
    if design is None:
        return
    labels = ("code", "identifier", "number")
    carriers: list[tuple[KeyPath, str | None, tuple[str, ...]]] = [
        (("design", "serial"), design.serial, ("identifier",)),
        (("design", "stratum"), design.stratum, labels),
        (("design", "psu"), design.psu, labels),
        (("design", "population_psus"), design.population_psus, ("number",)),
    ]
    for path, name, kinds in carriers:
        if name is not None:
            yield from carrier_mistakes(draft, source, path, name, kinds)
    yield from weight_mistakes(draft, source, ("design", "weight"), design.weight)


def weight_mistakes(
    draft: Draft,
    source: SourceFile,
    path: KeyPath,
    weight: Sequence[str],
    waves: Sequence[str] | None = None,
) -> Iterator[Mistake]:
    """Yield what keeps items from being the factors of the weight of `waves`; default: of all."""
    for place, name in enumerate(weight):
        yield from carrier_mistakes(draft, source, (*path, place), name, ("number",), waves)
    if len(set(weight)) < len(weight):
        yield source.mistake(
            path,
            "An item is named twice among the factors of the weight.",
            expected="each factor once: the weight is their product.",
            remedy="remove one of the two.",
        )


def carrier_mistakes(
    draft: Draft,
    source: SourceFile,
    path: KeyPath,
    name: str,
    kinds: Sequence[str],
    waves: Sequence[str] | None = None,
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
    wanted = draft.wave_names if waves is None else waves
    without = [wave for wave in wanted if wave not in asking]
    if without:
        yield source.mistake(
            path,
            f"The item '{name}' is not part of {series(without)}.",
            expected=f"an item that every wave{' of the sample' if waves else ''} has.",
            remedy=f"correct asked_in, first_asked or last_asked of '{name}'; a variable with "
            "another name in a wave goes under in_wave.",
        )
