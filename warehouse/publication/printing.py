"""A page as PDF, by headless Chromium's print, where Chromium is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 60


def print_page(page: Path, target: Path) -> bool:
    """Print `page` to `target`, A4 as its style says; False where that cannot be done here.

    A release does without: the page prints as well from any reader's browser.
    """
    chromium = next((found for name in NAMES if (found := shutil.which(name))), None)
    if chromium is None or not page.is_file():
        return False
    with tempfile.TemporaryDirectory() as profile:
        command = [
            *(chromium, "--headless", "--disable-gpu", "--no-pdf-header-footer"),
            *(f"--user-data-dir={profile}", f"--print-to-pdf={target}"),
            *(("--no-sandbox",) if os.geteuid() == 0 else ()),
            page.absolute().as_uri(),
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)
        except (subprocess.SubprocessError, OSError):
            target.unlink(missing_ok=True)
    return target.is_file()
