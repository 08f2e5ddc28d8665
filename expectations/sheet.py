"""What was done to a return by hand: a line of totals under it, labels instead of codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from expectations.rules import Rule, Stored
from transforms.arrays import Flags, Floats
from transforms.catalogue import BoundItem
from transforms.labels import plain_label
from transforms.responses import RawReturn
from transforms.validation import CheckResult, Severity
from transforms.variables import DecodedItem, column_of
from transforms.wording import number

SUMS = 3
"""Columns whose last cell is the sum, or the mean, of the others, from which on it is no chance."""

HARDLY = 0.25
"""Share of the cells filled in a line that is a note, where others are filled (WELL)."""

WELL = 0.5
FEWEST_IN_ORDER = 50
"""Answers that are not in order by chance."""

NAMES_SHOWN = 5

Labelled = Mapping[str, int]
"""Rows that hold one of its labels, by item: of items whose other cells are hardly anything."""


def last_row_check(raw: RawReturn, serial: DecodedItem | None) -> CheckResult:
    """Return whether the last row is an interview, and not a line of totals or a note."""
    rule, title = "return.last_row", "The return: an interview in every row"
    told = _told_of(raw, serial) if len(raw.rows) > 2 else ""
    if not told:
        return CheckResult(rule, title, Severity.CRITICAL, True)
    return CheckResult(
        rule,
        title,
        Severity.CRITICAL,
        False,
        failing_rows=1,
        finding=f"The last row, {number(len(raw.rows))}, is no interview: {told}. What is "
        "found below in one row is mostly of it.",
        expected="One row for each interview, and nothing under them.",
        remedy="Delete the line at the end of the sheet, or ask the supplier for the file without "
        "it, and check again.",
    )


def _told_of(raw: RawReturn, serial: DecodedItem | None) -> str:
    """Return what the last row is, in words; nothing where it may be an interview."""
    sums = _sums(raw.rows)
    if sums >= SUMS:
        return f"{number(sums)} of its cells are the sum or the mean of the column"
    if serial is None or _numbered(serial.answers):
        return ""
    filled = np.asarray(raw.rows.notna().mean(axis=1))
    if filled[-1] <= HARDLY and np.median(filled[:-1]) >= WELL:
        return "hardly any of its cells is filled, and its serial number is none"
    return ""


def _numbered(serials: pd.Series) -> bool:
    """Return whether the last row has a serial number: with a digit, unless others have none."""
    last = serials.iloc[-1]
    if pd.isna(last):
        return False
    digits = any(sign.isdigit() for sign in str(last))
    return digits or not bool(serials.iloc[:-1].dropna().str.contains(r"[0-9]").all())


def _sums(rows: pd.DataFrame) -> int:
    """Return how many columns end with the sum, or the mean, of the cells above."""
    return sum(_is_sum(_numbers(rows[name])) for name in rows)


def _numbers(column: pd.Series) -> Floats:
    if pd.api.types.is_datetime64_any_dtype(column) or isinstance(column.iloc[-1], str):
        return np.empty(0)
    return pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def _is_sum(numbers: Floats) -> bool:
    """Return whether the last number is the sum or the mean of those above, and none of them."""
    if len(numbers) == 0 or not np.isfinite(numbers[-1]):
        return False
    above, last = numbers[:-1], float(numbers[-1])
    count, total = int(np.isfinite(above).sum()), float(np.nansum(above))
    if count < 2 or not any(np.isclose(last, one, rtol=1e-9) for one in (total, total / count)):
        return False
    return not bool((above == last).any())


def sorted_check(
    items: Mapping[str, DecodedItem], asked: Sequence[str], serial: DecodedItem | None
) -> CheckResult:
    """Return whether no question's answers alone stand in order, in a file that is in another.

    `asked`: questions that are not about where or who respondents are: files are sorted by those.
    """
    rule, title = "return.sorted", "The return: no question sorted by itself"
    held = [name for name in asked if name in items and _in_order(items[name].answers)]
    rest = [name for name in asked if name in items and name not in held]
    if serial is None or not held or not rest or not _by_number(serial.answers):
        return CheckResult(rule, title, Severity.CRITICAL, True)
    names = ", ".join(items[name].item.variable for name in held[:NAMES_SHOWN])
    return CheckResult(
        rule,
        title,
        Severity.CRITICAL,
        False,
        finding=f"The answers to {number(len(held))} of the questions ({names}) stand in order "
        "from the first row to the last, though the file is in the order of its serial numbers: "
        "they stand in other respondents' rows.",
        expected="Answers in no order.",
        remedy="Ask the supplier for the return again: a column was sorted without the others.",
        judged=True,
    )


def _in_order(answers: pd.Series) -> bool:
    """Return whether answers, of several kinds and of many people, go up or down all the way."""
    given = answers.dropna()
    if len(given) < FEWEST_IN_ORDER or given.nunique() < 3:
        return False
    return bool(given.is_monotonic_increasing or given.is_monotonic_decreasing)


def _by_number(serials: pd.Series) -> bool:
    numbers = pd.to_numeric(serials, errors="coerce").dropna()
    return len(numbers) >= FEWEST_IN_ORDER and bool(numbers.is_monotonic_increasing)


def labelled_items(
    raw: RawReturn, items: Mapping[str, DecodedItem], checked: Mapping[str, CheckResult]
) -> Labelled:
    """Return the items in whose column labels stand where codes should be, and in how many rows."""
    failed = [
        name
        for name in items
        if (result := checked.get(f"{name}.type")) is not None and not result.passed
    ]
    found = {name: _labelled_rows(raw, items[name].item) for name in failed}
    return {name: count for name, count in found.items() if 2 * count > checked_rows(checked, name)}


def checked_rows(checked: Mapping[str, CheckResult], name: str) -> int:
    """Return in how many rows an item's cells are not of its type."""
    return checked[f"{name}.type"].failing_rows


