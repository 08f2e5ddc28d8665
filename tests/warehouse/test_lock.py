import os
import signal
import subprocess
import sys

import pytest

from flows.endings import FAILED, exit_status
from transforms.errors import ContractError, HomeBusy
from warehouse.home import home_of
from warehouse.lock import require_lock, writer_lock

HOLD = """
import sys, time
from pathlib import Path
from warehouse.home import home_of
from warehouse.lock import writer_lock
with writer_lock(home_of("small", Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_process_is_told_who_writes_and_since_when(tmp_path, holder):
    with pytest.raises(HomeBusy) as caught, writer_lock(home_of("small", tmp_path)):
        pytest.fail("two writers")
    assert f"process {holder.pid}" in caught.value.what
    assert "UTC" in caught.value.what
    assert "wait" in caught.value.remedy
    assert exit_status(caught.value) == FAILED, "nothing was asked for wrongly"


def test_a_killed_holder_holds_nothing(tmp_path, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with writer_lock(home_of("small", tmp_path)):
        pass


def test_the_same_process_cannot_hold_it_twice_and_a_failed_attempt_frees_nothing(tmp_path):
    home = home_of("small", tmp_path)
    with writer_lock(home):
        with pytest.raises(HomeBusy), writer_lock(home):
            pytest.fail("two writers")
        require_lock(home)
    with pytest.raises(ContractError):
        require_lock(home)


def test_two_surveys_are_written_at_once(tmp_path):
    with writer_lock(home_of("one", tmp_path)), writer_lock(home_of("two", tmp_path)):
        pass


def test_a_program_started_meanwhile_does_not_inherit_the_lock(tmp_path):
    home = home_of("small", tmp_path)
    with writer_lock(home):
        sleeper = subprocess.Popen(["sleep", "60"], close_fds=False)
    try:
        with writer_lock(home):
            pass
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_forked_child_does_not_keep_the_lock_after_its_parent_is_killed(tmp_path):
    forking = HOLD.replace('print("held"', "os.fork() or print(os.getpid()")
    forking = forking.replace("import sys", "import os, sys")
    with subprocess.Popen(
        [sys.executable, "-c", forking, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as parent:
        child = int(parent.stdout.readline())
        try:
            parent.kill()
            parent.wait()
            os.kill(child, 0)
            with writer_lock(home_of("small", tmp_path)):
                pass
        finally:
            os.kill(child, signal.SIGKILL)
