"""A survey's folder: found by name or path, read whole, and told apart by its digest."""

import pickle
import shutil
from pathlib import Path

import pytest
from declared_folder import write_survey

from transforms.catalogue import MissingReason
from transforms.errors import DeclarationError, Mistake, UsageError
from warehouse.declaration import load_survey, survey_names


def mistakes_of(folder: Path) -> tuple[Mistake, ...]:
    with pytest.raises(DeclarationError) as caught:
        load_survey(str(folder))
    return caught.value.mistakes


def places(mistakes: tuple[Mistake, ...]) -> list[tuple[str, int]]:
    return [(mistake.file, mistake.line) for mistake in mistakes]


def test_a_folder_becomes_a_survey(tmp_path: Path) -> None:
    survey = load_survey(str(write_survey(tmp_path)))
    assert survey.name == "small"
    assert [wave.name for wave in survey.waves][:2] == ["2026-Q2", "2026-Q3"]
    assert list(survey.measures["aware"].counts) == ["yes"]
    assert survey.items["aware"].missing[9].reason is MissingReason.DONT_KNOW
    assert survey.margins["age"].total == 3000 + 3200
    assert survey.margins["area_sex"].control_totals[3].category == ("south", "female")
    assert survey.simulation is not None
    assert survey.item_in("used", "2026-Q3").code_named("no") == 5
    assert survey.item_in("used", "2026-Q4").code_named("no") == 2


def test_what_may_be_left_out_may_be_left_out(tmp_path: Path) -> None:
    folder = write_survey(
        tmp_path, [("survey.yaml", "calibration:\n  margins: [area_sex, age]\n", "")]
    )
    (folder / "simulation.yaml").unlink()
    shutil.rmtree(folder / "margins")
    survey = load_survey(str(folder))
    assert survey.simulation is None
    assert survey.margins_in_use() == ()


def test_every_shipped_survey_loads() -> None:
    assert "west_midlands" in survey_names()
    for name in survey_names():
        assert load_survey(name).name == name


def test_a_shipped_survey_is_found_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_survey("west_midlands").name == "west_midlands"


def test_a_path_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_survey(tmp_path))
    assert load_survey(".").name == "small"
    assert load_survey("../small/").name == "small"


@pytest.mark.parametrize("name", ["nowhere", "surveys/nowhere", "", "westmidlands"])
def test_an_unknown_survey_is_refused_with_the_known_ones(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        load_survey(name)
    assert "west_midlands" in str(caught.value)
    assert ("write --survey west_midlands." in caught.value.remedy) == (name == "westmidlands")


def test_the_digest_changes_with_any_file_and_with_nothing_else(tmp_path: Path) -> None:
    original = load_survey(str(write_survey(tmp_path / "a"))).digest
    assert len(original) == 64
    folder = write_survey(tmp_path / "b")
    (folder / "README.md").write_text("Notes.")
    assert load_survey(str(folder)).digest == original
    for file in sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".csv")):
        before = file.read_bytes()
        file.write_bytes(before + b"\n")
        assert load_survey(str(folder)).digest != original, file.name
        file.write_bytes(before)
    assert load_survey(str(folder)).digest == original


def test_every_mistake_in_every_file_is_reported_at_once(tmp_path: Path) -> None:
    folder = write_survey(
        tmp_path,
        [
            ("survey.yaml", "run_by:", "ran_by:"),
            ("survey.yaml", "serial: serial", "serial: sereal"),
            (
                "questionnaire.yaml",
                "8: {reason: refused, label: Refused}\n      9",
                "8: {}\n      9",
            ),
            ("measures.yaml", "3: female", "7: female"),
            ("kpis.yaml", "measure: aware", "measure: unaware"),
            ("simulation.yaml", "seed: 1", "seed: -1"),
            ("margins/age.csv", "45+,3200", "45+,many"),
        ],
    )
    assert places(mistakes_of(folder)) == [
        ("kpis.yaml", 8),
        ("margins/age.csv", 3),
        ("measures.yaml", 16),
        ("measures.yaml", 19),
        ("questionnaire.yaml", 41),
        ("questionnaire.yaml", 41),
        ("simulation.yaml", 1),
        ("survey.yaml", 2),
        ("survey.yaml", 14),
    ]


def test_what_refers_to_a_mistaken_entry_is_not_a_second_mistake(tmp_path: Path) -> None:
    folder = write_survey(
        tmp_path, [("questionnaire.yaml", "    label: Aware of Live Chat\n", "    lable: Aware\n")]
    )
    (mistake,) = mistakes_of(folder)
    assert mistake.found == "In items › aware: 'lable' is not a key that is known here."


def test_a_missing_file_is_a_mistake_and_the_others_are_checked(tmp_path: Path) -> None:
    folder = write_survey(tmp_path, [("kpis.yaml", "section: contact", "section: none")])
    (folder / "questionnaire.yaml").unlink()
    assert places(mistakes_of(folder)) == [("kpis.yaml", 5), ("questionnaire.yaml", 1)]


