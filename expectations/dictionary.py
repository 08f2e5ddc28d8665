"""What the return's own dictionary says: its variables' names, labels and missing codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from expectations.rules import subject_of
from transforms.catalogue import BoundItem, CodeValue, MissingReason, Survey
from transforms.responses import RawReturn, Variable
from transforms.validation import CheckResult, Severity
from transforms.variables import column_of

LIKELY = 0.6
"""Similarity from which a variable's name or label is offered as another's new one (difflib)."""

NAMES_SHOWN = 10
LABELS_SHOWN = 5

REASON_WORDS: Mapping[MissingReason, re.Pattern[str]] = {
    MissingReason.DONT_KNOW: re.compile(r"(spontaneous )?(dont|do not|doesnt) know|dk\b|not sure$"),
    MissingReason.REFUSED: re.compile(r"refus(ed|al)\b|prefer not to|rather not|declined to"),
    MissingReason.NOT_ASKED: re.compile(r"(question )?not (asked|put)\b"),
    MissingReason.NOT_APPLICABLE: re.compile(r"not applicable|n a$|does not apply|inapplicable"),
    MissingReason.NOT_CODED: re.compile(r"(not coded|uncoded|uncodeable|uncodable)\b"),
    MissingReason.NO_ANSWER: re.compile(r"(no answer|not (answered|stated)|missing)\b"),
}
"""How suppliers begin a missing code's label, in plain words (`plain_label`)."""


def simulated_check(raw: RawReturn, survey: Survey) -> CheckResult:
    """Return whether a simulated return is kept out of a real survey."""
    rule, title = "return.simulated", "The return: real, as the survey is"
    if survey.about.simulated or not raw.simulated:
        return CheckResult(rule, title, Severity.CRITICAL, True)
    return CheckResult(
        rule,
        title,
        Severity.CRITICAL,
        False,
        finding="The file says of itself that it is simulated; the survey is declared real.",
        expected="A return from fieldwork.",
        remedy="Take the file away. Where the whole survey is a simulation, declare "
        "`simulated: true` in survey.yaml.",
    )


def missing_variable(item: BoundItem, raw: RawReturn, unclaimed: Sequence[str]) -> str | None:
    """Return the unclaimed variable that most likely holds the item under a new name, if any."""
    scored = [(_likeness(item, name, raw), name) for name in unclaimed]
    score, name = max(scored, default=(0.0, ""), key=lambda pair: pair[0])
    return name if score >= LIKELY else None


def unclaimed_variables(raw: RawReturn, items: Collection[BoundItem]) -> tuple[str, ...]:
    """Return the file's variables that no item of the wave reads, in the file's order."""
    columns = [column_of(raw, item.variable) for item in items]
    claimed = {str(column.name) for column in columns if column is not None}
    return tuple(str(name) for name in raw.rows.columns if str(name) not in claimed)


