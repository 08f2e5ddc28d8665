"""Coverage of intervals, and standard errors beside the truth: tables and targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from transforms.arrays import Flags
from transforms.proof.figures import Rate, rate
from transforms.proof.intervals import METHODS, OF_YEARS
from transforms.proof.outcomes import SHARES
from transforms.proof.plan import AREA, REST, SCATTERED, SEX, STRATUM, Study
from transforms.proof.runs import CellsOf, Run, counted
from transforms.proof.tables import ENOUGH, Band, Table, Target, bands

COUNT_BANDS: Final = bands((2, 5, 10, 20, 50))
BASE_BANDS: Final = (
    Band("100 or under", -np.inf, 100.0000001),
    Band("over 100", 100.0000001, np.inf),
)
OF: Final = {"": ("a wave", 1), OF_YEARS: ("a rolling year", 4)}
"""Before the name of a count: what it is of, and of how many waves."""

DEFAULT: Final = METHODS.index("korn_graubard")
LOGIT: Final = METHODS.index("logit")
WILSON: Final = METHODS.index("wilson")


def coverage_by_band(runs: Sequence[Run]) -> Table:
    """Return coverage by what could be expected of a cell, all intervals side by side."""
    rows = [
        ((OF[of][0], base.label, count.label), _coverages(runs, of, _in_bands(of, count, base)))
        for of, base, count in _held_bands(runs)
    ]
    return Table(
        name="coverage_by_band",
        title="Coverage by effective base and expected count",
        note="Expected count: respondents expected with the outcome or without, the fewer of the "
        "two. Effective base: the mean of Kish's. The logit interval has no value where the share "
        "seen is 0 or 1: the last column counts these as missing the truth.",
        labels=("of", "effective base", "expected count"),
        figures=(
            *("Korn–Graubard", "below the truth", "above the truth"),
            *("Wilson", "logit", "logit, of all estimates"),
        ),
        rows=tuple(rows),
    )


def coverage_targets(runs: Sequence[Run]) -> list[Target]:
    """Return the default interval's coverage beside what it should be, band by band."""
    targets = []
    for of, base, count in _held_bands(runs):
        strict = count.low >= ENOUGH and base is BASE_BANDS[1]
        targets.append(
            Target(
                f"coverage of 95% intervals of {OF[of][0]}",
                f"effective base {base.label}, expected count {count.label}",
                _held(runs, of, DEFAULT, _in_bands(of, count, base)),
                0.935,
                0.97 if strict else 1.0,
            )
        )
    return targets


def coverage_by_base_and_share(runs: Sequence[Run]) -> Table:
    """Return the default interval's coverage for each share in groups of each size."""
    rows = []
    for label, domain, values in places(runs[0].study):
        figures = tuple(_held(runs, "", DEFAULT, at(domain, values, s)) for s in SHARES)
        rows.append(((label,), figures))
    return Table(
        name="coverage_by_base_and_share",
        title="Coverage of the Korn–Graubard interval of a wave by base and share",
        note="Scattered groups have members at every sampling point, and so has each sex; areas "
        "and strata lie together. Bases are those expected in one wave.",
        labels=("base",),
        figures=tuple(f"{share:.0%}" for share in SHARES),
        rows=tuple(rows),
    )


def single_cells(runs: Sequence[Run]) -> Table:
    """Return the lowest and highest coverage of any single outcome in any single domain value."""
    counts = [one.found.counts for one in runs]
    holding = np.concatenate([one["holding"][:, DEFAULT] for one in counts])
    estimates = np.concatenate([one["estimates"] for one in counts])
    of_cells = [rate(h, e) for h, e in zip(holding.T, estimates.T, strict=True)]
    strict = (runs[0].fewest_expected >= ENOUGH) & (runs[0].effective_base() > 100)
    rows = []
    for label, chosen in (("10 or more and over 100", strict), ("elsewhere", ~strict)):
        found = [one for one, is_chosen in zip(of_cells, chosen, strict=True) if is_chosen]
        ordered = sorted(found, key=lambda one: one.value)
        rows.append(((label,), (float(len(found)), ordered[0], ordered[-1])))
    return Table(
        name="single_cells",
        title="The extremes among single outcomes in single domain values, in a wave",
        note="By chance, extremes of hundreds lie more than two Monte Carlo errors from the truth.",
        labels=("expected count and effective base",),
        figures=("cells", "lowest coverage", "highest coverage"),
        rows=tuple(rows),
    )


