"""A page as PDF or as a picture, by headless Chromium, where Chromium is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 30
PNG_END = b"IEND\xaeB`\x82"
FLAGS = (
    *("--headless", "--disable-gpu", "--no-pdf-header-footer", "--no-first-run"),
    *("--disable-extensions", "--disable-background-networking", "--disable-dev-shm-usage"),
)


def print_page(page: Path, target: Path) -> bool:
    """Print `page` to `target`, A4 as its style says; False where that cannot be done here.

    A release does without: the page prints as well from any reader's browser.
    """
    return _made(page, target, ["--print-to-pdf"], b"%%EOF")


def picture_page(page: Path, target: Path, width: int, height: int) -> bool:
    """Take a picture (PNG) of the top of `page`, in pixels; False where that cannot be done."""
    size = [f"--window-size={width},{height}", "--hide-scrollbars", "--screenshot"]
    return _made(page, target, size, PNG_END)


def _made(page: Path, target: Path, asked: list[str], ending: bytes) -> bool:
    """Have Chromium make `target` of `page`; False, and no file, where it has not, or not all.

    It writes to a folder of its own first: of a full disk it says nothing, we do (OSError).
    """
    chromium = next((found for name in NAMES if (found := shutil.which(name))), None)
    if chromium is None or not page.is_file():
        return False
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        written = Path(profile, target.name)
        _run(
            [
                *(chromium, *FLAGS, f"--user-data-dir={profile}"),
                *(*asked[:-1], f"{asked[-1]}={written}"),
                *(("--no-sandbox",) if os.geteuid() == 0 else ()),
                page.absolute().as_uri(),
            ]
        )
        content = written.read_bytes() if written.is_file() else b""
    if content.rstrip().endswith(ending):
        target.write_bytes(content)
        return True
    return False


def _run(command: list[str]) -> None:
    """Run a browser for so long at most; it has printed, and may hang, before it ends.

    It is ended with the processes it has started, and has no pipe that these could hold open.
    """
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    with suppress(subprocess.TimeoutExpired):
        process.wait(SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
