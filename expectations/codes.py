"""What the return's own dictionary says of an item's codes: their labels, and which are missing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from expectations.dictionary import entry_of
from expectations.rules import subject_of
from transforms.catalogue import BoundItem, Code, CodeValue, MissingCode, MissingReason
from transforms.drafting import codes_lines, from_wave, missing_lines, name_of
from transforms.labels import plain_label, reason_in
from transforms.responses import RawReturn, Variable
from transforms.validation import CheckResult, Drift, Severity
from transforms.wording import number

LABELS_SHOWN = 5
LONGEST_RANGE = 10
"""Codes from the first to the last of a range declared missing that are told one by one."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of codes that differ: `remedy` names the item as {name}."""

    check: str
    severity: Severity
    demand: str
    expected: str
    remedy: str


MOVED = Words(
    "labels_moved",
    Severity.CRITICAL,
    "labels on their own codes",
    "Each label on the code that the questionnaire declares it for.",
    "Ask the supplier whether the scale was turned round or the codes were swapped, and declare "
    "the codes from this wave on under `from_wave` of {name} in questionnaire.yaml.",
)
MISSING = Words(
    "labels_missing",
    Severity.CRITICAL,
    "no missing code taken for an answer",
    "Codes for “don't know”, “refused” and the like declared as missing.",
    "Move the code from `codes` to `missing` of {name} in questionnaire.yaml, or ask the supplier "
    "what it means.",
)
DRIFTED = Words(
    "labels",
    Severity.WARNING,
    "labels as declared",
    "The labels of the questionnaire, up to capitals, punctuation and spacing.",
    "Check that the code still means the same. Then declare the new wording of {name} in "
    "questionnaire.yaml; where the meaning changed, declare a break.",
)
ADDED = Words(
    "codes_added",
    Severity.WARNING,
    "labels for declared codes only",
    "Labels only for codes that the questionnaire declares.",
    "Ask the supplier whether the answer was offered in this wave. If so, declare it under {name} "
    "in questionnaire.yaml; where it changes what people choose from, declare a break too.",
)
UNDECLARED = Words(
    "missing_undeclared",
    Severity.WARNING,
    "every missing code declared",
    "Every code that the file labels or declares as missing declared so in the questionnaire.",
    "Declare it as missing under {name} in questionnaire.yaml, with its reason, or ask the "
    "supplier what it means.",
)


def label_checks(raw: RawReturn, item: BoundItem, wave: str) -> Iterator[CheckResult]:
    """Yield what the file's value labels and user-missing codes say against the declaration."""
    variable = entry_of(raw, item)
    if variable is None or item.item.type in ("date", "identifier"):
        return
    declared = declared_labels(item)
    if item.codes and any(code in variable.value_labels for code in declared):
        yield from _label_results(item, variable, declared, wave)
    if variable.value_labels or variable.missing_ranges:
        yield from _undeclared_results(item, variable, declared, wave)
    if variable.missing_ranges and item.codes:
        yield _user_missing_result(item, variable, wave)


def declared_labels(item: BoundItem) -> dict[CodeValue, str]:
    """Return the label of each code that an item may have, valid or missing."""
    labels = {value: code.label for value, code in item.codes.items()}
    return labels | {value: code.label for value, code in item.missing.items()}


def _label_results(
    item: BoundItem, variable: Variable, declared: Mapping[CodeValue, str], wave: str
) -> Iterator[CheckResult]:
    differing = {
        value: variable.value_labels[value]
        for value, label in declared.items()
        if value in variable.value_labels
        and plain_label(variable.value_labels[value]) != plain_label(label)
    }
    differing = {v: label for v, label in differing.items() if not _same_reason(item, v, label)}
    moved = {v: label for v, label in differing.items() if _label_of_other(v, label, declared)}
    lost = {v: label for v, label in differing.items() if v in item.codes and reason_in(label)}
    lost = {v: label for v, label in lost.items() if v not in moved}
    drifted = {v: label for v, label in differing.items() if v not in moved and v not in lost}
    new = as_labelled(item, variable)
    drift = Drift.SCALE_REVERSED if new is not None and _turned(item, new) else Drift.CODES_SWAPPED
    yield _result(item, MOVED, _pairs(moved, declared), drift, _moved_paste(item, new, wave))
    lines = from_wave(item, wave, _without(item, lost))
    yield _result(item, MISSING, _pairs(lost, declared), Drift.MISSING_UNDECLARED, lines)
    lines = from_wave(item, wave, [*codes_lines(_relabelled(item, drifted))])
    yield _result(item, DRIFTED, _pairs(drifted, declared), Drift.LABEL_CHANGED, lines)


def as_labelled(item: BoundItem, variable: Variable) -> dict[CodeValue, Code] | None:
    """Return the codes as the file labels them; None unless each label is a declared code's."""
    by_label = {plain_label(code.label): code for code in item.codes.values()}
    labels = {v: plain_label(label) for v, label in variable.value_labels.items()}
    found = {v: by_label[label] for v, label in labels.items() if label in by_label}
    whole = len(by_label) == len(item.codes) == len(found)
    return {value: found[value] for value in sorted(found, key=str)} if whole else None


def _turned(item: BoundItem, new: Mapping[CodeValue, Code]) -> bool:
    names = [code.name for code in item.codes.values()]
    same_codes = all(value in new for value in item.codes)
    return same_codes and [new[value].name for value in item.codes] == names[::-1]


def _moved_paste(item: BoundItem, new: Mapping[CodeValue, Code] | None, wave: str) -> str:
    if new is None:
        return ""
    turned = _turned(item, new) and len(new) > 2
    body = [f"reversed: {str(not item.reversed).lower()}"] if turned else [*codes_lines(new)]
    return from_wave(item, wave, body)


