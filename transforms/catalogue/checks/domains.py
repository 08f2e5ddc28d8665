"""measures.yaml: where domains come from, and that every wave gives every value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from transforms.catalogue.base import WHOLE
from transforms.catalogue.checks.recoding import recode_mistakes
from transforms.catalogue.draft import Draft
from transforms.catalogue.measures import Domain, DomainSource, DomainValue
from transforms.catalogue.mistakes import (
    KeyPath,
    SourceFile,
    did_you_mean,
    in_words,
    series,
    unknown_name,
)
from transforms.catalogue.published import PublishedArea
from transforms.catalogue.questionnaire import BoundItem, Item
from transforms.errors import Mistake

FILE = "measures.yaml"

_AREA_CODE = re.compile(r"[A-Z]\d{8}")


def domain_mistakes(draft: Draft) -> Iterator[Mistake]:
    """Yield the mistakes of each domain: its sources, its values, its waves."""
    source = draft.source(FILE)
    for name, domain in (draft.domains or {}).items():
        if domain is None:
            continue
        yield from area_code_mistakes(source, ("domains", name, "values"), domain.values)
        declared = list(_declaration_mistakes(draft, source, name, domain))
        yield from declared
        if not declared:
            yield from _production_mistakes(draft, source, name, domain)
            yield from _wave_mistakes(draft, source, name, domain)


def area_code_mistakes(
    source: SourceFile, path: KeyPath, values: Mapping[str, DomainValue | PublishedArea]
) -> Iterator[Mistake]:
    """Yield the values under `path` whose ONS code is none, or another's."""
    first: dict[str, str] = {}
    for value, declared in values.items():
        code = declared.area_code
        if code is None:
            continue
        here = (*path, value, "area_code")
        if not _AREA_CODE.fullmatch(code):
            yield source.mistake(
                here,
                f"{in_words(code)} is not an ONS geography code.",
                expected="a letter and eight digits, such as E08000025.",
                remedy="correct it.",
            )
        elif code in first:
            yield source.mistake(
                here,
                f"'{first[code]}' and '{value}' have the same area code, {code}.",
                expected="a code of its own for each area.",
                remedy="correct one of them.",
            )
        first.setdefault(code, value)


def _declaration_mistakes(
    draft: Draft, source: SourceFile, name: str, domain: Domain
) -> Iterator[Mistake]:
    """Yield what is wrong in the domain's sources themselves, whatever the waves."""
    path = ("domains", name)
    if name == WHOLE:
        yield source.mistake(
            path,
            f"A domain is called '{WHOLE}', which stands for everyone in the figures.",
            expected="another name.",
            remedy="rename the domain here and wherever it is used.",
        )
    if not domain.values:
        yield source.mistake(
            (*path, "values"),
            f"The domain '{name}' has no values.",
            expected="the subgroups that are published, in order.",
            remedy="add them, each with a label.",
        )
    for place, domain_source in enumerate(domain.source):
        here = (*path, "source", place)
        yield from unknown_name(source, (*here, "item"), "item", domain_source.item, draft.items)
        item = draft.item(domain_source.item)
        if item is not None:
            yield from _kind_mistakes(source, here, domain_source, item)
        yield from _target_mistakes(source, here, domain_source, domain)
        yield from _band_mistakes(source, here, domain_source)


def _kind_mistakes(
    source: SourceFile, path: KeyPath, domain_source: DomainSource, item: Item
) -> Iterator[Mistake]:
    name = domain_source.item
    if domain_source.recode is not None and domain_source.bands is not None:
        yield source.mistake(
            path,
            "The source has both 'recode' and 'bands'.",
            expected="'recode' for an item with codes, 'bands' for a number, or neither.",
            remedy="remove one of the two.",
        )
    elif domain_source.bands is not None and item.type != "number":
        yield source.mistake(
            (*path, "bands"),
            f"'{name}' is of type {item.type}, which has no bands.",
            expected="bands of an item of type number.",
            remedy="use 'recode', or correct the item's type.",
        )
    elif domain_source.bands is None and item.type != "code":
        yield source.mistake(
            path,
            f"'{name}' is of type {item.type}, so its values are not the domain's.",
            expected="an item of type code, or 'bands' of a number.",
            remedy="add 'bands', or name another item.",
        )


def _target_mistakes(
    source: SourceFile, path: KeyPath, domain_source: DomainSource, domain: Domain
) -> Iterator[Mistake]:
    for code, value in (domain_source.recode or {}).items():
        yield from unknown_name(source, (*path, "recode", code), "value", value, domain.values)
    for value in domain_source.bands or {}:
        yield from unknown_name(source, (*path, "bands", value), "value", value, domain.values)


def _band_mistakes(
    source: SourceFile, path: KeyPath, domain_source: DomainSource
) -> Iterator[Mistake]:
    bands = domain_source.bands or {}
    for value, (low, high) in bands.items():
        if low > high:
            yield source.mistake(
                (*path, "bands", value),
                f"The band '{value}' goes from {low:g} to {high:g}.",
                expected="the first number, then the last.",
                remedy=f"write [{high:g}, {low:g}].",
            )
    ordered = sorted(bands.items(), key=lambda band: band[1])
    for (below, (_, end)), (above, (start, _)) in pairwise(ordered):
        if start <= end:
            yield source.mistake(
                (*path, "bands", above),
                f"The bands '{below}' and '{above}' overlap: "
                f"one ends with {end:g}, the other begins with {start:g}.",
                expected="bands that share no number; both ends are included.",
                remedy=f"end '{below}' before {start:g}, or begin '{above}' after {end:g}.",
            )


