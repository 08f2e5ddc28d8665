"""Whether respondents' numbers were rounded, and whether interviews have their own dates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from expectations.bounded import Figure
from expectations.fieldwork.held import FEWEST, Interviews
from transforms.arrays import Flags, Ints
from transforms.fieldwork.heaping import ROUND, last_digits, on_busiest_day
from transforms.fieldwork.shown import Bar, Chart, counted_bars
from transforms.wording import date_words, number, percent

DIGITS = "Last digits of"
DAYS = "Interviews by day"
FEWEST_NUMBERS = 100
"""Numbers from which on a third of them ending in 0 or 5 is no chance."""


def rounded_figures(held: Interviews) -> Iterator[tuple[Figure, Chart]]:
    """Yield, for each number that says who respondents are, how many end in 0 or 5."""
    for name, one in held.numbers.items():
        digits = last_digits(one.values)
        if digits is not None and (digits >= 0).sum() >= FEWEST_NUMBERS:
            yield (
                _rounded_figure(name, one.label, held, digits),
                _rounded_chart(name, one.label, held, digits),
            )


def _rounded_figure(name: str, label: str, held: Interviews, digits: Ints) -> Figure:
    rows = np.isin(digits, ROUND)
    share = float(rows.sum() / (digits >= 0).sum())
    return Figure(
        rule=f"{name}.rounded",
        title=f"{DIGITS} “{label}”: any",
        value=share,
        highest=held.rule.rounded,
        finding=f"“{label}” ends in 0 or 5 in {percent(share)} of "
        f"{number((digits >= 0).sum())} rows.",
        expected=f"About 20%; at most {percent(held.rule.rounded)}.",
        remedy="Ask the supplier whether it was asked or guessed, or sent in groups. What is "
        "rounded puts people in the wrong age group or the like, and weights follow it.",
        variable=held.numbers[name].variable,
        failing_rows=int(rows.sum()),
        serials=held.named(rows),
    )


def _rounded_chart(name: str, label: str, held: Interviews, digits: Ints) -> Chart:
    counts = np.bincount(digits[digits >= 0], minlength=10) / (digits >= 0).sum()
    beyond = counts[list(ROUND)].sum() > held.rule.rounded
    return Chart(
        rule=f"{name}.rounded",
        title=f"{DIGITS} “{label}”",
        told=f"{percent(counts[list(ROUND)].sum())} end in 0 or 5. Were every digit as likely, it "
        "would be 20%, and 10% at each digit.",
        of="Last digit",
        counted="Share of rows",
        bars=tuple(
            Bar(str(digit), share, percent(share), bool(beyond and digit in ROUND))
            for digit, share in enumerate(counts.tolist())
        ),
    )


def day_figures(held: Interviews) -> Iterator[tuple[Figure, Chart]]:
    """Yield how many interviews were held on the day with the most."""
    if held.dates is None or held.dates.notna().sum() < FEWEST:
        return
    rows = on_busiest_day(held.dates)
    yield _day_figure(held, rows), _day_chart(held, rows)


def _day_figure(held: Interviews, rows: Flags) -> Figure:
    assert held.dates is not None
    known = int(held.dates.notna().sum())
    share = float(rows.sum() / known)
    return Figure(
        rule="fieldwork.one_day",
        title=f"{DAYS}: not all on one",
        value=share,
        highest=held.rule.one_day,
        finding=f"{percent(share)} of {number(known)} interviews are dated {_busiest(held, rows)}.",
        expected=f"At most {percent(held.rule.one_day)} on one day.",
        remedy="Ask the supplier for the days on which the interviews were held: one date for all "
        "is mostly that of the export.",
        failing_rows=int(rows.sum()),
        serials=held.named(rows),
    )


def _busiest(held: Interviews, rows: Flags) -> str:
    assert held.dates is not None
    return date_words(held.dates[rows].iloc[0].date())


def _day_chart(held: Interviews, rows: Flags) -> Chart:
    assert held.dates is not None
    days = held.dates.dropna().dt.normalize().value_counts()
    most, known = int(rows.sum()), int(days.sum())
    labels = ("the busiest day", "the next busiest", "all other days")
    counts = (most, int(days.iloc[1]) if len(days) > 1 else 0)
    beyond = most > held.rule.one_day * known
    return Chart(
        rule="fieldwork.one_day",
        title=DAYS,
        told=f"Interviews were held on {number(len(days))} days, most on {_busiest(held, rows)}: "
        f"{number(most)} of {number(known)}.",
        of="Day",
        counted="Interviews",
        bars=counted_bars(labels, (*counts, known - sum(counts)), (beyond, False, False)),
    )
