"""measures.yaml: bases that measures take over, and chains of measures, against the routing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from transforms.catalogue.draft import Draft
from transforms.catalogue.measures import Measure, Step
from transforms.catalogue.mistakes import KeyPath, SourceFile, listing, series, unknown_name
from transforms.catalogue.questionnaire import MissingReason, Routing
from transforms.errors import Mistake

FILE = "measures.yaml"
SAME_IN_BOTH = ("item", "counts", "leaves_base")
"""What the two measures of a step share: they differ in the base alone."""


def base_of_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, measure: Measure
) -> Iterator[Mistake]:
    """Yield what keeps a measure from taking over another's base by the routing of its item."""
    if measure.base_of is None:
        return
    here = (*path, "base_of")
    yield from unknown_name(source, here, "measure", measure.base_of, draft.measures)
    if MissingReason.NOT_ASKED not in measure.leaves_base:
        yield source.mistake(
            (*path, "leaves_base"),
            f"Respondents who were not asked '{measure.item}' stay in the base, counted or not in "
            f"'{measure.base_of}'.",
            expected="not_asked among the reasons that leave the base: 'base_of' keeps those whom "
            "the routing passed by.",
            remedy="add not_asked to leaves_base.",
        )
    before, item = draft.measure(measure.base_of), draft.item(measure.item)
    if before is None or item is None or draft.item(before.item) is None:
        return
    if before.kind == "mean":
        yield source.mistake(
            here,
            f"'{measure.base_of}' is a mean: nobody counts in it.",
            expected="a proportion, whose counted answers lead to this item.",
            remedy="name another measure.",
        )
        return
    yield from _routing_mistakes(draft, source, here, measure, before)
    yield from _wave_mistakes(draft, source, here, measure.item, before.item)


def _routing_mistakes(
    draft: Draft, source: SourceFile, here: KeyPath, measure: Measure, before: Measure
) -> Iterator[Mistake]:
    item = draft.item(measure.item)
    assert item is not None
    waves = draft.waves_asking(measure.item)
    routings = {wave: draft.bound(measure.item, wave).asked_if for wave in waves}
    wanted = {before.item: set(before.counts)}
    for wave, routing in (routings or {"every wave": item.asked_if}).items():
        if {gate: set(answers) for gate, answers in routing.items()} != wanted:
            within = "" if routing == item.asked_if else f" in {wave}"
            yield _other_routing(source, here, measure, before, routing, within)
            return


def _other_routing(
    source: SourceFile,
    here: KeyPath,
    measure: Measure,
    before: Measure,
    routing: Routing,
    within: str,
) -> Mistake:
    return source.mistake(
        here,
        f"'{measure.item}' is asked{within} {_routing_in_words(routing)}, not of those who count "
        f"in '{measure.base_of}'.",
        expected=f"the routing asked_if: {{{before.item}: [{', '.join(before.counts)}]}} of "
        f"'{measure.item}' in questionnaire.yaml.",
        remedy="correct the routing, or name the measure that counts those who are asked.",
    )


def _routing_in_words(routing: Routing) -> str:
    conditions = [f"{gate} is {listing(answers)}" for gate, answers in routing.items()]
    return f"where {series(conditions)}" if conditions else "of everyone"


def _wave_mistakes(
    draft: Draft, source: SourceFile, here: KeyPath, item: str, before: str
) -> Iterator[Mistake]:
    asking_before = draft.waves_asking(before)
    alone = [wave for wave in draft.waves_asking(item) if wave not in asking_before]
    if alone:
        yield source.mistake(
            here,
            f"'{item}' is asked in {series(alone)}, but '{before}', which leads to it, is not.",
            expected=f"no wave that asks '{item}' without '{before}'.",
            remedy="correct first_asked, last_asked or asked_in in questionnaire.yaml.",
        )


