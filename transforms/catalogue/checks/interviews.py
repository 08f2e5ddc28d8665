"""survey.yaml: the items that say how interviews were held, and the batteries."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.catalogue.draft import Draft
from transforms.catalogue.interviews import InterviewRule
from transforms.catalogue.mistakes import KeyPath, SourceFile, listing, unknown_name
from transforms.catalogue.questionnaire import Item
from transforms.errors import Mistake

KINDS = {
    "interviewer": ("identifier", "code"),
    "start": ("date",),
    "end": ("date",),
    "minutes": ("number",),
}
"""The types of item that can say it, by key."""


def interview_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    """Yield items that are none or of another type, and batteries that are no batteries."""
    rule = draft.interviews
    if rule is None:
        return
    for key, name in rule.named.items():
        yield from _type_mistakes(draft, source, ("interviews", key), name, KINDS[key])
    yield from _end_mistakes(source, rule)
    for battery, items in rule.batteries.items():
        yield from _battery_mistakes(draft, source, ("interviews", "batteries", battery), items)


def _type_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, name: str, kinds: tuple[str, ...]
) -> Iterator[Mistake]:
    yield from unknown_name(source, path, "item", name, draft.items)
    item = draft.item(name)
    if item is not None and item.type not in kinds:
        yield source.mistake(
            path,
            f"The item '{name}' is of type {item.type}.",
            expected=f"an item of type {listing(kinds)}.",
            remedy=f"name another item, or correct the type of '{name}' in questionnaire.yaml.",
        )


def _end_mistakes(source: SourceFile, rule: InterviewRule) -> Iterator[Mistake]:
    if rule.end is not None and rule.start is None:
        yield source.mistake(
            ("interviews", "end"),
            "The interview's end is declared, but not its start.",
            expected="both, or how long it took as 'minutes'.",
            remedy="add 'start', or name the item for its length under 'minutes'.",
        )


def _battery_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, items: tuple[str, ...]
) -> Iterator[Mistake]:
    for place, name in enumerate(items):
        yield from _type_mistakes(draft, source, (*path, place), name, ("code", "number"))
    known = [item for name in items if (item := draft.item(name)) is not None]
    if len({_scale(item) for item in known}) > 1:
        yield source.mistake(
            path,
            "The items of this battery have different answers.",
            expected="items of one scale, such as agree to disagree: one answer to all of them is "
            "then worth a look.",
            remedy="take out the items of another scale, or make two batteries.",
        )
    if len(set(items)) < len(items):
        yield source.mistake(
            path,
            "An item is named twice in this battery.",
            expected="each item once.",
            remedy="remove one of the two.",
        )


def _scale(item: Item) -> tuple[object, ...]:
    names = tuple(sorted((str(value), code.name) for value, code in item.codes.items()))
    return (item.type, names, item.minimum, item.maximum)
