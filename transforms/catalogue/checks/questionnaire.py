"""questionnaire.yaml: codes, waves, variables and routing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from transforms.catalogue.base import CodeValue
from transforms.catalogue.checks.editions import edition_mistakes, editions
from transforms.catalogue.checks.routing import cycle_mistakes, routing_mistakes
from transforms.catalogue.draft import Draft
from transforms.catalogue.mistakes import KeyPath, SourceFile, series, unknown_name
from transforms.catalogue.questionnaire import Code, Item, MissingCode
from transforms.errors import Mistake

FILE = "questionnaire.yaml"


def questionnaire_mistakes(draft: Draft) -> Iterator[Mistake]:
    """Yield the mistakes that questionnaire.yaml holds or that its names bring about."""
    source = draft.source(FILE)
    for name, item in (draft.items or {}).items():
        if item is not None:
            yield from _type_mistakes(draft, source, name, item)
            yield from _code_mistakes(source, name, item)
            yield from _wave_mistakes(draft, source, name, item)
            yield from edition_mistakes(source, name, item)
            yield from routing_mistakes(draft, source, name, item)
    yield from _variable_mistakes(draft, source)
    yield from cycle_mistakes(draft, source)


def _type_mistakes(draft: Draft, source: SourceFile, name: str, item: Item) -> Iterator[Mistake]:
    path = ("items", name)
    asking = draft.waves_asking(name)
    bare = [wave for wave in asking if not draft.bound(name, wave).codes]
    coded = item.codes or any(here.codes for _, _, here in editions(item))
    if item.type == "code" and bare:
        yield source.mistake(
            path,
            f"The item '{name}' has no codes in {series(bare)}.",
            expected="the codes of its valid answers, or another type.",
            remedy="add codes, or write type: number, date or identifier.",
        )
    if item.type != "code" and coded:
        yield source.mistake(
            (*path, "codes"),
            f"The item '{name}' is of type {item.type} and has codes.",
            expected="codes only where the type is code; there, 'missing' for what is not valid.",
            remedy="remove the codes or the type.",
        )
    bounded = [key for key in ("minimum", "maximum") if getattr(item, key) is not None]
    if item.type != "number" and bounded:
        yield source.mistake(
            (*path, bounded[0]),
            f"The item '{name}' is of type {item.type} and has a {bounded[0]}.",
            expected="minimum and maximum only where the type is number.",
            remedy="remove it, or write type: number.",
        )
    if item.minimum is not None and item.maximum is not None and item.minimum > item.maximum:
        yield source.mistake(
            (*path, "minimum"),
            f"The minimum, {item.minimum:g}, is greater than the maximum, {item.maximum:g}.",
            expected="a minimum that is not greater.",
            remedy="exchange the two, or correct one.",
        )


@dataclass(frozen=True, slots=True)
class _Version:
    """An item's codes as they stand in some wave, and the paths that lead to them."""

    codes: Mapping[CodeValue, Code]
    missing: Mapping[CodeValue, MissingCode]
    codes_path: KeyPath
    missing_path: KeyPath


def _versions(name: str, item: Item) -> Iterator[_Version]:
    """Yield the item as it stands unless a wave differs, then as it stands in each such wave."""
    path = ("items", name)
    yield _Version(item.codes, item.missing, (*path, "codes"), (*path, "missing"))
    for key, wave, here in editions(item):
        if here.codes is None and here.missing is None:
            continue
        own = (*path, key, wave)
        yield _Version(
            item.codes if here.codes is None else here.codes,
            item.missing if here.missing is None else here.missing,
            (*(path if here.codes is None else own), "codes"),
            (*(path if here.missing is None else own), "missing"),
        )


def _code_mistakes(source: SourceFile, name: str, item: Item) -> Iterator[Mistake]:
    """Yield each ambiguous code once, though several waves share it."""
    found = [
        mistake
        for version in _versions(name, item)
        for mistake in (
            *_repeated_names(source, version),
            *_valid_and_missing(source, version),
            *_missing_within_range(source, version, item),
        )
    ]
    yield from dict.fromkeys(found)


def _repeated_names(source: SourceFile, version: _Version) -> Iterator[Mistake]:
    first: dict[str, CodeValue] = {}
    for value, code in version.codes.items():
        if code.name in first:
            yield source.mistake(
                (*version.codes_path, value, "name"),
                f"Codes {first[code.name]} and {value} are both called '{code.name}'.",
                expected="a name of its own for each code.",
                remedy="rename one; a measure or a domain can name both.",
            )
        first.setdefault(code.name, value)


def _valid_and_missing(source: SourceFile, version: _Version) -> Iterator[Mistake]:
    valid = {str(value) for value in version.codes}
    for value in version.missing:
        if str(value) in valid:
            yield source.mistake(
                (*version.missing_path, value),
                f"Code {value} is both a valid answer and missing.",
                expected="each code in one of the two.",
                remedy="remove it from 'codes' or from 'missing'.",
            )


def _missing_within_range(source: SourceFile, version: _Version, item: Item) -> Iterator[Mistake]:
    if item.minimum is None or item.maximum is None:
        return
    for value in version.missing:
        if isinstance(value, int) and item.minimum <= value <= item.maximum:
            yield source.mistake(
                (*version.missing_path, value),
                f"Code {value} is missing, but also a possible number: they go from "
                f"{item.minimum:g} to {item.maximum:g}.",
                expected="a missing code outside the possible numbers.",
                remedy="correct the minimum or the maximum.",
            )


def _wave_mistakes(draft: Draft, source: SourceFile, name: str, item: Item) -> Iterator[Mistake]:
    if draft.waves is None:
        return
    path = ("items", name)
    named: list[tuple[KeyPath, str]] = [
        *(((*path, "asked_in", n), wave) for n, wave in enumerate(item.asked_in or ())),
        *(((*path, key, wave), wave) for key, wave, _ in editions(item)),
        *(((*path, "breaks", n, "wave"), broken.wave) for n, broken in enumerate(item.breaks)),
        *(
            ((*path, key), getattr(item, key))
            for key in ("first_asked", "last_asked")
            if getattr(item, key) is not None
        ),
    ]
    unknown = [
        mistake
        for place, wave in named
        for mistake in unknown_name(source, place, "wave", wave, draft.wave_names)
    ]
    yield from unknown
    if not unknown and not draft.waves_asking(name):
        yield source.mistake(
            path,
            f"No wave asks the item '{name}'.",
            expected="an item that some wave asks.",
            remedy="correct asked_in, first_asked and last_asked, or remove the item.",
        )


def _variable_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    reported: set[tuple[str, str]] = set()
    for wave in draft.wave_names:
        readers: dict[str, str] = {}
        for name, item in (draft.items or {}).items():
            if item is None or wave not in draft.waves_asking(name):
                continue
            variable = draft.bound(name, wave).variable
            first = readers.setdefault(variable, name)
            if first != name and (first, name) not in reported:
                reported.add((first, name))
                yield _shared_variable(source, wave, variable, first, name)


def _shared_variable(
    source: SourceFile, wave: str, variable: str, first: str, second: str
) -> Mistake:
    path = ("items", second, "variable")
    own = [("items", second, key, wave, "variable") for key in ("in_wave", "from_wave")]
    return source.mistake(
        next((one for one in own if one in source.lines), path),
        f"'{first}' and '{second}' both read the variable '{variable}' in {wave}.",
        expected="a variable of its own for each item.",
        remedy="correct one of them; several measures or domains can share one item.",
    )
