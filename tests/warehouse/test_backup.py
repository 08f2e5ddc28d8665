import errno
import shutil
import subprocess
from pathlib import Path

import pytest
from stored_rows import build_wave

from transforms.errors import StorageError, UsageError
from warehouse.backup import MANIFEST, back_up, restore_backup
from warehouse.builds import current_build
from warehouse.home import home_of
from warehouse.lock import writer_lock


@pytest.fixture
def home(tmp_path):
    home = home_of("small", tmp_path / "state")
    build_wave(home, "2026-Q2")
    build_wave(home, "2026-Q3")
    for place in (home.archive, home.quarantine):
        (place / "abc").mkdir()
        (place / "abc" / "return.csv").write_text(f"from {place.name}")
    home.secret_key.write_bytes(bytes(32))
    return home


@pytest.fixture
def backup(home, tmp_path):
    (tmp_path / "disk").mkdir()
    with writer_lock(home):
        return back_up(home, tmp_path / "disk")


@pytest.fixture
def empty(tmp_path):
    return home_of("small", tmp_path / "another")


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def restored(home, backup):
    with writer_lock(home):
        return restore_backup(home, backup)


def test_a_backup_holds_returns_and_the_current_build_and_no_key(home, backup):
    assert backup.name == "small-build-0002"
    assert sorted(content(backup)) == [
        MANIFEST,
        "archive/abc/return.csv",
        "builds/0002/published.duckdb",
        "builds/0002/warehouse.duckdb",
        "quarantine/abc/return.csv",
    ]
    assert backup.stat().st_mode & 0o777 == 0o700


def test_its_list_is_what_sha256sum_reads(backup):
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("no sha256sum here")
    subprocess.run([tool, "--check", "--strict", MANIFEST], cwd=backup, check=True)


def test_a_backup_comes_back_as_it_was(home, backup, empty):
    folder = restored(empty, backup)
    assert current_build(empty) == folder == empty.builds / "0002"
    for place in ("archive", "quarantine", "builds/0002"):
        assert content(empty.folder / place) == content(home.folder / place)
    assert build_wave(empty, "2026-Q4").name == "0003"


def test_the_same_build_is_backed_up_once(home, backup):
    with writer_lock(home), pytest.raises(UsageError, match="is there already"):
        back_up(home, backup.parent)


def test_a_backup_inside_the_home_is_none(home):
    with writer_lock(home), pytest.raises(UsageError, match="takes the other"):
        back_up(home, home.folder / "backups")


def test_a_place_that_is_not_there_is_named(home, tmp_path):
    with writer_lock(home), pytest.raises(UsageError, match="nowhere"):
        back_up(home, tmp_path / "nowhere")


def test_before_the_first_build_there_is_nothing_to_back_up(empty, tmp_path):
    with writer_lock(empty), pytest.raises(UsageError, match="no build yet"):
        back_up(empty, tmp_path)


def test_a_copy_that_is_not_true_is_no_backup(home, tmp_path, monkeypatch):
    """The disk takes other bytes than it was given: found when they are read back."""
    usual = shutil.copytree

    def faulty(source, target, *rules, **options):
        made = usual(source, target, *rules, **options)
        for path in Path(target).rglob("return.csv"):
            path.write_text("something else")
        return made

    monkeypatch.setattr(shutil, "copytree", faulty)
    (tmp_path / "disk").mkdir()
    with writer_lock(home), pytest.raises(StorageError, match="not a true copy"):
        back_up(home, tmp_path / "disk")
    assert not (tmp_path / "disk" / "small-build-0002").exists()


def test_a_full_disk_is_said_in_words_and_nothing_is_left_on_it(home, tmp_path, monkeypatch):
    def full(source, target, **options):
        raise OSError(errno.ENOSPC, "No space left on device", str(source), None, str(target))

    monkeypatch.setattr(shutil, "copyfile", full)
    (tmp_path / "disk").mkdir()
    with writer_lock(home), pytest.raises(StorageError, match=r"left on device\.") as failed:
        back_up(home, tmp_path / "disk")
    assert "[" not in str(failed.value)
    assert "free some space" in str(failed.value)
    assert not any((tmp_path / "disk").iterdir())


def test_a_restoration_that_was_killed_is_begun_again(home, backup, empty, monkeypatch):
    usual = shutil.copyfile

    def killed(source, target, **options):
        if Path(source).name == "published.duckdb":
            raise KeyboardInterrupt
        return usual(source, target, **options)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(shutil, "copyfile", killed)
        restored(empty, backup)
    assert not any(empty.archive.iterdir())
    assert restored(empty, backup) == empty.builds / "0002"
    assert content(empty.archive) == content(home.archive)
    assert not (empty.folder / "restored.partial").exists()


def test_a_changed_backup_is_not_restored(backup, empty):
    (backup / "archive" / "abc" / "return.csv").write_text("another")
    with pytest.raises(StorageError, match=r"changed: archive/abc/return\.csv"):
        restored(empty, backup)
    assert current_build(empty) is None
    assert not any(empty.archive.iterdir())


def test_a_backup_that_lacks_a_file_is_not_restored(backup, empty):
    (backup / "archive" / "abc" / "return.csv").unlink()
    with pytest.raises(StorageError, match=r"missing: archive/abc/return\.csv"):
        restored(empty, backup)


def test_a_home_in_use_is_not_mixed_with_a_backup(home, backup):
    with pytest.raises(UsageError, match="mixed"):
        restored(home, backup)


@pytest.mark.parametrize("name", ["other-build-0002", "small-build-0002"])
def test_another_folder_is_no_backup(name, empty, tmp_path):
    (tmp_path / name).mkdir()
    with pytest.raises(UsageError, match="no backup of small"):
        restored(empty, tmp_path / name)
