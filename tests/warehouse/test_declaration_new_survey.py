"""A new survey's folder works as it stands, explains itself, and takes nobody's place."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import warehouse
from transforms.catalogue import MissingReason
from transforms.catalogue.json_schema import json_schemas
from transforms.errors import UsageError
from transforms.simulation import simulate_wave
from warehouse.declaration import load_survey, published_names, survey_names
from warehouse.new_survey import write_skeleton

SKELETON = Path(warehouse.__path__[0]) / "skeleton"
PUBLISHED = Path(warehouse.__path__[0]) / "skeleton_published"


def test_a_new_survey_loads_as_it_stands(tmp_path: Path) -> None:
    folder = write_skeleton("perceptions_north", tmp_path / "not" / "there yet")
    assert folder == tmp_path / "not" / "there yet" / "perceptions_north"
    survey = load_survey(str(folder))
    assert survey.name == "perceptions_north"
    assert survey.measures
    assert survey.kpis
    assert {margin.total for margin in survey.margins_in_use()} == {240_000 + 160_000}
    assert sorted(path.name for path in folder.parent.iterdir()) == ["perceptions_north"]


def test_a_new_survey_can_be_simulated(tmp_path: Path) -> None:
    survey = load_survey(str(write_skeleton("new", tmp_path)))
    rows = simulate_wave(survey, "2026-Q2").rows
    assert list(rows.columns) == [item.variable or name for name, item in survey.items.items()]
    assert abs(len(rows) - (400 + 300)) < 150


def test_editors_find_the_schemas_from_the_new_folder(tmp_path: Path) -> None:
    folder = write_skeleton("new", tmp_path)
    published = write_skeleton("other", tmp_path, published=True)
    files = sorted([*folder.glob("*.yaml"), *published.glob("*.yaml")])
    assert len(files) == 6 + 1
    for file in files:
        first = file.read_text(encoding="utf-8").splitlines()[0]
        matched = re.fullmatch(r"# yaml-language-server: \$schema=(.+)", first)
        assert matched is not None
        schema = json.loads((folder / matched[1]).read_text(encoding="utf-8"))
        assert schema["title"] == file.name


@pytest.mark.parametrize(
    "path",
    sorted([*SKELETON.glob("*.yaml"), *PUBLISHED.glob("*.yaml")]),
    ids=lambda path: path.name,
)
def test_every_key_is_shown(path: Path) -> None:
    """Also those that may be left out: they stand behind a #, with what they do."""
    text = path.read_text(encoding="utf-8")
    schema = json.loads(json_schemas()[path.name.replace(".yaml", ".schema.json")])
    shown = set(re.findall(r"(\w+):", text))
    assert set(_keys(schema)) - shown - NOT_SHOWN == set()


NOT_SHOWN = {
    "tolerance",  # of the raking: nobody need change them
    "max_iterations",
    "leverage",  # to reproduce figures made elsewhere
}


def _keys(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, inner in part.items():
            yield from inner if key == "properties" else ()
            yield from _keys(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _keys(inner)


def test_every_reason_for_a_missing_answer_is_named() -> None:
    text = (SKELETON / "questionnaire.yaml").read_text(encoding="utf-8")
    assert [reason for reason in MissingReason if reason.value not in text] == []


def test_keys_behind_a_hash_can_be_used() -> None:
    """Taking the # away from the optional parts of survey.yaml leaves YAML that is understood."""
    text = (SKELETON / "survey.yaml").read_text(encoding="utf-8")
    optional = re.findall(r"^# (\w+:.*(?:\n#   \w+:.*)*)", text, flags=re.MULTILINE)
    keys = {next(iter(yaml.safe_load(part.replace("\n# ", "\n")))) for part in optional}
    assert {"estimation", "significance_level", "disclosure", "reliability"} <= keys


def test_an_existing_folder_is_left_alone(tmp_path: Path) -> None:
    taken = tmp_path / "new"
    taken.mkdir()
    (taken / "survey.yaml").write_text("mine")
    with pytest.raises(UsageError, match="exists already"):
        write_skeleton("new", tmp_path)
    assert (taken / "survey.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("My Survey", "write my_survey."),
        ("west-mercia", "write west_mercia."),
        ("../up", "write up."),
        ("2026", "choose such a name."),
        ("", "choose such a name."),
        ("new\n", "write new."),
    ],
)
def test_a_name_that_cannot_be_one_is_refused(name: str, remedy: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        write_skeleton(name, tmp_path)
    assert caught.value.remedy == remedy
    assert list(tmp_path.iterdir()) == []


def test_a_shipped_survey_s_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="comes with the program"):
        write_skeleton(survey_names()[0], tmp_path)
    with pytest.raises(UsageError, match="comes with the program"):
        write_skeleton(published_names()[0], tmp_path)


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(UsageError, match="cannot be written"):
        write_skeleton("new", tmp_path / "file")
