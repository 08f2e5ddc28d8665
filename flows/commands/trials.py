"""Surveys tried out: simulated, proved, declared anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.app import DEFAULT_SURVEY, SurveyOption, app


@app.command()
def simulate(
    folder: Annotated[Path, typer.Argument(help="Where to write the returns and truth.csv.")],
    survey: SurveyOption = DEFAULT_SURVEY,
    wave: Annotated[
        list[str] | None, typer.Option(help="A wave to simulate; repeat for more. Default: all.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Another draw from the same truth. Default: as declared.")
    ] = None,
) -> None:
    """Write returns as a supplier would send them, and the truth they were drawn from."""
    from flows.simulating import simulate_and_show

    raise typer.Exit(simulate_and_show(survey, folder, wave, seed))


@app.command()
def prove(
    surveys: Annotated[
        int, typer.Option(help="How many surveys of eight waves to simulate.")
    ] = 2000,
    seed: Annotated[int, typer.Option(help="Another number draws other surveys.")] = 20260427,
    out: Annotated[
        Path, typer.Option(help="Where to write the report; its figures go beside it, as CSV.")
    ] = Path("simulation-study.md"),
    processes: Annotated[int, typer.Option(help="Changes how long it takes, and no figure.")] = 2,
) -> None:
    """Simulate surveys with a known truth; report how intervals and tests fare (minutes)."""
    from flows.proving import Extent, prove_and_show

    raise typer.Exit(prove_and_show(Extent(surveys, seed, processes), out))


@app.command()
def new_survey(
    name: Annotated[str, typer.Argument(help="Lower case letters, digits and underscores.")],
    folder: Annotated[Path, typer.Option(help="Where to make the survey's folder.")] = Path(),
    published: Annotated[
        bool,
        typer.Option(
            "--published", help="One of which only figures are at hand that an office publishes."
        ),
    ] = False,
) -> None:
    """Write a commented skeleton of a survey's folder, to be filled in."""
    from warehouse.new_survey import write_skeleton

    made = write_skeleton(name, folder, published=published)
    if published:
        typer.echo(f"{made} declares a small example; edit published.yaml, then run")
        typer.echo(f"  perceptions adopt {made / 'tables' / 'example.csv'} --survey {made}")
        return
    typer.echo(f"{made} declares a small example survey; edit its files, then run")
    typer.echo(f"  perceptions status --survey {made}")
