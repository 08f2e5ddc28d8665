import os
import resource
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager

import numpy as np
import pyarrow as pa
import pytest
from stored_rows import build_wave, estimates, respondents

from transforms.errors import ContractError, DeclarationError, StorageError
from warehouse.builds import current_build, open_build, open_current
from warehouse.database import read_connection, write_connection
from warehouse.home import home_of
from warehouse.lock import writer_lock
from warehouse.published import write_published
from warehouse.store import read_table, replace_wave

KILLED = """
import sys, time
from pathlib import Path
from stored_rows import respondents
from warehouse.builds import open_build
from warehouse.home import home_of
from warehouse.lock import writer_lock
from warehouse.store import replace_wave
home = home_of("small", Path(sys.argv[1]))
with writer_lock(home), open_build(home, simulated=True) as build:
    replace_wave(build.connection, "2026-Q3", {"survey.respondent": respondents("2026-Q3")})
    print("building", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def home(tmp_path):
    return home_of("small", tmp_path)


@pytest.fixture(scope="module")
def one_build(tmp_path_factory):
    """A home with one build, of 2026-Q2."""
    home = home_of("small", tmp_path_factory.mktemp("one_build"))
    build_wave(home, "2026-Q2")
    return home


@pytest.fixture
def first(home, one_build):
    """The folder of the first build in `home`: a copy of one made before."""
    shutil.rmtree(home.folder)
    shutil.copytree(one_build.folder, home.folder, symlinks=True)
    return home.builds / "0001"


def waves_in(folder, name="warehouse.duckdb"):
    with read_connection(folder / name) as connection:
        found = connection.execute("SELECT DISTINCT period FROM estimate.estimate ORDER BY period")
        return [wave for (wave,) in found.fetchall()]


def builds_of(home):
    return sorted(path.name for path in home.builds.iterdir())


def link_of(home):
    return str(home.current.readlink())


def damage_meta(folder, key, value):
    with write_connection(folder / "warehouse.duckdb") as connection:
        connection.execute("UPDATE ops.meta SET value = ? WHERE key = ?", [value, key])


def test_the_first_build_becomes_current_by_a_relative_link(home):
    assert current_build(home) is None
    assert open_current(home) is None
    folder = build_wave(home, "2026-Q2")
    assert link_of(home) == "builds/0001"
    assert current_build(home) == folder
    assert sorted(path.name for path in folder.iterdir()) == [
        "published.duckdb",
        "warehouse.duckdb",
    ]
    assert folder.stat().st_mode & 0o777 == 0o700


def test_the_next_build_has_what_the_last_had_and_the_last_stays_as_it_was(home, first):
    second = build_wave(home, "2026-Q3")
    assert link_of(home) == "builds/0002"
    for name in ("warehouse.duckdb", "published.duckdb"):
        assert waves_in(first, name) == ["2026-Q2"]
        assert waves_in(second, name) == ["2026-Q2", "2026-Q3"]


def test_the_same_content_twice_leaves_the_same_tables(home, first):
    folders = [first, build_wave(home, "2026-Q2")]
    for name in ("survey.respondent", "estimate.estimate"):
        tables = []
        for folder in folders:
            with read_connection(folder / "warehouse.duckdb") as connection:
                tables.append(read_table(connection, name))
        assert tables[0].equals(tables[1])


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_build_that_fails_is_removed_and_the_current_one_stays(home, first, error):
    with pytest.raises(error), writer_lock(home), open_build(home, simulated=True) as build:
        replace_wave(build.connection, "2026-Q3", {"estimate.estimate": estimates("2026-Q3")})
        raise error
    assert current_build(home) == first
    assert builds_of(home) == ["0001"]
    assert waves_in(first) == ["2026-Q2"]


def test_a_build_killed_in_the_middle_leaves_the_current_one_and_the_next_works(
    home, first, tmp_path
):
    paths = os.pathsep.join(path for path in sys.path if path)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout.readline() == "building\n"
        run.kill()
    assert builds_of(home) == ["0001", "0002.partial"]
    assert current_build(home) == first
    assert waves_in(first) == ["2026-Q2"]
    second = build_wave(home, "2026-Q3")
    assert builds_of(home) == ["0001", "0002"]
    assert waves_in(second) == ["2026-Q2", "2026-Q3"]


def test_a_run_killed_between_naming_and_linking_leaves_the_current_one(home, first, monkeypatch):

    def die(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.symlink_to", die)
    with pytest.raises(KeyboardInterrupt):
        build_wave(home, "2026-Q3")
    monkeypatch.undo()
    assert current_build(home) == first
    third = build_wave(home, "2026-Q4")
    assert link_of(home) == "builds/0003"
    assert waves_in(third) == ["2026-Q2", "2026-Q4"]


def test_without_the_link_the_newest_complete_build_is_current(home, first):
    """A link removed by mistake must not start the survey again from nothing."""
    home.current.unlink()
    (home.builds / "0009.partial").mkdir()
    assert current_build(home) == home.builds / "0001"


def test_a_link_half_moved_by_a_killed_run_is_in_nobodys_way(home):
    (home.folder / "current.partial").symlink_to("builds/0007")
    build_wave(home, "2026-Q2")
    assert link_of(home) == "builds/0001"
    assert not os.path.lexists(home.folder / "current.partial")


def test_readers_always_see_two_databases_of_one_build(home, first):
    stop, pairs = threading.Event(), []

    def share(folder, name):
        with read_connection(folder / name) as connection:
            return connection.execute("SELECT max(estimate) FROM estimate.estimate").fetchall()

    def read():
        while not stop.wait(0.02):
            folder = current_build(home)
            pairs.append((share(folder, "warehouse.duckdb"), share(folder, "published.duckdb")))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for build in (2, 3, 4):
        build_wave(home, "2026-Q2", share=build / 100)
    stop.set()
    for reader in readers:
        reader.join()
    assert all(restricted == published for restricted, published in pairs)
    assert len({str(pair) for pair in pairs}) > 1


def test_both_databases_change_or_neither(home):
    with (
        pytest.raises(ContractError, match=r"without its published\.duckdb"),
        writer_lock(home),
        open_build(home, simulated=True),
    ):
        pass
    assert current_build(home) is None
    assert builds_of(home) == []


@contextmanager
def no_file_longer_than(size):
    """What a full disk is to the programs that write on it, but for its name."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


