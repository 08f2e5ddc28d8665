"""What a return says of how its interviews were held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from expectations.outcomes import first_serials
from transforms.arrays import Flags, Floats, Ints, floats
from transforms.catalogue import InterviewRule, Survey
from transforms.fieldwork.coding import Codes, answer_codes
from transforms.fieldwork.questions import questions
from transforms.fieldwork.times import minutes_between, with_time
from transforms.variables import DecodedItem

FEWEST = 30
"""Interviews from which on a share of them says something."""

Items = Mapping[str, DecodedItem]


@dataclass(frozen=True, slots=True)
class Numbers:
    """An item of numbers: its label, its variable, and one number an interview, NaN for none."""

    label: str
    variable: str
    values: Floats


@dataclass(frozen=True, slots=True)
class Interviews:
    """One entry an interview, in file order, of what the return has of each.

    `codes`: its answers, those about itself and the design left out. `interviewer`: 0 … for each,
    −1 where none is named. `start`, `minutes`: None where the return does not say. `batteries`:
    the answers to each battery's items, by its name; `labels`: of these items. `dates`: the days of
    the interviews, None where the return has none. `numbers`: those that say who respondents are.
    """

    rule: InterviewRule
    serials: pd.Series
    codes: Codes
    interviewer: Ints
    start: pd.Series | None
    minutes: Floats | None
    batteries: Mapping[str, tuple[pd.Series, ...]]
    labels: Mapping[str, tuple[str, ...]]
    dates: pd.Series | None
    numbers: Mapping[str, Numbers]

    @property
    def interviewers(self) -> int:
        """How many interviewers are named."""
        return int(self.interviewer.max(initial=-1)) + 1

    def named(self, rows: Flags) -> tuple[str, ...]:
        """Return the first serial numbers of the rows where `rows` is true."""
        return first_serials(self.serials[rows].tolist())


def held_interviews(items: Items, survey: Survey) -> Interviews:
    """Return how the interviews of a return were held, from its readable items."""
    rule = survey.about.interviews
    serials = items[survey.about.design.serial].answers.fillna("no serial number")
    batteries = {
        name: [items[item] for item in of if item in items] for name, of in rule.batteries.items()
    }
    batteries = {name: held for name, held in batteries.items() if len(held) > 2}
    start = _start(items, rule)
    return Interviews(
        rule=rule,
        serials=serials,
        codes=answer_codes([items[name].answers for name in questions(survey, items)]),
        interviewer=_interviewer(items, rule, len(serials)),
        start=start,
        minutes=_minutes(items, rule, start),
        batteries={name: tuple(one.answers for one in held) for name, held in batteries.items()},
        labels={
            name: tuple(one.item.item.label for one in held) for name, held in batteries.items()
        },
        dates=_answers(items, survey.about.returns.interview_date),
        numbers=_numbers(items, survey),
    )


def _numbers(items: Items, survey: Survey) -> dict[str, Numbers]:
    """Return the numbers from which respondents are put into the values of a domain."""
    named = {source.item for domain in survey.domains.values() for source in domain.source}
    return {
        name: Numbers(one.item.item.label, one.item.variable, floats(one.answers))
        for name, one in items.items()
        if name in named and one.item.item.type == "number"
    }


def _answers(items: Items, name: str | None) -> pd.Series | None:
    return items[name].answers if name is not None and name in items else None


def _interviewer(items: Items, rule: InterviewRule, rows: int) -> Ints:
    named = _answers(items, rule.interviewer)
    if named is None:
        return np.full(rows, -1, dtype=np.int64)
    return np.asarray(pd.factorize(named, sort=True)[0], dtype=np.int64)


def _start(items: Items, rule: InterviewRule) -> pd.Series | None:
    """Return when interviews began; None where no moment has a time of day."""
    start = _answers(items, rule.start)
    return start if start is not None and with_time(start).any() else None


def _minutes(items: Items, rule: InterviewRule, start: pd.Series | None) -> Floats | None:
    noted, end = _answers(items, rule.minutes), _answers(items, rule.end)
    if noted is not None:
        minutes = floats(noted)
    elif start is not None and end is not None:
        minutes = minutes_between(start, end)
    else:
        return None
    return np.where(minutes >= 0, minutes, np.nan)
