"""One demonstration for all flow tests, run as a person would; later runs use copies of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("perceptions")


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Office:
    """A PERCEPTIONS_HOME and the commands run in it."""

    root: Path

    def call(self, *arguments: object, timeout: float = 300) -> Ended:
        ended = subprocess.run(
            [str(COMMAND), *map(str, arguments)],
            env=self.environment(),
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT", "PERCEPT"))}
        return kept | {"PERCEPTIONS_HOME": str(self.root), "HOME": str(self.root)}

    def survey(self, name: str = "west_midlands") -> Path:
        return self.root / name


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
