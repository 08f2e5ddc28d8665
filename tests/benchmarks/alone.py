"""What no peer does: a return's whole way, and how the work grows with domains and with history.

Each is measured in a process of its own, which says what it saw as JSON.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from benchmarks.measured import Clock, Stage, as_stages, as_text, in_its_own_process
from benchmarks.returns import long_survey, write_long_return
from benchmarks.samples import MARGINS, MEASURES, sample_of

REPETITIONS = 7
AREAS = (1, 7, 14, 28, 140)
HISTORIES = (8, 20, 80)
A_YEAR = 4


def whole_way_of(size: int) -> tuple[Stage, ...]:
    """Return the stages of a return of so many respondents."""
    with TemporaryDirectory() as folder:
        # Made by another process than the one that reads it: making it takes more memory.
        path = in_its_own_process("write", size, folder)
        return as_stages(in_its_own_process("whole_way", path))


def by_areas_of(size: int) -> tuple[Stage, ...]:
    """Return one stage for each number of areas, named by it."""
    return as_stages(in_its_own_process("by_areas", size))


def by_history_of(size: int) -> tuple[Stage, ...]:
    """Return two stages for each length of history in quarters, named by it."""
    return as_stages(in_its_own_process("by_history", size))


def whole_way(path: str) -> list[Stage]:
    """From a return as a supplier sends it to the wave's rows for the warehouse."""
    from expectations import validate
    from transforms.decode import decode
    from transforms.identify import place_return
    from transforms.samples import as_sampled, joined
    from transforms.wave import process_wave
    from warehouse.returns import read_return

    survey, clock = long_survey(), Clock()
    clock("import Great Expectations", lambda: __import__("expectations.suite"))
    raw = clock("read", lambda: read_return(Path(path), survey.about.returns.reading))
    placed = place_return(raw, survey)
    wave, sample = placed.wave, placed.sample
    sampled = as_sampled(survey, sample)
    validation = clock("check", lambda: validate(raw, sampled, wave, sample))
    assert validation.accepted, validation
    responses = clock("decode", lambda: decode(raw, sampled, wave, sample))
    serials = responses.respondents["serial"]
    clock("weight and estimate", lambda: process_wave(joined([responses], survey), serials, survey))
    return clock.stages


def by_areas(size: str) -> list[Stage]:
    """Eight measures in one wave, broken down by more and more areas."""
    from transforms.estimation import sample_design, wave_totals
    from transforms.weighting import Calibrated

    people = sample_of(int(size)).respondents
    design = sample_design(people["stratum"], people["psu"])
    weight = people["weight"].to_numpy()
    weights = Calibrated(weight, weight, None, "none", 0, 0.0)
    measured = people[list(MEASURES)].astype("float64")
    breakdowns = {measure: ("area",) for measure in MEASURES}
    point = pd.factorize(people["psu"], sort=True)[0]
    clock = Clock()
    for areas in AREAS:
        area = point * areas // (point.max() + 1)
        classified = pd.DataFrame({"area": pd.Categorical(np.char.mod("%03d", area))})
        work = partial(wave_totals, measured, classified, weights, design, breakdowns)
        clock.least_of(REPETITIONS, str(areas), work)
    return clock.stages


def by_history(size: str) -> list[Stage]:
    """The latest rolling year of eight measures by area, and its change on the year before.

    With each length of history: the stored totals as arrays, then the figures.
    """
    from transforms.catalogue import EstimationRule
    from transforms.estimation import estimates_from_totals
    from transforms.waves import shift_quarter
    from transforms.windows import Window, difference, wave_by_wave, window_factors, window_totals

    def figures(by_wave, names):
        year, before = (
            Window(waves, window_factors(by_wave.of_waves(waves).control_totals.tolist(), "equal"))
            for waves in (tuple(names[-A_YEAR:]), tuple(names[-2 * A_YEAR : -A_YEAR]))
        )
        shown = estimates_from_totals(window_totals(by_wave, year), EstimationRule())
        return shown, difference(by_wave, year, before)

    quarter, clock = _totals_of_a_quarter(int(size)), Clock()
    for history in HISTORIES:
        names = [shift_quarter("2026-Q2", number) for number in range(history)]
        stored = pd.concat([quarter.assign(wave=name) for name in names], ignore_index=True)
        arrange = partial(wave_by_wave, stored, names)
        by_wave = clock.least_of(REPETITIONS, str(history), arrange)
        clock.least_of(REPETITIONS, str(history), partial(figures, by_wave, names))
    return clock.stages


def _totals_of_a_quarter(size: int) -> pd.DataFrame:
    from benchmarks.ours import margins_of
    from transforms.estimation import sample_design, wave_totals
    from transforms.weighting import Calibrated, margin_cells, rake

    sample = sample_of(size)
    people = sample.respondents
    classified = people[list(MARGINS)].astype("category")
    cells = margin_cells(classified, margins_of(sample.controls))
    weight = people["weight"].to_numpy()
    raked = rake(weight, cells)
    return wave_totals(
        people[list(MEASURES)].astype("float64"),
        classified,
        Calibrated(weight, raked.weights, cells, "raking", 0, 0.0),
        sample_design(people["stratum"], people["psu"]),
        {measure: ("area",) for measure in MEASURES},
    )


TASKS: dict[str, Callable[[str], list[Stage]]] = {
    task.__name__: task for task in (whole_way, by_areas, by_history)
}


def main() -> None:
    task, argument, *more = sys.argv[1:]
    if task == "write":
        sys.stdout.write(str(write_long_return(int(argument), Path(more[0]))))
    else:
        sys.stdout.write(as_text(TASKS[task](argument)))


if __name__ == "__main__":
    main()
