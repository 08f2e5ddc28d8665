"""simulation.yaml: every number belongs to something that the survey declares."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from math import fsum

from transforms.catalogue.checks.codes import unknown_code
from transforms.catalogue.draft import Draft
from transforms.catalogue.mistakes import KeyPath, SourceFile, listing, series, unknown_name
from transforms.catalogue.questionnaire import Item, MissingReason
from transforms.catalogue.simulation import Characteristic, Fieldwork, Simulation, Tendency
from transforms.errors import Mistake

FILE = "simulation.yaml"
_ROUNDING = 0.005
"""Shares written with two decimals need not add up to 1 exactly."""


def simulation_mistakes(draft: Draft) -> Iterator[Mistake]:
    """Yield the mistakes of the names and shares in simulation.yaml."""
    simulation, source = draft.simulation, draft.source(FILE)
    if simulation is None:
        return
    if not draft.declares_calibration:
        yield source.mistake(
            (),
            "The survey is simulated but its weights are calibrated to nothing.",
            expected="calibration in survey.yaml: the simulated population is made of its margins.",
            remedy="add margins and calibration, or remove simulation.yaml.",
        )
    yield from _fieldwork_mistakes(draft, source, simulation)
    known = _classified_by(draft, simulation.characteristics)
    path: KeyPath = ("household", "given")
    yield from _unclassified(source, path, simulation.household.given, known)
    yield from _share_mistakes(
        draft,
        source,
        ("household", "shares"),
        simulation.household.given,
        simulation.household.shares,
    )
    yield from _association_mistakes(draft, source, simulation)
    for name, characteristic in simulation.characteristics.items():
        yield from _characteristic_mistakes(draft, source, simulation, name, characteristic)
    yield from _response_mistakes(draft, source, simulation)
    for name, tendency in simulation.tendencies.items():
        yield from _tendency_mistakes(draft, source, name, tendency)
    yield from _unfilled_mistakes(draft, source, simulation)


def _classified_by(draft: Draft, characteristics: Collection[str]) -> Collection[str] | None:
    """Return the domains that each adult has a value of; None where a margin is not understood."""
    if draft.margin_domains is None:
        return None
    return sorted(draft.margin_domains.union(characteristics))


def _unclassified(
    source: SourceFile, path: KeyPath, domain: str, known: Collection[str] | None
) -> list[Mistake]:
    return unknown_name(source, path, "margin or characteristic", domain, known)


def _fieldwork_mistakes(
    draft: Draft, source: SourceFile, simulation: Simulation
) -> Iterator[Mistake]:
    fieldwork = simulation.fieldwork
    known = _classified_by(draft, simulation.characteristics)
    for place, domain in enumerate(fieldwork.strata):
        yield from _unclassified(source, ("fieldwork", "strata", place), domain, known)
    path: KeyPath = ("fieldwork", "interviews")
    yield from _value_mistakes(draft, source, path, fieldwork.strata[0], fieldwork.interviews)
    yield from _absent_values(draft, source, path, fieldwork.strata[0], fieldwork.interviews)
    for area, interviews in fieldwork.interviews.items():
        if interviews <= 0:
            yield _impossible_number(source, (*path, area), interviews, "a number greater than 0")
    yield from _drawn_item_mistakes(draft, source, fieldwork)
    yield from _weight_mistakes(draft, source, fieldwork)


def _drawn_item_mistakes(
    draft: Draft, source: SourceFile, fieldwork: Fieldwork
) -> Iterator[Mistake]:
    for key in ("address_factor", "adults", "interviewer"):
        name = getattr(fieldwork, key)
        if name is None:
            continue
        path = ("fieldwork", key)
        yield from unknown_name(source, path, "item", name, draft.items)
        item = draft.item(name)
        if item is not None and key != "interviewer" and item.type != "number":
            yield source.mistake(
                path,
                f"The item '{name}' is of type {item.type}.",
                expected="an item of type number.",
                remedy="name another item, or correct its type in questionnaire.yaml.",
            )


def _weight_mistakes(draft: Draft, source: SourceFile, fieldwork: Fieldwork) -> Iterator[Mistake]:
    drawn = {fieldwork.address_factor, fieldwork.adults}
    if draft.design is not None and set(draft.design.weight) != drawn:
        yield source.mistake(
            ("fieldwork", "address_factor"),
            f"Respondents are drawn by {series(sorted(drawn))}, but the design weight in "
            f"survey.yaml is made of {series(draft.design.weight)}.",
            expected="the same items: the weight undoes how respondents are drawn.",
            remedy="name the same items in both files.",
        )


def _unfilled_mistakes(
    draft: Draft, source: SourceFile, simulation: Simulation
) -> Iterator[Mistake]:
    """Yield a mistake where no part of the simulation fills some items of the questionnaire."""
    classified = _classified_by(draft, simulation.characteristics)
    if draft.design is None or draft.returns is None or classified is None:
        return
    domains = [domain for name in classified if (domain := draft.domain(name))]
    if len(domains) < len(classified):
        return
    filled = {
        *simulation.tendencies,
        *(domain_source.item for domain in domains for domain_source in domain.source),
        *(draft.design.serial, draft.design.stratum, draft.design.psu),
        draft.returns.interview_date,
        simulation.fieldwork.address_factor,
        simulation.fieldwork.adults,
        simulation.fieldwork.interviewer,
        simulation.fieldwork.start,
        simulation.fieldwork.minutes,
    }
    # Only the main sample is simulated: what the weights of others are made of need not be filled.
    others = {item for sample in draft.samples.values() if sample for item in sample.weight or ()}
    unfilled = [name for name in draft.items or {} if name not in filled | others]
    if unfilled:
        yield source.mistake(
            ("tendencies",),
            f"Nothing says how {series(unfilled)} "
            f"{'is' if len(unfilled) == 1 else 'are'} answered.",
            expected="a tendency for every question, and a margin or a characteristic for every "
            "item that a domain is made of.",
            remedy=f"add '{unfilled[0]}:' here, or a characteristic.",
        )


def _value_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, domain: str, named: Collection[str]
) -> Iterator[Mistake]:
    """Yield each name that is not a value of the domain."""
    declared = draft.domain(domain)
    for value in named:
        known = declared.values if declared else None
        yield from unknown_name(source, (*path, value), f"value of '{domain}'", value, known)


def _absent_values(
    draft: Draft, source: SourceFile, path: KeyPath, domain: str, named: Collection[str]
) -> Iterator[Mistake]:
    declared = draft.domain(domain)
    absent = [value for value in (declared.values if declared else ()) if value not in named]
    if absent:
        yield source.mistake(
            path,
            f"Nothing is said of {series(absent)}.",
            expected=f"a line for every value of '{domain}'.",
            remedy=f"add '{absent[0]}: …'.",
        )


def _impossible_number(source: SourceFile, path: KeyPath, number: float, expected: str) -> Mistake:
    return source.mistake(
        path, f"{number:g} is not possible here.", expected=f"{expected}.", remedy="correct it."
    )


def _share_mistakes(
    draft: Draft,
    source: SourceFile,
    path: KeyPath,
    given: str,
    shares: Mapping[str, Mapping[str, float]] | Mapping[str, Mapping[int, float]],
) -> Iterator[Mistake]:
    """Yield what keeps a table from giving shares for every value of the domain `given`."""
    yield from _value_mistakes(draft, source, path, given, shares)
    yield from _absent_values(draft, source, path, given, shares)
    for value, row in shares.items():
        total = fsum(row.values())
        if min(row.values(), default=0.0) < 0 or abs(total - 1) > _ROUNDING:
            yield source.mistake(
                (*path, value),
                f"The shares of '{value}' add up to {total:g}, or one is negative.",
                expected="shares between 0 and 1 that add up to 1.",
                remedy="correct them.",
            )


def _association_mistakes(
    draft: Draft, source: SourceFile, simulation: Simulation
) -> Iterator[Mistake]:
    margins = None if draft.margin_domains is None else sorted(draft.margin_domains)
    for place, association in enumerate(simulation.associations):
        path: KeyPath = ("associations", place)
        for number, domain in enumerate(association.domains):
            yield from unknown_name(
                source, (*path, "domains", number), "margin's domain", domain, margins
            )
        first, second = association.domains
        yield from _value_mistakes(draft, source, (*path, "odds"), first, association.odds)
        for value, row in association.odds.items():
            here = (*path, "odds", value)
            yield from _value_mistakes(draft, source, here, second, row)
            for other, odds in row.items():
                if odds <= 0:
                    expected = "a number greater than 0"
                    yield _impossible_number(source, (*here, other), odds, expected)


def _characteristic_mistakes(
    draft: Draft,
    source: SourceFile,
    simulation: Simulation,
    name: str,
    characteristic: Characteristic,
) -> Iterator[Mistake]:
    path = ("characteristics", name)
    yield from unknown_name(source, path, "domain", name, draft.domains)
    order = list(simulation.characteristics)
    known = _classified_by(draft, order[: order.index(name)])
    if name in (draft.margin_domains or ()):
        yield source.mistake(
            path,
            f"The margins hold '{name}' already.",
            expected="domains that no margin holds.",
            remedy="remove the characteristic.",
        )
    yield from _unclassified(source, (*path, "given"), characteristic.given, known)
    shares = characteristic.shares
    yield from _share_mistakes(draft, source, (*path, "shares"), characteristic.given, shares)
    for value, row in shares.items():
        yield from _value_mistakes(draft, source, (*path, "shares", value), name, row)
    domain = draft.domain(name)
    for domain_source in domain.source if domain else ():
        item = draft.item(domain_source.item)
        if item is not None:
            yield from _missing_mistakes(
                draft, source, path, domain_source.item, item, characteristic.missing
            )


def _response_mistakes(
    draft: Draft, source: SourceFile, simulation: Simulation
) -> Iterator[Mistake]:
    for domain, effects in simulation.response.effects.items():
        path = ("response", "effects", domain)
        if draft.calibrated_domains is not None and domain not in draft.calibrated_domains:
            yield source.mistake(
                path,
                f"Who responds depends on '{domain}', which no margin in use holds.",
                expected=f"{listing(sorted(draft.calibrated_domains))}.",
                remedy="remove it: no weight could put that right.",
            )
        yield from _value_mistakes(draft, source, path, domain, effects)
        for value, effect in effects.items():
            if effect <= 0:
                yield _impossible_number(source, (*path, value), effect, "a number greater than 0")


def _tendency_mistakes(
    draft: Draft, source: SourceFile, name: str, tendency: Tendency
) -> Iterator[Mistake]:
    path = ("tendencies", name)
    yield from unknown_name(source, path, "item", name, draft.items)
    for domain, effects in tendency.effects.items():
        here = (*path, "effects", domain)
        yield from unknown_name(source, here, "domain", domain, draft.domains)
        yield from _value_mistakes(draft, source, here, domain, effects)
    yield from _frequency_mistakes(source, path, tendency)
    item = draft.item(name)
    if item is not None:
        waves = draft.waves_asking(name)
        for key in ("answers", "others"):
            for code in getattr(tendency, key):
                yield from unknown_code(draft, source, (*path, key, code), name, code, waves=waves)
        yield from _missing_mistakes(draft, source, path, name, item, tendency.missing)


def _frequency_mistakes(source: SourceFile, path: KeyPath, tendency: Tendency) -> Iterator[Mistake]:
    for key, frequencies in (("answers", tendency.answers), ("others", tendency.others)):
        for code, frequency in frequencies.items():
            if frequency < 0:
                yield _impossible_number(source, (*path, key, code), frequency, "0 or more")
        if fsum(frequencies.values()) <= 0:
            yield _impossible_number(source, (*path, key), 0, "one number greater than 0 at least")
    for code in tendency.others:
        if code in tendency.answers:
            yield source.mistake(
                (*path, "others", code),
                f"'{code}' is among 'answers' and among 'others'.",
                expected="each answer in one of the two.",
                remedy="remove it from one.",
            )


def _missing_mistakes(
    draft: Draft,
    source: SourceFile,
    path: KeyPath,
    name: str,
    item: Item,
    missing: Mapping[MissingReason, float],
) -> Iterator[Mistake]:
    for reason, share in missing.items():
        here = (*path, "missing", reason.value)
        if not 0 <= share < 1:
            yield _impossible_number(source, here, share, "a share from 0 to less than 1")
        without = [
            wave for wave in draft.waves_asking(name) if reason not in _reasons(draft, wave, name)
        ]
        if without:
            yield source.mistake(
                here,
                f"'{name}' has no code for {reason.value} in {series(without)}.",
                expected=f"{listing(_reasons(draft, without[0], name)) or 'none'}.",
                remedy="remove the reason, or declare its code under 'missing' of the item.",
            )
    if fsum(missing.values()) >= 1:
        yield _impossible_number(
            source, (*path, "missing"), fsum(missing.values()), "shares that add up to less than 1"
        )


def _reasons(draft: Draft, wave: str, name: str) -> list[str]:
    """Return the reasons for which a known item can be missing in a wave."""
    here = draft.bound(name, wave)
    reasons = [code.reason.value for code in here.missing.values()]
    return [*dict.fromkeys([*reasons, *([here.blank.value] if here.blank else [])])]
