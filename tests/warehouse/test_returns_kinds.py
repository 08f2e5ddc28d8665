"""What a file is, is seen in what it holds: each format gives the same return."""

import io
import zipfile
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from readers import read, refusal
from returns_in_formats import WRITERS, small_frame, written

TEXT_DATES = {"csv", "tab"}
"""Where a date is text until it is decoded."""


ALIKE = ({".sav", ".zsav"}, {".csv", ".tab"})
SUFFIXES = (".sav", ".por", ".dta", ".sas7bdat", ".xpt", ".csv", ".xlsx", ".parquet")
UNDER_ANOTHER_NAME = [
    (kind, suffix)
    for kind, (name, _) in WRITERS.items()
    for suffix in SUFFIXES
    if Path(name).suffix != suffix and not any({Path(name).suffix, suffix} <= a for a in ALIKE)
]


@pytest.mark.parametrize("kind", WRITERS)
def test_every_format_gives_the_same_return(tmp_path, kind):
    held = read(written(kind, tmp_path)).rows
    held.columns = [name.lower() for name in held.columns]  # .por knows capitals only
    expected = small_frame()

    assert held["serial"].tolist() == expected["serial"].tolist()
    np.testing.assert_array_equal(held["q1"].to_numpy(), expected["Q1"].to_numpy())
    assert held["place"].tolist() == expected["place"].tolist()
    if kind in TEXT_DATES:
        assert held["held"].tolist()[:2] == ["2026-04-30", "2026-05-01"]
    else:
        assert held["held"].dtype == "datetime64[us]"
        assert held["held"].tolist() == expected["held"].tolist()
    assert held["serial"].dtype == held["q1"].dtype == "float64"
    assert held["place"].dtype == "str"


@pytest.mark.parametrize(("kind", "suffix"), UNDER_ANOTHER_NAME)
def test_a_file_under_the_name_of_another_format_is_refused_with_what_it_is(tmp_path, kind, suffix):
    path = written(kind, tmp_path)
    renamed = path.rename(tmp_path / f"renamed{suffix}")
    refused = refusal(renamed)

    assert "although its name says so: it is" in refused.what
    assert path.suffix in refused.remedy


def zipped(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "kind", "remedy"),
    [
        (b"serial,Q1\n1001,1\n", "plain text, such as a CSV file", "ends in .csv"),
        (zipped("return.csv"), "a zip archive", "Unpack it"),
        (zipped("[Content_Types].xml", "word/document.xml"), "a Word", "the return itself"),
        (zipped("xl/workbook.bin"), "a binary Excel workbook", ".xlsx"),
        (zipped("mimetype"), "an OpenDocument file", ".xlsx"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "an Excel workbook of the old kind", ".xlsx"),
        (
            b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "an Office file locked with a password",
            "without a password",
        ),
        (b"%PDF-1.7 ", "a PDF document", "the return itself"),
        (b"\x1c" + bytes(7) + b"ENCRYPTEDSAV", "an SPSS file locked with a password", "password"),
        (b"<!DOCTYPE html><html>", "a web page", "sign in"),
        (b"**COMPRESSED** **COMPRESSED**", "a SAS CPORT file", "XPORT"),
        (b"\x00\x01\x02", "something that this program does not know", "the return itself"),
    ],
)
def test_a_renamed_file_is_refused_with_what_it_is_and_what_to_do(tmp_path, content, kind, remedy):
    path = tmp_path / "renamed.sav"
    path.write_bytes(content)
    refused = refusal(path)

    assert f"not an SPSS file although its name says so: it is {kind}" in refused.what
    assert remedy in refused.remedy


@pytest.mark.parametrize("name", ["small.txt", "small.dat", "small"])
def test_a_name_that_says_no_format_is_refused_with_those_accepted(tmp_path, name):
    path = tmp_path / name
    path.write_text("serial,Q1\n1001,1\n")
    refused = refusal(path)

    assert "is plain text, such as a CSV file, and its name" in refused.what
    assert ".sav, .zsav, .por" in refused.expected
    assert "ends in .csv" in refused.remedy


def test_an_account_that_may_not_read_it_is_told_so(tmp_path, monkeypatch):
    path = written("csv", tmp_path)
    monkeypatch.setattr("os.access", lambda *_: False)

    assert "may not be read by this account" in refusal(path).what


def test_dates_hold_their_time_of_day(tmp_path):
    frame = small_frame(2)
    frame["held"] = [datetime(2026, 4, 30, 10, 15), datetime(2026, 5, 1, 23, 59, 59)]
    for kind in ("xlsx", "parquet", "dta", "xpt 8"):
        path = written(kind, tmp_path, frame)
        assert read(path).rows["held"].tolist() == frame["held"].tolist(), kind


def test_the_path_of_a_return_may_hold_any_letter(tmp_path):
    folder = tmp_path / "Rücksendung “2026” 調査"
    folder.mkdir()
    for kind in ("sav", "xlsx", "parquet", "csv"):
        assert len(read(written(kind, Path(folder))).rows) == 40
