"""The simulation study as a command: surveys shared out over processes, a report at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import typer

from flows.endings import DONE
from flows.progress import say
from flows.version import code_version
from transforms.catalogue import Survey
from transforms.errors import UsageError
from transforms.proof import (
    Collected,
    Report,
    Run,
    Study,
    SurveyFigures,
    collected,
    examined,
    headline_outcomes,
    report_figures,
    report_markdown,
    report_of,
    study_of,
)
from transforms.simulation.population import declared_simulation
from warehouse.declaration import load_survey
from warehouse.disk import place_named, require_writable

SURVEY = "west_midlands"
WAVES = 8
FEWEST_SURVEYS = 20
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

Work = Callable[[Study, np.random.SeedSequence], SurveyFigures]
"""What is done with one simulated survey, in any process: its figures follow from its seed."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How many surveys, from which seed, on how many processes (which changes no figure)."""

    surveys: int
    seed: int
    processes: int


def prove_and_show(extent: Extent, out: Path) -> int:
    """Run the study, write its report (Markdown) and its figures (CSV beside it)."""
    _require_enough(extent)
    with place_named(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    require_writable(out)
    report = prove(load_survey(SURVEY), extent)
    out.write_text(report_markdown(report), encoding="utf-8")
    figures = out.with_suffix(".csv")
    report_figures(report).to_csv(figures, index=False, float_format="%.6g", lineterminator="\n")
    typer.echo(f"{out}  the report\n{figures}  its figures")
    return DONE


def prove(survey: Survey, extent: Extent) -> Report:
    """Return the report on `extent.surveys` simulated surveys of eight waves."""
    steady_seed, drifting_seed = np.random.SeedSequence(extent.seed).spawn(2)
    areas = len(declared_simulation(survey).fieldwork.interviews)
    outcomes = headline_outcomes(WAVES, areas)
    runs = []
    for drifting, seed in ((False, steady_seed), (True, drifting_seed)):
        study = study_of(survey, outcomes, drifting=drifting)
        surveys = extent.surveys // 2 + (extent.surveys % 2 if drifting else 0)
        found = _gathered(examined, study, seed.spawn(surveys), extent, "null")
        runs.append(Run(study, found))
    return report_of(runs, _made_by(extent))


def _gathered(
    work: Work,
    study: Study,
    seeds: Sequence[np.random.SeedSequence],
    extent: Extent,
    stage: str,
) -> Collected:
    """Return the figures of one survey for each seed, whatever process worked on it."""
    say(stage, f"{len(seeds):,} surveys")
    found = []
    for figures in _worked(work, study, seeds, extent.processes):
        found.append(figures)
        if len(found) % max(1, len(seeds) // 10) == 0:
            say(stage, f"{len(found):,} of {len(seeds):,}")
    return collected(found)


def _worked(
    work: Work, study: Study, seeds: Sequence[np.random.SeedSequence], processes: int
) -> Iterator[SurveyFigures]:
    """Yield the surveys' figures in the order of their seeds."""
    if processes == 1:
        yield from (work(study, seed) for seed in seeds)
        return
    for name in THREADS:  # each process has one processor to itself
        os.environ.setdefault(name, "1")
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_prepare, initargs=(work, study)
    ) as pool:
        yield from pool.map(_work, seeds, chunksize=4)


_prepared: list[tuple[Work, Study]] = []
"""In a process of the pool: what it works on."""


def _prepare(work: Work, study: Study) -> None:
    _prepared[:] = [(work, study)]


def _work(seed: np.random.SeedSequence) -> SurveyFigures:
    work, study = _prepared[0]
    return work(study, seed)


def _made_by(extent: Extent) -> tuple[str, ...]:
    return (
        f"Command: `perceptions prove --surveys {extent.surveys} --seed {extent.seed}`",
        f"Version: `{code_version()}`",
    )


def _require_enough(extent: Extent) -> None:
    if extent.surveys < FEWEST_SURVEYS:
        raise UsageError(
            f"{extent.surveys} surveys say too little.",
            expected=f"at least {FEWEST_SURVEYS}; 2,000 for figures to rely on.",
            remedy="give --surveys a larger number.",
        )
