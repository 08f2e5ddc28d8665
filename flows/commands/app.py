"""The application that commands belong to, and the options that most of them have."""

from __future__ import annotations

from typing import Annotated

import typer

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
