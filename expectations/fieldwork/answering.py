"""How respondents answered, interviewer by interviewer: straight lines and too little variety."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from expectations.bounded import Figure
from expectations.fieldwork.held import FEWEST, Interviews
from transforms.arrays import Flags
from transforms.catalogue.mistakes import series
from transforms.fieldwork.batteries import answered_all, more_than_others, one_answer
from transforms.fieldwork.interviewers import FEWEST_INTERVIEWERS, Variety, variety
from transforms.fieldwork.shown import Bar, Chart, binned_bars, without_empty_ends
from transforms.wording import number, percent

UNLIKELY = 0.001
"""Chance, of all interviewers together, below which one's straight lines are their own."""

ERRORS = 5.0
"""Standard errors below the median interviewer from which on a lack of variety is no chance."""

VARIETY = "Variety of each interviewer's answers"
SHARES = np.round(np.arange(0, 1.01, 0.1), 1)


def straight_figures(held: Interviews) -> Iterator[tuple[Figure, Chart]]:
    """Yield, for each battery, how many gave one answer to all of it, and with whom."""
    for name, answers in held.batteries.items():
        asked, straight = answered_all(answers), one_answer(answers)
        if asked.sum() < FEWEST:
            continue
        questions = series(f"“{label}”" for label in held.labels[name])
        own = _own_lines(held, straight, asked)
        yield (
            _straight_figure(name, questions, held, straight, asked, own),
            _straight_chart(name, questions, held, straight, asked, own),
        )


def _own_lines(held: Interviews, straight: Flags, asked: Flags) -> Flags:
    """Return the straight lines of interviewers who have far more of them than the others."""
    if held.interviewers < FEWEST_INTERVIEWERS:
        return np.zeros(len(straight), dtype=np.bool_)
    chance = more_than_others(straight, asked, held.interviewer)
    return straight & (held.interviewer >= 0) & (chance < UNLIKELY)[held.interviewer]


def _straight_figure(
    name: str, questions: str, held: Interviews, straight: Flags, asked: Flags, own: Flags
) -> Figure:
    share, highest = straight.sum() / asked.sum(), held.rule.straight
    who = len(np.unique(held.interviewer[own]))
    brought = f" {number(own.sum())} of them come from {_interviewers(who)}"
    of_few = f"{brought} with far more than the others."
    too_many = share > highest
    return Figure(
        rule=f"{name}.straight",
        title=f"One answer to a whole battery ({name}): no more than usual",
        value=float(too_many or who > 0),
        highest=0,
        finding=f"{number(straight.sum())} of {number(asked.sum())} respondents ({percent(share)}) "
        f"gave one answer to all of {questions}.{of_few * bool(who)}",
        expected=f"At most {percent(highest)} of respondents, and no interviewer with a chance "
        f"below {UNLIKELY:g} of as many.",
        remedy="Ask the supplier whether these questions were read out one by one, and for the "
        "recordings. The serial numbers are those of the interviewers with the most."
        if who
        else "Ask the supplier whether these questions were read out one by one.",
        failing_rows=int((own if who else straight).sum()),
        serials=held.named(own if who else straight),
    )


def _interviewers(count: int) -> str:
    return f"{count} interviewer{'s' * (count != 1)}"


def _straight_chart(
    name: str, questions: str, held: Interviews, straight: Flags, asked: Flags, own: Flags
) -> Chart:
    share = straight.sum() / asked.sum()
    told = f"{percent(share)} of respondents gave one answer to all of {questions}."
    rule, title = f"{name}.straight", f"One answer to a whole battery: {name}"
    if held.interviewers < FEWEST_INTERVIEWERS:
        of, counted = "Respondents", "Share"
        bars = (
            Bar("one answer to all", share, percent(share), share > held.rule.straight),
            Bar("answers that differ", 1 - share, percent(1 - share)),
        )
        return Chart(rule=rule, title=title, told=told, of=of, counted=counted, bars=bars)
    known = held.interviewer >= 0
    number = np.bincount(held.interviewer[known & asked], minlength=held.interviewers)
    lines = np.bincount(held.interviewer[known & straight], minlength=held.interviewers)
    shares = lines / np.maximum(number, 1)
    least = min(shares[held.interviewer[own]].min(initial=2.0), 0.999 if own.any() else 2.0)
    return Chart(
        rule=rule,
        title=title,
        told=f"{told} By interviewer:",
        of="Share of an interviewer's respondents who gave one answer",
        counted="Interviewers",
        bars=without_empty_ends(binned_bars(shares[number > 0], SHARES, SHARES[1:] > least)),
    )


def variety_figures(held: Interviews) -> Iterator[tuple[Figure, Chart]]:
    """Yield whether some interviewer's respondents answer far more alike than the others'."""
    if held.interviewers < FEWEST_INTERVIEWERS or held.codes.shape[1] == 0:
        return
    found = variety(held.codes, held.interviewer)
    if np.isfinite(found.ratio).sum() < FEWEST_INTERVIEWERS:
        return
    low = (found.ratio < held.rule.variety) & (found.errors > ERRORS)
    yield _variety_figure(held, found, low), _variety_chart(held, found, low)


def _variety_figure(held: Interviews, found: Variety, low: Flags) -> Figure:
    rows = (held.interviewer >= 0) & low[held.interviewer]
    count, least = int(low.sum()), float(np.nanmin(found.ratio))
    return Figure(
        rule="fieldwork.variety",
        title=f"{VARIETY}: as usual",
        value=float(count),
        highest=0,
        finding=f"The answers that {_interviewers(count)} brought, in {number(rows.sum())} "
        f"interviews, hardly vary: they differ {percent(least)} as often as answers usually do.",
        expected=f"At least {percent(held.rule.variety)}, or no further below the others than "
        "chance brings about.",
        remedy="Ask the supplier who held these interviews, for their recordings, and to call some "
        "respondents back.",
        failing_rows=int(rows.sum()),
        serials=held.named(rows),
    )


def _variety_chart(held: Interviews, found: Variety, low: Flags) -> Chart:
    known = found.ratio[np.isfinite(found.ratio)]
    edges = np.unique([*np.round(np.arange(0, 1.21, 0.1), 1), held.rule.variety])
    most = found.ratio[low].max() if low.any() else -1.0
    return Chart(
        rule="fieldwork.variety",
        title=VARIETY,
        told=f"How often two respondents of one interviewer answer otherwise, beside any two. "
        f"{_interviewers(len(known)).capitalize()} with ten interviews or more; "
        f"{int(low.sum())} too far below the others.",
        of="Differences among an interviewer's respondents, beside those among all",
        counted="Interviewers",
        bars=without_empty_ends(binned_bars(known, edges, edges[:-1] <= most)),
    )
