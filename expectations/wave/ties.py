"""Whether each column's cells stand in the rows of the respondents they are of.

A column that was put together with others in the wrong order has the right answers in the wrong
rows: its shares are what they should be, and every breakdown is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from expectations.bounded import Figure
from expectations.rules import subject_of
from expectations.wave.figures import Examined, WaveFacts
from transforms.catalogue import Survey
from transforms.catalogue.mistakes import series
from transforms.periods import segment
from transforms.ties import STRATUM, WEIGHT, Tie, Ties, placed, ties, within
from transforms.ties.columns import Placed
from transforms.validation import Severity
from transforms.wording import percent

KNOWN = 6.0
"""Standard deviations of chance that a tie must have had for its loss to be told from chance."""

KEPT = 0.6
"""Smallest share of a tie that is to be found again: 0.8 was the least in clean waves."""

GONE = 0.25
"""Share below which a tie is gone, if it is also no more than chance brings (CHANCE)."""

CHANCE = 3.0
PARTNERS = 3

PLACE, PEOPLE, QUESTIONS = "place", "people", "questions"
BLOCKS = {
    PLACE: "where respondents were drawn from",
    PEOPLE: "who respondents are",
    QUESTIONS: "what they answered",
}
NAMED = {PLACE: "area, stratum", PEOPLE: "age, sex and the like"}
"""What a block is made of: of those that are named first in a pair."""

BLOCK_PAIRS = ((PLACE, PEOPLE), (PLACE, QUESTIONS), (PEOPLE, QUESTIONS))


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of two waves, how they go together, and what each is about (BLOCKS)."""

    ties: Ties
    block: Mapping[str, str]
    weights: frozenset[str]

    def apart(self, one: str, other: str) -> bool:
        """Return whether two columns go together by how one of them is made."""
        return {one, other} <= self.weights and WEIGHT in (one, other)


def tie_figures(examined: Examined) -> Iterator[Figure]:
    """Yield how columns go together, in blocks and each with the others, as in the wave before.

    Of those alone that went together closely enough for a loss to be told from chance.
    """
    pair = examined.compared()
    columns = _columns(*pair, examined.survey) if pair else None
    if pair is None or columns is None:
        return
    parted = []
    for blocks, tie in _between_blocks(columns, examined):
        yield _block_figure(blocks, tie, pair[1].wave, examined)
        parted += [frozenset(blocks)] if _lost(tie, examined) else []
    for name, (tie, partners) in _alone(columns, parted, examined).items():
        yield _column_figure(name, tie, partners, pair[1].wave, examined)


def _between_blocks(columns: Columns, examined: Examined) -> Iterator[tuple[tuple[str, str], Tie]]:
    """Yield how blocks go together; not where one column alone makes the difference."""
    for blocks in BLOCK_PAIRS:
        one, other = ([n for n, block in columns.block.items() if block == b] for b in blocks)
        tie = columns.ties.between(one, other)
        if tie is None or tie.expected < KNOWN:
            continue
        if not _lost(tie, examined) or not any(
            _found_without(name, one, other, columns, examined) for name in (*one, *other)
        ):
            yield blocks, tie


def _found_without(
    name: str, one: list[str], other: list[str], columns: Columns, examined: Examined
) -> bool:
    """Return whether the blocks go together without the column, or hardly did before."""
    left = ([n for n in names if n != name] for names in (one, other))
    tie = columns.ties.between(*left)
    return tie is None or tie.expected < KNOWN or not _lost(tie, examined)


def _columns(now: WaveFacts, before: WaveFacts, survey: Survey) -> Columns | None:
    if now.given is None or before.given is None or now.given.empty or before.given.empty:
        return None
    design = survey.about.design
    weights = {*design.weight, WEIGHT}
    dropped = {design.serial, design.stratum, design.psu, design.population_psus}
    dropped |= {WEIGHT} if len(design.weight) == 1 and design.weight[0] in now.given else set()
    dropped |= {n for n in survey.items if _breaks(n, now, before, survey)}
    kept = [name for name in now.given if name not in dropped]
    both = placed(now.given[kept], before.given)
    return Columns(ties(both), _blocks(both, survey), frozenset(weights)) if both else None


def _breaks(item: str, now: WaveFacts, before: WaveFacts, survey: Survey) -> bool:
    breaks = tuple(one.wave for one in survey.items[item].breaks)
    return before.wave not in segment(now.wave, breaks, survey.wave_names)