def standard_errors(runs: Sequence[Run]) -> Table:
    """Return standard errors relative to the spread of estimates about the truth."""
    rows = []
    for label, domain, values in places(runs[0].study):
        ratios = [_error_ratios(run, in_place(domain, values)(run)) for run in runs]
        rows.append(((label,), tuple(float(x) for x in np.nanmean(ratios, axis=0))))
    replicated = sum(float(run.found.sums["replicated"].max()) for run in runs)
    return Table(
        name="standard_errors",
        title="Standard errors relative to the estimates' own spread",
        note="Root mean variance over the root mean squared error about the truth, averaged over "
        "outcomes: 1 is right. Without leverage and from replicates (500 bootstrap replicates, "
        f"all raked again) are of {replicated:,.0f} waves, and relative to the default there. "
        "Bias: the mean error over the spread.",
        labels=("base",),
        figures=(
            *("linearised (default)", "linearised, a rolling year", "linearised without leverage"),
            *("bootstrap", "bias"),
        ),
        rows=tuple(rows),
    )


def at(domain: str, values: tuple[str, ...], share: float) -> CellsOf:
    """Choose the outcome of a share in some values of a domain."""

    def chosen(run: Run) -> Flags:
        measure = run.study.outcomes.names[SHARES.index(share)]
        of_measure = (run.study.cells["measure"] == measure).to_numpy()
        return np.asarray(of_measure & in_place(domain, values)(run), dtype=np.bool_)

    return chosen


def in_place(domain: str, values: tuple[str, ...]) -> CellsOf:
    """Choose all outcomes in some values of a domain."""

    def chosen(run: Run) -> Flags:
        cells = run.study.cells
        inside = (cells["domain"] == domain) & cells["domain_value"].isin(values)
        return inside.to_numpy(dtype=np.bool_)

    return chosen


def places(study: Study) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return what a row of a table by base is about: label, domain and its values."""
    base = study.waves[0].base
    of_value = {key: size for key, size in zip(_keys(study), base, strict=True)}
    scattered = [
        (f"{size:,}, scattered", name, (str(size),))
        for name, bases in SCATTERED.items()
        for size in bases
    ]
    others = [
        (f"{_sizes(of_value, domain, study)}, {words}", domain, study.domains[domain])
        for domain, words in ((STRATUM, "one of the strata"), (AREA, "an area"), (SEX, "a sex"))
    ]
    force = round(float(base[0]), -1)
    return [*scattered, *others, (f"{force:,.0f}, the force", "all", ("all",))]


def _held_bands(runs: Sequence[Run]) -> list[tuple[str, Band, Band]]:
    """Return what is covered, and the bands of base and count in which there are cells."""
    every = [(of, base, count) for of in OF for base in BASE_BANDS for count in COUNT_BANDS]
    return [
        (of, base, count)
        for of, base, count in every
        if any(_in_bands(of, count, base)(run).any() for run in runs)
    ]


def _coverages(runs: Sequence[Run], of: str, chosen: CellsOf) -> tuple[Rate, ...]:
    return (
        _held(runs, of, DEFAULT, chosen),
        counted(runs, of + "below", of + "estimates", chosen, DEFAULT),
        counted(runs, of + "above", of + "estimates", chosen, DEFAULT),
        _held(runs, of, WILSON, chosen),
        counted(runs, of + "holding", of + "formed", chosen, LOGIT),
        _held(runs, of, LOGIT, chosen),
    )


def _held(runs: Sequence[Run], of: str, method: int, chosen: CellsOf) -> Rate:
    """Return the share of estimates whose interval is formed and holds the truth."""
    return counted(runs, of + "holding", of + "estimates", chosen, method)


def _in_bands(of: str, count: Band, base: Band) -> CellsOf:
    def chosen(run: Run) -> Flags:
        known = run.found.sums[of + "waves"] > 0
        expected = run.fewest_expected * OF[of][1]
        held: Flags = known & count.holds(expected) & base.holds(run.effective_base(of))
        return held

    return chosen


def _keys(study: Study) -> list[tuple[str, str]]:
    first = study.cells[study.cells["measure"] == study.outcomes.names[0]]
    return list(zip(first["domain"], first["domain_value"], strict=True))


def _sizes(of_value: dict[tuple[str, str], float], domain: str, study: Study) -> str:
    sizes = [of_value[domain, value] for value in study.domains[domain] if value != REST]
    return f"{min(sizes):,.0f} to {max(sizes):,.0f}"


def _error_ratios(run: Run, cells: Flags) -> tuple[float, ...]:
    sums = {name: values[..., cells] for name, values in run.found.sums.items()}
    spread = np.sqrt(sums["squared_error"] / sums["waves"])
    linearised = np.sqrt(sums["variance"] / sums["waves"]) / spread
    seen = sums["with_leverage"] > 0
    beside = {
        name: linearised[seen] * np.sqrt(sums[name][seen] / sums["with_leverage"][seen])
        for name in ("without_leverage", "bootstrap")
    }
    known = sums[OF_YEARS + "waves"] > 0
    of_years = {name: sums[OF_YEARS + name][known] for name in ("variance", "squared_error")}
    parts = (
        linearised,
        np.sqrt(of_years["variance"] / of_years["squared_error"]),
        beside["without_leverage"],
        beside["bootstrap"],
        sums["error"] / sums["waves"] / spread,
    )
    return tuple(float(part.mean()) if len(part) else np.nan for part in parts)