@pytest.mark.parametrize("size", [100, 20_000])
def test_a_full_disk_is_said_to_be_one(home, size):
    with (
        pytest.raises(StorageError, match="the disk is full, or fails") as full,
        no_file_longer_than(size),
        writer_lock(home),
        open_build(home, simulated=True) as build,
    ):
        write_published(build.connection, build.published)
    assert "free some space" in full.value.remedy
    assert builds_of(home) == []


def test_a_disk_that_fills_while_rows_are_written_is_said_to_be_full(home):
    numbers = pa.table({"x": np.random.default_rng(1).random(400_000)})
    with (
        pytest.raises(StorageError, match="the disk is full, or fails"),
        no_file_longer_than(700_000),
        writer_lock(home),
        open_build(home, simulated=True) as build,
    ):
        build.connection.register("numbers", numbers)
        build.connection.execute("CREATE TABLE ops.numbers AS FROM numbers")
    assert builds_of(home) == []


def test_a_build_needs_the_lock(home):
    with pytest.raises(ContractError, match="without its lock"), open_build(home, simulated=True):
        pytest.fail("a build without the lock")


def test_other_files_of_a_build_are_kept_with_it(home):
    with writer_lock(home), open_build(home, simulated=True) as build:
        write_published(build.connection, build.published)
        (build.folder / "site").mkdir()
        (build.folder / "site" / "index.html").write_text("<p>page</p>")
    assert (home.current / "site" / "index.html").read_text() == "<p>page</p>"


@pytest.mark.parametrize("content", [b"", b"x" * 20_000])
def test_a_current_warehouse_that_is_damaged_stops_the_run_and_is_left_alone(home, first, content):
    (first / "warehouse.duckdb").write_bytes(content)
    with pytest.raises(StorageError) as caught:
        build_wave(home, "2026-Q3")
    assert str(first / "warehouse.duckdb") in caught.value.what
    assert "earlier build" in caught.value.remedy
    assert (first / "warehouse.duckdb").read_bytes() == content
    assert builds_of(home) == ["0001"]


def test_pointing_the_link_to_an_earlier_build_mends_it(home, first):
    (build_wave(home, "2026-Q3") / "warehouse.duckdb").write_bytes(b"damaged")
    home.current.unlink()
    home.current.symlink_to("builds/0001")
    assert waves_in(build_wave(home, "2026-Q4")) == ["2026-Q2", "2026-Q4"]
    assert link_of(home) == "builds/0003"


def test_a_link_that_leads_nowhere_and_a_folder_in_its_place_are_refused(home):
    home.current.symlink_to("builds/0009")
    with pytest.raises(StorageError, match="does not lead to a build"):
        build_wave(home, "2026-Q2")
    home.current.unlink()
    home.current.mkdir()
    with pytest.raises(StorageError, match="does not lead to a build"):
        open_current(home)


def test_a_warehouse_of_a_newer_program_is_left_to_it(home, first):
    damage_meta(first, "schema_version", "99")
    for use in (lambda: build_wave(home, "2026-Q3"), lambda: open_current(home)):
        with pytest.raises(StorageError, match="newer version") as caught:
            use()
        assert "install" in caught.value.remedy
    assert waves_in(first) == ["2026-Q2"]


def test_simulated_and_real_returns_never_share_a_home(home, first):
    with (
        pytest.raises(DeclarationError, match="holds simulated returns"),
        writer_lock(home),
        open_build(home, simulated=False),
    ):
        pytest.fail("mixed")
    damage_meta(first, "survey", "other")
    with pytest.raises(StorageError, match="holds the survey other"):
        build_wave(home, "2026-Q3")


def test_a_folder_that_cannot_be_written_is_named(home):
    home.builds.rmdir()
    home.builds.write_text("a file where a folder is needed")
    with pytest.raises(StorageError) as caught:
        build_wave(home, "2026-Q2")
    assert str(home.builds) in caught.value.what


def test_a_disk_that_fills_up_during_the_swap_loses_nothing(home, first, monkeypatch):

    def full(self, target):
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr("pathlib.Path.rename", full)
    with pytest.raises(StorageError, match="No space left") as caught:
        build_wave(home, "2026-Q3")
    assert "free some space" in caught.value.remedy
    assert current_build(home) == first
    assert builds_of(home) == ["0001"]


def test_respondents_of_the_build_stay_out_of_the_published_file(home):
    pseudonym = "5ec2e7f00d5ec2e7f00d5ec2e7f00d42"
    with writer_lock(home), open_build(home, simulated=True) as build:
        rows = {"survey.respondent": respondents("2026-Q2", (pseudonym,))}
        replace_wave(build.connection, "2026-Q2", rows)
        write_published(build.connection, build.published)
    folder = current_build(home)
    assert pseudonym.encode() in (folder / "warehouse.duckdb").read_bytes()
    assert pseudonym.encode() not in (folder / "published.duckdb").read_bytes()
