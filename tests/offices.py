"""An office: a PERCEPTIONS_HOME and the commands run in it, as a person would."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from flows.cli import main
from warehouse.builds import current_build
from warehouse.database import read_connection
from warehouse.home import home_of
from warehouse.store import primary_keys, read_table

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

    def call(self, *arguments: object) -> Ended:
        """Run a command in this process, where Prefect's server and libraries stay warm."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.chdir(self.root)
            patch.setenv("PERCEPTIONS_HOME", str(self.root))
            patch.setattr(sys, "argv", ["perceptions", *map(str, arguments)])
            with pytest.raises(SystemExit) as ended:
                main()
        return Ended(ended.value.code, out.getvalue(), err.getvalue())

    def call_alone(self, *arguments: object) -> Ended:
        """Run a command as a person does, in a process of its own with nothing prepared."""
        ended = subprocess.run(
            [str(COMMAND), *map(str, arguments)],
            env=self.environment(),
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT", "PERCEPT"))}
        return kept | {"PERCEPTIONS_HOME": str(self.root), "HOME": str(self.root)}

    def survey(self, name: str = "west_midlands") -> Path:
        return self.root / name


def current(office: Office, survey: str = "west_midlands") -> Path:
    """The folder of the office's current build."""
    folder = current_build(home_of(survey, office.root))
    assert folder is not None
    return folder


def tables(database: Path) -> dict[str, pd.DataFrame]:
    """Every table of a database, in the order of its primary key."""
    with read_connection(database) as connection:
        return {name: read_table(connection, name) for name in primary_keys(connection)}