def chain_mistakes(draft: Draft) -> Iterator[Mistake]:
    """Yield the mistakes of each chain: its measures, and that each step follows the one before."""
    source = draft.source(FILE)
    for name, declared in (draft.chains or {}).items():
        if declared is None:
            continue
        path = ("chains", name, "steps")
        for place, step in enumerate(declared.steps):
            yield from _unknown_measures(draft, source, (*path, place), step)
        yield from _first_step_mistakes(draft, source, (*path, 0), declared.steps[0])
        for place, (before, step) in enumerate(pairwise(declared.steps), 1):
            yield from _step_mistakes(draft, source, (*path, place), before, step)


def _unknown_measures(
    draft: Draft, source: SourceFile, path: KeyPath, step: Step
) -> Iterator[Mistake]:
    for key in ("share_of_all", "share_of_previous"):
        named = getattr(step, key)
        if named is not None:
            yield from unknown_name(source, (*path, key), "measure", named, draft.measures)


def _first_step_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, step: Step
) -> Iterator[Mistake]:
    if step.share_of_previous is not None:
        yield source.mistake(
            (*path, "share_of_previous"),
            "The first step has none before it to be a share of.",
            expected="share_of_all alone.",
            remedy="remove 'share_of_previous'.",
        )
    first = draft.measure(step.share_of_all)
    if first is not None and first.kind == "mean":
        yield source.mistake(
            (*path, "share_of_all"),
            f"'{step.share_of_all}' is a mean, not a share.",
            expected="a proportion.",
            remedy="name another measure.",
        )
    if first is not None and first.base_of is not None:
        yield source.mistake(
            (*path, "share_of_all"),
            f"The chain begins with '{step.share_of_all}', which takes over the base of "
            f"'{first.base_of}'.",
            expected="a first step with a base of its own.",
            remedy=f"begin the chain with '{first.base_of}'.",
        )


def _step_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, before: Step, step: Step
) -> Iterator[Mistake]:
    of_all = draft.measure(step.share_of_all)
    if of_all is not None and of_all.base_of != before.share_of_all:
        taken = f"takes over the base of '{of_all.base_of}'"
        base = taken if of_all.base_of else "has a base of its own"
        yield source.mistake(
            (*path, "share_of_all"),
            f"'{step.share_of_all}' {base}, not that of '{before.share_of_all}' before it.",
            expected=f"a measure with base_of: {before.share_of_all}.",
            remedy=f"write base_of: {before.share_of_all} in '{step.share_of_all}', or correct the "
            "order of the steps.",
        )
    if step.share_of_previous is None:
        yield source.mistake(
            path,
            "'share_of_previous' is missing.",
            expected="from the second step on the measure among those at the step before.",
            remedy="add a line 'share_of_previous: …' here.",
        )
        return
    of_previous = draft.measure(step.share_of_previous)
    if of_all is not None and of_previous is not None:
        yield from _differing(source, (*path, "share_of_previous"), step, of_all, of_previous)


def _differing(
    source: SourceFile, here: KeyPath, step: Step, of_all: Measure, of_previous: Measure
) -> Iterator[Mistake]:
    """Yield what else than the base differs between the two measures of a step."""
    if of_previous.base_of is not None:
        yield source.mistake(
            here,
            f"'{step.share_of_previous}' takes over the base of '{of_previous.base_of}'.",
            expected="a measure of those alone who were asked: one without base_of.",
            remedy=f"remove base_of from '{step.share_of_previous}', or name another measure.",
        )
    for key in SAME_IN_BOTH:
        if _as_set(getattr(of_all, key)) != _as_set(getattr(of_previous, key)):
            yield source.mistake(
                here,
                f"'{key}' differs between '{step.share_of_all}' and '{step.share_of_previous}'.",
                expected="two measures of a step that differ in their base alone.",
                remedy=f"write the same '{key}' in both.",
            )


def _as_set(declared: str | tuple[str, ...]) -> frozenset[str]:
    return frozenset([declared] if isinstance(declared, str) else declared)
