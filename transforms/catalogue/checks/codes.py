"""Names of codes, as other parts of the declaration use them."""

from __future__ import annotations

from transforms.catalogue.draft import Draft
from transforms.catalogue.mistakes import KeyPath, SourceFile, series, unknown_name
from transforms.errors import Mistake


def unknown_code(
    draft: Draft,
    source: SourceFile,
    path: KeyPath,
    name: str,
    code: str,
    *,
    waves: tuple[str, ...],
) -> list[Mistake]:
    """Return a mistake where a code's name is not among an item's codes in each of `waves`.

    Where the waves are not known, the codes that hold unless a wave differs are what is expected.
    """
    names_by_wave = code_names(draft, name, waves)
    without = [wave for wave, names in names_by_wave.items() if code not in names]
    if not without:
        return []
    kind = f"code of '{name}'"
    if len(without) < len(names_by_wave):
        kind += f" in {series(without)}"
    return unknown_name(source, path, kind, code, names_by_wave[without[0]])


def code_names(draft: Draft, name: str, waves: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the names of a known item's codes in each of `waves`; as usual where none is known."""
    item = draft.item(name)
    codes = item.codes if item else {}
    usual = {"every wave": [known.name for known in codes.values()]} if codes else {}
    return {
        wave: [known.name for known in draft.bound(name, wave).codes.values()] for wave in waves
    } or usual