def _labelled_rows(raw: RawReturn, item: BoundItem) -> int:
    column = column_of(raw, item.variable)
    labels = {plain_label(code.label) for code in item.codes.values() if code.label}
    labels |= {plain_label(code.label) for code in item.missing.values() if code.label}
    if column is None or not labels:
        return 0
    held: Flags = np.array([isinstance(c, str) and plain_label(c) in labels for c in column])
    return int(held.sum())


def labels_check(labelled: Labelled) -> CheckResult:
    """Return whether codes were sent, and not the labels of codes, in most columns or in some."""
    rule, title = "return.labels_sent", "The return: codes, not their labels"
    if len(labelled) < 2:
        return CheckResult(rule, title, Severity.CRITICAL, True)
    more = len(labelled) - NAMES_SHOWN
    names = ", ".join([*labelled][:NAMES_SHOWN]) + (f" and {number(more)} more" if more > 0 else "")
    return CheckResult(
        rule,
        title,
        Severity.CRITICAL,
        False,
        finding=f"Labels were sent where codes were agreed, in {number(len(labelled))} questions "
        f"({names}).",
        expected="The codes that the questionnaire declares, as numbers.",
        remedy=ASK_FOR_CODES,
    )


ASK_FOR_CODES = (
    "Ask the supplier to export the codes (values), not the labels: in SPSS, save or export "
    "without “value labels where defined instead of data values”; in R, before as_factor."
)


def in_words_of_labels(check: CheckResult, rule: Rule, labelled: Labelled) -> CheckResult:
    """Return a column's finding in other words where labels stand in it."""
    if check.passed or not isinstance(rule, Stored) or rule.item.name not in labelled:
        return check
    rows = f"{number(labelled[rule.item.name])}"
    return replace(
        check,
        finding=f"{rule.subject}: the labels of the answers instead of their codes in {rows} rows.",
        remedy=ASK_FOR_CODES,
    )
