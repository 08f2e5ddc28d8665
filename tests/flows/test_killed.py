"""A run killed at any instant loses nothing, and the next one ends as if it had not been."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from offices import COMMAND, Office, current, tables

KILLS = 10
WITH_A_CLOCK = {"ops.run", "ops.delivery"}
"""Tables that say when something was done."""

pytestmark = pytest.mark.slow


def killed_when(office: Office, said: str) -> None:
    """Start a run and kill it, and nothing else, when it has said so much."""
    process = subprocess.Popen(
        [str(COMMAND), "run"],
        env=office.environment(),
        cwd=office.root,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr is not None
    with process:
        for line in process.stderr:
            if said in line:
                os.kill(process.pid, signal.SIGKILL)
                break


def servers_of(office: Office) -> list[str]:
    """Temporary servers that belong to this office."""
    home = f"PREFECT_HOME={office.root}/prefect".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            environment = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if home in environment and b"PREFECT__SERVER_EPHEMERAL=1" in environment:
            found.append(entry.parent.name)
    return found


@pytest.mark.parametrize("said", ["Receiving", "Checking", "Estimating"])
def test_the_next_run_ends_as_an_uninterrupted_one(said, demonstration, empty_office):
    made = empty_office.call("simulate", empty_office.survey() / "inbox")
    assert made.status == 0, made.err
    (empty_office.survey() / "inbox" / "truth.csv").unlink()
    killed_when(empty_office, said)
    assert not empty_office.survey().joinpath("current").exists()
    assert len(servers_of(empty_office)) == 1
    ended = empty_office.call_alone("run")
    assert ended.status == 0, ended.err
    assert servers_of(empty_office) == []
    assert not any((empty_office.survey() / "inbox").iterdir())
    found = tables(current(empty_office) / "published.duckdb")
    wanted = tables(current(demonstration[0]) / "published.duckdb")
    for name, rows in wanted.items():
        pd.testing.assert_frame_equal(found[name], rows)
    assert not list((empty_office.survey() / "builds").glob("*.partial"))


def with_a_corrected_wave(demonstration: Office, root: Path) -> Office:
    """A copy of the demonstration into whose inbox the latest wave was sent again, corrected."""
    shutil.copytree(demonstration.root, root, symlinks=True)
    office = Office(root)
    folder = root / "sent"
    made = office.call("simulate", folder, "--wave", "2028-Q1", "--seed", 7)
    assert made.status == 0, made.err
    (sent,) = folder.glob("*.sav")
    sent.rename(office.survey() / "inbox" / sent.name)
    return office


def killed_after(office: Office, seconds: float) -> None:
    """Start a run in a process group of its own, and kill the group after so long."""
    process = subprocess.Popen(
        [str(COMMAND), "run"],
        env=office.environment(),
        cwd=office.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for server in servers_of(office):
        with suppress(ProcessLookupError):
            os.kill(int(server), signal.SIGKILL)


def assert_same(found: dict[str, pd.DataFrame], wanted: dict[str, pd.DataFrame]) -> None:
    assert found.keys() == wanted.keys()
    for name in wanted.keys() - WITH_A_CLOCK:
        pd.testing.assert_frame_equal(found[name], wanted[name], obj=name)


def test_ten_runs_killed_with_all_they_started_end_as_an_uninterrupted_one(demonstration, tmp_path):
    before = tables(current(demonstration[0]) / "published.duckdb")
    whole = with_a_corrected_wave(demonstration[0], tmp_path / "whole")
    started = time.monotonic()
    assert whole.call_alone("run").status == 0
    lasts = time.monotonic() - started
    wanted = tables(current(whole) / "warehouse.duckdb")
    after = tables(current(whole) / "published.duckdb")
    moments = random.Random(20261126)
    for number in range(KILLS):
        office = with_a_corrected_wave(demonstration[0], tmp_path / f"killed{number}")
        killed_after(office, moments.uniform(0.3, 1) * lasts)
        shown = tables(current(office) / "published.duckdb")
        assert_same(shown, after if shown["kpi.kpi"].equals(after["kpi.kpi"]) else before)
        ended = office.call_alone("run")
        assert ended.status == 0, ended.err
        assert_same(tables(current(office) / "warehouse.duckdb"), wanted)
        assert not any((office.survey() / "inbox").iterdir())
        assert not list((office.survey() / "builds").glob("*.partial"))
        shutil.rmtree(office.root)
