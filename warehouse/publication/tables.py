"""Tidy CSV files and their CSVW metadata: one row a figure, one column a field."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, cast, get_args, get_origin

from annotated_types import Ge, Le
from pydantic.fields import FieldInfo

from transforms.contract import (
    ChangeRow,
    EstimateRow,
    KpiRow,
    RecordChangeRow,
    RecordRevisionRow,
    RecordRow,
    RecordSource,
    RevisionRow,
    Row,
)
from warehouse.publication.read import Rows
from warehouse.site.facts import SurveyFacts

DATATYPES = {int: "integer", float: "number", bool: "boolean", date: "date"}
PLACE = ("domain", "domain_value")


@dataclass(frozen=True, slots=True)
class Table:
    """A file to be published: its name, what one row of it is, its model, its key, its rows."""

    name: str
    one_row: str
    model: type[Row]
    key: tuple[str, ...]
    rows: Sequence[Row]


PUBLISHED: Final[tuple[tuple[str, str, type[Row], tuple[str, ...]], ...]] = (
    (
        "kpis",
        "a KPI’s status at a wave’s release, for everybody and each judged group",
        KpiRow,
        ("kpi", "wave", *PLACE),
    ),
    (
        "estimates",
        "a measure’s figure in a period, for everybody and each group",
        EstimateRow,
        ("measure", "period", *PLACE),
    ),
    (
        "changes",
        "two figures compared, with or without a verdict",
        ChangeRow,
        ("measure", "period", "comparison", *PLACE),
    ),
    (
        "revisions",
        "a published figure that a later release changed",
        RevisionRow,
        ("release", "measure", "period", *PLACE),
    ),
    (
        "records",
        "a figure of a series beside the KPIs, as supplied or a whole year; no survey estimate",
        RecordRow,
        ("series", "area", "period"),
    ),
    (
        "record_changes",
        "a whole year of such counts beside the year before, with or without a verdict",
        RecordChangeRow,
        ("series", "area", "period"),
    ),
    (
        "record_revisions",
        "a published figure of such a series that a later release changed",
        RecordRevisionRow,
        ("release", "series", "area", "period"),
    ),
)
"""Of each table: what it is called, here and among `Rows`, what a row is, its model and its key."""


def tables_of(rows: Rows) -> tuple[Table, ...]:
    """Return every CSV file that is published."""
    return tuple(
        Table(f"{name}.csv", one_row, model, key, getattr(rows, name))
        for name, one_row, model, key in PUBLISHED
    )


def csv_text(table: Table) -> str:
    """Return a table as CSV: a header, then the rows; an empty cell where there is no value."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = list(table.model.model_fields)
    writer.writerow(names)
    writer.writerows([_cell(getattr(row, name)) for name in names] for row in table.rows)
    return text.getvalue()


def csvw_text(table: Table, survey: SurveyFacts) -> str:
    """Return a table's CSVW metadata, as a file NAME.csv-metadata.json has it."""
    simulated = survey.simulated and not issubclass(table.model, RecordSource)
    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": table.name,
        "dc:title": f"{'Simulated: ' if simulated else ''}{survey.title}: {table.name}",
        "dc:description": f"One row is {table.one_row}.",
        "dc:publisher": survey.run_by,
        "tableSchema": {
            "columns": [_column(name, one) for name, one in table.model.model_fields.items()],
            "primaryKey": list(table.key),
        },
    }
    return json.dumps(metadata, ensure_ascii=False, indent=2) + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def _column(name: str, field: FieldInfo) -> dict[str, Any]:
    kind, limits = _kind(field)
    return {
        "name": name,
        "titles": name,
        "dc:description": field.description,
        "datatype": _datatype(kind, limits),
        "required": type(None) not in get_args(field.annotation),
    }


def _kind(field: FieldInfo) -> tuple[Any, Sequence[Any]]:
    """Return the type of a field's values, and what limits them; an empty cell is none of them."""
    filled = [one for one in get_args(field.annotation) if one is not type(None)]
    if type(None) not in get_args(field.annotation):
        return field.annotation, field.metadata
    if get_origin(filled[0]) is not Annotated:
        return filled[0], ()
    inner = FieldInfo.from_annotation(cast("type[Any]", filled[0]))
    return inner.annotation, inner.metadata


def _datatype(kind: Any, limits: Sequence[Any]) -> str | dict[str, Any]:
    """Return the CSVW datatype of a field."""
    if get_origin(kind) is Literal:
        return {"base": "string", "format": "|".join(get_args(kind))}
    base = DATATYPES.get(kind, "string")
    found: dict[str, Any] = {}
    for limit in limits:
        if isinstance(limit, Ge):
            found["minimum"] = limit.ge
        if isinstance(limit, Le):
            found["maximum"] = limit.le
        if getattr(limit, "pattern", None):
            found["format"] = limit.pattern.strip("^$")
    return {"base": base, **found} if found else base
