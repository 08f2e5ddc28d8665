"""questionnaire.yaml: who is asked what, in every wave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.catalogue.checks.codes import unknown_code
from transforms.catalogue.checks.editions import editions
from transforms.catalogue.draft import Draft
from transforms.catalogue.mistakes import KeyPath, SourceFile, unknown_name
from transforms.catalogue.questionnaire import Item
from transforms.errors import Mistake


def routing_mistakes(draft: Draft, source: SourceFile, name: str, item: Item) -> Iterator[Mistake]:
    """Yield what is wrong in an item's routing, as usual and where a wave differs."""
    path = ("items", name)
    for gate, answers in item.asked_if.items():
        yield from _gate_mistakes(draft, source, (*path, "asked_if", gate), name, gate, answers)
    for key, wave, here in editions(item):
        own = (*path, key, wave, "asked_if")
        for gate, answers in (here.asked_if or {}).items():
            yield from _gate_mistakes(draft, source, (*own, gate), name, gate, answers)
        if here.asked_if is not None and wave not in {broken.wave for broken in item.breaks}:
            yield source.mistake(
                own,
                f"From {wave} on others are asked '{name}', and its series does not break there.",
                expected="a break where the base changes: figures before and after are of other "
                "people.",
                remedy=f"add to '{name}': breaks: [{{wave: {wave}, reason: …}}].",
            )


def _gate_mistakes(
    draft: Draft,
    source: SourceFile,
    path: KeyPath,
    name: str,
    gate_name: str,
    answers: Sequence[str],
) -> Iterator[Mistake]:
    yield from unknown_name(source, path, "item", gate_name, draft.items)
    gate = draft.item(gate_name)
    if not answers:
        yield source.mistake(
            path,
            f"'{name}' is asked after no answer to '{gate_name}'.",
            expected="the names of the codes after which it is asked.",
            remedy=f"write them: {gate_name}: [yes].",
        )
    if gate is not None and gate.type != "code":
        yield source.mistake(
            path,
            f"'{gate_name}' is of type {gate.type}: it has no codes to ask after.",
            expected="an item of type code.",
            remedy="name the item whose answer decides.",
        )
    elif gate is not None:
        both = _waves_led(draft, path, name, gate_name)
        for place, answer in enumerate(answers):
            yield from unknown_code(draft, source, (*path, place), gate_name, answer, waves=both)


def _waves_led(draft: Draft, path: KeyPath, name: str, gate: str) -> tuple[str, ...]:
    """Return the waves that ask both items, and in which the routing at `path` may hold."""
    asking_gate = draft.waves_asking(gate)
    both = tuple(wave for wave in draft.waves_asking(name) if wave in asking_gate)
    if "in_wave" in path:
        return tuple(wave for wave in both if wave in path)
    held = tuple(wave for wave in both if gate in draft.bound(name, wave).asked_if)
    return held if "from_wave" in path else both


def cycle_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    """Yield a mistake for each item whose routing leads back to itself."""
    for name in draft.items or {}:
        if name in _gates_before(draft, name):
            yield source.mistake(
                ("items", name, "asked_if"),
                f"Whether '{name}' is asked depends, in the end, on '{name}' itself.",
                expected="routing by questions that come before.",
                remedy="remove one of the conditions.",
            )


def _gates_before(draft: Draft, name: str) -> set[str]:
    """Return every item that decides, directly or not and in any wave, whether an item is asked."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        item = draft.item(waiting.pop())
        routings = item.routings if item else ()
        fresh = [gate for routing in routings for gate in routing if gate not in found]
        found.update(fresh)
        waiting.extend(fresh)
    return found
