"""From one item's declaration to the rules that its column must keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from expectations.frame import ancestors, codes_for
from expectations.rules import (
    Answered,
    Asked,
    Coded,
    Exists,
    InPeriod,
    Possible,
    Present,
    Rule,
    Stored,
    Tolerance,
    Unasked,
    Unique,
    UsableWeight,
)
from transforms.catalogue import BoundItem, MissingReason, Survey
from transforms.validation import Severity
from transforms.variables import held_as
from transforms.wording import date_words

OUTSIDE_PERIOD = Tolerance(of_rows=0.05)
"""Up to one date in twenty outside the wave is late or mistyped; more is another wave's file."""

ROUTING = Tolerance(of_rows=0.01, of_asked=0.10, from_rows=10)
"""Up to one row in a hundred is an interviewer's slip; more is a fault of the script.

A question for few (those who used Live Chat) can be ruined by slips that are few among all rows, so
a tenth of those it is asked of is too many as well, from ten rows on: below, chance decides.
"""

LEFT_OUT = Tolerance(of_rows=0.05)
"""Where rows without a weight may be left out: beyond one in twenty, who is left is in doubt."""

NOT_PUT = (MissingReason.NOT_ASKED, MissingReason.NOT_APPLICABLE)
"""The reasons that say that the question was not for this respondent."""

SPOKEN = {MissingReason.DONT_KNOW, MissingReason.REFUSED}
"""The reasons that only someone who was asked can give: they would stay in a measure's base."""


def item_rules(item: BoundItem, survey: Survey, wave: str) -> Iterator[Rule]:
    """Yield the rules of one item, in the order in which they are reported."""
    design = survey.about.design
    yield _exists(item)
    yield from _stored(item)
    yield from _coded(item)
    if item.name == design.serial:
        yield from (_serial_present(item), _unique(item))
    elif item.name in design.weight:
        yield _usable_weight(item, survey)
    elif item.name in (design.stratum, design.psu):
        yield _design_present(item)
    else:
        yield from _answer_rules(item, survey, wave)


def _answer_rules(item: BoundItem, survey: Survey, wave: str) -> Iterator[Rule]:
    yield from _possible(item)
    if item.name == survey.about.returns.interview_date:
        yield _in_period(item, survey, wave)
    routed = ancestors(item.name, survey, wave)
    if routed:
        yield from (_asked(item, routed), _unasked(item, routed))
    elif item.blank is None:
        yield _present(item)
    if item.item.type != "identifier":
        yield _answered(item, routed, survey)


def _exists(item: BoundItem) -> Rule:
    return Exists(
        item=item,
        check="exists",
        demand="in the return",
        expected=f"a variable named {item.variable}.",
        remedy="Ask the supplier for it; where it was not asked in this wave, declare that in "
        f"questionnaire.yaml under {item.name}.",
    )


_SPELT: Mapping[Literal["number", "date"], str] = {
    "number": "Where numbers have decimal commas, declare `decimal`",
    "date": "Where dates are written like 30/04/2026, declare `dates`",
}
"""What may be declared of a file that writes numbers and dates in its own way."""


def _stored(item: BoundItem) -> Iterator[Rule]:
    kind = item.item.type
    if kind == "identifier" or any(isinstance(code, str) for code in item.codes):
        return
    storage: Literal["number", "date"] = "date" if kind == "date" else "number"
    yield Stored(
        item=item,
        check="type",
        demand=f"stored as {storage}s",
        breach=f"something other than a {storage} where a {storage} should be",
        expected=f"{storage}s, or the declared missing codes.",
        remedy="Ask the supplier to send the variable as it was agreed. Where words stand for "
        f"missing answers, declare them as missing codes of {item.name}. {_SPELT[storage]} under "
        "`returns`, `reading` in survey.yaml.",
        storage=storage,
        codes=tuple(item.missing),
    )


def _coded(item: BoundItem) -> Iterator[Rule]:
    if item.item.type != "code":
        return
    yield Coded(
        item=item,
        check="codes",
        demand="declared codes only",
        breach="a code that the questionnaire does not declare",
        expected=f"one of the codes {_listed(*item.codes, *item.missing)}.",
        remedy="Ask the supplier what the code means. Where it is right, declare it in "
        f"questionnaire.yaml under {item.name}: as a valid answer, or as missing.",
        codes=(*(held_as(item, code) for code in item.codes), *item.missing),
    )


def _present(item: BoundItem) -> Rule:
    return Present(
        item=item,
        check="blanks",
        demand="filled in",
        breach="an empty cell",
        expected="a code or a value in every row.",
        remedy="Ask the supplier why it is empty. Where an empty cell has a meaning, declare it as "
        f"`blank` of {item.name} in questionnaire.yaml.",
    )


def _serial_present(item: BoundItem) -> Rule:
    return Present(
        item=item,
        check="blanks",
        demand="given for every respondent",
        breach="no serial number",
        expected="a serial number in every row.",
        remedy="Ask the supplier for the missing serial numbers, or to delete rows that are not "
        "interviews.",
    )


