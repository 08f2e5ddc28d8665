"""questionnaire.yaml: what an item says of single waves, and of waves from one on."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.catalogue.mistakes import SourceFile
from transforms.catalogue.questionnaire import Item, ItemInWave
from transforms.errors import Mistake


def editions(item: Item) -> Iterator[tuple[str, str, ItemInWave]]:
    """Yield each place where an item differs: its key, its wave and what it says."""
    for key in ("from_wave", "in_wave"):
        for wave, here in getattr(item, key).items():
            yield key, wave, here


def edition_mistakes(source: SourceFile, name: str, item: Item) -> Iterator[Mistake]:
    """Yield what is wrong in what an item says of its waves."""
    for key, wave, here in editions(item):
        path = ("items", name, key, wave)
        if not here.model_fields_set:
            yield source.mistake(
                path,
                f"Nothing is said of '{name}' in {wave}.",
                expected="what differs: variable, codes, missing, blank, asked_if or reversed.",
                remedy="write it, or remove the line.",
            )
        if here.reversed is not None:
            yield from _reversed_mistakes(source, name, item, (key, wave), here)


def _reversed_mistakes(
    source: SourceFile, name: str, item: Item, place: tuple[str, str], here: ItemInWave
) -> Iterator[Mistake]:
    path = ("items", name, *place, "reversed")
    if here.codes is not None:
        yield source.mistake(
            path,
            "Both the codes and 'reversed' are given: the codes already say what each means.",
            expected="one of the two.",
            remedy="remove 'reversed', or the codes.",
        )
    unlimited = item.type == "number" and None in (item.minimum, item.maximum)
    if unlimited or item.type in ("date", "identifier"):
        yield source.mistake(
            path,
            f"'{name}' has no ends to be turned round.",
            expected="an item with codes, or a number with a minimum and a maximum.",
            remedy="add minimum and maximum, or remove 'reversed'.",
        )
