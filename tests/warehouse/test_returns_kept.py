"""A return kept without a respondent reads as it did, in every format a supplier may send."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from plain_runs import InThisProcess
from returns_in_formats import SAS_DATA_SET, WRITERS, small_frame, written

from transforms.catalogue import Reading
from transforms.errors import StorageError
from transforms.responses import RawReturn
from warehouse.archive import Received, archived, file_sha256, receive
from warehouse.home import Home, home_of
from warehouse.returns import keep_without, read_received, remove_others

READING = Reading()
KINDS = [*WRITERS, "sas7bdat", "xlsx of mixed cells"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for reads in ("reading", "kept"):
        monkeypatch.setattr(f"warehouse.returns.{reads}.ReadingProcess", InThisProcess)
    return home_of("small", tmp_path / "data")


def sent(kind: str, folder: Path) -> Path:
    if kind == "sas7bdat":
        return Path(shutil.copy(SAS_DATA_SET, folder / "small.sas7bdat"))
    if kind == "xlsx of mixed cells":
        frame = small_frame().astype({"Q1": object, "place": object})
        frame.loc[1, "place"], frame.loc[2, "place"], frame.loc[3, "place"] = 7391, None, "Wren"
        return written("xlsx", folder, frame)
    return written(kind, folder)


def rows_but(raw: RawReturn, row: int) -> pd.DataFrame:
    return raw.rows.drop(index=row).reset_index(drop=True)


def kept_without(received: Received, row: int) -> Received:
    rows = len(read_received(received, READING).rows)
    return keep_without(received, READING, np.arange(rows) == row)


@pytest.mark.parametrize("kind", KINDS)
def test_it_reads_as_before_without_the_row(kind, home, tmp_path):
    received = receive(home, sent(kind, tmp_path))
    before = read_received(received, READING)
    kept = kept_without(received, 1)
    after = read_received(kept, READING)

    pd.testing.assert_frame_equal(after.rows, rows_but(before, 1), check_exact=True)
    assert after.variables == before.variables
    for fact in ("file_name", "kind", "simulated", "named_by_cells"):
        assert getattr(after, fact) == getattr(before, fact)
    assert after.sha256 == kept.kept_sha256 == file_sha256(kept.path)
    assert [*kept.path.parent.iterdir()] == [kept.path], "the file as received is gone"
    assert archived(home, received.sha256, "any name").path == kept.path


def test_no_cell_of_the_row_is_left_in_the_file(home, tmp_path):
    """A column of several kinds is held as a list of its cells, which is to lose this one too."""
    received = receive(home, sent("xlsx of mixed cells", tmp_path))
    before = read_received(received, READING)
    assert 7391.0 in before.rows["place"].to_list()
    kept = kept_without(received, 1)
    with pa.ipc.open_file(pa.py_buffer(kept.path.read_bytes())) as file:
        held = file.read_all()
    (mixed,) = [c for c in held.columns if pa.types.is_dictionary(c.type)]
    assert not any("7391" in str(one) for one in mixed.combine_chunks().dictionary.to_pylist())


def test_a_second_respondent_is_taken_out_of_what_is_kept(home, tmp_path):
    received = receive(home, sent("sav", tmp_path))
    before = read_received(received, READING)
    first = kept_without(received, 3)
    second = kept_without(first, 0)
    rows = before.rows.drop(index=[0, 3]).reset_index(drop=True)
    pd.testing.assert_frame_equal(read_received(second, READING).rows, rows)
    assert [*second.path.parent.iterdir()] == [second.path]


def test_the_same_rows_make_the_same_file(home, tmp_path):
    received = receive(home, sent("sav", tmp_path))
    one = kept_without(received, 3)
    two = kept_without(receive(home, tmp_path / "small.sav"), 3)
    assert one == two


def test_the_file_as_received_stays_where_it_would_read_otherwise(home, tmp_path, monkeypatch):
    received = receive(home, sent("sav", tmp_path))
    without = pa.compute.filter
    monkeypatch.setattr(
        "warehouse.returns.kept.pc.filter",
        lambda cells, _: without(cells, pa.array([True] * 39 + [False])),
    )
    with pytest.raises(StorageError, match="reads the same"):
        kept_without(received, 3)
    assert received.path.exists()
    assert archived(home, received.sha256, "small.sav") == received


def test_a_kept_file_that_changed_is_no_kept_file(home, tmp_path):
    kept = kept_without(receive(home, sent("sav", tmp_path)), 3)
    kept.path.write_bytes(kept.path.read_bytes()[:-1])
    with pytest.raises(StorageError, match="not what was received"):
        archived(home, kept.sha256, "small.sav")


def test_the_file_as_received_is_removed_again_where_it_came_again(home, tmp_path):
    kept = kept_without(receive(home, sent("sav", tmp_path)), 3)
    again = receive(home, tmp_path / "small.sav")
    assert again.path.exists()
    assert archived(home, kept.sha256, "small.sav").path == kept.path
    remove_others(kept)
    assert not again.path.exists()
