"""What the return's own dictionary says of its variables: which there are, and what they ask."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from expectations.rules import subject_of
from transforms.catalogue import BoundItem, Survey
from transforms.drafting import from_wave, under_item
from transforms.labels import plain_label
from transforms.proposing import proposed_items
from transforms.responses import RawReturn, Variable
from transforms.validation import CheckResult, Drift, Severity
from transforms.variables import column_of, decode_item
from transforms.wording import number

LIKELY = 0.6
"""Similarity from which a variable's name or label is offered as another's new one (difflib)."""

FEWEST_SERIALS = 30
"""Rows from which on a column in which no two cells are alike is likely to be a serial number."""

NAMES_SHOWN = 10
ITEMS_OFFERED = 3
WHOLE_WORDING = 60
"""Characters of a label from which it is the beginning of a question that was cut off."""


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


def renamed_variables(
    raw: RawReturn, items: Sequence[BoundItem], unclaimed: Sequence[str], serial: str
) -> dict[str, str]:
    """Return, by item, the unclaimed variable that most likely holds it under a new name.

    Each variable stands for one item at most: for the one that it is most like. `serial`: the item
    of serial numbers, which are no two alike.
    """
    gone = [item for item in items if column_of(raw, item.variable) is None]
    scored = sorted(
        (
            (-_likeness(item, name, raw, items), item.name, name)
            for item in gone
            for name in unclaimed
        ),
    )
    found: dict[str, str] = {}
    for score, item_name, variable in scored:
        if -score >= LIKELY and item_name not in found and variable not in found.values():
            found[item_name] = variable
    found |= _by_content(raw, [i for i in gone if i.name not in found], unclaimed, found)
    return found | _serials(raw, [i for i in gone if i.name == serial], unclaimed, found)


def _serials(
    raw: RawReturn, gone: Sequence[BoundItem], unclaimed: Sequence[str], found: dict[str, str]
) -> dict[str, str]:
    """Return the one variable that could be the serial number: whole, and no two cells alike."""
    left = [name for name in unclaimed if name not in found.values()]
    apart = [n for n in left if raw.rows[n].notna().all() and raw.rows[n].is_unique]
    if len(raw.rows) < FEWEST_SERIALS or len(apart) != 1:
        return {}
    return {item.name: apart[0] for item in gone if item.name not in found}


def gone_or_renamed(
    check: CheckResult, item: BoundItem, variable: str | None, survey: Survey, wave: str
) -> CheckResult:
    """Return a missing variable's check as the kind of drift it is, and what to paste in.

    `variable`: under which name the file may hold it, where one is likely.
    """
    if variable is None:
        return _as_drift(check, Drift.GONE, _never_again(item, survey, wave))
    weighs = item.name in survey.about.design.weight
    return _as_drift(
        check,
        Drift.WEIGHT_RENAMED if weighs else Drift.RENAMED,
        from_wave(item, wave, [f"variable: {variable}"]),
        finding=f"{check.finding} It may be {variable}, which the questionnaire does not declare.",
        remedy=f"Ask the supplier whether {variable} is the same question; if so, declare "
        f"`variable: {variable}` for this wave under {item.name} in questionnaire.yaml. "
        f"Otherwise: {check.remedy}",
    )


def unclaimed_variables(raw: RawReturn, items: Collection[BoundItem]) -> tuple[str, ...]:
    """Return the file's variables that no item of the wave reads, in the file's order."""
    columns = [column_of(raw, item.variable) for item in items]
    claimed = {str(column.name) for column in columns if column is not None}
    return tuple(str(name) for name in raw.rows.columns if str(name) not in claimed)


def unexpected_check(
    unclaimed: Sequence[str], raw: RawReturn, survey: Survey, wave: str
) -> CheckResult:
    """Return whether the file holds only declared variables."""
    title = "The return: declared variables only"
    if not unclaimed:
        return CheckResult("return.variables", title, Severity.WARNING, True)
    more = len(unclaimed) - NAMES_SHOWN
    names = ", ".join(unclaimed[:NAMES_SHOWN]) + (f" and {number(more)} more" if more > 0 else "")
    return CheckResult(
        "return.variables",
        title,
        Severity.WARNING,
        False,
        finding=f"Variables in the file that this wave does not declare: {number(len(unclaimed))} "
        f"({names}).",
        expected="Only variables that the questionnaire declares.",
        remedy="Nothing is read from them. Where one is a question, declare it in "
        "questionnaire.yaml; where one could identify somebody, ask the supplier to leave it out.",
        drift=Drift.NEW,
        paste=_proposed(raw, unclaimed, survey, wave),
    )


def _proposed(raw: RawReturn, unclaimed: Sequence[str], survey: Survey, wave: str) -> str:
    """Return items for the first variables of which the file says what their codes mean."""
    labelled = [n for n in unclaimed if (v := raw.variables.get(n)) is not None and v.value_labels]
    begun = None if wave == survey.wave_names[0] else wave
    return proposed_items(raw, labelled[:ITEMS_OFFERED], survey.items, begun) if labelled else ""


def question_checks(raw: RawReturn, items: Sequence[BoundItem]) -> Iterator[CheckResult]:
    """Yield whether each variable's label is its own question, and as it is declared."""
    labels = {item.name: label for item in items if (label := _label(raw, item))}
    holding = [name for name in labels if labels[name] in _wordings_of(name, items)]
    worded = {item.name for item in items if item.item.question and item.name in labels}
    quotes = len(worded & set(holding)) * 2 > len(worded)
    for item in items:
        if item.name in labels:
            yield _moved_result(item, labels[item.name], items)
            if quotes and item.name in worded:
                yield _reworded_result(item, labels[item.name], items)


