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
    SOUGHT_IN,
    Report,
    Run,
    Study,
    SurveyFigures,
    collected,
    examined,
    found_in,
    headline_outcomes,
    report_figures,
    report_markdown,
    report_of,
    shifted_outcomes,
    study_of,
)
from transforms.simulation.population import declared_simulation
from warehouse.declaration import load_survey
from warehouse.disk import place_named, require_writable

SURVEY = "west_midlands"
WAVES = 8
FEWEST_SURVEYS = 20
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

AT_ONCE = 50
"""Surveys that are worked on side by side; another number changes no figure but the last bits."""
SHIFTED_IN = 5
"""One survey with changes for so many without."""

Seeds = Sequence[np.random.SeedSequence]
Work = Callable[[Study, Seeds], SurveyFigures]
"""What is done with simulated surveys, in any process: their figures follow from their seeds."""


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
    """Return the report on surveys of eight waves: without changes, and further ones with some."""
    steady, drifting, changing = np.random.SeedSequence(extent.seed).spawn(3)
    areas = len(declared_simulation(survey).fieldwork.interviews)
    outcomes = headline_outcomes(WAVES, areas)
    half = extent.surveys // 2
    still = [
        _run("no change", examined, study_of(survey, outcomes, drifting=drifts), seeds, extent)
        for drifts, seeds in (
            (False, steady.spawn(extent.surveys - half)),
            (True, drifting.spawn(half)),
        )
    ]
    shifted = study_of(survey, shifted_outcomes(still[0]), domains=SOUGHT_IN)
    seeds = changing.spawn(extent.surveys // SHIFTED_IN)
    return report_of(still, _run("changes", found_in, shifted, seeds, extent), _made_by(extent))


def _run(stage: str, work: Work, study: Study, seeds: Seeds, extent: Extent) -> Run:
    """Return the figures of one survey for each seed, whatever process worked on it."""
    say(stage, f"{len(seeds):,} surveys")
    parts = [seeds[first : first + AT_ONCE] for first in range(0, len(seeds), AT_ONCE)]
    found, done = [], 0
    for part, figures in zip(parts, _worked(work, study, parts, extent.processes), strict=True):
        found.append(figures)
        done += len(part)
        say(stage, f"{done:,} of {len(seeds):,}")
    return Run(study, collected(found))


def _worked(
    work: Work, study: Study, parts: Sequence[Seeds], processes: int
) -> Iterator[SurveyFigures]:
    """Yield the figures of each part, in order."""
    if processes == 1:
        yield from (work(study, seeds) for seeds in parts)
        return
    for name in THREADS:  # each process has one processor to itself
        os.environ.setdefault(name, "1")
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_prepare, initargs=(work, study)
    ) as pool:
        yield from pool.map(_work, parts)


_prepared: list[tuple[Work, Study]] = []
"""In a process of the pool: what it works on."""


def _prepare(work: Work, study: Study) -> None:
    _prepared[:] = [(work, study)]


def _work(seeds: Seeds) -> SurveyFigures:
    work, study = _prepared[0]
    return work(study, seeds)


def _made_by(extent: Extent) -> tuple[str, ...]:
    return (
        f"Surveys: {extent.surveys:,} of {WAVES} waves ({extent.surveys * WAVES:,} waves) in "
        f"which nothing changes; and {extent.surveys // SHIFTED_IN:,} in which outcomes change",
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
