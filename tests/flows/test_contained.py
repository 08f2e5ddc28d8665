"""What an unexpected exception leaves behind, and which leftover servers are ended."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from flows.contained import StageFailed, contained
from flows.leftovers import end_leftover_servers
from flows.settings import RUN_PROCESS
from transforms.errors import ReturnRejected

SECRET = "somebody's answer"


@contained("Counting")
def fails() -> None:
    raise KeyError(SECRET)


def test_an_unexpected_exception_leaves_stage_type_and_no_text():
    with pytest.raises(StageFailed, match="Counting stopped unexpectedly: KeyError") as failed:
        fails()
    assert SECRET not in str(failed.value)
    assert failed.value.__cause__ is None
    assert failed.value.__context__ is None
    assert SECRET.encode() not in pickle.dumps(failed.value)


def test_a_known_error_passes_as_it_is():
    @contained("Counting")
    def refuses() -> None:
        raise ReturnRejected("no rows", remedy="send them")

    with pytest.raises(ReturnRejected, match="no rows"):
        refuses()


@pytest.fixture
def dead_process() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="only Linux lists processes there")
@pytest.mark.parametrize("run_is_alive", [True, False])
def test_only_servers_of_runs_that_are_no_more_are_ended(run_is_alive, dead_process):
    run = os.getpid() if run_is_alive else dead_process
    marks = {"PREFECT__SERVER_EPHEMERAL": "1", RUN_PROCESS: str(run)}
    waits = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
    with subprocess.Popen(waits, env=os.environ | marks, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            server.stdout.readline()
            assert end_leftover_servers() == (0 if run_is_alive else 1)
            assert run_is_alive or server.wait(timeout=5) != 0
        finally:
            server.kill()
