"""Builds published over and over under readers, and killed at any moment (`make proofs`)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from stored_rows import build_wave, estimates, respondents

from warehouse.builds import current_build, open_build
from warehouse.database import read_connection
from warehouse.home import Home, home_of
from warehouse.keeping import keep_newest
from warehouse.lock import writer_lock
from warehouse.published import write_published
from warehouse.store import read_table, replace_wave

pytestmark = pytest.mark.slow

PUBLICATIONS, KILLS, READERS = 100, 200, 2
WAVES = ("2026-Q2", "2026-Q3")
MANY = tuple(f"r{place:05d}" for place in range(500))

READING = """
import sys, time
from pathlib import Path
from warehouse.builds import current_build
from warehouse.database import read_connection
from warehouse.home import home_of
home = home_of("small", Path(sys.argv[1]))
query, pairs, held = "SELECT max(estimate) FROM estimate.estimate", set(), []
reads = 0
while not (home.folder / "stop").exists():
    folder = current_build(home)
    open_ones = [read_connection(folder / f"{name}.duckdb") for name in ("warehouse", "published")]
    restricted, published = (one.execute(query).fetchall()[0][0] for one in open_ones)
    assert restricted == published, (folder, restricted, published)
    held.append((open_ones, restricted))
    pairs.add(restricted)
    reads += 1
    if len(held) > 5:  # connections held over several publications still see what they saw
        kept, seen = held.pop(0)
        assert all(one.execute(query).fetchall()[0][0] == seen for one in kept)
        for one in kept:
            one.close()
print(reads, len(pairs))
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_of("small", tmp_path)


def test_readers_see_one_build_however_often_another_is_published(home):
    build_wave(home, "2026-Q2", share=0.001)
    paths = os.pathsep.join(path for path in sys.path if path)
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READING, str(home.folder.parent)],
            env=os.environ | {"PYTHONPATH": paths},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(READERS)
    ]
    for number in range(1, PUBLICATIONS + 1):
        build_wave(home, "2026-Q2", share=number / 1000)
        with writer_lock(home):
            keep_newest(home, 12)
    (home.folder / "stop").touch()
    for reader in readers:
        out, err = reader.communicate(timeout=60)
        assert reader.returncode == 0, err
        reads, builds = map(int, out.split())
        assert reads > PUBLICATIONS
        assert builds > 10


def store(home: Home) -> None:
    """Store wave after wave, each in a build of its own, as far as they are not yet there."""
    for wave in WAVES:
        folder = current_build(home)
        if folder is not None and wave in set(rows(folder, "estimate.estimate")["period"]):
            continue
        with writer_lock(home), open_build(home, simulated=True) as build:
            frames = {
                "survey.respondent": respondents(wave, MANY),
                "estimate.estimate": estimates(wave),
            }
            replace_wave(build.connection, wave, frames)
            write_published(build.connection, build.published)


def rows(folder: Path, table: str, name: str = "warehouse.duckdb") -> pd.DataFrame:
    with read_connection(folder / name) as connection:
        return read_table(connection, table)


def killed_after(seconds: float, home: Home) -> bool:
    """Store in a process that is killed after so long; whether it was still at it."""
    child = os.fork()
    if not child:
        store(home)
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def moments(longest: float) -> Iterator[float]:
    draw = random.Random(20260427)
    while True:
        yield draw.uniform(0, longest)


def require_whole_waves(home: Home) -> None:
    folder = current_build(home)
    if folder is None:
        return
    held = rows(folder, "survey.respondent").groupby("wave").size()
    assert (held == len(MANY)).all()
    for name in ("warehouse.duckdb", "published.duckdb"):
        assert set(rows(folder, "estimate.estimate", name)["period"]) == set(held.index)


def test_a_store_killed_at_any_moment_ends_as_an_uninterrupted_one(tmp_path):
    """What is left is always whole waves; storing again always ends with the same content."""
    started = time.monotonic()
    uninterrupted = home_of("small", tmp_path / "uninterrupted")
    store(uninterrupted)
    longest = time.monotonic() - started
    wanted = {
        table: rows(current_build(uninterrupted), table)
        for table in ("survey.respondent", "estimate.estimate")
    }
    kills, homes = 0, 0
    after = moments(longest)
    while kills < KILLS:
        homes += 1
        home = home_of("small", tmp_path / f"killed-{homes}")
        while killed_after(next(after), home):
            kills += 1
            require_whole_waves(home)
        for table, frame in wanted.items():
            pd.testing.assert_frame_equal(rows(current_build(home), table), frame)
        assert not list(home.builds.glob("*.partial"))
