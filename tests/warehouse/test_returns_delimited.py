"""Delimited returns: every cell kept, every malformed file refused with one message."""

import csv
import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import read, refusal

from transforms.errors import ReturnRejected
from transforms.responses import RawReturn
from warehouse.readers.columns import Cells
from warehouse.readers.reading import AS_USUAL


def write(folder: Path, text: str, name: str = "small.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def read_text(
    folder: Path, text: str, name: str = "small.csv", encoded: str = "utf-8", **reading: object
) -> RawReturn:
    return read(write(folder, text, name, encoded), **reading)


def refused_text(folder: Path, text: str, name: str = "small.csv", **reading) -> ReturnRejected:
    return refusal(write(folder, text, name), **reading)


def column(texts: list[str]) -> list[object]:
    cells = Cells()
    cells.add(texts)
    return cells.column(AS_USUAL, len(texts)).to_pylist()


def test_numbers_are_numbers_only_where_every_cell_is_one(tmp_path):
    held = read_text(
        tmp_path,
        "serial,weight,age,note,gone\n1001,.1714,36,1,\n1002,-.389, ,n/a, \n1003,2e-3,44,3,\n",
    )

    assert held.rows["serial"].tolist() == [1001.0, 1002.0, 1003.0]
    assert held.rows["weight"].tolist() == [0.1714, -0.389, 0.002]
    assert held.rows["age"].isna().tolist() == [False, True, False]
    assert held.rows["note"].tolist() == ["1", "n/a", "3"]
    assert held.rows["gone"].isna().all()
    assert held.rows.dtypes.astype(str).tolist() == ["float64"] * 3 + ["str", "float64"]
    assert held.variables["note"].value_labels == {}
    assert not held.simulated


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_numbers_come_back_to_the_last_digit(numbers):
    held = column([repr(number) for number in numbers])

    assert [math.copysign(1, number) for number in held] == [math.copysign(1, n) for n in numbers]
    assert held == numbers


@pytest.mark.parametrize(
    "cells",
    [
        ["9007199254740993"],  # 2⁵³ + 1 has no float of its own
        ["012", "12"],
        ["0012", "0013"],  # a serial number keeps its zeros
        ["1e999", "1"],
        ["0,56", "0,67"],
        ["1", "١"],
    ],
)
def test_cells_that_a_float_would_confuse_stay_text(cells):
    assert column(cells) == cells


def test_padding_does_not_make_two_numbers_of_one():
    assert column([" 1", "1", "1.0", "1 "]) == [1.0, 1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("name", "delimiter"),
    [
        ("a.csv", ","),
        ("a.csv", ";"),
        ("a.csv", "\t"),
        ("a.tab", "\t"),
        ("a.tsv", "\t"),
        ("a.tab", ","),
    ],
)
def test_the_delimiter_is_seen_in_the_first_line(tmp_path, name, delimiter):
    line = delimiter.join
    held = read_text(tmp_path, f"{line(['serial', 'Q1'])}\r\n{line(['1001', '2'])}\r\n", name)

    assert held.rows.to_dict("list") == {"serial": [1001.0], "Q1": [2.0]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_encoding_is_utf_8_or_else_windows_1252(tmp_path, encoding):
    held = read_text(tmp_path, "serial,Straße\n1001,née’s\n", encoded=encoding)

    assert held.rows.to_dict("list") == {"serial": [1001.0], "Straße": ["née’s"]}


def test_lines_with_nothing_in_them_are_no_rows_and_a_quoted_line_end_is_no_line(tmp_path):
    held = read_text(tmp_path, '\nserial,note\n\n1001,"two\nlines, ""quoted"""\n  \n')

    assert held.rows.to_dict("list") == {"serial": [1001.0], "note": ['two\nlines, "quoted"']}


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(min_value=0, max_value=10**6),
            st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), min_size=1),
        ),
        min_size=1,
    ),
    st.sampled_from(",;\t"),
)
def test_whatever_is_written_is_read(tmp_path_factory, rows, delimiter):
    path = tmp_path_factory.mktemp("written") / "small.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL)
        writer.writerows([("serial", "note"), *[(n, "t" + text) for n, text in rows]])
    held = read(path)

    assert held.rows["serial"].tolist() == [float(number) for number, _ in rows]
    assert held.rows["note"].tolist() == [("t" + text).strip() for _, text in rows]


def test_ragged_rows_are_refused_by_line(tmp_path):
    refused = refused_text(tmp_path, "serial,Q1\n1001,1\n1002,1,secret\n1003\n")

    assert "2 of 3 rows" in refused.what
    assert "line 3 has 3, line 4 has 1" in refused.what
    assert "secret" not in str(refused)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("serial,Q1,q1 ", "same name: column 2 and column 3"),
        ("serial,Q1,Q1", "same name: column 2 and column 3"),
        ("serial,Q1,", "1 of 3 columns without a name: column 3"),
        (" ,Q1,Q2", "1 of 3 columns without a name: column 1"),
    ],
)
def test_columns_that_cannot_be_told_apart_are_refused(tmp_path, header, found):
    assert found in refused_text(tmp_path, f"{header}\n1001,1,1\n").what


