"""From a published figure back to what it was made of, read from the views of lineage.*."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TypeVar

import duckdb

from transforms.catalogue.mistakes import did_you_mean
from transforms.errors import StorageError, UsageError
from transforms.lineage import (
    Asked,
    Figure,
    Finding,
    Judged,
    Lineage,
    Made,
    Part,
    Source,
    Weighting,
)
from warehouse.builds import WAREHOUSE
from warehouse.database import read_connection

FIGURE = "period = ? AND measure = ? AND domain = ? AND domain_value = ?"
MADE = """
    SELECT v.wave, v.sample, v.sha256, coalesce(d.file_name, 'a file'), v.survey_version,
        v.code_version
    FROM ops.wave_version AS v LEFT JOIN ops.delivery AS d ON d.sha256 = v.sha256
    ORDER BY v.wave, v.sample
"""
IN_TIME = "(SELECT w.wave_order FROM ref.wave AS w WHERE w.wave = told.wave)"


def made_of(connection: duckdb.DuckDBPyConnection) -> tuple[Made, ...]:
    """Return what the waves of a warehouse were computed from."""
    return tuple(Made(*row) for row in connection.execute(MADE).fetchall())


def made_of_build(folder: Path) -> tuple[Made, ...] | None:
    """Return what a build's waves were computed from: builds are removed, releases are not.

    None where the build's restricted half cannot say: what is published does not need it.
    """
    try:
        with read_connection(folder / WAREHOUSE) as warehouse:
            return made_of(warehouse)
    except (StorageError, duckdb.Error):
        return None


def lineage_of(connection: duckdb.DuckDBPyConnection, asked: Asked, build: str) -> Lineage:
    """Return where a figure comes from. `asked`: as `asked_for` gives it."""
    judged = _judged(connection, asked)
    figure = _figure(connection, asked, asked.period)
    earlier = judged.compared_with if judged and judged.difference is not None else None
    before = (
        _figure(connection, asked, earlier) if earlier and _is_period(connection, earlier) else None
    )
    sides = [one for one in (before, figure) if one]
    waves = list(dict.fromkeys(part.wave for one in sides for part in one.parts))
    own = [part.wave for part in figure.parts]
    label, kind, counts, group = _described(connection, asked)
    return Lineage(
        asked=asked,
        label=label,
        group=group,
        kind=kind,
        counts=tuple(counts),
        build=build,
        judged=judged,
        figure=figure,
        before=before,
        weightings=_of_waves(connection, Weighting, "survey.calibration", own),
        sources=_of_waves(connection, Source, "lineage.source", waves),
        superseded=_superseded(connection, waves),
        findings=_of_waves(connection, Finding, "lineage.finding", waves),
    )


def asked_for(
    connection: duckdb.DuckDBPyConnection, name: str, when: str | None, group: str | None
) -> Asked:
    """Return the figure that is meant; UsageError with the right names where none is.

    `name`: a KPI or a measure. `when`: a wave, or a period; None is the latest that has a figure.
    `group`: a value of a domain, by its name or label, alone or after the domain's and =.
    """
    measure = measure_of(connection, name)
    domain, value = _group(connection, measure, group)
    judged = _judged_periods(connection, name, domain, value)
    if judged and (when is None or when in judged):
        period = judged[when] if when else list(judged.values())[-1]
        return Asked(name, measure, period, domain, value)
    return Asked(None, measure, _period(connection, measure, when, domain, value), domain, value)


def measure_of(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """Return the measure that a KPI is judged by, or `name` where it is a measure's."""
    kpis: dict[str, str] = dict(
        connection.execute("SELECT kpi, measure FROM ref.kpi ORDER BY kpi_order").fetchall()
    )
    measures = _names(connection, "SELECT measure FROM ref.measure ORDER BY measure_order")
    if name not in {*kpis, *measures}:
        raise _unknown("KPI or measure", name, dict.fromkeys([*kpis, *measures]))
    return kpis.get(name, name)


def _judged_periods(
    connection: duckdb.DuckDBPyConnection, kpi: str, domain: str, value: str
) -> dict[str, str]:
    """Return by wave, in order of time, the period that a KPI's row speaks of."""
    return dict(
        connection.execute(
            "SELECT k.wave, k.period FROM kpi.kpi AS k JOIN ref.wave AS w ON w.wave = k.wave "
            "WHERE k.kpi = ? AND k.domain = ? AND k.domain_value = ? ORDER BY w.wave_order",
            [kpi, domain, value],
        ).fetchall()
    )


