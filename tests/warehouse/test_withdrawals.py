"""The list of who was withdrawn: keyed, whole, and of no use with another key."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from builders import raw_return, small_survey

from transforms.errors import StorageError
from transforms.identify import Placed
from warehouse.home import Home, home_of
from warehouse.withdrawals import (
    LIST,
    Withdrawn,
    WithdrawnList,
    all_to_do_again,
    opened_list,
    serials_in,
    serials_meant,
    with_done,
    withdrawn_list,
    without_withdrawn,
    write_list,
)

PLACED, ELSEWHERE = Placed("2026-Q2", "main"), Placed("2026-Q3", "main")
WHEN = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_of("small", tmp_path / "data")


def listing(home: Home, *serials: str) -> WithdrawnList:
    empty = opened_list(home)
    entries = [
        Withdrawn(number, empty.digest(PLACED, serial), *_words(PLACED), WHEN, "asked to be")
        for number, serial in enumerate(serials, 1)
    ]
    return replace(empty, entries=tuple(entries))


def _words(placed: Placed) -> tuple[str, str]:
    return placed.wave, placed.sample


def test_before_anybody_is_withdrawn_there_is_no_list_and_no_key(home):
    assert withdrawn_list(home) == WithdrawnList("small")
    assert not home.secret_key.exists()


def test_it_is_read_as_written_and_holds_no_serial_number(home):
    written = listing(home, "100042")
    write_list(home, written)
    assert withdrawn_list(home) == written
    content = (home.folder / LIST).read_bytes()
    assert b"100042" not in content
    assert home.secret_key.read_bytes().hex().encode() not in content
    assert (home.folder / LIST).stat().st_mode & 0o777 == 0o600


def test_who_is_listed_is_found_in_that_wave_and_sample_alone(home):
    listed = listing(home, "1001", "1003")
    serials = pd.Series(["1001", "1002", "1003", None], dtype="str")
    assert listed.rows(serials, PLACED).tolist() == [True, False, True, False]
    assert not listed.rows(serials, ELSEWHERE).any()
    assert listed.found(PLACED, "1003") == listed.entries[1]
    assert listed.found(ELSEWHERE, "1003") is None


@pytest.mark.parametrize(
    ("withdrawn", "resent", "others"),
    [
        ("0042", "42", ["420", "4.2", "142"]),
        ("0042", "42.0", ["4200"]),
        ("42", "00042", ["0420"]),
        ("100", "100.", ["1", "10", "1000"]),
        ("000", "0", ["00100"]),
        ("W-007a", "w-007A", ["W-7a"]),
    ],
)
def test_who_is_listed_is_found_however_a_spreadsheet_wrote_the_number(
    withdrawn, resent, others, home
):
    serials = pd.Series([resent, withdrawn, *others], dtype="str")
    found = listing(home, withdrawn).rows(serials, PLACED).tolist()
    assert found == [True, True, *(False for _ in others)]


def test_a_return_loses_whoever_is_listed(home):
    survey, raw = small_survey(), raw_return()
    serials = serials_in(raw, survey, PLACED)
    assert serials is not None
    left = without_withdrawn(raw, listing(home, serials.iloc[1]), survey, PLACED)
    wanted = raw.rows.drop(index=raw.rows.index[1]).reset_index(drop=True)
    pd.testing.assert_frame_equal(left.rows, wanted)
    assert without_withdrawn(raw, listing(home, "no such"), survey, PLACED) is raw


def test_numbers_that_differ_by_their_zeros_alone_are_all_meant():
    survey, raw = small_survey(), raw_return()
    column = survey.item_in(survey.about.design.serial, PLACED.wave).variable
    spelt = [f"W{row}" for row in range(len(raw.rows))]
    spelt[:3] = ["0042", "42", "420"]
    raw = replace(raw, rows=raw.rows.assign(**{column: spelt}))
    assert serials_meant(raw, survey, PLACED, "042") == {"0042", "42"}
    assert serials_meant(raw, survey, PLACED, "4.2") == set()


@pytest.mark.parametrize("damage", ["another key", "no key", "no JSON"])
def test_a_list_that_would_recognise_nobody_stops_the_run(damage, home):
    write_list(home, listing(home, "1001"))
    if damage == "another key":
        home.secret_key.write_bytes(bytes(32))
    elif damage == "no key":
        home.secret_key.unlink()
    else:
        (home.folder / LIST).write_text("{")
    with pytest.raises(StorageError, match="is not the key it was made with") as stopped:
        withdrawn_list(home)
    assert "withdraw the same respondents again" in stopped.value.remedy


def test_what_is_done_is_marked_and_a_restored_backup_undoes_that(home):
    written = listing(home, "1001", "1002")
    done = with_done(written, [1])
    assert [one.number for one in done.unfinished] == [2]
    write_list(home, with_done(done, [2]))
    assert withdrawn_list(home).unfinished == ()
    all_to_do_again(home)
    assert withdrawn_list(home).unfinished == written.entries


def test_the_file_says_no_more_than_it_must(home):
    write_list(home, listing(home, "1001"))
    held = json.loads((home.folder / LIST).read_bytes())
    assert set(held) == {"key", "withdrawn"}
    assert set(held["withdrawn"][0]) == {
        *("number", "digest", "wave", "sample", "withdrawn_at", "reason", "done"),
    }
