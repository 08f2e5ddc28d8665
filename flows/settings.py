"""Where state lives, and how Prefect behaves: settled before Prefect is imported."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryFile

from warehouse.disk import PRIVATE_FOLDER, disk_errors, private_folder

QUIET_AND_RELIABLE = {
    # The temporary server takes 10 to 16 seconds to start on two cores, two minutes on a busy
    # machine; now and then it never answers (`running.STARTS`).
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
    # It prints tracebacks of its own when it is stopped; our progress goes to the terminal.
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}
RUN_PROCESS = "PERCEPTIONS_RUN_PROCESS"
"""Which run's process a temporary server belongs to; the server inherits it."""


def state_root() -> Path:
    """Return the folder all surveys' state lies in: PERCEPTIONS_HOME, or ./data."""
    return Path(os.environ.get("PERCEPTIONS_HOME") or "data").absolute()


def prepare_prefect(root: Path) -> None:
    """Set what Prefect reads when it is imported; what the user has set stays.

    With PREFECT_API_URL set, a standing server is used; without, each run brings its own.
    """
    folder = root / "prefect"
    with disk_errors(f"Prefect's folder {folder} cannot be used."):
        root.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        private_folder(folder)
        with TemporaryFile(dir=folder):  # Prefect says of a read-only folder only that it stopped
            pass
    os.environ.setdefault("PREFECT_HOME", str(folder))
    for name, value in QUIET_AND_RELIABLE.items():
        os.environ.setdefault(name, value)
    os.environ[RUN_PROCESS] = str(os.getpid())
