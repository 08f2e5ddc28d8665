"""A simulated return on disk: an SPSS file as a supplier writes it, the same bytes each time."""

from hashlib import sha256
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from simulated_survey import simulated_survey

from transforms.decode import decode
from transforms.errors import DeclarationError
from transforms.simulation import simulate_wave, truth
from warehouse.returns import read_return
from warehouse.supplier_file import write_return, write_truth

WAVE = "2026-Q3"


@pytest.fixture(scope="module")
def survey():
    return simulated_survey(
        {"fieldwork": {"interviews": {"north": 40, "south": 40}}},
        {"questionnaire": {"items": {"confidence": {"question": "Confident? " + "é" * 200}}}},
    )


@pytest.fixture(scope="module")
def written(survey, tmp_path_factory):
    return write_return(simulate_wave(survey, WAVE), survey, tmp_path_factory.mktemp("inbox"))


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def test_the_name_says_survey_and_wave_and_nothing_else_is_left(written):
    assert written.name == "small_2026-Q3.sav"
    assert list(written.parent.iterdir()) == [written]


def test_the_same_seed_writes_the_same_bytes_whenever(survey, written, tmp_path, monkeypatch):
    """The header would hold the moment of writing: another time zone is another moment."""
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    again = write_return(simulate_wave(survey, WAVE), survey, tmp_path / "new" / "folder")
    assert digest(again) == digest(written)
    assert written.read_bytes()[92:109] == b"30 Sep 2600:00:00"


def test_another_seed_or_wave_writes_other_bytes(survey, written, tmp_path):
    other_seed = write_return(simulate_wave(survey, WAVE, 1), survey, tmp_path)
    other_wave = write_return(simulate_wave(survey, "2026-Q4"), survey, tmp_path)
    assert len({digest(written), digest(other_seed), digest(other_wave)}) == 3


def test_the_dictionary_is_a_supplier_s(written):
    _, meta = pyreadstat.read_sav(written, metadataonly=True, user_missing=True)
    assert meta.file_label == "SIMULATED small 2026-Q3"
    assert meta.missing_ranges["Q1"] == [{"lo": 97.0, "hi": 97.0}, {"lo": 98.0, "hi": 98.0}]
    assert meta.missing_ranges["sex"] == [{"lo": 9.0, "hi": 9.0}]
    assert meta.variable_value_labels["sex"] == {1.0: "Male", 2.0: "Female", 9.0: "Refused"}
    assert meta.variable_value_labels["age"] == {998.0: "Refused", 999.0: "Don't know"}
    assert meta.original_variable_types["interview_date"] == "DATE11"
    assert meta.column_names_to_labels["area"] == "Area"
    label = meta.column_names_to_labels["Q1"]
    assert label.startswith("Confident? éé") and len(label.encode()) <= 255


def test_what_is_read_back_is_what_was_drawn(survey, written):
    raw = read_return(written)
    drawn = simulate_wave(survey, WAVE).rows
    assert raw.simulated
    pd.testing.assert_frame_equal(raw.rows, drawn, check_exact=True)
    assert len(decode(raw, survey, WAVE).respondents) == len(drawn)


def test_more_missing_codes_than_the_format_holds_are_refused(survey, tmp_path):
    codes = {n: {"reason": "refused", "label": "Refused"} for n in (95, 96, 97, 98)}
    items = {"questionnaire": {"items": {"chat_aware": {"missing": codes}}}}
    with pytest.raises(DeclarationError, match="chat_aware has 4 missing codes"):
        write_return(simulate_wave(survey, WAVE), simulated_survey(changes=items), tmp_path)


def test_the_truth_is_one_file_with_every_digit(survey, tmp_path):
    truths = [truth(survey, "2026-Q2"), truth(survey, "2026-Q3")]
    path = write_truth(truths, tmp_path)
    assert path.name == "truth.csv"
    pd.testing.assert_frame_equal(pd.read_csv(path), pd.concat(truths, ignore_index=True))
