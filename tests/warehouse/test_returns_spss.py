"""SPSS returns: kept as they are, and every broken file refused with one message."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from readers import read, refusal

from warehouse.archive import file_sha256


def write_sav(path: Path, rows: pd.DataFrame | None = None, **options) -> Path:
    if rows is None:
        rows = pd.DataFrame({"serial": np.arange(40.0) + 1001, "Q1": np.arange(40) % 5 + 1.0})
    pyreadstat.write_sav(rows, path, **options)
    return path


def test_codes_dates_texts_and_the_dictionary_survive(tmp_path):
    rows = pd.DataFrame(
        {
            "serial": [1001.0, 1002.0, 1003.0],
            "Q1": [1.0, 98.0, np.nan],
            "where": ["North", "  ", ""],
            "held": pd.to_datetime(["2026-04-30", None, "2026-05-01"]),
        }
    )
    path = write_sav(
        tmp_path / "small_2026-Q2.sav",
        rows,
        file_label="SIMULATED by the tests",
        column_labels=["Serial number", "Confidence", None, None],
        variable_value_labels={"Q1": {1: "Agree", 97: "Don't know", 98: "Refused"}},
        missing_ranges={"Q1": [{"lo": 97, "hi": 98}]},
        variable_format={"held": "EDATE10"},
    )
    held = read(path)

    assert held.file_name == "small_2026-Q2.sav"
    assert held.sha256 == file_sha256(path)
    assert held.simulated
    assert held.rows["Q1"].tolist()[:2] == [1.0, 98.0]  # a user-missing code stays a code
    assert np.isnan(held.rows["Q1"][2])
    assert held.rows["where"].isna().tolist() == [False, True, True]
    assert held.rows["held"].dtype == "datetime64[us]"
    assert held.rows["held"].tolist()[0] == datetime(2026, 4, 30)
    assert held.rows["held"].isna().tolist() == [False, True, False]
    assert held.variables["Q1"].label == "Confidence"
    assert held.variables["Q1"].value_labels == {1: "Agree", 97: "Don't know", 98: "Refused"}
    assert all(isinstance(code, int) for code in held.variables["Q1"].value_labels)
    assert held.variables["Q1"].missing_ranges == ((97, 98),)
    assert held.variables["serial"].value_labels == {}


def test_a_compressed_file_reads_the_same_and_is_not_simulated_unless_it_says_so(tmp_path):
    plain = read(write_sav(tmp_path / "plain.sav"))
    compressed = read(write_sav(tmp_path / "packed.zsav", compress=True))

    pd.testing.assert_frame_equal(plain.rows, compressed.rows)
    assert not plain.simulated


def test_a_date_beyond_9999_leaves_its_column_as_numbers(tmp_path):
    rows = pd.DataFrame({"held": [13_996_800_000.0, 6.3e12], "ended": [13_996_886_400.5, np.nan]})
    path = write_sav(
        tmp_path / "dates.sav",
        rows,
        variable_format={"held": "DATETIME20", "ended": "DATETIME23.2"},
    )
    held = read(path)

    assert held.rows["held"].tolist() == [13_996_800_000.0, 6.3e12]
    # 13 996 886 400 s = 162 001 days × 86 400 s, and 14 October 1582 + 162 001 days = 30 April 2026
    assert held.rows["ended"][0] == datetime(2026, 4, 30, 0, 0, 0, 500_000)


def test_no_rows_are_refused(tmp_path):
    path = write_sav(tmp_path / "none.sav", pd.DataFrame({"serial": np.array([], dtype=float)}))

    assert "1 columns and no rows" in refusal(path).what


def test_a_file_cut_short_is_refused(tmp_path):
    path = write_sav(tmp_path / "cut.sav")
    whole = path.read_bytes()
    path.write_bytes(whole[:-16])  # the last row, and nothing else, is missing

    refused = refusal(path)
    assert "damaged or cut short" in refused.what
    assert f"{path.stat().st_size:,} bytes" in refused.what
    assert "Ask the supplier" in refused.remedy


def test_a_header_without_the_number_of_rows_is_refused(tmp_path):
    path = write_sav(tmp_path / "unstated.sav")
    whole = path.read_bytes()
    rows_stated = slice(80, 84)
    assert whole[rows_stated] == (40).to_bytes(4, "little")
    unstated = whole[:80] + (-1).to_bytes(4, "little", signed=True) + whole[84:]
    path.write_bytes(unstated[:-32])  # two rows less: nothing but the header could tell

    assert "does not state how many rows" in refusal(path).what


def test_a_file_that_crashes_the_reader_is_refused(tmp_path):
    path = write_sav(
        tmp_path / "crash.sav",
        variable_value_labels={"Q1": {1: "Yes", 2: "No"}},
        missing_ranges={"Q1": [{"lo": 5, "hi": 9}]},
    )
    damaged = bytearray(path.read_bytes())
    damaged[212] = 1  # Q1 becomes text with a range of numbers missing: a segmentation fault
    path.write_bytes(damaged)

    assert "damaged or cut short" in refusal(path).what


def test_columns_that_differ_only_by_capitals_are_refused(tmp_path):
    path = write_sav(tmp_path / "capitals.sav", pd.DataFrame({"Q1": [1.0], "Q2": [1.0]}))
    path.write_bytes(path.read_bytes().replace(b"Q2", b"q1"))

    assert "Q1 and q1" in refusal(path).what


def test_a_range_from_the_lowest_value_is_kept(tmp_path):
    path = write_sav(
        tmp_path / "lowest.sav",
        missing_ranges={"Q1": [{"lo": -np.inf, "hi": -1}, {"lo": 9, "hi": 9}]},
    )
    (lowest, highest), single = read(path).variables["Q1"].missing_ranges

    assert lowest < -(10**300) and (highest, single) == (-1, (9, 9))


def test_text_in_another_encoding_than_the_file_says_needs_the_right_one_declared(tmp_path):
    rows = pd.DataFrame({"serial": [1001.0], "place": ["nXe"]})
    path = write_sav(tmp_path / "mislabelled.sav", rows)
    path.write_bytes(path.read_bytes().replace(b"nXe", b"n\xe9e"))

    assert "not in the encoding it says" in refusal(path).what
    assert read(path, encoding="windows-1252").rows["place"].tolist() == ["née"]


def spoilt(path: Path, at: int, value: bytes) -> Path:
    content = bytearray(path.read_bytes())
    content[at : at + len(value)] = value
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("options", [{}, {"row_compress": True}, {"compress": True}])
@pytest.mark.parametrize("rows", [39, 41])
def test_a_header_that_states_other_rows_than_the_data_fill_is_refused(tmp_path, options, rows):
    """ReadStat reads the 39 rows and says nothing."""
    path = write_sav(tmp_path / "counted.sav", **options)
    spoilt(path, 80, rows.to_bytes(4, "little"))

    assert "damaged or cut short" in refusal(path).what
