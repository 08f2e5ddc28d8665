"""Power: how often tests find a change of the size that is stated to be detectable."""

from __future__ import annotations

from typing import Final

import numpy as np

from transforms.estimation.totals import FORCE
from transforms.proof.figures import Rate, mean_of, rate
from transforms.proof.plan import AREA, SEX
from transforms.proof.powered import MIXED
from transforms.proof.runs import Run
from transforms.proof.shifts import LOOKED, SHIFTED, Looked, change_sought
from transforms.proof.tables import Table, Target

LEAST: Final = 0.75
MOST: Final = 0.85
FALSE_DISCOVERIES: Final = 0.05
FALSE_FAMILIES: Final = 0.065


def power_targets(run: Run) -> list[Target]:
    """Return power over all shares, and false findings, beside what they should be."""
    powers = [
        Target("power at the stated change", _words(looked), _power(run, place), LEAST, MOST)
        for place, looked in enumerate(LOOKED)
    ]
    any_false, share_false = (
        [
            Target(what, f"13 KPIs beside 5 that change, {kind}", of(run, place), 0.0, most)
            for place, kind in enumerate(MIXED)
        ]
        for what, of, most in (
            ("family-wise error under Holm", _any_false, FALSE_FAMILIES),
            ("false discovery rate under Benjamini–Hochberg", _false_share, FALSE_DISCOVERIES),
        )
    )
    return [*powers, *any_false, *share_false]


def power(run: Run) -> Table:
    """Return power by share, and the stated change relative to the true one."""
    rows = []
    for place, looked in enumerate(LOOKED):
        by_share = [_power(run, place, nth) for nth in range(len(SHIFTED))]
        figures: tuple[Rate | float, ...] = (
            *(*by_share, _power(run, place)),
            _stated_to_true(run, place),
        )
        rows.append(((_words(looked),), figures))
    return Table(
        name="power",
        title="Power at the stated change by share",
        note="The true change is the one stated to be found in four surveys out of five, at the "
        "5% level, or at 5%/m in a family of m under Holm. Found: a significant increase. Last "
        "column: the change stated, on average, relative to the true one.",
        labels=("test",),
        figures=(*(f"{share:.0%}" for share in SHIFTED), "all", "stated/true"),
        rows=tuple(rows),
    )


def false_findings(run: Run) -> Table:
    """Return what is falsely found in a family in which some KPIs change."""
    rows = [
        ((kind,), (_any_false(run, place), _false_share(run, place)))
        for place, kind in enumerate(MIXED)
    ]
    return Table(
        name="false_findings",
        title="False findings in a family of thirteen KPIs that do not change and five that do",
        note="Any false finding under Holm; false among all findings, on average, under "
        "Benjamini–Hochberg.",
        labels=("comparison",),
        figures=("any, Holm", "share, Benjamini–Hochberg"),
        rows=tuple(rows),
    )


def _power(run: Run, place: int, share: int | None = None) -> Rate:
    """Return the share of tests that find the change; of all shares where none is given."""
    first, last = (0, len(SHIFTED)) if share is None else (share, share + 1)
    chosen = slice(place * len(SHIFTED) + first, place * len(SHIFTED) + last)
    counts = run.found.counts
    return rate(counts["reached"][:, chosen], counts["sought"][:, chosen])


def _stated_to_true(run: Run, place: int) -> float:
    outcomes = range(place * len(SHIFTED), (place + 1) * len(SHIFTED))
    made = run.found.counts["sought"].sum(axis=0, dtype=np.int64)
    ratios = [
        run.found.sums["stated"][n] / made[n] / change_sought(run.study, LOOKED[place], n)
        for n in outcomes
    ]
    return float(np.mean(ratios))


def _any_false(run: Run, place: int) -> Rate:
    false = run.found.counts["false_holm"][:, place] > 0
    return rate(false.astype(np.uint8), np.ones(len(false), dtype=np.uint8))


def _false_share(run: Run, place: int) -> Rate:
    false, every = (run.found.counts[name][:, place] for name in ("false_bh", "findings_bh"))
    return mean_of(false / np.maximum(every, 1))


def _words(looked: Looked) -> str:
    domain, value = looked.place
    named = {FORCE[0]: "the force", AREA: "an area", SEX: "a sex"}
    where = named.get(domain, f"a scattered group of {value}")
    family = {"none": "", "areas": ", one of 7 areas", "headline": ", one of 14 KPIs"}
    return f"{looked.kind}: {where}{family[looked.family]}"
