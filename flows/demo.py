"""The demonstration: two years of simulated returns through the whole of the real run."""

from __future__ import annotations

import pandas as pd
import typer

from flows.endings import DONE, REJECTED
from flows.progress import say
from flows.publishing import typed
from flows.running import run_embedded, show_results
from flows.settings import state_root
from flows.shown import run_text
from flows.simulating import simulate_returns, write_truth_of
from transforms.coverage import Coverage, coverage
from transforms.wording import number, percent
from warehouse.builds import open_current
from warehouse.declaration import load_survey
from warehouse.home import Home, home_of
from warehouse.store import read_table


def run_demo(survey_name: str) -> int:
    """Simulate every declared wave into the inbox, run, and set the intervals beside the truth."""
    survey = load_survey(survey_name)
    home = home_of(survey.name, state_root())
    returns = simulate_returns(survey, home.inbox)
    truth_file = write_truth_of(survey, home.folder / "simulated")
    say("Simulating", f"{len(returns)} returns of {survey.about.title} in {home.inbox}")
    summary = run_embedded(survey_name, None)
    typer.echo(run_text(summary))
    show_results(summary)
    held = truth_coverage(home, pd.read_csv(truth_file))
    typer.echo(f"Simulated truth:        {truth_file}")
    typer.echo("")
    typer.echo(
        f"{percent(held.share)} of {number(held.intervals)} 95% intervals hold the simulated truth."
    )
    typer.echo("")
    typer.echo("These are drafts. Make a release candidate of them, then sign it off:")
    for command in ("publish --note 'The first release.'", "publish --approve --by 'NAME'"):
        typer.echo(f"  {typed(command, survey_name)}")
    return DONE if summary.all_taken else REJECTED


def truth_coverage(home: Home, truth: pd.DataFrame) -> Coverage:
    """Return how many of the current build's intervals hold the truth, withheld ones included."""
    survey = load_survey(home.survey)
    connection = open_current(home)
    if connection is None:
        return Coverage(0, 0)
    with connection:
        totals = read_table(connection, "estimate.total")
    return coverage(totals, truth, survey.about.estimation, survey.means)
