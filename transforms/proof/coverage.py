"""Coverage of intervals, and standard errors beside the truth: tables and targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from transforms.arrays import Flags, Floats, Ints
from transforms.proof.figures import Collected, Counts, Rate, of_surveys, rate
from transforms.proof.intervals import METHODS
from transforms.proof.outcomes import SHARES
from transforms.proof.plan import AREA, REST, SCATTERED, STRATUM, Study
from transforms.proof.tables import Band, Table, Target, bands

COUNT_BANDS: Final = bands((2, 5, 10, 20, 50))
BASE_BANDS: Final = (
    Band("100 or under", -np.inf, 100.0000001),
    Band("over 100", 100.0000001, np.inf),
)
ENOUGH: Final = 10
"""Expected with the outcome and without it: from here on targets have an upper end too."""

DEFAULT: Final = METHODS.index("korn_graubard")
LOGIT: Final = METHODS.index("logit")


@dataclass(frozen=True, slots=True)
class Run:
    """A study and what its surveys gave."""

    study: Study
    found: Collected

    @property
    def fewest_expected(self) -> Floats:
        """(cells,) respondents expected in a wave with the outcome or without, the fewer."""
        fewest: Floats = self.study.expected.mean(axis=0).min(axis=-1)
        return fewest

    @property
    def effective_base(self) -> Floats:
        """(cells,) the mean of Kish's effective base."""
        return np.asarray(self.found.sums["effective_base"] / self.found.sums["waves"])


CellsOf = Callable[[Run], Flags]
"""Chooses cells of a run: (cells,)."""


def coverage_by_band(runs: Sequence[Run]) -> Table:
    """Return coverage by what could be expected of a cell, all intervals side by side."""
    rows = []
    for base in BASE_BANDS:
        for count in COUNT_BANDS:
            chosen = _in_bands(count, base)
            if any(chosen(run).any() for run in runs):
                rows.append(((base.label, count.label), _coverages(runs, chosen)))
    return Table(
        name="coverage_by_band",
        title="Coverage by effective base and expected count",
        note="Expected count: respondents of a wave expected with the outcome or without, the "
        "fewer of the two. Effective base: the mean of Kish's. The logit interval has no value "
        "where the share seen is 0 or 1: the last column counts these as missing the truth.",
        labels=("effective base", "expected count"),
        figures=(
            *("Korn–Graubard", "below the truth", "above the truth"),
            *("Wilson", "logit", "logit, of all estimates"),
        ),
        rows=tuple(rows),
    )


def coverage_targets(runs: Sequence[Run]) -> list[Target]:
    """Return the default interval's coverage beside what it should be, band by band."""
    targets = []
    for base in BASE_BANDS:
        for count in COUNT_BANDS:
            chosen = _in_bands(count, base)
            if any(chosen(run).any() for run in runs):
                strict = count.low >= ENOUGH and base is BASE_BANDS[1]
                targets.append(
                    Target(
                        "coverage of 95% intervals",
                        f"effective base {base.label}, expected count {count.label}",
                        _held(runs, DEFAULT, chosen),
                        0.935,
                        0.97 if strict else 1.0,
                    )
                )
    return targets


