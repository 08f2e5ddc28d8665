"""kpis.json as frozen models, and its JSON Schema, which is made of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from pydantic import AwareDatetime, Field
from pydantic.json_schema import GenerateJsonSchema

from transforms.contract.fields import Direction, Row
from transforms.contract.records import RecordEntry
from transforms.contract.rows import Figure, Finding

CONTRACT_VERSION = "1.2"
"""Major: a field was removed or means something else. Minor: a field was added."""


class SurveyEntry(Row):
    """The survey that every figure is of."""

    survey: str
    title: str
    run_by: str
    fieldwork_by: str
    covers: str = Field(description="The population the estimates speak of")
    simulated: bool = Field(description="true: no figure of the survey is about real people")
    illustrative: str | None = Field(description="What is illustrative; null: nothing")
    confidence: float | None = Field(description="Level of every interval, such as 0.95")
    significance_level: float | None = Field(description="Level of every test, such as 0.05")
    declaration: str = Field(description="SHA-256 of the survey's declaration")
    contact: str | None = Field(description="Whom readers may ask. Since 1.2")


class ReleaseEntry(Row):
    """The release that a file belongs to."""

    number: int = Field(ge=1)
    released_at: AwareDatetime
    released_on: date = Field(description="The day of it in Europe/London")
    latest_wave: str
    provisional: tuple[str, ...] = Field(description="Waves whose figures may still change")
    corrects: int | None = Field(description="The release that it corrects; null: none")
    note: str | None = Field(description="What the publisher says of it")


class MeasureEntry(Row):
    """The measure that a KPI is judged by."""

    measure: str
    label: str
    question: str | None = Field(description="The question as asked; null: not a single one")
    base: str = Field(description="Who is in the base")
    unit: str = Field(description="proportion: shares from 0 to 1; else what a mean is counted in")
    lowest: float
    highest: float


class KpiEntry(Row):
    """A KPI with every finding on it and every figure of its measure, in order of time."""

    kpi: str
    section: str
    section_title: str
    title: str
    statement: str
    required_direction: Direction
    owner: str
    page: str = Field(description="Its page, from the root of the site")
    measure: MeasureEntry
    findings: tuple[Finding, ...]
    figures: tuple[Figure, ...]
    records: tuple[RecordEntry, ...] = Field(
        description="Series that stand beside the KPI: not survey estimates. Since 1.1"
    )


class KpisFile(Row):
    """kpis.json: the KPIs of the Plan, each with what the survey says of it."""

    contract: str = Field(pattern=r"^1\.\d+$", description="Version of this contract")
    survey: SurveyEntry
    release: ReleaseEntry | None = Field(description="null: a draft that is not released")
    markers: Mapping[str, str] = Field(description="What each shorthand symbol means")
    kpis: tuple[KpiEntry, ...]


class ContractSchema(GenerateJsonSchema):
    """pydantic's schema without titles made of field names."""

    def field_title_should_be_set(self, schema: object) -> bool:
        """Leave titles out: they only repeat the keys."""
        return False


def contract_schema() -> str:
    """Return the JSON Schema of kpis.json, as published beside it."""
    schema = {
        **KpisFile.model_json_schema(mode="serialization", schema_generator=ContractSchema),
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": f"kpis.json, contract {CONTRACT_VERSION}",
    }
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
