"""Files of Stata, SAS and the older formats of SPSS: codes kept, special missing ones as codes."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from builders import small_survey
from readers import read, refusal
from returns_in_formats import SAS_DATA_SET, small_frame, written

from transforms.catalogue import MissingReason
from transforms.variables import decode_item


def write_stata(path: Path, version: int = 15) -> Path:
    answers = pd.Series([1.0, np.nan, "a", "z", 5.0], dtype="object")
    rows = pd.DataFrame({"Q1": answers, "Q2": [1, 2, 1, 2, 1]})
    pyreadstat.write_dta(
        rows,
        path,
        version=version,
        column_labels={"Q1": "Confidence"},
        variable_value_labels={"Q1": {1: "Agree", "a": "Refused"}},
        missing_user_values={"Q1": ["a", "z"]},
    )
    return path


@pytest.mark.parametrize("version", [10, 15])
def test_stata_s_special_missing_values_are_codes_of_their_item(tmp_path, version):
    held = read(write_stata(tmp_path / "small.dta", version))

    assert held.kind == "a Stata file"
    assert held.rows["Q1"].tolist() == [1.0, None, ".a", ".z", 5.0]
    assert held.rows["Q2"].tolist() == [1.0, 2.0, 1.0, 2.0, 1.0]
    assert held.variables["Q1"].label == "Confidence"
    assert held.variables["Q1"].value_labels == {1: "Agree", ".a": "Refused"}
    assert held.variables["Q1"].missing_ranges == ((".a", ".a"), (".z", ".z"))
    assert held.variables["Q2"].missing_ranges == ()


def test_they_are_decoded_as_declared_for_the_item(tmp_path):
    codes = {
        ".a": {"reason": "refused", "label": "Refused"},
        ".z": {"reason": "dont_know", "label": "Don't know"},
    }
    survey = small_survey({"questionnaire": {"items": {"confidence": {"missing": codes}}}})
    column = read(write_stata(tmp_path / "small.dta")).rows["Q1"]
    decoded = decode_item(column, survey.item_in("confidence", "2026-Q2"))

    assert decoded.answers.tolist() == [1, pd.NA, pd.NA, pd.NA, 5]
    assert decoded.reasons.tolist()[2:4] == [MissingReason.REFUSED, MissingReason.DONT_KNOW]
    assert decoded.empty.tolist() == [False, True, False, False, False]
    assert not decoded.unknown.any()


def test_sas_s_special_missing_values_are_codes_too():
    held = read(SAS_DATA_SET)

    assert held.kind == "a SAS data set"
    assert held.rows["serial"].tolist() == small_frame()["serial"].tolist()
    assert held.rows["Q1"].tolist() == [1.0, 2.0, 3.0, ".A", None] * 8
    assert held.rows["held"].tolist() == small_frame()["held"].tolist()
    assert held.rows["place"].tolist() == ["North", "South"] * 20
    assert held.variables["Q1"].label == "Confidence"
    assert held.variables["Q1"].missing_ranges == ((".A", ".A"),)


def test_a_transport_file_s_special_missing_values_are_codes_too(tmp_path):
    path = written("xpt 5", tmp_path)
    content = path.read_bytes()
    missing, special = b".\0\0\0\0\0\0\0", b"B\0\0\0\0\0\0\0"
    path.write_bytes(content.replace(missing, special, 1))

    assert read(path).rows["Q1"].tolist()[:10] == [1, 2, 3, 4, ".B", 1, 2, 3, 4, None]


def test_a_portable_file_s_user_missing_codes_are_kept(tmp_path):
    """Q1 is declared with 9 missing, after its record in the dictionary; no library writes that."""
    frame = small_frame()
    frame.loc[0, "Q1"] = 9.0
    path = written("por", tmp_path, frame)
    lines = path.read_bytes().replace(b"\r\n", b"")
    after_q1 = lines.index(b"2/Q15/8/2/5/8/2/") + len(b"2/Q15/8/2/5/8/2/")
    path.write_bytes(lines[:after_q1] + b"89/" + lines[after_q1:])
    held = read(path)

    assert held.rows["Q1"].tolist()[:4] == [9.0, 2.0, 3.0, 4.0]
    assert held.variables["Q1"].missing_ranges == ((9, 9),)


def test_a_column_of_dates_with_special_missing_values_holds_both(tmp_path):
    rows = pd.DataFrame({"serial": [1.0, 2.0, 3.0]})
    rows["held"] = pd.Series([24226.0, "a", np.nan], dtype="object")
    path = tmp_path / "dates.dta"
    pyreadstat.write_dta(
        rows, path, missing_user_values={"held": ["a"]}, variable_format={"held": "%td"}
    )

    assert read(path).rows["held"].tolist() == [datetime(2026, 4, 30), ".a", None]


def test_text_of_a_transport_file_is_unicode_or_else_windows_1252(tmp_path):
    rows = pd.DataFrame({"serial": [1.0], "place": ["nXXe"]})
    path = tmp_path / "small.xpt"
    for spelt in ("é".encode(), b"\xe9 "):
        pyreadstat.write_xport(rows, path)
        path.write_bytes(path.read_bytes().replace(b"XX", spelt))
        assert read(path).rows["place"][0].replace(" ", "") == "née"


def test_a_transport_file_of_two_tables_is_refused(tmp_path):
    path = written("xpt 5", tmp_path)
    content = path.read_bytes()
    path.write_bytes(content + content[240:])  # all but the library's header once more

    assert "more than one table" in refusal(path).what


@pytest.mark.parametrize(
    ("kind", "lost"),
    [
        *((kind, lost) for kind in ("dta", "dta of Stata 10", "xpt 8") for lost in (1, 7, 400)),
        ("por", 400),  # less is the padding after the mark that ends its rows
    ],
)
def test_a_file_cut_short_is_refused(tmp_path, kind, lost):
    path = written(kind, tmp_path)
    path.write_bytes(path.read_bytes()[:-lost])

    assert "damaged or cut short" in refusal(path).what


def test_a_sas_data_set_cut_short_is_refused(tmp_path):
    path = tmp_path / "cut.sas7bdat"
    path.write_bytes(SAS_DATA_SET.read_bytes()[:-100])

    assert "damaged or cut short" in refusal(path).what


def test_text_of_an_old_stata_file_is_in_the_encoding_declared(tmp_path):
    """Before format 118 a file does not say which; Windows-1252 unless another is declared."""
    rows = pd.DataFrame({"serial": [1.0], "place": ["nXe"]})
    path = tmp_path / "old.dta"
    pyreadstat.write_dta(rows, path, version=10)
    path.write_bytes(path.read_bytes().replace(b"nXe", b"n\xbee"))

    assert read(path).rows["place"].tolist() == ["n¾e"]
    assert read(path, encoding="windows-1250").rows["place"].tolist() == ["nľe"]
