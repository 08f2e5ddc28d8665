"""What comes in, what waits in the inbox and why, and returns held against their manifests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from builders import small_survey

from flows.checking import check_return
from flows.outcomes import Held
from flows.progress import say_what_is_not_limited
from flows.receiving import Taken, announced_of, clear_away, receive_returns
from transforms.catalogue import Survey
from transforms.errors import StorageError
from warehouse.archive import Untakeable, file_sha256
from warehouse.home import Home, home_of

CONTENT = "serial,Q1\n1001,1\n1002,2\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_of("small", tmp_path / "data")


def survey(**returns: object) -> Survey:
    return small_survey({"about": {"returns": {"settled_after": 0, **returns}}})


MANIFESTS = survey(manifest=r"manifest.*\.csv")


def put(folder: Path, name: str, content: str = CONTENT) -> Path:
    (folder / name).write_text(content)
    return folder / name


def left(taken: Taken) -> dict[str, bool]:
    """Whether each thing left waits, by its name."""
    return {one.name: one.waits for one in taken.left}


def names(taken: Taken) -> list[str]:
    return [one.received.file_name for one in taken.arrivals]


def test_what_cannot_be_taken_is_left_and_the_others_come_in(home):
    put(home.inbox, "small_2026-Q2.csv")
    put(home.inbox, "small_2026-Q3.csv.part")
    (home.inbox / "may").mkdir()
    (home.inbox / "small_2026-Q4.csv").symlink_to(home.folder / "absent.csv")
    taken = receive_returns(home, None, survey())

    assert names(taken) == ["small_2026-Q2.csv"]
    assert left(taken) == {
        "may": True,
        "small_2026-Q3.csv.part": True,
        "small_2026-Q4.csv": False,
    }


def test_a_file_that_cannot_be_read_stops_no_other(home, monkeypatch):
    for name in ("a_2026-Q2.csv", "b_2026-Q3.csv"):
        put(home.inbox, name)
    opened = Path.open

    def refuse(path: Path, *arguments: object, **options: object) -> object:
        if path.name.startswith("a_"):
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    taken = receive_returns(home, None, survey())

    assert names(taken) == ["b_2026-Q3.csv"]
    (unread,) = taken.left
    assert not unread.waits and "Permission denied" in unread.reason
    assert "this account may read it" in unread.reason


def test_a_full_archive_does_stop_the_run(home, monkeypatch):
    put(home.inbox, "small_2026-Q2.csv")

    def full(descriptor: int, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("warehouse.archive.write_all", full)
    with pytest.raises(StorageError, match="No space left on device"):
        receive_returns(home, None, survey())


def test_a_file_still_being_written_waits_for_the_next_run(home, monkeypatch):
    growing = put(home.inbox, "small_2026-Q2.csv")
    monkeypatch.setattr(
        "warehouse.inbox.time.sleep", lambda seconds: put(home.inbox, growing.name, CONTENT * 2)
    )
    taken = receive_returns(home, None, survey(settled_after=5))

    assert names(taken) == [] and left(taken) == {"small_2026-Q2.csv": True}


def test_a_named_file_is_not_waited_for(home, tmp_path, monkeypatch):
    monkeypatch.setattr("warehouse.inbox.time.sleep", lambda seconds: pytest.fail("waits"))
    path = put(tmp_path, "small_2026-Q2.csv")

    assert names(receive_returns(home, [path], survey(settled_after=60))) == [path.name]


def test_without_its_manifest_a_return_waits_and_a_manifest_is_no_return(home):
    put(home.inbox, "small_2026-Q2.csv")
    assert left(receive_returns(home, None, MANIFESTS)) == {"small_2026-Q2.csv": True}

    put(home.inbox, "manifest.csv", "file,rows\nsmall_2026-Q2.csv,2\n")
    taken = receive_returns(home, None, MANIFESTS)
    assert names(taken) == ["small_2026-Q2.csv"] and not taken.left
    assert taken.arrivals[0].announced.rows == 2


def test_a_manifest_stays_until_all_it_lists_has_come_and_is_then_kept_in_the_archive(home):
    listing = "file,rows\nsmall_2026-Q2.csv,2\nsmall_2026-Q3.csv,2\n"
    manifest = put(home.inbox, "manifest.csv", listing)
    for wave in ("2026-Q2", "2026-Q3"):
        put(home.inbox, f"small_{wave}.csv", CONTENT + f"{wave},1\n")
        if wave == "2026-Q2":
            taken = receive_returns(home, None, MANIFESTS)
            clear_away(home, taken.arrivals, (), Held(), MANIFESTS)
            assert manifest.is_file()
            put(home.inbox, "small_2026-Q2.csv", CONTENT)
    taken = receive_returns(home, None, MANIFESTS)
    clear_away(home, taken.arrivals, (), Held(), MANIFESTS)

    assert not any(home.inbox.iterdir())
    kept = [path for path in home.archive.rglob("manifest.csv") if path.read_text() == listing]
    assert [path.parent.name for path in kept] == [file_sha256(kept[0])]


def test_a_manifest_that_lists_nothing_that_came_is_mentioned(home):
    put(home.inbox, "manifest.csv", "file,rows\nsmall_2026-Q2.csv,2\n")
    (idle,) = receive_returns(home, None, MANIFESTS).left

    assert idle.waits and "small_2026-Q2.csv, which has not come yet" in idle.reason


def test_a_manifest_that_cannot_be_understood_holds_the_returns_back(home):
    put(home.inbox, "manifest.csv", "name;count\nsmall_2026-Q2.csv;2\n")
    put(home.inbox, "small_2026-Q2.csv")
    taken = receive_returns(home, None, MANIFESTS)

    assert not taken.arrivals
    assert left(taken) == {"manifest.csv": False, "small_2026-Q2.csv": False}
    assert all("cannot be understood" in one.reason for one in taken.left)


def test_a_return_that_is_not_as_listed_is_refused(tmp_path):
    path = put(tmp_path, "small_2026-Q2.csv")
    put(tmp_path, "manifest.csv", "file,rows\nsmall_2026-Q2.csv,3\n")
    (finding,) = check_return(path, MANIFESTS, announced_of(path, MANIFESTS)).results

    assert not finding.passed and "holds 2 rows; manifest.csv lists 3" in finding.finding


def test_a_named_return_without_a_manifest_beside_it_is_refused(tmp_path):
    path = put(tmp_path, "small_2026-Q2.csv")
    (finding,) = check_return(path, MANIFESTS, announced_of(path, MANIFESTS)).results

    assert "No manifest beside small_2026-Q2.csv lists it" in finding.finding
    put(tmp_path, "manifest.csv", "nonsense")
    with pytest.raises(Untakeable, match="cannot be understood"):
        announced_of(path, MANIFESTS)


def test_the_order_of_arrival_is_kept(home):
    for place, name in enumerate(["b_2026-Q2.csv", "a_2026-Q3.csv"]):
        os.utime(put(home.inbox, name, CONTENT + name), ns=(0, place))

    assert names(receive_returns(home, None, survey())) == ["b_2026-Q2.csv", "a_2026-Q3.csv"]


@pytest.mark.parametrize("limited", [True, False])
def test_a_system_that_does_not_limit_memory_is_said_to_be_one(monkeypatch, capsys, limited):
    monkeypatch.setattr("flows.progress.MEMORY_IS_LIMITED", limited)
    say_what_is_not_limited()

    assert ("no limit to the memory" in capsys.readouterr().err) is not limited
