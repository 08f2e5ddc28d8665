"""Where a published figure comes from."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from flows.endings import DONE, as_json_text
from flows.settings import state_root
from transforms.errors import UsageError
from transforms.lineage import differences, lineage_text, revised, revised_text
from warehouse.asking import opened_for_questions, record_command
from warehouse.declaration import load_either
from warehouse.home import home_in_use
from warehouse.lineage import asked_for, lineage_of
from warehouse.revisions import measure_named, state_named


def explain_and_show(
    survey_name: str, name: str | None, when: str | None, group: str | None, *, as_json: bool
) -> int:
    """Explain a figure of the current build; record in the access log that it was asked."""
    home = home_in_use(load_either(survey_name).name, state_root())
    if name is None:
        raise UsageError(
            "No figure is named.", remedy="name a KPI or a measure, or two states: --between 1 2."
        )
    build, connection = opened_for_questions(home, restricted=True)
    with connection:
        asked = asked_for(connection, name, when, group)
        told = f"explain {asked.measure} {asked.period} {asked.domain}={asked.domain_value}"
        record_command(home, build, told, datetime.now(UTC))
        found = lineage_of(connection, asked, build.name)
    typer.echo(as_json_text(found) if as_json else lineage_text(found))
    return DONE


def compare_and_show(
    survey_name: str, between: tuple[str, str], name: str | None, *, as_json: bool
) -> int:
    """Print which published figures differ between two releases or builds, and why."""
    home = home_in_use(load_either(survey_name).name, state_root())
    (first, before), (second, after) = (state_named(home, one) for one in between)
    measure = measure_named(home, name)
    found = revised(first, second, differences(before, after), measure)
    typer.echo(as_json_text(found) if as_json else revised_text(found))
    return DONE
