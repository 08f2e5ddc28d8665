"""measures.yaml: what the answers score towards a mean, and on what scale."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.catalogue.checks.codes import code_names, unknown_code
from transforms.catalogue.draft import Draft
from transforms.catalogue.measures import Measure
from transforms.catalogue.mistakes import KeyPath, SourceFile, series
from transforms.catalogue.questionnaire import Item, MissingReason
from transforms.errors import Mistake

OF_A_MEAN = ("scores", "scale", "unit")


def scoring_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, measure: Measure
) -> Iterator[Mistake]:
    """Yield what keeps a mean from having a score for every answer, and no other."""
    yield from _foreign_mistakes(source, path, measure)
    yield from _unscored_mistakes(source, path, measure)
    item = draft.item(measure.item)
    if item is None:
        return
    if item.type == "code":
        yield from _code_mistakes(draft, source, path, measure)
    elif item.type == "number":
        yield from _number_mistakes(source, path, measure, item)
    else:
        yield source.mistake(
            (*path, "item"),
            f"'{measure.item}' is of type {item.type}, which has no mean.",
            expected="an item of type code or number.",
            remedy="name another item.",
        )


def keys_of_a_mean(source: SourceFile, path: KeyPath, measure: Measure) -> list[Mistake]:
    """Return a mistake for each key that a proportion has and only a mean may have."""
    return [
        source.mistake(
            (*path, key),
            f"'{key}' belongs to a mean, and this measure is a proportion.",
            expected="of a proportion 'counts' alone.",
            remedy=f"write kind: mean, or remove '{key}'.",
        )
        for key in OF_A_MEAN
        if getattr(measure, key)
    ]


def _foreign_mistakes(source: SourceFile, path: KeyPath, measure: Measure) -> Iterator[Mistake]:
    if measure.counts:
        yield source.mistake(
            (*path, "counts"),
            "'counts' belongs to a proportion, and this measure is a mean.",
            expected="of a mean 'scores', or a 'scale' where its item is a number.",
            remedy="remove 'counts', or write kind: proportion.",
        )
    if measure.base_of:
        yield source.mistake(
            (*path, "base_of"),
            "'base_of' belongs to a proportion: who did not count there has no score here.",
            expected="of a mean a base of those who gave an answer.",
            remedy="remove 'base_of'.",
        )


def _unscored_mistakes(source: SourceFile, path: KeyPath, measure: Measure) -> Iterator[Mistake]:
    """Yield a mistake where somebody without a valid answer would stay in the base."""
    staying = [reason.value for reason in MissingReason if reason not in measure.leaves_base]
    if staying:
        yield source.mistake(
            (*path, "leaves_base"),
            f"Respondents whose answer is missing ({series(staying)}) stay in the base, and have "
            "no score.",
            expected="of a mean every missing reason, which is also what holds where 'leaves_base' "
            "is left out.",
            remedy="remove 'leaves_base'.",
        )


def _code_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, measure: Measure
) -> Iterator[Mistake]:
    if measure.scale is not None:
        yield source.mistake(
            (*path, "scale"),
            f"'{measure.item}' has codes, whose scores make its scale.",
            expected="a scale only where the item is of type number.",
            remedy="remove 'scale'; write 'scores'.",
        )
    asking = draft.waves_asking(measure.item)
    for name in measure.scores:
        here = (*path, "scores", name)
        yield from unknown_code(draft, source, here, measure.item, name, waves=asking)
    yield from _without_score(draft, source, path, measure, asking)
    if len(measure.scores) > 1 and len(set(measure.scores.values())) == 1:
        yield source.mistake(
            (*path, "scores"),
            "All scores are equal, so every mean would be.",
            expected="scores that differ.",
            remedy="correct them.",
        )


def _without_score(
    draft: Draft, source: SourceFile, path: KeyPath, measure: Measure, asking: tuple[str, ...]
) -> Iterator[Mistake]:
    by_wave = code_names(draft, measure.item, asking)
    for code in dict.fromkeys(name for names in by_wave.values() for name in names):
        waves = [wave for wave, names in by_wave.items() if code in names]
        if code not in measure.scores:
            within = f" (in {series(waves)})" if len(waves) < len(by_wave) else ""
            yield source.mistake(
                (*path, "scores"),
                f"The answer '{code}' to '{measure.item}' has no score{within}.",
                expected="a score for every valid answer.",
                remedy=f"add '{code}: …'; where it has no place on the scale, declare its code "
                "under 'missing' in questionnaire.yaml.",
            )


def _number_mistakes(
    source: SourceFile, path: KeyPath, measure: Measure, item: Item
) -> Iterator[Mistake]:
    if measure.scores:
        yield source.mistake(
            (*path, "scores"),
            f"'{measure.item}' is of type number: its answers are the scores.",
            expected="scores only where the item has codes.",
            remedy="remove 'scores', and write scale: [lowest, highest].",
        )
    if measure.scale is None:
        yield source.mistake(
            path,
            f"The mean of '{measure.item}' has no scale.",
            expected="the lowest and the highest possible answer.",
            remedy="add a line 'scale: [lowest, highest]' here.",
        )
    elif measure.scale[0] >= measure.scale[1]:
        yield source.mistake(
            (*path, "scale"),
            f"The scale goes from {measure.scale[0]:g} to {measure.scale[1]:g}.",
            expected="the lowest first, then a higher number.",
            remedy="correct it.",
        )
    else:
        yield from _beyond_scale(source, path, measure.item, item, measure.scale)


def _beyond_scale(
    source: SourceFile, path: KeyPath, name: str, item: Item, scale: tuple[float, float]
) -> Iterator[Mistake]:
    """Yield a mistake where the item does not refuse what lies beyond the scale."""
    lowest, highest = scale
    low = item.minimum is not None and item.minimum >= lowest
    high = item.maximum is not None and item.maximum <= highest
    if not (low and high):
        yield source.mistake(
            (*path, "scale"),
            f"Nothing refuses an answer to '{name}' beyond the scale from {lowest:g} to "
            f"{highest:g}.",
            expected="a minimum and a maximum of the item within the scale.",
            remedy=f"write minimum: {lowest:g} and maximum: {highest:g} under '{name}' in "
            "questionnaire.yaml, or correct the scale.",
        )
