"""From what Great Expectations found to results in words, without any respondent's answer."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from expectations.frame import RESPONDENT, asked_column
from expectations.rules import Answered, EnoughRows, Exists, ItemRule, Occupied, Rule
from transforms.validation import SERIALS_SHOWN, CheckResult, Severity
from transforms.wording import number


@dataclass(frozen=True, slots=True)
class Broken:
    """How a rule is broken: at which `places` of rows, or by what was `found` of the whole return.

    Neither: the rule could not be run.
    """

    places: Sequence[int] = ()
    found: Mapping[str, Any] | None = None


NOT_RUN = Broken()


def check_result(rule: Rule, broken: Broken | None, frame: pd.DataFrame) -> CheckResult:
    """Return in words how a rule is broken, or that it is kept (None)."""
    if broken is None:
        return CheckResult(rule.id, rule.title, rule.severity, True, rule.variable)
    if broken == NOT_RUN:
        return _not_checked(rule)
    failing = _failing_rows(broken)
    return CheckResult(
        rule=rule.id,
        title=rule.title,
        severity=_severity(rule, failing, frame),
        passed=False,
        variable=rule.variable,
        failing_rows=failing,
        serials=first_serials(frame[RESPONDENT].iloc[[*broken.places]].unique()),
        finding=_finding(rule, broken.found or {}, failing, len(frame)),
        expected=_sentence(rule.expected),
        remedy=rule.remedy,
    )


def _not_checked(rule: Rule) -> CheckResult:
    return CheckResult(
        rule=rule.id,
        title=rule.title,
        severity=Severity.CRITICAL,
        passed=False,
        variable=rule.variable,
        finding=f"{rule.subject}: could not be checked; the check itself failed on this file.",
        expected=_sentence(rule.expected),
        remedy=f"Look at the variable in the file for cells unlike the others. If there are none, "
        f"report the rule {rule.id} to the maintainers.",
    )


def _failing_rows(broken: Broken) -> int:
    if broken.found is not None and "asked" in broken.found:
        return int(broken.found["asked"] - broken.found["answered"])
    return len(broken.places)


def _severity(rule: Rule, failing: int, frame: pd.DataFrame) -> Severity:
    """Return the rule's severity, or critical where more rows fail than it tolerates."""
    tolerated = rule.tolerated
    if tolerated is None:
        return rule.severity
    too_many = failing > tolerated.of_rows * len(frame)
    if tolerated.of_asked is not None and isinstance(rule, ItemRule):
        asked = int(frame[asked_column(rule.item.name)].sum())
        too_many |= failing >= tolerated.from_rows and failing > tolerated.of_asked * asked
    return Severity.CRITICAL if too_many else rule.severity


def first_serials(serials: Iterable[str]) -> tuple[str, ...]:
    """Return the first SERIALS_SHOWN serial numbers, in order of number."""
    held = list(serials)
    numbers = all(serial.isdecimal() for serial in held)
    return tuple(heapq.nsmallest(SERIALS_SHOWN, held, key=int if numbers else _in_order_of_number))


def _in_order_of_number(serial: str) -> tuple[tuple[int, int, str], ...]:
    parts = re.findall(r"[0-9]+|[^0-9]+", serial)
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts)


def _finding(rule: Rule, found: Mapping[str, Any], failing: int, rows: int) -> str:
    match rule:
        case EnoughRows():
            return f"Respondents in the file: {number(rows)}."
        case Exists():
            return f"{rule.subject} is not in the return."
        case Answered() if found["asked"] == 0:
            return f"{rule.subject}: nobody was asked, or every answer is lost."
        case Answered():
            answered, asked = found["answered"], found["asked"]
            told = f"{number(answered)} of {number(asked)} respondents asked"
            return f"{rule.subject}: {told} gave a valid answer."
        case Occupied():
            empty = "; ".join(rule.labels[place] for place in found["categories"])
            return f"{rule.subject}: nobody in the return is in {empty}."
    return f"{rule.subject}: {rule.breach} in {number(failing)} of {number(rows)} rows."


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
