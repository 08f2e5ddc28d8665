"""A temporary server of Prefect that never answers is ended, and another one started."""

from __future__ import annotations

import subprocess
import sys

import pytest
from prefect.server.api.server import SubprocessASGIServer

from flows import quarterly, running
from transforms.errors import StorageError

UNANSWERED = "Timed out while attempting to connect to ephemeral Prefect API server."


@pytest.fixture
def hanging(monkeypatch, tmp_path):
    """Flows that end as told, one call each; each unanswered one leaves a server that hangs."""
    monkeypatch.setenv("PERCEPTIONS_HOME", str(tmp_path))
    monkeypatch.setattr(SubprocessASGIServer, "_instances", {})
    servers, ends = [], []

    def flow(*_):
        end = ends.pop(0)
        if isinstance(end, Exception):
            server = SubprocessASGIServer()
            server.server_process = subprocess.Popen(
                [sys.executable, "-c", "import time; time.sleep(600)"]
            )
            servers.append(server.server_process)
            raise end
        return end

    monkeypatch.setattr(quarterly, "quarterly_run", flow)
    return servers, ends


def test_it_is_started_again_and_the_one_that_hung_is_ended(hanging):
    servers, ends = hanging
    ends += [RuntimeError(UNANSWERED), "what was done"]
    assert running.run_embedded("west_midlands", None) == "what was done"
    assert [one.returncode is not None for one in servers] == [True]


def test_after_some_times_it_is_said_and_another_error_is_not_taken_for_it(hanging):
    servers, ends = hanging
    ends += [RuntimeError(UNANSWERED)] * running.STARTS
    with pytest.raises(StorageError, match="did not answer, 3 times: nothing was changed"):
        running.run_embedded("west_midlands", None)
    assert [one.returncode is not None for one in servers] == [True] * running.STARTS
    ends += [RuntimeError("something else")]
    with pytest.raises(RuntimeError, match="something else"):
        running.run_embedded("west_midlands", None)
    servers[-1].kill()
    servers[-1].wait()
