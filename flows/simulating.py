"""Writing returns as a supplier would send them, beside the truth they were drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from transforms.catalogue import Survey
from transforms.errors import UsageError
from transforms.samples import as_sampled, samples_of
from transforms.simulation import simulate_wave, truth
from warehouse.declaration import load_survey
from warehouse.disk import place_named
from warehouse.supplier_file import write_return, write_truth


def simulate_returns(
    survey: Survey, folder: Path, waves: Sequence[str] | None = None, seed: int | None = None
) -> tuple[Path, ...]:
    """Write one return a wave into `folder`; return their paths in order of the waves.

    Of a survey with several samples, it is the first sample's.
    """
    chosen = _chosen_waves(survey, waves)
    seen = as_sampled(survey, next(iter(samples_of(survey))))
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(write_return(simulate_wave(seen, w, seed), seen, folder) for w in chosen)


def write_truth_of(survey: Survey, folder: Path, waves: Sequence[str] | None = None) -> Path:
    """Write what is true of each wave, measure and domain value, as truth.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_truth([truth(survey, wave) for wave in _chosen_waves(survey, waves)], folder)


def simulate_and_show(
    survey_name: str, folder: Path, waves: Sequence[str] | None, seed: int | None
) -> int:
    """Simulate, and print where the files lie."""
    survey = load_survey(survey_name)
    with place_named(folder):
        returns = simulate_returns(survey, folder, waves, seed)
        truth_file = write_truth_of(survey, folder, waves)
    for path in returns:
        typer.echo(f"{path}  (simulated)")
    typer.echo(f"{truth_file}  what is true of the population")
    return 0


def _chosen_waves(survey: Survey, waves: Sequence[str] | None) -> tuple[str, ...]:
    declared = tuple(wave.name for wave in survey.waves)
    unknown = [wave for wave in waves or () if wave not in declared]
    if unknown:
        raise UsageError(
            f"{', '.join(unknown)} is not a declared wave of {survey.name}.",
            expected=f"one of {', '.join(declared)}.",
            remedy="name declared waves with --wave, or declare the wave in survey.yaml.",
        )
    return tuple(wave for wave in declared if not waves or wave in waves)
