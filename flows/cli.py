"""The command line: `main` runs a command and ends with the documented exit status.

Only `run` and `demo` import Prefect; `--help` imports next to nothing.
"""

from __future__ import annotations

import sys

import typer

from flows.commands import app
from flows.endings import DONE, FAILED, MISUSED, error_json, exit_status
from transforms.errors import PerceptionsError, StorageError, UsageError

MISREAD = UsageError(
    "The command is written in a way that cannot be understood.",
    remedy="see `perceptions --help`, or --help after the command's name.",
)
INTERRUPTED = StorageError("The command was interrupted.", remedy="run it again.")


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
