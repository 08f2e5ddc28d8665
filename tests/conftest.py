"""One demonstration for all flow and documentation tests; later runs use copies of it."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from offices import Ended, Office
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling


def pytest_configure() -> None:
    """Give Prefect one home for the session, before anything imports it."""
    folder = tempfile.mkdtemp(prefix="perceptions-prefect-")
    os.environ["PREFECT_HOME"] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


def pytest_unconfigure() -> None:
    """Say nothing of a server that stops later than the terminal that it would tell."""
    logging.raiseExceptions = False


class OfficesTogether(LoadScopeScheduling):
    """Share tests out by file, but keep those that run whole offices on one worker.

    They share a Prefect server and the demonstration. (`--dist loadgroup` of pytest-xdist 3.8 does
    not see its groups under pytest 9.)
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return "offices" if file.startswith(("tests/docs/", "tests/flows/")) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OfficesTogether:
    """Answer xdist's question how to share tests out."""
    return OfficesTogether(config, log)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, Ended]:
    office = Office(tmp_path_factory.mktemp("demo"))
    return office, office.call("demo")


@pytest.fixture
def office(demonstration: tuple[Office, Ended], tmp_path: Path) -> Office:
    """A copy of the demonstration's office, to be changed freely."""
    copied = tmp_path / "office"
    shutil.copytree(demonstration[0].root, copied, symlinks=True)
    return Office(copied)


@pytest.fixture
def empty_office(tmp_path: Path) -> Office:
    root = tmp_path / "empty"
    root.mkdir()
    return Office(root)