def coverage_by_base_and_share(runs: Sequence[Run]) -> Table:
    """Return the default interval's coverage for each share in groups of each size."""
    rows = []
    for label, domain, values in _places(runs[0].study):
        figures = tuple(_held(runs, DEFAULT, _at(domain, values, s)) for s in SHARES)
        rows.append(((label,), figures))
    return Table(
        name="coverage_by_base_and_share",
        title="Coverage of the Korn–Graubard interval by base and share",
        note="Scattered groups have members at every sampling point; areas and strata lie "
        "together. Bases are those expected in one wave.",
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
    strict = (runs[0].fewest_expected >= ENOUGH) & (runs[0].effective_base > 100)
    rows = []
    for label, chosen in (("10 or more and over 100", strict), ("elsewhere", ~strict)):
        found = [one for one, is_chosen in zip(of_cells, chosen, strict=True) if is_chosen]
        ordered = sorted(found, key=lambda one: one.value)
        rows.append(((label,), (float(len(found)), ordered[0], ordered[-1])))
    return Table(
        name="single_cells",
        title="The extremes among single outcomes in single domain values",
        note="By chance, extremes of hundreds lie more than two Monte Carlo errors from the truth.",
        labels=("expected count and effective base",),
        figures=("cells", "lowest coverage", "highest coverage"),
        rows=tuple(rows),
    )


def standard_errors(runs: Sequence[Run]) -> Table:
    """Return linearised standard errors relative to the spread of estimates about the truth."""
    rows = []
    for label, domain, values in _places(runs[0].study):
        ratios = [_error_ratios(run, _in_place(domain, values)(run)) for run in runs]
        rows.append(((label,), tuple(float(x) for x in np.mean(ratios, axis=0))))
    return Table(
        name="standard_errors",
        title="Linearised standard errors relative to the estimates' own spread",
        note="Root mean variance over the root mean squared error about the truth, averaged over "
        "outcomes: 1 is right. Bias: the mean error over that spread.",
        labels=("base",),
        figures=("with leverage (default)", "without", "bias"),
        rows=tuple(rows),
    )


def _coverages(runs: Sequence[Run], chosen: CellsOf) -> tuple[Rate, ...]:
    wilson = METHODS.index("wilson")
    return (
        _held(runs, DEFAULT, chosen),
        _counted(runs, "below", "estimates", DEFAULT, chosen),
        _counted(runs, "above", "estimates", DEFAULT, chosen),
        _held(runs, wilson, chosen),
        _counted(runs, "holding", "formed", LOGIT, chosen),
        _held(runs, LOGIT, chosen),
    )


def _held(runs: Sequence[Run], method: int, chosen: CellsOf) -> Rate:
    """Return the share of estimates whose interval is formed and holds the truth."""
    return _counted(runs, "holding", "estimates", method, chosen)


def _counted(runs: Sequence[Run], having: str, out_of: str, method: int, chosen: CellsOf) -> Rate:
    def summed(run: Run, name: str) -> Ints:
        counts: Counts = run.found.counts[name]
        by_cell = counts[:, method] if counts.ndim == 3 else counts
        return of_surveys(by_cell[:, chosen(run)])

    return rate(
        np.concatenate([summed(run, having) for run in runs]),
        np.concatenate([summed(run, out_of) for run in runs]),
    )


def _in_bands(count: Band, base: Band) -> CellsOf:
    return lambda run: count.holds(run.fewest_expected) & base.holds(run.effective_base)


def _at(domain: str, values: tuple[str, ...], share: float) -> CellsOf:
    def chosen(run: Run) -> Flags:
        measure = run.study.outcomes.names[SHARES.index(share)]
        of_measure = (run.study.cells["measure"] == measure).to_numpy()
        return np.asarray(of_measure & _in_place(domain, values)(run), dtype=np.bool_)

    return chosen


def _in_place(domain: str, values: tuple[str, ...]) -> CellsOf:
    def chosen(run: Run) -> Flags:
        cells = run.study.cells
        inside = (cells["domain"] == domain) & cells["domain_value"].isin(values)
        return inside.to_numpy(dtype=np.bool_)

    return chosen


def _places(study: Study) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return what a row of a table by base is about: label, domain and its values."""
    base = study.waves[0].base
    at = {key: size for key, size in zip(_keys(study), base, strict=True)}
    scattered = [
        (f"{size:,}, scattered", name, (str(size),))
        for name, bases in SCATTERED.items()
        for size in bases
    ]
    together = [
        (f"{_sizes(at, domain, study)}, {words}", domain, study.domains[domain])
        for domain, words in ((STRATUM, "one of the strata"), (AREA, "an area"))
    ]
    force = round(float(base[0]), -1)
    return [*scattered, *together, (f"{force:,.0f}, the force", "all", ("all",))]


def _keys(study: Study) -> list[tuple[str, str]]:
    first = study.cells[study.cells["measure"] == study.outcomes.names[0]]
    return list(zip(first["domain"], first["domain_value"], strict=True))


def _sizes(at: dict[tuple[str, str], float], domain: str, study: Study) -> str:
    sizes = [at[domain, value] for value in study.domains[domain] if value != REST]
    return f"{min(sizes):,.0f} to {max(sizes):,.0f}"


def _error_ratios(run: Run, cells: Flags) -> tuple[float, float, float]:
    sums = {name: values[cells] for name, values in run.found.sums.items()}
    spread = np.sqrt(sums["squared_error"] / sums["waves"])
    with_leverage = np.sqrt(sums["variance"] / sums["waves"])
    without = np.sqrt(sums["variance_without_leverage"] / sums["first_waves"])
    bias = sums["error"] / sums["waves"]
    return (
        float(np.mean(with_leverage / spread)),
        float(np.mean(without / spread)),
        float(np.mean(bias / spread)),
    )
