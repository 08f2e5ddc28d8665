import os
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.errors import StorageError, UsageError
from warehouse.archive import archived, inbox_files, printable, receive, remove_from_inbox
from warehouse.home import home_of

CONTENT = b"a return"
SHA256 = sha256(CONTENT).hexdigest()


@pytest.fixture
def home(tmp_path):
    return home_of("small", tmp_path / "data")


def put(folder, name="return.sav", content=CONTENT):
    path = folder / name
    path.write_bytes(content)
    return path


def everything_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_return_is_kept_whole_under_its_own_checksum(home):
    path = put(home.inbox)
    received = receive(home, path)
    assert received.sha256 == SHA256
    assert received.path == home.archive / SHA256 / "return.sav"
    assert received.path.read_bytes() == CONTENT
    assert received.path.stat().st_mode & 0o777 == 0o600
    assert path.exists()


def test_receiving_again_changes_nothing(home):
    path = put(home.inbox)
    assert receive(home, path) == receive(home, path)
    assert everything_in(home.archive) == [f"{SHA256}/return.sav"]


def test_what_a_killed_run_left_half_copied_is_overwritten(home):
    (home.archive / "incoming.partial").write_bytes(b"much more than " + CONTENT)
    received = receive(home, put(home.inbox))
    assert received.path.read_bytes() == CONTENT
    assert everything_in(home.archive) == [f"{SHA256}/return.sav"]


def test_an_archived_return_can_be_received_from_the_archive(home):
    received = receive(home, put(home.inbox))
    assert receive(home, received.path) == received
    assert received.path.read_bytes() == CONTENT


def test_a_missing_file_and_a_folder_are_refused(home, tmp_path):
    for path in (tmp_path / "no.sav", tmp_path):
        with pytest.raises(UsageError, match="is not a file"):
            receive(home, path)


def test_a_file_that_grows_while_it_is_copied_is_refused(home, monkeypatch):
    path = put(home.inbox)

    def supplier_sends_more(descriptor, content):
        if path.stat().st_size == len(CONTENT):
            path.write_bytes(CONTENT + b" and the rest of it")

    monkeypatch.setattr("warehouse.archive.write_all", supplier_sends_more)
    with pytest.raises(UsageError, match="still being written"):
        receive(home, path)
    assert inbox_files(home) == (path,)


def test_the_inbox_lists_files_by_arrival_and_leaves_unfinished_ones(home):
    for place, name in enumerate(["b.sav", "a.sav", ".hidden", "c.sav.part"]):
        os.utime(put(home.inbox, name), ns=(0, place))
    (home.inbox / "folder").mkdir()
    assert [path.name for path in inbox_files(home)] == ["b.sav", "a.sav"]


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


def test_an_archived_return_that_changed_or_went_is_noticed(home):
    received = receive(home, put(home.inbox))
    assert archived(home, SHA256, "return.sav") == received
    received.path.write_bytes(b"another")
    with pytest.raises(StorageError, match="has changed"):
        archived(home, SHA256, "return.sav")
    received.path.unlink()
    with pytest.raises(StorageError, match="cannot be read"):
        archived(home, SHA256, "return.sav")


def test_a_name_that_cannot_be_printed_is_archived_under_one_that_can(home):
    path = put(home.inbox, "wave\n\udcff.sav")
    received = receive(home, path)
    assert received.file_name == "wave??.sav"
    assert archived(home, SHA256, "wave??.sav") == received


@given(st.text())
def test_printable_names_hold_no_control_characters_and_are_not_longer(name):
    shown = printable(name)
    assert shown.isprintable()
    assert len(shown.encode()) <= len(name.encode("utf-8", "surrogatepass"))
