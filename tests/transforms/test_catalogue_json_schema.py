"""The JSON Schemas that editors use say what the models say."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

import surveys
from transforms.catalogue.build import MODELS
from transforms.catalogue.json_schema import json_schemas
from transforms.catalogue.published import FILE

SHIPPED = Path(surveys.__path__[0])
WAREHOUSE = Path(__file__).parents[2] / "warehouse"
DECLARED = sorted(
    path
    for folder in (*SHIPPED.iterdir(), WAREHOUSE / "skeleton", WAREHOUSE / "skeleton_published")
    for path in folder.glob("*.yaml")
    if path.name in (*MODELS, FILE)
)


def schema_of(file: str) -> dict[str, object]:
    return json.loads(json_schemas()[file.replace(".yaml", ".schema.json")])


def as_an_editor_reads(path: Path) -> object:
    """Every key a text and every date a text, as in JSON."""
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return _typed(content)


def _typed(part: object) -> object:
    if isinstance(part, dict):
        return {str(key): _typed(inner) for key, inner in part.items()}
    if isinstance(part, list):
        return [_typed(inner) for inner in part]
    if part in ("true", "false"):
        return part == "true"
    try:
        return float(part) if any(letter in part for letter in ".eE") else int(part)
    except ValueError:
        return part


def test_the_written_schemas_are_up_to_date() -> None:
    written = {
        path.name: path.read_text(encoding="utf-8") for path in SHIPPED.glob("schema/*.json")
    }
    assert written == dict(json_schemas()), "write them again: python -m warehouse.write_schemas"


def test_the_schemas_are_the_same_every_time() -> None:
    assert json_schemas() == json_schemas()


@pytest.mark.parametrize("path", DECLARED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_editor_finds_nothing_wrong_in_what_is_shipped(path: Path) -> None:
    schema = schema_of(path.name)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(as_an_editor_reads(path), schema)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("questionnaire.yaml", {"items": {"q1": {"label": "A", "lable": "B"}}}),
        ("questionnaire.yaml", {"items": {"Q 1": {"label": "A"}}}),
        ("questionnaire.yaml", {"items": {"q1": {"label": "A", "codes": {"1": {"name": "a b"}}}}}),
        ("questionnaire.yaml", {"items": {"q1": {"label": "A", "blank": "dunno"}}}),
        ("kpis.yaml", {"sections": {}}),
    ],
)
def test_an_editor_finds_what_the_models_refuse(file: str, content: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, schema_of(file))


def test_codes_may_be_numbers() -> None:
    codes = {"1": {"name": "yes", "label": "Yes"}, "-1": {"name": "no", "label": "No"}}
    content = {"items": {"q1": {"label": "A", "codes": codes}}}
    jsonschema.validate(content, schema_of("questionnaire.yaml"))


def test_keys_come_with_their_explanation() -> None:
    properties = schema_of("survey.yaml")["properties"]
    assert isinstance(properties, dict)
    assert properties["covers"]["description"]
