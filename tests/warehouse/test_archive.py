from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.errors import StorageError
from warehouse.archive import Untakeable, archived, printable, receive
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


def test_a_missing_file_and_a_folder_cannot_be_taken(home, tmp_path):
    for path in (tmp_path / "no.sav", tmp_path):
        with pytest.raises(Untakeable, match=r"cannot be read\. The system says") as why:
            receive(home, path)
        assert not why.value.waits


def test_a_file_that_grows_while_it_is_copied_waits(home, monkeypatch):
    path = put(home.inbox)

    def supplier_sends_more(descriptor, content):
        if path.stat().st_size == len(CONTENT):
            path.write_bytes(CONTENT + b" and the rest of it")

    monkeypatch.setattr("warehouse.archive.write_all", supplier_sends_more)
    with pytest.raises(Untakeable, match="still being written") as why:
        receive(home, path)
    assert why.value.waits
    assert path.is_file()


def test_an_archived_return_that_changed_or_went_is_noticed_with_what_to_do(home):
    received = receive(home, put(home.inbox))
    assert archived(home, SHA256, "return.sav") == received
    received.path.write_bytes(b"another")
    with pytest.raises(StorageError, match="not what was received any more"):
        archived(home, SHA256, "return.sav")
    received.path.unlink()
    received.path.parent.rmdir()
    with pytest.raises(StorageError, match=r"return\.sav, accepted before, is missing") as gone:
        archived(home, SHA256, "return.sav")
    assert SHA256 in gone.value.expected
    assert "put the same file into the inbox again" in gone.value.remedy


def test_the_same_content_received_again_under_another_name_takes_its_place(home):
    received = receive(home, put(home.inbox))
    received.path.unlink()
    again = receive(home, put(home.inbox, "found_again.sav"))

    assert archived(home, SHA256, "return.sav").path == again.path


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
