"""One embedded run: Prefect prepared, leftovers ended, the flow called, the outcome shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from flows.endings import DONE, REJECTED, as_json_text
from flows.leftovers import end_leftover_servers
from flows.outcomes import RunSummary
from flows.progress import say, say_what_is_not_limited
from flows.settings import prepare_prefect, state_root
from flows.shown import headline_table, run_text
from transforms.errors import StorageError, UsageError
from warehouse.builds import PUBLISHED, WAREHOUSE
from warehouse.declaration import load_survey
from warehouse.headlines import headlines
from warehouse.home import home_of

STARTS = 3
"""Times that the temporary server is started: one that hangs as it starts has never answered."""


def run_and_show(survey_name: str, files: Sequence[Path] | None, *, as_json: bool) -> int:
    """Run, print what became of each file and the headlines; return the exit status."""
    summary = run_embedded(survey_name, files)
    if as_json:
        typer.echo(as_json_text(summary))
    else:
        typer.echo(run_text(summary))
        show_results(summary)
    return DONE if summary.all_taken else REJECTED


def run_embedded(survey_name: str, files: Sequence[Path] | None) -> RunSummary:
    """Run the flow in this process, with a temporary Prefect server unless one is named."""
    # What cannot be run is said before Prefect is started: that takes ten seconds.
    home_of(load_survey(survey_name).name, state_root())
    _require_files(files or ())
    say_what_is_not_limited()
    prepare_prefect(state_root())
    end_leftover_servers()
    say("Starting", "Prefect, embedded: up to half a minute the first time")
    from flows.quarterly import quarterly_run

    chosen = [str(path.absolute()) for path in files] if files else None
    for _ in range(STARTS):
        try:
            return quarterly_run(survey_name, chosen, str(state_root()))
        except RuntimeError as error:
            if "ephemeral" not in str(error):
                raise
        _end_server()
        say("Starting", "Prefect's temporary server did not answer, and was ended")
    raise StorageError(
        f"Prefect's temporary server did not answer, {STARTS} times: nothing was changed.",
        remedy="run again when this machine has less to do.",
    )


def _end_server() -> None:
    """End this process's temporary server, so that the next start makes another."""
    from prefect.server.api.server import SubprocessASGIServer

    SubprocessASGIServer().stop()


def show_results(summary: RunSummary) -> None:
    """Print the headline KPIs, and where the warehouse and the pages are."""
    if summary.build is None:
        return
    build = Path(summary.build)
    latest = headlines(build / PUBLISHED)
    typer.echo("")
    if any(one.simulated for one in latest):
        typer.echo("SIMULATED: every figure below is drawn from an invented truth.")
    typer.echo(headline_table(latest) if latest else "No wave has been computed yet.")
    current = build.parent.parent / "current"
    typer.echo("")
    typer.echo(f"Warehouse (restricted): {current / WAREHOUSE}")
    typer.echo(f"Published database:     {current / PUBLISHED}")
    typer.echo(f"Pages:                  {current / 'site' / 'index.html'}")


def _require_files(files: Sequence[Path]) -> None:
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise UsageError(
            f"There is no file {', '.join(missing)}.",
            remedy="name existing files, or put them into the inbox and name none.",
        )
