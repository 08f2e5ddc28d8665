"""Delimited returns: every cell kept, every malformed file refused with one message."""

import csv
import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.errors import ReturnRejected
from transforms.responses import RawReturn
from warehouse.returns import read_return
from warehouse.returns.delimited import _column


def read_text(
    folder: Path, text: str, name: str = "small.csv", encoding: str = "utf-8"
) -> RawReturn:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return read_return(path)


def refused_text(folder: Path, text: str, name: str = "small.csv") -> ReturnRejected:
    with pytest.raises(ReturnRejected) as raised:
        read_text(folder, text, name)
    assert name in raised.value.what
    assert raised.value.__context__ is None
    return raised.value


def test_numbers_are_numbers_only_where_every_cell_is_one(tmp_path):
    read = read_text(
        tmp_path,
        "serial,weight,age,note,gone\n1001,.1714,36,1,\n1002,-.389, ,n/a, \n1003,2e-3,44,3,\n",
    )

    assert read.rows["serial"].tolist() == [1001.0, 1002.0, 1003.0]
    assert read.rows["weight"].tolist() == [0.1714, -0.389, 0.002]
    assert read.rows["age"].isna().tolist() == [False, True, False]
    assert read.rows["note"].tolist() == ["1", "n/a", "3"]
    assert read.rows["gone"].isna().all()
    assert read.rows.dtypes.astype(str).tolist() == ["float64"] * 3 + ["str", "float64"]
    assert read.variables["note"].value_labels == {}
    assert not read.simulated


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_numbers_come_back_to_the_last_digit(numbers):
    read = _column([repr(number) for number in numbers])

    assert read.dtype == "float64"
    assert [math.copysign(1, number) for number in read] == [math.copysign(1, n) for n in numbers]
    assert read.tolist() == numbers


@pytest.mark.parametrize(
    "cells",
    [
        ["9007199254740993"],  # 2⁵³ + 1 has no float of its own
        ["012", "12"],
        ["1e999", "1"],
        ["0,56", "0,67"],
        ["1", "١"],
    ],
)
def test_cells_that_a_float_would_confuse_stay_text(cells):
    assert _column(cells).tolist() == cells


def test_padding_does_not_make_two_numbers_of_one():
    assert _column([" 1", "1", "1.0", "1 "]).tolist() == [1.0, 1.0, 1.0, 1.0]


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
    read = read_text(tmp_path, f"{line(['serial', 'Q1'])}\r\n{line(['1001', '2'])}\r\n", name)

    assert read.rows.to_dict("list") == {"serial": [1001.0], "Q1": [2.0]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_encoding_is_utf_8_or_else_windows_1252(tmp_path, encoding):
    read = read_text(tmp_path, "serial,Straße\n1001,née’s\n", encoding=encoding)

    assert read.rows.to_dict("list") == {"serial": [1001.0], "Straße": ["née’s"]}


def test_lines_with_nothing_in_them_are_no_rows_and_a_quoted_line_end_is_no_line(tmp_path):
    read = read_text(tmp_path, '\nserial,note\n\n1001,"two\nlines, ""quoted"""\n  \n')

    assert read.rows.to_dict("list") == {"serial": [1001.0], "note": ['two\nlines, "quoted"']}


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
    read = read_return(path)

    assert read.rows["serial"].tolist() == [float(number) for number, _ in rows]
    assert read.rows["note"].tolist() == [("t" + text).strip() for _, text in rows]


def test_ragged_rows_are_refused_by_line(tmp_path):
    refused = refused_text(tmp_path, "serial,Q1\n1001,1\n1002,1,secret\n1003\n")

    assert "2 of 3 rows" in refused.what
    assert "line 3 has 3, line 4 has 1" in refused.what
    assert "secret" not in str(refused)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("serial,Q1,q1 ", "same name: Q1 and q1"),
        ("serial,Q1,Q1", "same name: Q1 and Q1"),
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


@pytest.mark.parametrize("name", ["small.xlsx", "small.dta", "small"])
def test_other_formats_are_refused_with_those_accepted(tmp_path, name):
    refused = refused_text(tmp_path, "anything", name)

    assert ".sav or .zsav" in refused.expected
    assert "SPSS file" in refused.remedy


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"$FL2@(#) SPSS DATA FILE", "looks like an SPSS file"),
        (b"PK\x03\x04rest", "looks like an Excel workbook"),
        ("serial,Q1\n".encode("utf-16"), "UTF-16"),
        (b"serial,Q1\n1001,\x81\n", "neither in UTF-8 nor in Windows-1252"),
        (b"serial,Q1\n1001,\x00\n", "looks like something else"),
    ],
)
def test_what_is_not_text_is_refused(tmp_path, content, found):
    path = tmp_path / "small.csv"
    path.write_bytes(content)
    with pytest.raises(ReturnRejected) as raised:
        read_return(path)

    assert found in raised.value.what
    assert raised.value.__context__ is None


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ReturnRejected, match=r"absent\.csv is not there"):
        read_return(tmp_path / "absent.csv")


def test_the_frame_is_not_fragmented_by_many_columns(tmp_path):
    names = [f"Q{number}" for number in range(300)]
    read = read_text(tmp_path, f"{','.join(names)}\n{','.join('1' for _ in names)}\n")

    pd.testing.assert_frame_equal(read.rows, pd.DataFrame([[1.0] * 300], columns=names))
