import shutil

import pytest
from stored_rows import build_wave

from transforms.errors import ContractError, StorageError, UsageError
from warehouse.builds import complete_builds, current_build
from warehouse.database import read_connection
from warehouse.home import home_of
from warehouse.keeping import keep_newest, linked_build, restore_build, run_that_made
from warehouse.lock import writer_lock


@pytest.fixture(scope="module")
def three_builds(tmp_path_factory):
    home = home_of("small", tmp_path_factory.mktemp("three_builds"))
    for wave in ("2026-Q2", "2026-Q3", "2026-Q4"):
        build_wave(home, wave)
    return home


@pytest.fixture
def home(three_builds, tmp_path):
    shutil.copytree(three_builds.folder, tmp_path / "small", symlinks=True)
    return home_of("small", tmp_path)


def numbers(home):
    return [folder.name for folder in complete_builds(home)]


def test_the_newest_builds_are_kept(home):
    with writer_lock(home):
        removed = keep_newest(home, 2)
    assert [folder.name for folder in removed] == ["0001"]
    assert numbers(home) == ["0002", "0003"]
    with writer_lock(home):
        assert keep_newest(home, 5) == ()


def test_the_current_build_is_kept_whatever_its_number(home):
    with writer_lock(home):
        restore_build(home, 1)
        keep_newest(home, 1)
    assert numbers(home) == ["0001", "0003"]
    assert current_build(home).name == "0001"


def test_a_reader_of_a_removed_build_reads_on(home):
    with read_connection(home.builds / "0001" / "warehouse.duckdb") as reading, writer_lock(home):
        keep_newest(home, 1)
        found = reading.execute("SELECT count(*) FROM estimate.estimate").fetchall()
    assert numbers(home) == ["0003"]
    assert found[0][0] > 0


def test_an_earlier_build_becomes_current_and_the_next_starts_from_it(home):
    with writer_lock(home):
        restored = restore_build(home, 2)
    assert (restored.folder, current_build(home)) == (home.builds / "0002",) * 2
    following = build_wave(home, "2027-Q1")
    assert following.name == "0004"
    with read_connection(following / "published.duckdb") as connection:
        waves = connection.execute(
            "SELECT DISTINCT period FROM estimate.estimate ORDER BY ALL"
        ).fetchall()
    assert waves == [("2026-Q2",), ("2026-Q3",), ("2027-Q1",)]


def test_a_build_that_is_not_there_is_named_with_those_that_are(home):
    with writer_lock(home), pytest.raises(UsageError, match="no build 9") as raised:
        restore_build(home, 9)
    assert raised.value.expected == "one of 1, 2, 3."


def test_a_damaged_build_does_not_become_current(home):
    path = home.builds / "0001" / "warehouse.duckdb"
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle:] = bytes(len(content) - middle)
    path.write_bytes(content)
    with writer_lock(home), pytest.raises(StorageError):
        restore_build(home, 1)
    assert current_build(home).name == "0003"


def test_a_broken_current_build_is_no_hindrance(home):
    (home.builds / "0003" / "warehouse.duckdb").write_bytes(b"no database")
    assert run_that_made(home.builds / "0003") is None
    with writer_lock(home):
        assert restore_build(home, 2).left_behind == ()
    assert current_build(home).name == "0002"


def test_a_broken_link_is_mended_by_restoring_a_build(home):
    home.current.unlink()
    home.current.symlink_to("builds/0009")
    assert linked_build(home) is None
    with pytest.raises(StorageError, match="perceptions restore NUMBER"):
        current_build(home)
    with writer_lock(home):
        restore_build(home, 2)
    assert linked_build(home) == home.builds / "0002"


def test_nothing_is_removed_or_moved_without_the_lock(home):
    with pytest.raises(ContractError):
        keep_newest(home, 1)
    with pytest.raises(ContractError):
        restore_build(home, 1)
