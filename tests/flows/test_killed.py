"""A run killed at any instant loses nothing, and the next one ends as if it had not been."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from offices import COMMAND, Office, current, tables

VOLATILE = {"ops.run", "ops.delivery", "ops.check"}

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