@pytest.mark.parametrize("line", ['1001,"open\n', '1001,"shut"secret\n'])
def test_a_quotation_mark_out_of_place_is_refused(tmp_path, line):
    refused = refused_text(tmp_path, f"serial,note\n{line}1002,x\n")

    assert "cannot be divided into cells at line" in refused.what
    assert "secret" not in str(refused)


def test_names_without_rows_are_refused(tmp_path):
    assert "2 columns and no rows" in refused_text(tmp_path, "serial,Q1\n").what


def test_only_blank_lines_are_refused(tmp_path):
    assert "no rows" in refused_text(tmp_path, "\n\n").what


@pytest.mark.parametrize("name", ["empty.csv", "empty.sav"])
def test_an_empty_file_is_refused(tmp_path, name):
    assert "is empty (0 bytes)" in refused_text(tmp_path, "", name).what


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"serial,Q1\n1001,\x81\n", "no text neither in UTF-8 nor in Windows-1252"),
        ("serial,Q1\n1001,1\n".encode("utf-16-be"), "UTF-16 without the mark"),
        (b"serial,Q1\n1001,\x00\n", "it is something that this program does not know"),
        (b"serial,Q1\n" + 2000 * b"1001,1\n" + b"1002,\x00\n", "not text throughout"),
    ],
)
def test_what_is_not_text_is_refused(tmp_path, content, found):
    path = tmp_path / "small.csv"
    path.write_bytes(content)

    assert found in refusal(path).what


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert "is not there" in refusal(tmp_path / "absent.csv").what


def test_the_frame_is_not_fragmented_by_many_columns(tmp_path):
    names = [f"Q{number}" for number in range(300)]
    held = read_text(tmp_path, f"{','.join(names)}\n{','.join('1' for _ in names)}\n")

    pd.testing.assert_frame_equal(held.rows, pd.DataFrame([[1.0] * 300], columns=names))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_mark_of_the_encoding_comes_before_what_is_declared(tmp_path, encoding):
    text = "serial\tStraße\n1001\tnée\n"
    held = read_text(tmp_path, text, "a.tab", encoding, encoding="iso-8859-1")

    assert held.rows.to_dict("list") == {"serial": [1001.0], "Straße": ["née"]}


def test_a_declared_encoding_is_used_and_no_other(tmp_path):
    text = "serial,place\n1001,Žižkov\n"
    held = read_text(tmp_path, text, "a.csv", "cp1250", encoding="windows-1250")

    assert held.rows["place"].tolist() == ["Žižkov"]
    (tmp_path / "b.csv").write_bytes(b"serial,place\n1001,n\xe9e\n")
    assert "no text in utf-8" in refusal(tmp_path / "b.csv", encoding="utf-8").what


def test_decimal_commas_are_numbers_where_declared(tmp_path):
    text = "serial;weight;share\n1001;0,56;1.234\n1002;12;,5\n"
    held = read_text(tmp_path, text, decimal="comma")

    assert held.rows["weight"].tolist() == [0.56, 12.0]
    assert held.rows["share"].tolist() == ["1.234", ",5"]  # 1.234 may be a thousand: no number


def test_what_is_declared_as_empty_is_empty(tmp_path):
    text = "serial,Q1,note\n1001,#NULL!,-\n1002,2, - \n"
    held = read_text(tmp_path, text, empty=["#NULL!", "-"])

    assert held.rows["Q1"].tolist()[1:] == [2.0]
    assert held.rows["Q1"].isna().tolist() == [True, False]
    assert held.rows["note"].isna().all()


def test_a_first_line_that_names_the_delimiter_is_no_line_of_names(tmp_path):
    held = read_text(tmp_path, "sep=;\r\nserial;a,b,c,d\r\n1001;2\r\n")

    assert held.rows.to_dict("list") == {"serial": [1001.0], "a,b,c,d": [2.0]}


def test_columns_and_rows_that_spreadsheets_leave_behind_are_left_out(tmp_path):
    held = read_text(tmp_path, "serial,Q1,,\n1001,1,,\n,,,\n1002,2,, \n,,,\n,,,\n")

    assert held.rows.columns.tolist() == ["serial", "Q1"]
    assert held.rows["serial"].isna().tolist() == [False, True, False]


def test_answers_in_the_first_line_are_not_taken_for_names(tmp_path):
    refused = refused_text(tmp_path, "71001,2026-04-30,Coventry,2\n71002,2026-05-01,Dudley,1\n")

    assert "has no line of names: 3 of the 4 cells" in refused.what
    assert "Coventry" not in str(refused) and "71001" not in str(refused)