def unexpected_check(unclaimed: Sequence[str]) -> CheckResult:
    """Return whether the file holds only declared variables."""
    title = "The return: declared variables only"
    if not unclaimed:
        return CheckResult("return.variables", title, Severity.WARNING, True)
    more = len(unclaimed) - NAMES_SHOWN
    names = ", ".join(unclaimed[:NAMES_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
    return CheckResult(
        "return.variables",
        title,
        Severity.WARNING,
        False,
        finding=f"Variables in the file that this wave does not declare: {len(unclaimed):,} "
        f"({names}).",
        expected="Only variables that the questionnaire declares.",
        remedy="Nothing is read from them. Where one is a question, declare it in "
        "questionnaire.yaml; where one could identify somebody, ask the supplier to leave it out.",
    )


def label_checks(raw: RawReturn, item: BoundItem) -> Iterator[CheckResult]:
    """Yield what the file's value labels and user-missing codes say against the declaration."""
    variable = _entry(raw, item)
    if variable is None:
        return
    if any(code in variable.value_labels for code in (*item.codes, *item.missing)):
        yield from _label_results(item, variable)
    if variable.missing_ranges and item.codes:
        yield _user_missing_result(item, variable)


def plain_label(label: str) -> str:
    """Return a label without case, punctuation, quotes' shapes and spacing.

    “&” is “and”, 16–24 is “16 to 24” and 75+ is “75 and over”.
    """
    folded = unicodedata.normalize("NFKC", label).casefold().replace("&", " and ")
    folded = re.sub(r"(?<=[0-9])\s*[-‐-―−]\s*(?=[0-9])", " to ", folded)
    folded = re.sub(r"(?<=[0-9])\s*\+", " and over", folded)
    folded = re.sub(r"['‘’ʼ`´]", "", folded)
    kept = "".join(" " if unicodedata.category(c).startswith("P") else c for c in folded)
    return " ".join(kept.split())


def reason_in(label: str) -> MissingReason | None:
    """Return the missing reason that a label names, if it names one."""
    plain = plain_label(label)
    return next((reason for reason, words in REASON_WORDS.items() if words.match(plain)), None)


def _likeness(item: BoundItem, name: str, raw: RawReturn) -> float:
    entry = raw.variables.get(name)
    label = plain_label(entry.label) if entry and entry.label else ""
    wordings = [plain_label(text) for text in (item.item.label, item.item.question) if text]
    by_name = SequenceMatcher(None, item.variable.casefold(), name.casefold()).ratio()
    return max([by_name, *(SequenceMatcher(None, text, label).ratio() for text in wordings)])


def _entry(raw: RawReturn, item: BoundItem) -> Variable | None:
    column = column_of(raw, item.variable)
    return None if column is None else raw.variables.get(str(column.name))


def _label_results(item: BoundItem, variable: Variable) -> Iterator[CheckResult]:
    declared = {value: code.label for value, code in item.codes.items()}
    declared |= {value: code.label for value, code in item.missing.items()}
    differing = {
        value: variable.value_labels[value]
        for value, label in declared.items()
        if value in variable.value_labels
        and plain_label(variable.value_labels[value]) != plain_label(label)
    }
    differing = {v: label for v, label in differing.items() if not _same_reason(item, v, label)}
    moved = {v: label for v, label in differing.items() if _label_of_other(v, label, declared)}
    lost = {v for v in differing if v in item.codes and reason_in(differing[v])} - set(moved)
    drifted = set(differing) - set(moved) - lost
    yield _labels_result(item, "labels_moved", _MOVED, Severity.CRITICAL, declared, moved)
    yield _labels_result(
        item, "labels_missing", _MISSING, Severity.CRITICAL, declared, _only(differing, lost)
    )
    yield _labels_result(
        item, "labels", _DRIFTED, Severity.WARNING, declared, _only(differing, drifted)
    )


_MOVED = (
    "labels on their own codes",
    "Each label on the code that the questionnaire declares it for.",
    "Ask the supplier whether the scale was turned round or the codes were swapped, and declare "
    "the codes of this wave under `in_wave` of {name} in questionnaire.yaml.",
)
_MISSING = (
    "no missing code taken for an answer",
    "Codes for “don't know”, “refused” and the like declared as missing.",
    "Move the code from `codes` to `missing` of {name} in questionnaire.yaml, or ask the supplier "
    "what it means.",
)
_DRIFTED = (
    "labels as declared",
    "The labels of the questionnaire, up to capitals, punctuation and spacing.",
    "Check that the code still means the same. Then declare the new wording of {name} in "
    "questionnaire.yaml; where the meaning changed, declare a break.",
)


def _labels_result(
    item: BoundItem,
    check: str,
    words: tuple[str, str, str],
    severity: Severity,
    declared: Mapping[CodeValue, str],
    found: Mapping[CodeValue, str],
) -> CheckResult:
    demand, expected, remedy = words
    rule, title = f"{item.name}.{check}", f"{subject_of(item)}: {demand}"
    if not found:
        return CheckResult(rule, title, severity, True, item.variable)
    pairs = "; ".join(
        f"{value} is “{label}” in the file and “{declared[value]}” in the questionnaire"
        for value, label in [*found.items()][:LABELS_SHOWN]
    )
    more = len(found) - LABELS_SHOWN
    return CheckResult(
        rule,
        title,
        severity,
        False,
        item.variable,
        finding=f"{subject_of(item)}: code {pairs}"
        + (f"; and {more:,} codes more." if more > 0 else "."),
        expected=expected,
        remedy=remedy.format(name=item.name),
    )


def _user_missing_result(item: BoundItem, variable: Variable) -> CheckResult:
    rule, title = f"{item.name}.user_missing", f"{subject_of(item)}: valid codes valid in the file"
    codes = [code for code in item.codes if _in_ranges(code, variable.missing_ranges)]
    if not codes:
        return CheckResult(rule, title, Severity.WARNING, True, item.variable)
    return CheckResult(
        rule,
        title,
        Severity.WARNING,
        False,
        item.variable,
        finding=f"{subject_of(item)}: the file declares {', '.join(map(str, codes))} as missing; "
        "the questionnaire declares it as a valid answer.",
        expected="The same codes missing in both.",
        remedy=f"Ask the supplier what the code means, and put it under `missing` of {item.name} "
        "in questionnaire.yaml if it is no answer.",
    )


def _same_reason(item: BoundItem, value: CodeValue, label: str) -> bool:
    """Return whether a label says in other words why the code is missing, as it is declared."""
    return value in item.missing and reason_in(label) is item.missing[value].reason


def _label_of_other(value: CodeValue, label: str, declared: Mapping[CodeValue, str]) -> bool:
    plain = plain_label(label)
    return any(v != value and plain_label(other) == plain for v, other in declared.items())


def _only(labels: Mapping[CodeValue, str], values: Collection[CodeValue]) -> dict[CodeValue, str]:
    return {value: label for value, label in labels.items() if value in values}


def _in_ranges(code: CodeValue, ranges: Sequence[tuple[CodeValue, CodeValue]]) -> bool:
    return any(
        isinstance(code, str) == isinstance(low, str) and low <= code <= high  # type: ignore[operator]
        for low, high in ranges
    )