def _blocks(columns: Mapping[str, Placed], survey: Survey) -> dict[str, str]:
    """Return what each column is about; the design weight, which is made of others, is in none."""
    domains = survey.domains.values()
    people = {source.item for domain in domains for source in domain.source}
    areas = {s.item for domain in domains if domain.is_geographic for s in domain.source}
    people |= set(survey.about.design.weight)
    stratum = columns.get(STRATUM)
    drawn = {
        name
        for name, column in columns.items()
        if name in areas | {STRATUM} or (stratum and within(column.before, stratum.before))
    }
    return {
        name: PLACE if name in drawn else PEOPLE if name in people else QUESTIONS
        for name in columns
        if name != WEIGHT
    }


def _alone(
    columns: Columns, parted: list[frozenset[str]], examined: Examined
) -> dict[str, tuple[Tie, tuple[str, ...]]]:
    """Return each column's tie with the others and its closest; those lost are no others.

    The one that is furthest from what was expected is found lost first, and then looked at no more:
    its loss is not held against those it went with.
    """
    lost: dict[str, tuple[Tie, tuple[str, ...]]] = {}
    while True:
        left = [name for name in columns.ties.slots if name not in lost]
        found = {name: _with_others(name, left, columns, parted) for name in left}
        known = {name: one for name, one in found.items() if one and one[0].expected >= KNOWN}
        missing = {name: one for name, one in known.items() if _lost(one[0], examined)}
        if not missing:
            return {name: one for name, one in (lost | known).items() if one}
        worst = max(missing, key=lambda name: missing[name][0].errors)
        lost[worst] = missing[worst]


def _with_others(
    name: str, left: list[str], columns: Columns, parted: list[frozenset[str]]
) -> tuple[Tie, tuple[str, ...]] | None:
    own = columns.block.get(name, "")
    others = [
        other
        for other in left
        if not columns.apart(name, other)
        and frozenset((own, columns.block.get(other, ""))) not in parted
    ]
    tie = columns.ties.between([name], others)
    return None if tie is None else (tie, columns.ties.partners(name, others)[:PARTNERS])


def _lost(tie: Tie, examined: Examined) -> bool:
    return tie.kept < KEPT and tie.errors > examined.rule.jump


def _turned(tie: Tie) -> bool:
    return tie.found < -CHANCE and tie.kept < -GONE


def _severity(tie: Tie) -> Severity:
    gone = tie.kept < GONE and tie.found < CHANCE
    return Severity.CRITICAL if gone else Severity.WARNING


def _block_figure(blocks: tuple[str, str], tie: Tie, earlier: str, examined: Examined) -> Figure:
    one, other = (BLOCKS[block] for block in blocks)
    held = NAMED[blocks[0]]
    return Figure(
        rule=f"return.{blocks[0]}_{blocks[1]}",
        title=f"The return: {one} goes with {other} as in {earlier}",
        value=tie.kept if _lost(tie, examined) else 1.0,
        lowest=KEPT,
        finding=f"The return: {one} ({held}) hardly goes with {other} any "
        f"more: {_share(tie)} of how they went together in {earlier} is left.",
        expected=f"Columns that go together much as in {earlier}: rows of one respondent each.",
        remedy="Ask the supplier whether columns from two files were put side by side without "
        "matching serial numbers, or one part of the sheet was sorted without the other.",
        severity=_severity(tie),
        judged=True,
    )


def _column_figure(
    name: str, tie: Tie, partners: tuple[str, ...], earlier: str, examined: Examined
) -> Figure:
    subject = _subject(name, examined)
    others = series(_subject(other, examined) for other in partners)
    turned = _turned(tie)
    told = (
        f"goes with {others} the other way round than in {earlier}: its codes look exchanged"
        if turned
        else f"hardly goes with {others} any more: {_share(tie)} of how they went together in "
        f"{earlier} is left, as if its cells stood in other respondents' rows"
    )
    return Figure(
        rule=_rule(name),
        title=f"{subject}: goes with other columns as in {earlier}",
        value=tie.kept if _lost(tie, examined) else 1.0,
        lowest=KEPT,
        finding=f"{subject} {told}.",
        expected=f"A column that goes with the others much as in {earlier}.",
        remedy="Ask the supplier whether its codes mean what they meant."
        if turned
        else "Ask the supplier to match this column to the others by serial number again: it may "
        "have been merged, pasted or sorted without them. If the question changed, accept the "
        "finding.",
        severity=_severity(tie),
        judged=True,
        variable=None
        if name in (STRATUM, WEIGHT)
        else examined.survey.item_in(name, examined.now.wave).variable,
    )


def _rule(name: str) -> str:
    return {STRATUM: "strata", WEIGHT: "weights"}.get(name, name) + ".ties"


def _subject(name: str, examined: Examined) -> str:
    if name in (STRATUM, WEIGHT):
        return name[0].upper() + name[1:]
    return subject_of(examined.survey.item_in(name, examined.now.wave))


def _share(tie: Tie) -> str:
    return percent(float(np.clip(tie.kept, 0.0, 1.0)))