def _sources_in_use(draft: Draft, domain: Domain) -> dict[str, int] | None:
    """Return the place of the source that each wave uses; None where an item is not understood."""
    if any(draft.item(source.item) is None for source in domain.source):
        return None
    places: dict[str, int] = {}
    for place, source in enumerate(domain.source):
        for wave in draft.waves_asking(source.item):
            places.setdefault(wave, place)
    return {wave: places[wave] for wave in draft.wave_names if wave in places}


def _production_mistakes(
    draft: Draft, source: SourceFile, name: str, domain: Domain
) -> Iterator[Mistake]:
    in_use = _sources_in_use(draft, domain)
    if in_use is None:
        return
    path = ("domains", name, "source")
    for place, domain_source in enumerate(domain.source):
        waves = [wave for wave, used in in_use.items() if used == place]
        item = draft.item(domain_source.item)
        assert item is not None
        bound = {wave: draft.bound(domain_source.item, wave) for wave in waves}
        if draft.waves is not None and not waves:
            yield _unused_source(source, (*path, place), domain_source)
        yield from recode_mistakes(source, (*path, place), domain_source, bound)
        if domain.partitions_force:
            yield from _gap_mistakes(source, (*path, place), domain_source, bound, item)
        yield from _value_mistakes(source, name, place, domain, bound)


def _unused_source(source: SourceFile, path: KeyPath, domain_source: DomainSource) -> Mistake:
    return source.mistake(
        path,
        f"The source '{domain_source.item}' is used in no wave: a source above it always is.",
        expected="sources that take turns; in each wave the first that is asked is used.",
        remedy="remove it, or change the order.",
    )


def _gap_mistakes(
    source: SourceFile,
    path: KeyPath,
    domain_source: DomainSource,
    bound: Mapping[str, BoundItem],
    item: Item,
) -> Iterator[Mistake]:
    """Yield what a domain that should hold the whole force leaves out."""
    left_out = [
        code
        for here in bound.values()
        for code in here.codes
        if code not in domain_source.value_of_code(here)
    ]
    if left_out:
        yield _not_the_whole(
            source,
            (*path, "recode"),
            f"Code {series(dict.fromkeys(left_out))} of '{domain_source.item}'",
        )
    for low, high in _gaps(domain_source, item):
        yield _not_the_whole(
            source, (*path, "bands"), f"'{domain_source.item}' from {low:g} to {high:g}"
        )


def _gaps(domain_source: DomainSource, item: Item) -> Iterator[tuple[float, float]]:
    """Yield the first and the last whole number of each stretch that no band holds."""
    bands = sorted((domain_source.bands or {}).values())
    if not bands:
        return
    if item.minimum is not None and item.minimum < bands[0][0]:
        yield item.minimum, bands[0][0] - 1
    for (_, end), (start, _) in pairwise(bands):
        if start - end > 1:
            yield end + 1, start - 1
    if item.maximum is not None and item.maximum > bands[-1][1]:
        yield bands[-1][1] + 1, item.maximum


def _not_the_whole(source: SourceFile, path: KeyPath, left_out: str) -> Mistake:
    return source.mistake(
        path,
        f"{left_out} belongs to no value of the domain.",
        expected="a value for every valid answer: the values together are the whole force.",
        remedy="give it a value; or write partitions_force: false in the domain, where "
        "respondents may belong to none.",
    )


def _value_mistakes(
    source: SourceFile, name: str, place: int, domain: Domain, bound: Mapping[str, BoundItem]
) -> Iterator[Mistake]:
    domain_source = domain.source[place]
    path = ("domains", name)
    produced = {wave: _produced(domain_source, item) for wave, item in bound.items()}
    undeclared = dict.fromkeys(
        value for values in produced.values() for value in values if value not in domain.values
    )
    for value in undeclared:
        close = did_you_mean(value, domain.values)
        yield source.mistake(
            (*path, "source", place),
            f"'{domain_source.item}' gives the value '{value}', which the domain does not have.",
            expected=f"{series(domain.values)}.",
            remedy=f"add '{value}' to values, or recode it"
            + (f"; did you mean '{close}'?" if close else "."),
        )
    for value in domain.values:
        without = [wave for wave, values in produced.items() if value not in values]
        if without:
            yield source.mistake(
                (*path, "values", value),
                f"'{domain_source.item}' never gives the value '{value}' in {series(without)}.",
                expected="values that respondents can have in every wave.",
                remedy="remove the value, or correct the codes, the recoding or the bands.",
            )


def _produced(domain_source: DomainSource, item: BoundItem) -> Sequence[str]:
    """Return the values that a source gives in a wave."""
    if domain_source.bands is not None:
        return list(domain_source.bands)
    return list(domain_source.value_of_code(item).values())


def _wave_mistakes(
    draft: Draft, source: SourceFile, name: str, domain: Domain
) -> Iterator[Mistake]:
    in_use = _sources_in_use(draft, domain)
    if in_use is None:
        return
    for wanting, waves in _waves_wanting(draft, name):
        without = [wave for wave in waves if wave not in in_use]
        if without:
            yield source.mistake(
                ("domains", name, "source"),
                f"No source of '{name}' is asked in {series(without)}, but {wanting} needs it.",
                expected="a source in every wave that needs the domain.",
                remedy="add a source, correct the item's waves, or do not use the domain there.",
            )
            return


def _waves_wanting(draft: Draft, domain: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what needs a domain, in words, and in which waves."""
    for margin in draft.margins_in_use:
        if domain in margin.variables:
            yield f"the margin '{margin.name}'", draft.wave_names
    for name, sample in draft.samples.items():
        if sample is not None and domain in sample.covers:
            yield f"the sample '{name}'", [w for w in draft.wave_names if sample.drawn_in(w)]
    for name, measure in (draft.measures or {}).items():
        if measure is not None and domain in measure.by:
            yield f"the measure '{name}'", draft.waves_asking(measure.item)
