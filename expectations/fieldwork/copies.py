"""Interviews that stand in another almost whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from expectations.bounded import Figure
from expectations.fieldwork.held import FEWEST, Interviews
from transforms.arrays import Flags
from transforms.fieldwork.alike import AMONG, SAMPLED, Likeness, likeness, tells_apart
from transforms.fieldwork.shown import Chart, binned_bars, without_empty_ends
from transforms.wording import number, percent

RULE = "fieldwork.alike"
TITLE = "Interviews that stand in another almost whole"
EDGES = np.round(np.arange(0, 1.01, 0.1), 1)
MOST_PAIRS = 20


def copy_figures(held: Interviews) -> Iterator[tuple[Figure, Chart]]:
    """Yield how many interviews are too alike; nothing where answers tell too few apart."""
    if len(held.codes) < FEWEST or not tells_apart(held.codes):
        return
    found = likeness(held.codes)
    alike = (found.share >= held.rule.alike) & found.beyond_chance
    yield _figure(held, alike), _chart(held, found, alike)


def _figure(held: Interviews, alike: Flags) -> Figure:
    rows, count = len(alike), int(alike.sum())
    bound = percent(held.rule.alike)
    return Figure(
        rule=RULE,
        title=f"{TITLE}: hardly any",
        value=count / rows,
        highest=held.rule.copies,
        finding=f"{number(count)} of {number(rows)} interviews stand in another almost whole: "
        f"{bound} or more of what was answered, the rarer an answer the more it counts.",
        expected=f"Interviews that differ: at most {percent(held.rule.copies)} of them so alike.",
        remedy="Ask the supplier who held these interviews and when, for the recordings, and to "
        "call some respondents back. Copies are for the supplier to take out and to replace.",
        failing_rows=count,
        serials=held.named(alike),
    )


def _chart(held: Interviews, found: Likeness, alike: Flags) -> Chart:
    known = found.share[np.isfinite(found.share)]
    edges = np.unique([*EDGES, held.rule.alike])
    pairs = _pairs(held, found, alike)
    return Chart(
        rule=RULE,
        title=TITLE,
        told=f"Each interview beside the one most like it. {_compared(found)} "
        f"{number(alike.sum())} of the {number(int(np.sum(known >= held.rule.alike)))} at "
        f"{percent(held.rule.alike)} or more are too alike to be chance.",
        of="Share of an interview that stands in the one most like it",
        counted="Interviews",
        bars=without_empty_ends(binned_bars(known, edges, edges[:-1] >= held.rule.alike)),
        heads=("Interview", "Most like", "Share of it there") if pairs else (),
        rows=pairs,
    )


def _compared(found: Likeness) -> str:
    if found.every_pair:
        return "Every interview was compared with every other."
    return (
        f"There are too many interviews to compare each with each: {SAMPLED} were compared with "
        f"up to {number(AMONG)} others, and of the rest those that agree throughout in a part of "
        "the questions."
    )


def _pairs(held: Interviews, found: Likeness, alike: Flags) -> tuple[tuple[str, ...], ...]:
    """Return the most alike: serial numbers of both, and how alike; each pair once."""
    rows = np.flatnonzero(alike)
    order = rows[np.argsort(-found.share[rows], kind="stable")]
    told: dict[frozenset[int], tuple[str, ...]] = {}
    for row in order.tolist():
        other = int(found.other[row])
        serials = (str(held.serials.iloc[row]), str(held.serials.iloc[other]))
        told.setdefault(frozenset((row, other)), (*serials, percent(float(found.share[row]))))
    return tuple(told.values())[:MOST_PAIRS]
