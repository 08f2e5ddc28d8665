"""The commands of a quarter: returns taken and checked, findings accepted, figures published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.app import DEFAULT_SURVEY, JsonOption, SurveyOption, app


@app.command()
def demo() -> None:
    """Simulate two years of West Midlands returns, run them, and show the KPIs."""
    from flows.demo import run_demo

    raise typer.Exit(run_demo(DEFAULT_SURVEY))


@app.command()
def run(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Returns to take; left out: those in the inbox.")
    ] = None,
    survey: SurveyOption = DEFAULT_SURVEY,
    as_json: JsonOption = False,
) -> None:
    """Take new returns from the inbox (or FILES) to KPIs ready for sign-off."""
    from flows.running import run_and_show

    raise typer.Exit(run_and_show(survey, files, as_json=as_json))


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The return to check.")],
    survey: SurveyOption = DEFAULT_SURVEY,
    as_json: JsonOption = False,
    report: Annotated[
        Path | None, typer.Option(help="Also write the report as an HTML page to this file.")
    ] = None,
    propose: Annotated[
        bool,
        typer.Option(
            "--propose",
            help="Print a first draft of questionnaire.yaml from the return's own labels instead.",
        ),
    ] = False,
) -> None:
    """Check a return and say what is wrong with it; write nothing but the report asked for."""
    from flows.inspecting import check_and_show, propose_and_show

    if propose:
        raise typer.Exit(propose_and_show(file))

    raise typer.Exit(check_and_show(file, survey, report, as_json=as_json))


@app.command()
def accept(
    wave: Annotated[str, typer.Argument(help="The wave in which it was found.")],
    rule: Annotated[str, typer.Argument(help="The rule that found it, as the report names it.")],
    reason: Annotated[str, typer.Option(help="Why the finding may stand; kept on record.")],
    by: Annotated[
        str | None, typer.Option(help="Who accepts it; left out: the account's name.")
    ] = None,
    survey: SurveyOption = DEFAULT_SURVEY,
) -> None:
    """Accept a finding, with a reason; who, when and why are recorded in the warehouse."""
    from flows.accepting import accept_and_show

    raise typer.Exit(accept_and_show(survey, wave, rule, reason, by))


@app.command()
def status(survey: SurveyOption = DEFAULT_SURVEY, as_json: JsonOption = False) -> None:
    """Show waves, deliveries, the last run, and what is late or waiting."""
    from flows.inspecting import show_status

    raise typer.Exit(show_status(survey, as_json=as_json))


@app.command()
def publish(
    survey: SurveyOption = DEFAULT_SURVEY,
    embargo: Annotated[
        str | None,
        typer.Option(help="Not public before, in London: '2026-08-06 09:30'. Default: now."),
    ] = None,
    note: Annotated[
        str | None, typer.Option(help="Published with the release: why figures were revised.")
    ] = None,
    provisional: Annotated[
        list[str] | None, typer.Option(help="A wave whose figures may change; repeat for more.")
    ] = None,
    corrects: Annotated[int | None, typer.Option(help="The release that this corrects.")] = None,
    approve: Annotated[
        bool, typer.Option("--approve", help="Sign the candidate off; takes --by.")
    ] = False,
    withdraw: Annotated[
        int | None, typer.Option(help="Withdraw a release; takes --by and --note.")
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Only make public what has come out of its embargo.")
    ] = False,
    by: Annotated[str | None, typer.Option(help="Who signs off or withdraws.")] = None,
) -> None:
    """Build a release candidate from the current build; sign it off; make it public when due."""
    from flows.publishing import Decision, Proposed, decide, propose

    if approve or due or withdraw is not None:
        raise typer.Exit(decide(survey, Decision(approve, withdraw, due, by, note)))
    waves = tuple(provisional or ())
    raise typer.Exit(propose(survey, Proposed(embargo, note, waves, corrects)))


@app.command()
def adopt(
    files: Annotated[list[Path], typer.Argument(help="The published tables, as CSV.")],
    survey: Annotated[
        str, typer.Option("--survey", help="The name or the folder of a published.yaml.")
    ],
) -> None:
    """Publish figures that another office has computed: no respondents, no verdicts."""
    from flows.adopting import adopt_and_show

    raise typer.Exit(adopt_and_show(survey, files))
