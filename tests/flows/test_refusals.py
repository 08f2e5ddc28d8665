"""Returns that cannot be believed: one clear message, exit status 3, nothing in the warehouse."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from pathlib import Path

import pytest
from offices import current, tables

from transforms.simulation import simulate_wave
from warehouse.declaration import load_survey
from warehouse.supplier_file import write_return

LATEST = "2028-Q1"
"""The wave that no other is compared with: sent again it is computed alone."""


@pytest.fixture(scope="module")
def good_return(tmp_path_factory: pytest.TempPathFactory) -> Path:
    survey = load_survey("west_midlands")
    return write_return(simulate_wave(survey, "2026-Q2"), survey, tmp_path_factory.mktemp("good"))


def bad_returns(good: Path, folder: Path) -> dict[str, Path]:
    """Returns by what is wrong with them."""
    survey = load_survey("west_midlands")
    simulated = simulate_wave(survey, "2026-Q2")
    content = good.read_bytes()
    files = {
        "truncated": folder / "wm_2026-Q3.sav",
        "a CSV renamed": folder / "wm_2026-Q4.sav",
        "empty": folder / "wm_2027-Q1.sav",
        "another wave's": folder / "wm_2027-Q2.sav",
        "no rows": folder / "wm_2027-Q3.sav",
    }
    files["truncated"].write_bytes(content[: len(content) // 2])
    files["a CSV renamed"].write_text("serial,area\n1,2\n")
    files["empty"].write_bytes(b"")
    shutil.copy(good, files["another wave's"])
    nobody = dataclasses.replace(simulated, rows=simulated.rows.iloc[:0])
    write_return(nobody, survey, folder / "made").replace(files["no rows"])
    return files


def test_each_is_refused_with_one_message_and_nothing_is_built(good_return, empty_office, tmp_path):
    files = bad_returns(good_return, tmp_path)
    ended = empty_office.call("run", "--json", *files.values())
    assert ended.status == 3, ended.err
    assert "Traceback" not in ended.err + ended.out
    outcomes = {one["file_name"]: one for one in json.loads(ended.out)["files"]}
    for why, path in files.items():
        outcome = outcomes[path.name]
        assert outcome["fate"] == "rejected", why
        assert len(outcome["findings"]) >= 1, why
        first = outcome["findings"][0]
        assert first["finding"] and first["remedy"], why
        assert Path(outcome["report"]).is_file()
        assert path.is_file(), "files that were named stay where they are"
    assert json.loads(ended.out)["build"] is None
    assert not empty_office.survey().joinpath("current").exists()


def test_a_refused_return_leaves_the_warehouse_as_it_was_and_the_others_go_on(
    office, good_return, tmp_path
):
    before = tables(current(office) / "warehouse.duckdb")
    inbox = office.survey() / "inbox"
    inbox.joinpath("wm_2026-Q3.sav").write_bytes(good_return.read_bytes()[:5000])
    resubmitted = load_survey("west_midlands")
    other = write_return(simulate_wave(resubmitted, LATEST, seed=7), resubmitted, inbox)
    ended = office.call("run")
    assert ended.status == 3, ended.err
    assert "wm_2026-Q3.sav: rejected" in ended.out
    assert f"{other.name} ({LATEST}): accepted" in ended.out
    assert not any(inbox.iterdir())
    after = tables(current(office) / "warehouse.duckdb")
    status = after["ops.delivery"].set_index("file_name")["status"]
    assert status["wm_2026-Q3.sav"] == "rejected"
    assert sorted(status[other.name]) == ["accepted", "superseded"]
    unchanged = before["estimate.total"].query("wave != @LATEST").reset_index(drop=True)
    again = after["estimate.total"].query("wave != @LATEST").reset_index(drop=True)
    assert again.equals(unchanged)
    changed = after["estimate.total"].query("wave == @LATEST")
    assert not changed["y"].equals(before["estimate.total"].query("wave == @LATEST")["y"])


@pytest.mark.slow
def test_a_right_name_is_not_lost_to_a_wrong_one_for_the_same_content(good_return, empty_office):
    """The wrong name comes first and is refused; the same content under its own name is taken."""
    inbox = empty_office.survey() / "inbox"
    inbox.mkdir(parents=True)
    for name, age in [("wm_2026-Q4.sav", 100), ("wm_2026-Q2.sav", 50)]:
        shutil.copy(good_return, inbox / name)
        os.utime(inbox / name, (1_780_000_000 - age, 1_780_000_000 - age))
    ended = empty_office.call("run")
    assert ended.status == 0, ended.err
    assert "wm_2026-Q2.sav (2026-Q2): accepted" in ended.out
    assert "wm_2026-Q4.sav: seen before" in ended.out
    assert not any(inbox.iterdir())


def test_check_says_the_same_and_writes_nothing(good_return, empty_office, tmp_path):
    files = bad_returns(good_return, tmp_path)
    for why, path in files.items():
        ended = empty_office.call("check", path)
        assert ended.status == 3, why
        assert "REFUSED" in ended.out
        assert "What to do:" in ended.out
        assert "Traceback" not in ended.err
    assert empty_office.call("check", good_return).status == 0
    assert not any(empty_office.root.iterdir())


@pytest.mark.slow
def test_what_cannot_be_taken_is_left_in_the_inbox_and_said_so(good_return, empty_office):
    """The others go on; a link that leads nowhere needs somebody, a folder and a part may wait."""
    inbox = empty_office.survey() / "inbox"
    inbox.mkdir(parents=True)
    shutil.copy(good_return, inbox / "wm_2026-Q2.sav")
    (inbox / "wm_2026-Q3.sav").symlink_to(inbox.parent / "absent.sav")
    (inbox / "wm_2026-Q4.sav.part").write_bytes(b"the beginning")
    (inbox / "older").mkdir()
    ended = empty_office.call("run")
    assert ended.status == 3, ended.err
    assert "wm_2026-Q2.sav (2026-Q2): accepted" in ended.out
    assert "wm_2026-Q3.sav: left where it is" in ended.out
    assert "1 new, 0 seen before, 3 left where they are" in ended.err
    status = json.loads(empty_office.call("status", "--json").out)
    assert [one["name"] for one in status["left_in_inbox"]] == [
        *("older", "wm_2026-Q3.sav", "wm_2026-Q4.sav.part"),
    ]
    (inbox / "wm_2026-Q3.sav").unlink()
    again = json.loads(empty_office.call("run", "--json").out)
    assert [one["waits"] for one in again["left"]] == [True, True]
    assert empty_office.call("run").status == 0
