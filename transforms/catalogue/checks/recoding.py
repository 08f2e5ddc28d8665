"""measures.yaml: recodings from an item's codes to a domain's values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from transforms.catalogue.base import CodeValue
from transforms.catalogue.measures import DomainSource
from transforms.catalogue.mistakes import KeyPath, SourceFile, series
from transforms.catalogue.questionnaire import BoundItem
from transforms.errors import Mistake


def recode_mistakes(
    source: SourceFile,
    path: KeyPath,
    domain_source: DomainSource,
    bound: Mapping[str, BoundItem],
) -> Iterator[Mistake]:
    """Yield the codes recoded that are none, or that mean different things in different waves."""
    name = domain_source.item
    codes = list(dict.fromkeys(code for item in bound.values() for code in item.codes))
    names = {known.name for item in bound.values() for known in item.codes.values()}
    missing = {code for item in bound.values() for code in item.missing}
    for code in domain_source.recode or {} if bound else {}:
        here = (*path, "recode", code)
        if code in codes:
            yield from _changed_meaning(source, here, code, name, bound)
        elif code not in names:
            yield _unknown_code(source, here, code, name, codes, missing)


def _unknown_code(
    source: SourceFile,
    path: KeyPath,
    code: CodeValue,
    name: str,
    codes: Sequence[CodeValue],
    missing: Collection[CodeValue],
) -> Mistake:
    twin = next((known for known in codes if str(known) == str(code)), None)
    if code in missing:
        found = f"Code {code} of '{name}' is missing, not a valid answer."
        remedy = "remove the line: a respondent without a valid answer has no value."
    elif twin is not None:
        found = f"Code {code!r} is not a code of '{name}', but {twin!r} is."
        remedy = f"write {twin!r}: a number and a text in quotes are not the same."
    else:
        found = f"There is no code {code} of '{name}'."
        remedy = "correct the code, or remove the line."
    return source.mistake(path, found, expected=f"one of {series(codes)}.", remedy=remedy)


def _changed_meaning(
    source: SourceFile, path: KeyPath, code: CodeValue, name: str, bound: Mapping[str, BoundItem]
) -> Iterator[Mistake]:
    """Yield a mistake where a code that is recoded means different things in different waves."""
    meant = {item.codes[code].name: wave for wave, item in bound.items() if code in item.codes}
    if len(meant) > 1:
        words = series(f"{meaning} (as in {wave})" for meaning, wave in meant.items())
        yield source.mistake(
            path,
            f"Code {code} of '{name}' has meant {words}: a recoding of the number mixes them.",
            expected="the names of the codes, which mean the same in every wave.",
            remedy=f"write a line for each name instead of {code}.",
        )