def test_codes_are_checked_though_the_waves_are_not_known(tmp_path: Path) -> None:
    folder = write_survey(
        tmp_path,
        [
            ("survey.yaml", "waves:", "wave:"),
            ("questionnaire.yaml", "aware: [yes]", "aware: [aye]"),
        ],
    )
    assert places(mistakes_of(folder)) == [("questionnaire.yaml", 53), ("survey.yaml", 7)]


def test_an_unreadable_file_is_a_mistake_and_the_others_are_checked(tmp_path: Path) -> None:
    folder = write_survey(
        tmp_path,
        [
            ("measures.yaml", "    label: Area", "\tlabel: Area"),
            ("kpis.yaml", "section: contact", "section: none"),
        ],
    )
    assert places(mistakes_of(folder)) == [("kpis.yaml", 5), ("measures.yaml", 3)]


def test_a_key_written_twice_is_one_mistake(tmp_path: Path) -> None:
    folder = write_survey(tmp_path, [("survey.yaml", "whole: Force", "whole: Force\ntitle: Again")])
    (mistake,) = mistakes_of(folder)
    assert (mistake.file, mistake.line) == ("survey.yaml", 6)
    assert mistake.found == "'title' is written twice; the first is on line 1."


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "- a list\n", "just words\n"])
def test_a_file_without_keys_is_a_mistake(text: str, tmp_path: Path) -> None:
    folder = write_survey(tmp_path)
    (folder / "kpis.yaml").write_text(text)
    (mistake,) = mistakes_of(folder)
    assert (mistake.file, mistake.line) == ("kpis.yaml", 1)


def test_text_that_is_not_utf8_is_a_mistake_with_its_line(tmp_path: Path) -> None:
    folder = write_survey(tmp_path)
    (folder / "kpis.yaml").write_bytes(b"sections:\n  contact: {title: Caf\xe9}\n")
    (mistake,) = mistakes_of(folder)
    assert (mistake.file, mistake.line) == ("kpis.yaml", 2)
    assert "UTF-8" in mistake.remedy


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    folder = write_survey(tmp_path)
    for file in (folder / "survey.yaml", folder / "margins" / "age.csv"):
        text = file.read_text(encoding="utf-8")
        file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load_survey(str(folder)).margins["age"].total == 3000 + 3200


def test_a_margin_separated_by_semicolons_is_a_mistake(tmp_path: Path) -> None:
    folder = write_survey(tmp_path)
    margin = folder / "margins" / "age.csv"
    margin.write_text(margin.read_text().replace(",", ";"))
    (mistake,) = mistakes_of(folder)
    assert mistake.found == "The columns are separated by semicolons."


@pytest.mark.parametrize(
    ("file", "remedy"),
    [
        ("simulaton.yaml", "save it as simulation.yaml."),
        ("kpis.yml", "save it as kpis.yaml."),
        ("notes.yaml", "rename it, or move it out of the folder."),
        ("margins/ethnicity.xlsx", "save it as margins/ethnicity.csv."),
    ],
)
def test_a_file_that_nothing_reads_is_a_mistake(file: str, remedy: str, tmp_path: Path) -> None:
    folder = write_survey(tmp_path)
    (folder / file).write_text("seed: 2\n")
    (mistake,) = mistakes_of(folder)
    assert (mistake.file, mistake.remedy) == (file, remedy)


def test_a_folder_whose_name_cannot_be_a_survey_s_is_a_mistake(tmp_path: Path) -> None:
    (mistake,) = mistakes_of(write_survey(tmp_path, name="my survey"))
    assert mistake.remedy == "rename the folder."


def test_a_folder_in_a_file_s_place_is_a_mistake(tmp_path: Path) -> None:
    folder = write_survey(tmp_path)
    (folder / "kpis.yaml").unlink()
    (folder / "kpis.yaml").mkdir()
    (mistake,) = mistakes_of(folder)
    assert mistake.found == "The file cannot be opened."


def test_the_text_reads_well_in_a_terminal(tmp_path: Path) -> None:
    folder = write_survey(tmp_path, [("kpis.yaml", "measure: aware", "measure: awre")])
    with pytest.raises(DeclarationError) as caught:
        load_survey(str(folder))
    assert str(caught.value) == (
        f"The declaration in {folder} has 1 mistake.\n"
        "\n"
        "kpis.yaml:8: There is no measure called 'awre'.\n"
        "    Expected: aware or used.\n"
        "    What to do: did you mean 'aware'?\n"
        "\n"
        "What to do: correct the lines named above, then run the command again."
    )
    (mistake,) = caught.value.mistakes
    assert str(mistake) == (
        "kpis.yaml:8: There is no measure called 'awre'. "
        "Expected: aware or used. What to do: did you mean 'aware'?"
    )


def test_the_error_crosses_to_another_process_whole(tmp_path: Path) -> None:
    folder = write_survey(tmp_path, [("kpis.yaml", "measure: aware", "measure: awre")])
    with pytest.raises(DeclarationError) as caught:
        load_survey(str(folder))
    copy = pickle.loads(pickle.dumps(caught.value))
    assert copy.mistakes == caught.value.mistakes
    assert str(copy) == str(caught.value)