def _unique(item: BoundItem) -> Rule:
    return Unique(
        item=item,
        check="unique",
        demand="different for every respondent",
        breach="a serial number that another row has too",
        expected="each serial number once.",
        remedy="Ask the supplier which of the rows are the interview and which are copies.",
    )


def _design_present(item: BoundItem) -> Rule:
    return Present(
        item=item,
        check="blanks",
        demand="given for every respondent",
        breach="an empty cell",
        expected="a value in every row: standard errors cannot be computed without it.",
        remedy="Ask the supplier for the sampling stratum and sampling point of these rows.",
    )


def _possible(item: BoundItem) -> Iterator[Rule]:
    if item.item.type != "number":
        return
    yield Possible(
        item=item,
        check="range",
        demand=f"numbers{_limits(item)}",
        breach="an impossible number",
        expected=f"a number{_limits(item)}, or a declared missing code.",
        remedy="Ask the supplier to check these interviews; where the number is right, widen the "
        f"limits of {item.name} in questionnaire.yaml.",
        minimum=item.item.minimum,
        maximum=item.item.maximum,
        missing=tuple(item.missing),
    )


def _usable_weight(item: BoundItem, survey: Survey) -> Rule:
    leaves_out = survey.about.design.invalid_weight == "leave_out_row"
    return UsableWeight(
        item=item,
        check="weight",
        demand="a usable weight in every row",
        breach="a weight that is missing, zero, negative or impossible",
        expected=f"a number above zero{_limits(item)}.",
        remedy="Ask the supplier for the weights of these respondents"
        + ("; until then they are left out." if leaves_out else "."),
        severity=Severity.WARNING if leaves_out else Severity.CRITICAL,
        tolerated=LEFT_OUT if leaves_out else None,
        minimum=item.item.minimum,
        maximum=item.item.maximum,
        missing=tuple(item.missing),
    )


def _in_period(item: BoundItem, survey: Survey, wave: str) -> Rule:
    period = survey.wave(wave)
    return InPeriod(
        item=item,
        check="period",
        demand=f"within {wave}",
        breach=f"a date outside {wave}",
        expected=f"dates from {date_words(period.start)} to {date_words(period.end)}.",
        remedy="Check that this is the file of this wave; otherwise ask the supplier for the "
        "dates, or for the interviews that belong here.",
        severity=Severity.WARNING,
        tolerated=OUTSIDE_PERIOD,
        start=period.start,
        end=period.end,
    )


def _asked(item: BoundItem, routed: tuple[str, ...]) -> Rule:
    return Asked(
        item=item,
        check="asked",
        demand="asked of all whom the routing leads to it",
        breach="no answer, although the routing leads to the question,",
        expected=f"an answer, or the reason for none, wherever {_listed(*item.asked_if)} "
        "leads here.",
        remedy="Ask the supplier whether the script skipped the question, or whether the routing "
        f"of {item.name} is declared wrongly.",
        also_reads=routed,
        severity=Severity.WARNING,
        tolerated=ROUTING,
        codes=codes_for(item, (MissingReason.NOT_ASKED,)),
        blank=item.blank is None or item.blank in NOT_PUT,
    )


def _unasked(item: BoundItem, routed: tuple[str, ...]) -> Rule:
    return Unasked(
        item=item,
        check="not_asked",
        demand="answered only by those whom the routing leads to it",
        breach="an answer, although the routing does not lead to the question,",
        expected=f"an empty cell or “not asked” wherever {_listed(*item.asked_if)} does not "
        "lead here.",
        remedy="Ask the supplier whether the filter or the answer is right, or whether the "
        f"routing of {item.name} is declared wrongly.",
        also_reads=routed,
        severity=Severity.WARNING,
        tolerated=ROUTING,
        codes=codes_for(item, set(MissingReason) - SPOKEN),
    )


def _answered(item: BoundItem, routed: tuple[str, ...], survey: Survey) -> Rule:
    minimum = survey.about.returns.minimum_answered
    return Answered(
        item=item,
        check="answered",
        demand="answered by enough of those asked",
        expected=f"valid answers from at least {minimum:.0%} of those asked.",
        remedy="Ask the supplier whether the variable was lost in the export.",
        also_reads=routed,
        missing=tuple(item.missing),
        outside=codes_for(item, NOT_PUT),
        blank_outside=not routed and item.blank in NOT_PUT,
        routed=bool(routed),
        minimum=minimum,
    )


def _limits(item: BoundItem) -> str:
    lowest, highest = item.item.minimum, item.item.maximum
    if lowest is not None and highest is not None:
        return f" from {lowest:g} to {highest:g}"
    least = f" of at least {lowest:g}" if lowest is not None else ""
    return f" of at most {highest:g}" if highest is not None else least


def _listed(*words: object) -> str:
    return ", ".join(str(word) for word in words)