def _as_drift(check: CheckResult, drift: Drift, paste: str, **said: str) -> CheckResult:
    return replace(check, drift=drift, paste=paste, **said)  # type: ignore[arg-type]


def _never_again(item: BoundItem, survey: Survey, wave: str) -> str:
    """Return what says that the item is not asked any more; nothing where it must be there."""
    before = survey.wave_names[: survey.wave_names.index(wave)]
    asked_before = [name for name in before if survey.asks(item.name, name)]
    design = survey.about.design
    needed = (design.serial, design.stratum, design.psu, *design.weight)
    if item.name in needed or not asked_before:
        return ""
    return under_item(item, [f"last_asked: {asked_before[-1]}"])


def _likeness(item: BoundItem, name: str, raw: RawReturn, items: Sequence[BoundItem]) -> float:
    """Return how like a variable is to an item: by its name, its label, or its codes' labels."""
    entry = raw.variables.get(name)
    label = plain_label(entry.label) if entry and entry.label else ""
    wordings = [plain_label(text) for text in (item.item.label, item.item.question) if text]
    by_name = SequenceMatcher(None, item.variable.casefold(), name.casefold()).ratio()
    by_label = [SequenceMatcher(None, text, label).ratio() for text in wordings]
    return max([by_name, *by_label, _likeness_of_codes(item, entry, items)])


def _likeness_of_codes(
    item: BoundItem, entry: Variable | None, items: Sequence[BoundItem]
) -> float:
    """Return the share of codes' labels in common; 0 where several items have the same codes."""
    own = _code_labels(item)
    if entry is None or not own or sum(_code_labels(other) == own for other in items) > 1:
        return 0.0
    labels = {plain_label(label) for label in entry.value_labels.values()}
    return len(own & labels) / len(own)


def _code_labels(item: BoundItem) -> frozenset[str]:
    return frozenset(plain_label(code.label) for code in item.codes.values())


def _by_content(
    raw: RawReturn, gone: Sequence[BoundItem], unclaimed: Sequence[str], found: dict[str, str]
) -> dict[str, str]:
    """Return the items that one variable alone could hold, by what its cells are."""
    left = [name for name in unclaimed if name not in found.values()]
    fitting = {item.name: [n for n in left if _could_hold(raw, n, item)] for item in gone}
    named = [name for names in fitting.values() for name in names]
    return {
        item: names[0]
        for item, names in fitting.items()
        if len(names) == 1 and named.count(names[0]) == 1
    }


def _could_hold(raw: RawReturn, variable: str, item: BoundItem) -> bool:
    """Return whether every cell is an answer or a missing code of the item, and most codes are."""
    decoded = decode_item(raw.rows[variable].reset_index(drop=True), item)
    if item.item.type == "identifier" or decoded.unknown.any() or decoded.empty.all():
        return False
    return 2 * decoded.answers.nunique() >= max(len(item.codes), 4)


def _label(raw: RawReturn, item: BoundItem) -> str:
    entry = entry_of(raw, item)
    return plain_label(entry.label) if entry and entry.label else ""


def entry_of(raw: RawReturn, item: BoundItem) -> Variable | None:
    """Return the file's own words about an item's variable; None where it has none."""
    column = column_of(raw, item.variable)
    return None if column is None else raw.variables.get(str(column.name))


def _wordings(item: BoundItem) -> frozenset[str]:
    return frozenset(plain_label(text) for text in (item.item.label, item.item.question) if text)


def _wordings_of(name: str, items: Sequence[BoundItem]) -> frozenset[str]:
    return next(_wordings(item) for item in items if item.name == name)


def _says(label: str, item: BoundItem) -> bool:
    """Return whether a label is the item's wording, or the beginning of one that was cut off."""
    long = len(label) >= WHOLE_WORDING
    return any(text == label or (long and text.startswith(label)) for text in _wordings(item))


def _moved_result(item: BoundItem, label: str, items: Sequence[BoundItem]) -> CheckResult:
    rule, title = f"{item.name}.question_moved", f"{subject_of(item)}: its own question"
    others = [] if _says(label, item) else [other for other in items if _says(label, other)]
    if not others:
        return CheckResult(rule, title, Severity.CRITICAL, True, item.variable)
    return CheckResult(
        rule,
        title,
        Severity.CRITICAL,
        False,
        item.variable,
        finding=f"{subject_of(item)}: the file labels this variable with another question: "
        f"{others[0].item.label}, which is expected in {others[0].variable}.",
        expected="Each question in the variable that the questionnaire declares for it.",
        remedy="Ask the supplier whether the columns were exchanged or only their labels. If the "
        "columns, declare `variable` for this wave under both items in questionnaire.yaml.",
        drift=Drift.QUESTION_MOVED,
    )


def _reworded_result(item: BoundItem, label: str, items: Sequence[BoundItem]) -> CheckResult:
    rule, title = f"{item.name}.question", f"{subject_of(item)}: asked in the declared words"
    if _says(label, item) or any(_says(label, other) for other in items):
        return CheckResult(rule, title, Severity.WARNING, True, item.variable)
    return CheckResult(
        rule,
        title,
        Severity.WARNING,
        False,
        item.variable,
        finding=f"{subject_of(item)}: the file words the question otherwise than the questionnaire "
        "does, whose words it repeats elsewhere.",
        expected=f"“{item.item.question}”",
        remedy="Ask the supplier whether the question was asked in other words. If so, declare a "
        f"break of {item.name} in questionnaire.yaml, and the new wording.",
        drift=Drift.LABEL_CHANGED,
    )
