"""JSON Schemas of the declaration's files, so that an editor can complete and check them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from transforms.catalogue.base import Declared
from transforms.catalogue.build import MODELS
from transforms.catalogue.published import FILE, PublishedFile


class _EditorSchema(GenerateJsonSchema):
    """pydantic's schema without titles made of field names, and strict about entries' names."""

    def field_title_should_be_set(self, schema: object) -> bool:
        """Leave titles out: they only repeat the keys."""
        return False

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Refuse, as the models do, an entry whose name does not match the pattern."""
        described = super().dict_schema(schema)
        strict = {"additionalProperties": False} if "patternProperties" in described else {}
        return {**described, **strict}


def json_schemas() -> Mapping[str, str]:
    """Return the text of each file's schema by the schema's file name (survey.schema.json).

    Codes may be numbers in YAML. JSON has only texts as keys, editors read YAML so, and so do
    these schemas.
    """
    models: dict[str, type[Declared]] = {**MODELS, FILE: PublishedFile}
    return {
        file.replace(".yaml", ".schema.json"): _schema_text(file, model)
        for file, model in models.items()
    }


def _schema_text(file: str, model: type[Declared]) -> str:
    schema = {
        **model.model_json_schema(schema_generator=_EditorSchema),
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": file,
    }
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