def _period(
    connection: duckdb.DuckDBPyConnection, measure: str, when: str | None, domain: str, value: str
) -> str:
    known = _names(
        connection,
        "SELECT e.period FROM estimate.estimate AS e JOIN ref.period AS p ON p.period = e.period "
        "WHERE e.measure = ? AND e.domain = ? AND e.domain_value = ? ORDER BY p.period_order",
        [measure, domain, value],
    )
    if not known:
        raise UsageError(
            f"There is no figure of {measure} yet.", remedy="run `perceptions run` first."
        )
    if when is not None and when not in known:
        raise _unknown("wave or period with a figure", when, known)
    return when or known[-1]


def _group(
    connection: duckdb.DuckDBPyConnection, measure: str, group: str | None
) -> tuple[str, str]:
    """Return domain and value; of several domains that have it, the one that is named."""
    if group is None:
        return "all", "all"
    held = connection.execute(
        "SELECT domain, domain_value, value_label FROM ref.domain WHERE domain IN "
        "(SELECT unnest(domains) FROM ref.measure WHERE measure = ?) "
        "ORDER BY domain_order, value_order",
        [measure],
    ).fetchall()
    domain, _, value = group.rpartition("=")
    meant = value.casefold()
    found = [
        (of, name)
        for of, name, label in held
        if meant in (name.casefold(), label.casefold()) and domain in ("", of)
    ]
    if len(found) == 1:
        return found[0]
    names = [f"{of}={name}" for of, name, _ in held]
    raise _unknown(f"group of {measure}", group, [f"{o}={n}" for o, n in found] or names)


def _unknown(what: str, name: str, known: Iterable[str]) -> UsageError:
    names = list(known)
    close = did_you_mean(name, names)
    return UsageError(
        f"There is no {what} called '{name}'.",
        expected=f"one of {', '.join(names) or 'none: there is none yet'}.",
        remedy=f"did you mean '{close}'?" if close else "correct the name.",
    )


def _judged(connection: duckdb.DuckDBPyConnection, asked: Asked) -> Judged | None:
    if asked.kpi is None:
        return None
    held = _read(
        connection,
        Judged,
        "kpi.kpi",
        "kpi = ? AND period = ? AND domain = ? AND domain_value = ?",
        [asked.kpi, asked.period, asked.domain, asked.domain_value],
    )
    return held[0]


def _figure(connection: duckdb.DuckDBPyConnection, asked: Asked, period: str) -> Figure:
    key = [period, asked.measure, asked.domain, asked.domain_value]
    names = [one.name for one in fields(Figure) if one.name != "parts"]
    ((*values,),) = connection.execute(
        f"SELECT {', '.join(names)} FROM lineage.figure WHERE {FIGURE}", key
    ).fetchall()
    figure = Figure(*values)
    if figure.estimate is None:
        return figure
    parts = _read(connection, Part, "lineage.part", f"{FIGURE} ORDER BY {IN_TIME}", key)
    return replace(figure, parts=parts)


def _is_period(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    return name in _names(connection, "SELECT period FROM ref.period")


def _described(
    connection: duckdb.DuckDBPyConnection, asked: Asked
) -> tuple[str, str, list[str], str]:
    (row,) = connection.execute(
        "SELECT m.label, m.kind, m.counts, d.value_label FROM ref.measure AS m, ref.domain AS d "
        "WHERE m.measure = ? AND d.domain = ? AND d.domain_value = ?",
        [asked.measure, asked.domain, asked.domain_value],
    ).fetchall()
    found: tuple[str, str, list[str], str] = row
    return found


def _superseded(connection: duckdb.DuckDBPyConnection, waves: list[str]) -> tuple[str, ...]:
    held = connection.execute(
        "SELECT wave || ': ' || file_name || ' (' || sha256[1:12] || ') ' || reason "
        "FROM ops.delivery WHERE status = 'superseded' AND list_contains(?, wave) "
        "ORDER BY wave, received_at, sha256",
        [waves],
    ).fetchall()
    return tuple(text for (text,) in held)


M = TypeVar("M")


def _of_waves(
    connection: duckdb.DuckDBPyConnection, model: type[M], view: str, waves: list[str]
) -> tuple[M, ...]:
    return _read(
        connection, model, view, f"list_contains(?, wave) ORDER BY {IN_TIME}, 2, 3", [waves]
    )


def _read(
    connection: duckdb.DuckDBPyConnection,
    model: type[M],
    view: str,
    condition: str,
    parameters: Sequence[object],
) -> tuple[M, ...]:
    """Return a view's rows as dataclasses whose fields are its columns."""
    names = ", ".join(one.name for one in fields(model))  # type: ignore[arg-type]
    query = f"SELECT {names} FROM {view} AS told WHERE {condition}"
    return tuple(model(*row) for row in connection.execute(query, parameters).fetchall())


def _names(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: list[str] | None = None
) -> list[str]:
    return [name for (name,) in connection.execute(query, parameters or []).fetchall()]
