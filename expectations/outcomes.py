"""From what Great Expectations found to results in words, without any respondent's answer."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from expectations.frame import RESPONDENT, asked_column
from expectations.rules import Answered, EnoughRows, Exists, ItemRule, Occupied, Rule
from transforms.validation import SERIALS_SHOWN, CheckResult, Severity


def check_result(rule: Rule, outcome: Any, frame: pd.DataFrame) -> CheckResult:
    """Return one rule's outcome in words; an outcome without a result is a failing of its own."""
    if outcome.success:
        return CheckResult(rule.id, rule.title, rule.severity, True, rule.variable)
    # Where an expectation raised, this holds a mapping by metric instead, without that key.
    if outcome.exception_info.get("raised_exception", True):
        return _not_checked(rule)
    failing = _failing_rows(outcome.result)
    return CheckResult(
        rule=rule.id,
        title=rule.title,
        severity=_severity(rule, failing, frame),
        passed=False,
        variable=rule.variable,
        failing_rows=failing,
        serials=_serials(outcome.result, frame),
        finding=_finding(rule, outcome.result, failing, len(frame)),
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


def _failing_rows(result: dict[str, Any]) -> int:
    if "unexpected_count" in result:
        return int(result["unexpected_count"])
    observed = result.get("observed_value")
    if isinstance(observed, dict) and "asked" in observed:
        return int(observed["asked"] - observed["answered"])
    return 0


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


def _serials(result: dict[str, Any], frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the first failing respondents, by number where serial numbers are numbers."""
    failing = frame[RESPONDENT].iloc[result.get("unexpected_index_list") or []]
    return first_serials(failing.unique())


def first_serials(serials: Iterable[str]) -> tuple[str, ...]:
    """Return the first SERIALS_SHOWN serial numbers, in order of number."""
    held = list(serials)
    numbers = all(serial.isdecimal() for serial in held)
    return tuple(heapq.nsmallest(SERIALS_SHOWN, held, key=int if numbers else _in_order_of_number))


def _in_order_of_number(serial: str) -> tuple[tuple[int, int, str], ...]:
    parts = re.findall(r"[0-9]+|[^0-9]+", serial)
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts)


def _finding(rule: Rule, result: dict[str, Any], failing: int, rows: int) -> str:
    observed: Any = result.get("observed_value")
    match rule:
        case EnoughRows():
            return f"Respondents in the file: {rows:,}."
        case Exists():
            return f"{rule.subject} is not in the return."
        case Answered() if observed["asked"] == 0:
            return f"{rule.subject}: nobody was asked, or every answer is lost."
        case Answered():
            answered, asked = observed["answered"], observed["asked"]
            return (
                f"{rule.subject}: {answered:,} of {asked:,} respondents asked gave a valid answer."
            )
        case Occupied():
            empty = "; ".join(rule.labels[place] for place in observed["categories"])
            return f"{rule.subject}: nobody in the return is in {empty}."
    return f"{rule.subject}: {rule.breach} in {failing:,} of {rows:,} rows."


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
