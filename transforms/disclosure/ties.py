"""What ties the counts of several measures: a base taken over, answers that hold others.

Two measures may tell a third count between them. Who did not report a crime is who was asked less
the base of the next question, but for those who did not answer it; who has heard of something
without using it is who has not used it less who has not heard of it; who is fairly satisfied is who
is satisfied less who is very satisfied. Such counts are protected like any other (methods §7).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations

from transforms.catalogue import Survey

COUNTING, OTHERS, BASE = range(3)
"""The parts of a count: who gave a counted answer, who did not, and both together."""

Term = tuple[str, int, int]
"""A measure, a part of its count, and 1 or −1."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Parts of counts whose sum, with signs, is 0, or what remains of people.

    `remains`: somebody may; otherwise nobody does. `is_group`: who remains is a group that could be
    published, and is protected.
    """

    terms: tuple[Term, ...]
    remains: bool = False
    is_group: bool = False

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures it ties."""
        return tuple(dict.fromkeys(measure for measure, _, _ in self.terms))


def ties(survey: Survey) -> tuple[Tie, ...]:
    """Return what ties the measures of a survey."""
    return (*_taken_over(survey), *_asked_of(survey), *_of_one_item(survey))


def tied_measures(survey: Survey) -> dict[str, str]:
    """Return, for each measure, the first declared of those it is tied to, itself included."""
    first = {name: name for name in survey.measures}
    for tie in ties(survey):
        together = {first[name] for name in tie.measures}
        least = min(together, key=list(survey.measures).index)
        first = {name: least if one in together else one for name, one in first.items()}
    return first


def _taken_over(survey: Survey) -> Iterator[Tie]:
    """Yield the ties of each measure whose base is another's, and of the share between them."""
    of_previous = {
        step.share_of_all: step.share_of_previous
        for chain in survey.chains.values()
        for step in chain.steps
    }
    for name, measure in survey.measures.items():
        if measure.base_of is None:
            continue
        before, between = measure.base_of, of_previous.get(name)
        if between is None:
            yield Tie(((name, OTHERS, 1), (before, OTHERS, -1)), remains=True, is_group=True)
            yield Tie(((before, BASE, 1), (name, BASE, -1)), remains=True)
        else:
            yield Tie(((name, COUNTING, 1), (between, COUNTING, -1)))
            yield Tie(((name, OTHERS, 1), (before, OTHERS, -1), (between, OTHERS, -1)))


def _asked_of(survey: Survey) -> Iterator[Tie]:
    """Yield the tie of each base to who counts in the measure that leads there.

    Whoever counts before and is not in the base did not answer.
    """
    for name, measure in survey.measures.items():
        routing = survey.items[measure.item].asked_if
        if measure.base_of is not None or len(routing) != 1:
            continue
        [(gate, answers)] = routing.items()
        for before, one in survey.measures.items():
            if one.kind == "proportion" and one.item == gate and set(one.counts) == set(answers):
                yield Tie(((before, COUNTING, 1), (name, BASE, -1)), remains=True)


def _of_one_item(survey: Survey) -> Iterator[Tie]:
    """Yield the ties of shares of the same answers: one holds the other, or they are apart."""
    for one, other in _same_base(survey):
        counts, less = (set(survey.measures[name].counts) for name in (one, other))
        if less < counts:
            yield Tie(((one, BASE, 1), (other, BASE, -1)))
            yield Tie(((one, COUNTING, 1), (other, COUNTING, -1)), remains=True, is_group=True)
        elif not less & counts and one < other:
            yield Tie(((one, BASE, 1), (other, BASE, -1)))
            yield Tie(((one, OTHERS, 1), (other, COUNTING, -1)), remains=True, is_group=True)


def _same_base(survey: Survey) -> Iterable[tuple[str, str]]:
    """Return each pair of shares, either way round, of the same item among the same people."""
    base = {
        name: (one.item, frozenset(one.leaves_base), one.base_of)
        for name, one in survey.measures.items()
        if one.kind == "proportion"
    }
    return ((one, other) for one, other in permutations(base, 2) if base[one] == base[other])
