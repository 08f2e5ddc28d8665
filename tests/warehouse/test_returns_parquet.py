"""Parquet files: typed columns as they are, and a footer that must agree with what it heads."""

import decimal
from datetime import UTC, date, datetime, time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from readers import read, refusal
from returns_in_formats import written


def write(folder: Path, **columns: pa.Array) -> Path:
    pq.write_table(pa.table(columns), folder / "small.parquet")
    return folder / "small.parquet"


def test_columns_keep_their_type(tmp_path):
    path = write(
        tmp_path,
        serial=pa.array(["0012", "0013 "]),
        Q1=pa.array([1, None], pa.int8()),
        weight=pa.array([decimal.Decimal("1.25"), None]),
        aware=pa.array([True, False]),
        area=pa.array(["North", "South"]).dictionary_encode(),
        held=pa.array([date(2026, 4, 30), None]),
        began=pa.array(
            [datetime(2026, 7, 1, 9, 30, tzinfo=UTC), None], pa.timestamp("ms", "Europe/London")
        ),
        at=pa.array([time(10, 15), None]),
        gone=pa.nulls(2),
        long=pa.array([2**53 + 1, 1]),
    )
    rows = read(path).rows

    assert rows["serial"].tolist() == ["0012", "0013"]  # text stays text: it has its type
    assert rows["Q1"].tolist()[0] == 1.0 and rows["Q1"].isna()[1]
    assert rows["weight"].tolist()[0] == 1.25
    assert rows["aware"].tolist() == [1.0, 0.0]
    assert rows["area"].tolist() == ["North", "South"]
    assert rows["held"].tolist()[0] == datetime(2026, 4, 30)
    assert rows["began"].tolist()[0] == datetime(2026, 7, 1, 10, 30)  # as London's clocks showed it
    assert rows["at"].tolist()[0].startswith("10:15:00")
    assert rows["gone"].isna().all()
    assert rows["long"].tolist() == ["9007199254740993", "1"]


def test_what_is_declared_as_empty_is_empty(tmp_path):
    rows = read(write(tmp_path, serial=pa.array([1, 2]), Q1=pa.array(["-", "1"])), empty=["-"]).rows

    assert rows["Q1"].isna().tolist() == [True, False]


@pytest.mark.parametrize("cells", [pa.array([[1, 2], [3]]), pa.array([{"a": 1}, {"a": 2}])])
def test_a_cell_of_several_answers_is_refused(tmp_path, cells):
    refused = refusal(write(tmp_path, serial=pa.array([1, 2]), Q1=cells))

    assert "the column Q1 holds" in refused.what


@pytest.mark.parametrize("lost", [1, 9, 500])
def test_a_file_cut_short_is_refused(tmp_path, lost):
    path = written("parquet", tmp_path)
    path.write_bytes(path.read_bytes()[:-lost])

    assert "damaged or cut short" in refusal(path).what


def test_no_rows_are_refused(tmp_path):
    path = write(tmp_path, serial=pa.array([], pa.int64()))

    assert "1 columns and no rows" in refusal(path).what
