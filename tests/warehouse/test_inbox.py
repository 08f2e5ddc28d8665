"""The inbox: returns in order of arrival; everything else is left there, with the reason."""

import os
import time

import pytest

from warehouse.archive import receive
from warehouse.home import home_of
from warehouse.inbox import changing, look_into, remove_from_inbox

CONTENT = b"a return"
SETTLED = 0.2


@pytest.fixture
def home(tmp_path):
    return home_of("small", tmp_path / "data")


def put(folder, name="return.sav", content=CONTENT):
    path = folder / name
    path.write_bytes(content)
    return path


def test_returns_come_in_the_order_they_arrived(home):
    for place, name in enumerate(["b.sav", "a.sav", "c.csv"]):
        os.utime(put(home.inbox, name), ns=(0, place))

    assert [path.name for path in look_into(home).returns] == ["b.sav", "a.sav", "c.csv"]


def test_hidden_files_and_the_marks_of_open_workbooks_are_passed_over(home):
    for name in (".hidden", ".~lock.return.xlsx#", "~$return.xlsx"):
        put(home.inbox, name)

    assert look_into(home) == look_into(home_of("other", home.folder.parent))


@pytest.mark.parametrize("suffix", [".part", ".filepart", ".PARTIAL", ".tmp", ".crdownload"])
def test_a_file_named_as_unfinished_waits(home, suffix):
    put(home.inbox, f"return.sav{suffix}")
    (left,) = look_into(home).left

    assert left.waits and "still being sent" in left.reason


def test_a_folder_and_a_link_that_leads_nowhere_are_mentioned(home):
    (home.inbox / "may").mkdir()
    (home.inbox / "gone.sav").symlink_to(home.folder / "absent.sav")
    (home.inbox / "there.sav").symlink_to(put(home.folder, "elsewhere.sav"))
    inbox = look_into(home)

    assert [path.name for path in inbox.returns] == ["there.sav"]
    link, folder = inbox.left
    assert (link.name, link.waits) == ("gone.sav", False) and "leads nowhere" in link.reason
    assert (folder.name, folder.waits) == ("may", True) and "is a folder" in folder.reason


def test_manifests_are_known_by_their_names(home):
    for name in ("return.sav", "Manifest_May.csv"):
        put(home.inbox, name)
    inbox = look_into(home, "(?i)manifest")

    assert [path.name for path in inbox.returns] == ["return.sav"]
    assert [path.name for path in inbox.manifests] == ["Manifest_May.csv"]


def test_a_file_left_alone_for_long_enough_is_not_waited_for(home):
    path = put(home.inbox)
    os.utime(path, (time.time() - 60, time.time() - 60))
    began = time.monotonic()

    assert changing([path], 30) == ()
    assert time.monotonic() - began < 5


def test_a_fresh_file_is_looked_at_twice(home, monkeypatch):
    still, grown, gone = (put(home.inbox, name) for name in ("a.sav", "b.sav", "c.sav"))

    def meanwhile(seconds):
        assert 0 < seconds <= SETTLED
        grown.write_bytes(CONTENT + b" and more")
        gone.unlink()

    monkeypatch.setattr("warehouse.inbox.time.sleep", meanwhile)
    left = changing([still, grown, gone], SETTLED)

    assert [one.name for one in left] == ["b.sav", "c.sav"]
    assert all(one.waits and "still being written" in one.reason for one in left)


def test_a_clock_that_is_behind_does_not_make_a_file_wait_for_ever(home):
    path = put(home.inbox)
    os.utime(path, (time.time() + 3600, time.time() + 3600))

    assert changing([path], SETTLED) == ()


def test_a_received_file_leaves_the_inbox_but_no_other_folder(home, tmp_path):
    inside, outside = put(home.inbox), put(tmp_path)
    received = receive(home, inside)
    remove_from_inbox(home, outside, received)
    remove_from_inbox(home, inside, received)
    assert outside.exists()
    assert not inside.exists()


def test_a_file_replaced_since_it_was_received_stays_in_the_inbox(home):
    path = put(home.inbox)
    received = receive(home, path)
    path.write_bytes(b"a later return under the same name")
    remove_from_inbox(home, path, received)
    assert path.exists()
