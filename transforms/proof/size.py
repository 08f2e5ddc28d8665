"""Size: how often tests find a change, a difference or a trend where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from transforms.arrays import Flags
from transforms.proof.comparing import CONTRASTS, IN_TIME, KINDS
from transforms.proof.figures import Rate, rate
from transforms.proof.outcomes import SHARES
from transforms.proof.runs import CellsOf, Run, counted
from transforms.proof.slopes import SLOPES
from transforms.proof.tables import ENOUGH, Band, Table, Target, bands

COUNTS: Final = bands((5, 10, 20, 50, 100))
ANY: Final = Band("any", -np.inf, np.inf)
BASES: Final = bands((100, 400), " interviews")
WAVE_COUNTS: Final = bands((2, 5, 10, 20, 50, 100))
LEAST: Final = 0.04
MOST: Final = 0.065
"""Between these a test's size should lie, at expected counts of `ENOUGH` or more."""
ADJUSTED: Final = {"holm": "Holm", "bh": "Benjamini–Hochberg"}


def size_targets(runs: Sequence[Run]) -> list[Target]:
    """Return sizes beside what they should be."""
    return [*_single_targets(runs), *_family_targets(runs), *_slope_targets(runs)]


def size_by_count(runs: Sequence[Run]) -> Table:
    """Return the size of single tests by what could be expected on either side."""
    rows = []
    for kind in KINDS:
        for base in BASES:
            figures = tuple(_single(runs, kind, base, count) for count in COUNTS)
            if any(figure.count for figure in figures):
                rows.append(((kind, base.label), figures))
    return Table(
        name="size_by_count",
        title="Size of single tests by base and expected count",
        note="The share of comparisons in which a test at the 5% level finds what is not there. "
        "Base: interviews expected on the smaller side. Count: the fewest expected with the "
        "outcome or without, on either side. Quarters that both sides share count for neither. "
        "Where fewer than five are seen on a side, shared quarters included, no test is made.",
        labels=("comparison", "base"),
        figures=tuple(band.label for band in COUNTS),
        rows=tuple(rows),
    )


def size_of_tests_made(runs: Sequence[Run]) -> Table:
    """Return the size among the tests made, and of contrasts by the estimated variance alone."""
    rows = []
    for kind in KINDS:
        figures = tuple(_single(runs, kind, ANY, count, "found", "made") for count in COUNTS)
        rows.append(((kind, "as published"), figures))
    for kind in CONTRASTS:
        figures = tuple(_single(runs, kind, ANY, count, "found_plain", "made") for count in COUNTS)
        rows.append(((kind, "t = D/SE"), figures))
    return Table(
        name="size_of_tests_made",
        title="Size among the tests made, by expected count",
        note="Tests are made where at least five are seen with the outcome and without. Where "
        "fewer are expected, these are the samples that happen to have many. The last rows show "
        "what the estimated standard error would do to contrasts.",
        labels=("comparison", "test"),
        figures=tuple(band.label for band in COUNTS),
        rows=tuple(rows),
    )


def size_of_families(runs: Sequence[Run]) -> Table:
    """Return how often a family finds anything, under either adjustment."""
    rows = [
        ((kind,), tuple(_family(runs, f"{part}_{name}", kind) for part, name in _families()))
        for kind in KINDS
    ]
    return Table(
        name="size_of_families",
        title="Families: how often anything is found where there is nothing",
        note="Fourteen correlated KPIs of the force, and the seven areas of a KPI (all KPIs "
        "together). Where nothing changes, this is the false discovery rate too.",
        labels=("comparison",),
        figures=tuple(
            f"{words}, {ADJUSTED[name]}" for words in ("14 KPIs", "7 areas") for name in ADJUSTED
        ),
        rows=tuple(rows),
    )


def areas_by_share(runs: Sequence[Run]) -> Table:
    """Return how often the family of the areas of a KPI finds anything, KPI by KPI."""
    ways = [(kind, "as published", "areas_holm") for kind in KINDS]
    ways += [(kind, "t = D/SE", "areas_plain") for kind in CONTRASTS]
    rows = [
        ((kind, test), tuple(_family(runs, name, kind, place) for place in range(len(SHARES))))
        for kind, test, name in ways
    ]
    return Table(
        name="areas_by_share",
        title="Seven areas under Holm by share",
        note="How often any area is found to differ, where none does.",
        labels=("comparison", "test"),
        figures=tuple(f"{share:.0%}" for share in SHARES),
        rows=tuple(rows),
    )


