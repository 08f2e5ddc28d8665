"""The command line. Only `run` and `demo` import Prefect; `--help` imports next to nothing."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.endings import DONE, FAILED, MISUSED, error_json, exit_status
from transforms.errors import PerceptionsError, StorageError, UsageError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="From a police force's public perceptions survey to Police and Crime Plan KPIs.",
)

SurveyOption = Annotated[
    str, typer.Option("--survey", help="A shipped survey's name, or the path of its folder.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a machine to read.")]
DEFAULT_SURVEY = "west_midlands"


class ExportFormat(StrEnum):
    """What respondents are exported as."""

    PARQUET = "parquet"
    SAV = "sav"


MISREAD = UsageError(
    "The command is written in a way that cannot be understood.",
    remedy="see `perceptions --help`, or --help after the command's name.",
)
INTERRUPTED = StorageError("The command was interrupted.", remedy="run it again.")


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
    reason: Annotated[str, typer.Option(help="Why the finding may stand.")],
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


@app.command()
def builds(survey: SurveyOption = DEFAULT_SURVEY) -> None:
    """List the builds that are kept, and say which is current."""
    from flows.keeping import show_builds

    raise typer.Exit(show_builds(survey))


@app.command()
def restore(
    what: Annotated[
        str, typer.Argument(help="A build's number, or the folder of a backup for an empty home.")
    ],
    survey: SurveyOption = DEFAULT_SURVEY,
) -> None:
    """Make an earlier build current again, or bring a backup into an empty home."""
    from flows.keeping import restore_and_show

    raise typer.Exit(restore_and_show(survey, what))


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="Where to make the backup: on another disk.")],
    survey: SurveyOption = DEFAULT_SURVEY,
) -> None:
    """Copy archive, quarantine, releases and the current build elsewhere; verify the copy."""
    from flows.keeping import back_up_and_show

    raise typer.Exit(back_up_and_show(survey, folder))


@app.command()
def new_key(survey: SurveyOption = DEFAULT_SURVEY) -> None:
    """Change the key of the pseudonyms; the next run computes every wave held with the new one."""
    from flows.keeping import renew_key_and_show

    raise typer.Exit(renew_key_and_show(survey))


@app.command()
def retain(survey: SurveyOption = DEFAULT_SURVEY) -> None:
    """Remove respondents whose time is up, as survey.yaml declares; every run does so too."""
    from flows.retaining import retain_and_show

    raise typer.Exit(retain_and_show(survey))


@app.command()
def withdraw(
    serial: Annotated[
        str | None,
        typer.Argument(help="The respondent's serial number; left out: it is asked for."),
    ] = None,
    survey: SurveyOption = DEFAULT_SURVEY,
    wave: Annotated[
        str | None, typer.Option(help="The interview's wave; needed where several have the number.")
    ] = None,
    sample: Annotated[
        str | None, typer.Option(help="Its sample; needed where several of a wave have it.")
    ] = None,
    reason: Annotated[
        str, typer.Option(help="Recorded in the warehouse; who it was is not.")
    ] = "asked to be withdrawn",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before acting.")] = False,
) -> None:
    """Erase a respondent who asks for it: from returns, figures and builds."""
    from flows.withdrawing import Request, withdraw_and_show

    number = typer.prompt("Serial number", hide_input=True) if serial is None else serial
    raise typer.Exit(withdraw_and_show(survey, Request(number, wave, sample, reason, yes)))


@app.command()
def sql(
    query: Annotated[
        str | None, typer.Argument(help="What to ask; left out: queries typed, each ended by ;")
    ] = None,
    survey: SurveyOption = DEFAULT_SURVEY,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Ask the whole warehouse; the access is logged.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print every row, as CSV.")] = False,
) -> None:
    """Ask the current build in SQL: read only, no other file, no download."""
    from flows.asking import ask_and_show

    raise typer.Exit(ask_and_show(survey, query, restricted=restricted, as_csv=as_csv))


@app.command()
def explain(
    kpi: Annotated[str | None, typer.Argument(help="A KPI, or a measure.")] = None,
    survey: SurveyOption = DEFAULT_SURVEY,
    wave: Annotated[
        str | None, typer.Option(help="A wave, or a period such as 2027-Q2/2028-Q1. Default: last.")
    ] = None,
    area: Annotated[
        str | None, typer.Option(help="An area; another group as DOMAIN=VALUE. Default: all.")
    ] = None,
    between: Annotated[
        tuple[str, str] | None,
        typer.Option(help="Instead: what differs between two releases, or builds as build:12."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say where a figure comes from: sums, weights, checks, deliveries, code; it is logged."""
    from flows.explaining import compare_and_show, explain_and_show

    if between is not None:
        raise typer.Exit(compare_and_show(survey, between, kpi, as_json=as_json))
    raise typer.Exit(explain_and_show(survey, kpi, wave, area, as_json=as_json))


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="The folder to make; it must not exist yet.")],
    survey: SurveyOption = DEFAULT_SURVEY,
    form: Annotated[
        ExportFormat, typer.Option("--format", help="parquet, with labels; or sav, for SPSS.")
    ] = ExportFormat.PARQUET,
    wave: Annotated[
        list[str] | None, typer.Option(help="A wave to export; repeat for more. Default: all.")
    ] = None,
) -> None:
    """Hand respondents on to R or SPSS, with weights, design and a script; it is logged."""
    from flows.exporting import export_and_show

    raise typer.Exit(export_and_show(survey, folder, form.value, wave or ()))


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
) -> None:
    """Write a commented skeleton of a survey's folder, to be filled in."""
    from warehouse.new_survey import write_skeleton

    made = write_skeleton(name, folder)
    typer.echo(f"{made} declares a small example survey; edit its files, then run")
    typer.echo(f"  perceptions status --survey {made}")


def main() -> None:
    """Run the command line; end with the documented exit status and never a traceback."""
    sys.exit(_guarded())


def _guarded() -> int:
    try:
        app()
    except SystemExit as ended:
        # Typer ends with 2 on misuse, and with 1 where the user interrupted it.
        status = FAILED if ended.code == 1 else int(ended.code or DONE)
        if status in (MISUSED, FAILED) and _wants_json():
            typer.echo(error_json(MISREAD if status == MISUSED else INTERRUPTED))
        return status
    except PerceptionsError as error:
        return _told(error)
    except Exception as error:
        from flows.contained import stage_failed

        return _told(stage_failed("The command", error))
    return DONE


def _told(error: PerceptionsError) -> int:
    """Print an error, as JSON to standard output where that was asked for; return its status."""
    if _wants_json():
        typer.echo(error_json(error))
    else:
        typer.echo(str(error), err=True)
    return exit_status(error)


def _wants_json() -> bool:
    return "--json" in sys.argv[1:]