def _without(item: BoundItem, lost: Mapping[CodeValue, str]) -> list[str]:
    """Return the codes without those that are no answers, and these among the missing."""
    codes = {value: code for value, code in item.codes.items() if value not in lost}
    missing = {v: MissingCode(reason=_reason(label), label=label) for v, label in lost.items()}
    return [*codes_lines(codes), *missing_lines({**item.missing, **missing})]


def _relabelled(item: BoundItem, labels: Mapping[CodeValue, str]) -> dict[CodeValue, Code]:
    return {
        value: code.model_copy(update={"label": labels.get(value, code.label)})
        for value, code in item.codes.items()
    }


def _undeclared_results(
    item: BoundItem, variable: Variable, declared: Mapping[CodeValue, str], wave: str
) -> Iterator[CheckResult]:
    """Yield whether the file knows codes, of answers or of none, that are not declared."""
    unknown = {v: label for v, label in variable.value_labels.items() if v not in declared}
    silent = {v: label for v, label in unknown.items() if reason_in(label)}
    silent |= {v: unknown.get(v, "missing") for v in _said_missing(variable) if v not in declared}
    answers = {v: label for v, label in unknown.items() if v not in silent}
    if item.codes:
        added = [*codes_lines({**item.codes, **_new_codes(item, answers)})]
        paste = from_wave(item, wave, added)
        yield _result(item, ADDED, _named(answers), Drift.CODE_ADDED, paste)
    missing = {v: MissingCode(reason=_reason(label), label=label) for v, label in silent.items()}
    paste = from_wave(item, wave, [*missing_lines({**item.missing, **missing})])
    possible = any(_is_possible(value, item) for value in silent)
    words = replace(UNDECLARED, severity=Severity.CRITICAL) if possible else UNDECLARED
    yield _result(item, words, _named(silent), Drift.MISSING_UNDECLARED, paste)


def _said_missing(variable: Variable) -> list[CodeValue]:
    """Return the codes that the file declares missing: single ones, and those of short ranges."""
    found: list[CodeValue] = []
    for low, high in variable.missing_ranges:
        if low == high:
            found.append(low)
        elif not isinstance(low, str) and not isinstance(high, str) and high - low <= LONGEST_RANGE:
            found += range(math.ceil(low), math.floor(high) + 1)
    return [v if isinstance(v, str) else int(v) for v in found if isinstance(v, str) or v == int(v)]


def _is_possible(value: CodeValue, item: BoundItem) -> bool:
    """Return whether a code would be read as one of the numbers that are answers."""
    if item.item.type != "number" or isinstance(value, str):
        return False
    lowest = -math.inf if item.item.minimum is None else item.item.minimum
    highest = math.inf if item.item.maximum is None else item.item.maximum
    return lowest <= value <= highest


def _reason(label: str) -> MissingReason:
    return reason_in(label) or MissingReason.NO_ANSWER


def _new_codes(item: BoundItem, labels: Mapping[CodeValue, str]) -> dict[CodeValue, Code]:
    taken = [code.name for code in item.codes.values()]
    new: dict[CodeValue, Code] = {}
    for value, label in labels.items():
        name = name_of(label, f"code_{value}", taken)
        taken.append(name)
        new[value] = Code(name=name, label=label)
    return new


def _named(labels: Mapping[CodeValue, str]) -> list[str]:
    return [f"{value} is “{label}” in the file" for value, label in labels.items()]


def _pairs(found: Mapping[CodeValue, str], declared: Mapping[CodeValue, str]) -> list[str]:
    return [
        f"{value} is “{label}” in the file and “{declared[value]}” in the questionnaire"
        for value, label in found.items()
    ]


def _result(
    item: BoundItem, words: Words, found: Sequence[str], drift: Drift, paste: str
) -> CheckResult:
    rule, title = f"{item.name}.{words.check}", f"{subject_of(item)}: {words.demand}"
    if not found:
        return CheckResult(rule, title, words.severity, True, item.variable)
    more = len(found) - LABELS_SHOWN
    return CheckResult(
        rule,
        title,
        words.severity,
        False,
        item.variable,
        finding=f"{subject_of(item)}: code {'; '.join(found[:LABELS_SHOWN])}"
        + (f"; and {number(more)} codes more." if more > 0 else "."),
        expected=words.expected,
        remedy=words.remedy.format(name=item.name),
        drift=drift,
        paste=paste,
    )


def _user_missing_result(item: BoundItem, variable: Variable, wave: str) -> CheckResult:
    rule, title = f"{item.name}.user_missing", f"{subject_of(item)}: valid codes valid in the file"
    codes = [code for code in item.codes if _in_ranges(code, variable.missing_ranges)]
    if not codes:
        return CheckResult(rule, title, Severity.WARNING, True, item.variable)
    labels = {code: item.codes[code].label for code in codes}
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
        drift=Drift.MISSING_UNDECLARED,
        paste=from_wave(item, wave, _without(item, labels)),
    )


def _same_reason(item: BoundItem, value: CodeValue, label: str) -> bool:
    """Return whether a label says in other words why the code is missing, as it is declared."""
    return value in item.missing and reason_in(label) is item.missing[value].reason


def _label_of_other(value: CodeValue, label: str, declared: Mapping[CodeValue, str]) -> bool:
    plain = plain_label(label)
    return any(v != value and plain_label(other) == plain for v, other in declared.items())


def _in_ranges(code: CodeValue, ranges: Sequence[tuple[CodeValue, CodeValue]]) -> bool:
    return any(
        isinstance(code, str) == isinstance(low, str) and low <= code <= high  # type: ignore[operator]
        for low, high in ranges
    )