def size_of_slopes(runs: Sequence[Run]) -> Table:
    """Return how often a slope is found where there is none."""
    rows = [
        ((slope.label,), tuple(_slope(runs, place, count) for count in WAVE_COUNTS))
        for place, slope in enumerate(SLOPES)
    ]
    return Table(
        name="size_of_slopes",
        title="Size of the test of a trend by expected count in a wave",
        note="The last two rows show what weighting by estimated variances would do: the program "
        "does not offer it.",
        labels=("slope from",),
        figures=tuple(band.label for band in WAVE_COUNTS),
        rows=tuple(rows),
    )


def _single_targets(runs: Sequence[Run]) -> list[Target]:
    targets = []
    for kind in KINDS:
        for count in COUNTS:
            figure = _single(runs, kind, ANY, count)
            if figure.count:
                where = f"{kind}, expected count {count.label}"
                targets.append(_size_target("size of single tests", where, figure, count))
    return targets


def _family_targets(runs: Sequence[Run]) -> list[Target]:
    what = "family-wise error under Holm"
    headline = [
        Target(what, f"14 KPIs, {kind}", _family(runs, "headline_holm", kind), 0.0, MOST)
        for kind in IN_TIME
    ]
    areas = [
        Target(
            what,
            f"7 areas, {share:.0%}, {kind}",
            _family(runs, "areas_holm", kind, place),
            0.0,
            MOST,
        )
        for kind in KINDS
        for place, share in enumerate(SHARES)
    ]
    return [*headline, *areas]


def _slope_targets(runs: Sequence[Run]) -> list[Target]:
    return [
        _size_target(
            "size of the test of a trend",
            f"{slope.label}, expected count in a wave {count.label}",
            _slope(runs, place, count),
            count,
        )
        for place, slope in enumerate(SLOPES)
        if not slope.by_variances
        for count in WAVE_COUNTS
    ]


def _size_target(what: str, where: str, figure: Rate, count: Band) -> Target:
    return Target(what, where, figure, LEAST if count.low >= ENOUGH else 0.0, MOST)


def _families() -> list[tuple[str, str]]:
    return [(part, name) for part in ("headline", "areas") for name in ADJUSTED]


def _single(
    runs: Sequence[Run],
    kind: str,
    base: Band,
    count: Band,
    having: str = "found",
    out_of: str = "compared",
) -> Rate:
    def chosen(run: Run) -> Flags:
        held: Flags = count.holds(run.fewest_compared(kind)) & base.holds(run.smaller_base(kind))
        return held

    return _of_kind(runs, kind, chosen, having, out_of)


def _of_kind(
    runs: Sequence[Run],
    kind: str,
    chosen: CellsOf,
    having: str = "found",
    out_of: str = "compared",
) -> Rate:
    """Return the share of a kind's comparisons that find something where there is nothing."""

    def null(run: Run) -> Flags:
        held: Flags = chosen(run) & run.is_null(kind)
        return held

    return counted(runs, having, out_of, null, KINDS.index(kind))


def _family(runs: Sequence[Run], name: str, kind: str, outcome: int | None = None) -> Rate:
    part, adjustment = name.split("_")
    place = (slice(None), KINDS.index(kind), *(() if outcome is None else (outcome,)))
    found, every = (
        np.concatenate([run.found.counts[f"{part}_{what}_{adjustment}"][place] for run in runs])
        for what in ("found", "families")
    )
    return rate(found, every)


def _slope(runs: Sequence[Run], place: int, count: Band) -> Rate:
    def chosen(run: Run) -> Flags:
        still = np.logical_and.reduce([run.is_null(kind) for kind in IN_TIME])
        held: Flags = still & count.holds(run.fewest_expected)
        return held

    return counted(runs, "slopes_found", "slopes", chosen, place)
