"""What the warehouse answers: SQL, where a figure comes from, respondents handed on."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.app import DEFAULT_SURVEY, JsonOption, SurveyOption, app


class ExportFormat(StrEnum):
    """What respondents are exported as."""

    PARQUET = "parquet"
    SAV = "sav"


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
