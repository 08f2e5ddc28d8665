"""Check a return against its survey's declaration."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from expectations.codes import label_checks
from expectations.declared import rules_for
from expectations.dictionary import (
    gone_or_renamed,
    question_checks,
    renamed_variables,
    simulated_check,
    unclaimed_variables,
    unexpected_check,
)
from expectations.fieldwork import fieldwork_checks
from expectations.frame import decoded_items, frame_by_item, with_derived
from expectations.rules import EnoughRows, Exists, Rule, Stored
from expectations.sheet import (
    in_words_of_labels,
    labelled_items,
    labels_check,
    last_row_check,
    sorted_check,
)
from transforms.catalogue import MAIN, Survey
from transforms.fieldwork.questions import questions
from transforms.responses import RawReturn
from transforms.samples import has_boosts
from transforms.validation import CheckResult, Validation
from transforms.variables import DecodedItem


def validate(raw: RawReturn, survey: Survey, wave: str, sample: str = MAIN) -> Validation:
    """Return every rule's result on the return, in the order of the declaration.

    `survey`: as returns of the `sample` are read (`as_sampled`).
    A rule on a variable that is absent or unreadable is left out: that finding stands alone and is
    critical. Without rows only the return as a whole and its variables are checked. The first call
    imports Great Expectations, which takes 7 seconds.
    """
    items = survey.items_in(wave)
    unclaimed = unclaimed_variables(raw, items)
    serial = survey.about.design.serial
    renamed = renamed_variables(raw, items, unclaimed, serial)
    rules = rules_for(survey, wave, sample)
    decoded = decoded_items(raw, survey, wave)
    checked = _row_checks(raw, survey, wave, rules, decoded)
    results = [simulated_check(raw, survey), last_row_check(raw, decoded.get(serial))]
    labelled = labelled_items(raw, decoded, checked)
    results.append(labels_check(labelled))
    results.append(sorted_check(decoded, _asked(survey, decoded), decoded.get(serial)))
    for rule in rules:
        if rule.id in checked:
            told = in_words_of_labels(checked[rule.id], rule, labelled)
            results.append(_as_drift(told, rule, renamed, survey, wave))
    results += [check for item in items for check in label_checks(raw, item, wave)]
    results += question_checks(raw, items)
    new = [name for name in unclaimed if name not in renamed.values()]
    results.append(unexpected_check(new, raw, survey, wave))
    found, charts = fieldwork_checks(_readable(decoded, rules, checked), survey)
    return Validation(
        raw.file_name,
        raw.sha256,
        wave,
        len(raw.rows),
        (*results, *found),
        sample if has_boosts(survey) else None,
        charts=charts,
    )


def _asked(survey: Survey, items: Collection[str]) -> tuple[str, ...]:
    """Return the questions that say neither where nor who respondents are."""
    about = {source.item for domain in survey.domains.values() for source in domain.source}
    return tuple(name for name in questions(survey, items) if name not in about)


def _row_checks(
    raw: RawReturn,
    survey: Survey,
    wave: str,
    rules: Sequence[Rule],
    items: Mapping[str, DecodedItem],
) -> dict[str, CheckResult]:
    """Return the results of the rules that can be run, in two steps, the second on what is sound.

    Of a return without rows only the first, and not how its cells are stored.
    """
    # Imported here: it costs 7 seconds that only a validation needs to spend.
    from expectations.suite import Suite

    frame = frame_by_item(raw, items, survey.about.design.serial)
    suite = Suite(with_derived(frame, items, survey, wave))
    of_the_file = [rule for rule in rules if isinstance(rule, EnoughRows | Exists)]
    if len(frame) == 0:
        return suite.run(of_the_file)
    stored = [r for r in rules if isinstance(r, Stored) and r.item.name in items]
    checked = suite.run([*of_the_file, *stored])
    sound = set(_readable(items, rules, checked))
    return checked | suite.run(
        [r for r in rules if r.id not in checked and r.reads and set(r.reads) <= sound]
    )


def _readable(
    items: Mapping[str, DecodedItem], rules: Sequence[Rule], checked: Mapping[str, CheckResult]
) -> dict[str, DecodedItem]:
    """Return the items whose cells are numbers, dates or codes as they should be."""
    stored = (rule for rule in rules if isinstance(rule, Stored) and rule.id in checked)
    unreadable = {rule.item.name for rule in stored if not checked[rule.id].passed}
    return {name: item for name, item in items.items() if name not in unreadable}


def _as_drift(
    check: CheckResult, rule: Rule, renamed: Mapping[str, str], survey: Survey, wave: str
) -> CheckResult:
    """Return a missing variable's check with the name under which the file may hold it."""
    if check.passed or not isinstance(rule, Exists):
        return check
    return gone_or_renamed(check, rule.item, renamed.get(rule.item.name), survey, wave)
