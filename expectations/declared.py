"""From a survey's declaration to the rules that a wave's return must keep, always in one order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expectations.items import item_rules
from expectations.populations import population_rules
from expectations.rules import (
    Distinct,
    EnoughRows,
    Nested,
    Rule,
    Tolerance,
)
from transforms.catalogue import MAIN, BoundItem, Survey
from transforms.fieldwork.questions import questions
from transforms.validation import Severity
from transforms.wording import number

REPEATED = Tolerance(of_rows=0.01)
"""Up to one row in a hundred with another's answers is a slip; more is a fault of the file."""

FEWEST_TO_TELL = 5
"""Questions from which on two people who give the same answers to all may be one."""


def rules_for(survey: Survey, wave: str, sample: str = MAIN) -> tuple[Rule, ...]:
    """Return every rule of the wave: the return's, each item's, the design's, the population's.

    `survey`: as returns of the `sample` are read (`as_sampled`).
    """
    items = survey.items_in(wave)
    return (
        _enough_rows(survey),
        *(rule for item in items for rule in item_rules(item, survey, wave)),
        *_nested(survey, wave),
        *_distinct(survey, items),
        *population_rules(survey, wave, sample),
    )


def _enough_rows(survey: Survey) -> Rule:
    minimum = survey.about.returns.minimum_rows
    return EnoughRows(
        check="rows",
        demand="enough respondents",
        expected=f"at least {number(minimum)}.",
        remedy="Ask the supplier for the whole return; a filter left on when saving loses rows.",
        minimum=minimum,
    )


def _distinct(survey: Survey, items: Sequence[BoundItem]) -> Iterator[Rule]:
    """Yield that interviews differ, by all that was asked or noted of people themselves."""
    design = survey.about.design
    names = questions(survey, [item.name for item in items])
    if len(names) < FEWEST_TO_TELL:
        return
    yield Distinct(
        check="repeated_interviews",
        demand="no interview twice under two serial numbers",
        breach="the same answers to every question as another row",
        expected="interviews that differ from one another in some answer.",
        remedy="Ask the supplier whether interviews were entered twice under new serial numbers, "
        "or copied.",
        also_reads=(*names, *([design.psu] if design.psu else [])),
        severity=Severity.WARNING,
        tolerated=REPEATED,
        items=names,
        point=design.psu,
    )


def _nested(survey: Survey, wave: str) -> Iterator[Rule]:
    design = survey.about.design
    if design.psu is None or design.stratum is None:
        return
    item = survey.item_in(design.psu, wave)
    yield Nested(
        item=item,
        check="nested",
        demand="each in one stratum",
        breach="a sampling point that lies in more than one stratum",
        expected="each sampling point in one stratum.",
        remedy="Ask the supplier whether its numbers start again in each stratum (then for "
        "numbers that do not), or in which stratum these points lie.",
        also_reads=(design.stratum,),
        stratum=design.stratum,
    )
