"""Reports of accepted returns: kept beside the archive, by the return's SHA-256.

A refused return's report lies with it in quarantine. A report names respondents by serial number:
it goes when the return goes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from warehouse.disk import disk_errors, private_folder, sync_folder, write_private
from warehouse.home import Home


def keep_report(home: Home, sha256: str, *, report_html: str, report_json: str) -> Path:
    """Keep the report of an accepted return, in place of an earlier one; return the page."""
    folder = home.reports / sha256
    with disk_errors(f"The report {folder} could not be written."):
        private_folder(home.reports)
        private_folder(folder)
        write_private(folder / "report.json", report_json.encode())
        write_private(folder / "report.html", report_html.encode())
        sync_folder(home.reports)
    return folder / "report.html"


def forget_reports(home: Home, returns: Iterable[str]) -> tuple[Path, ...]:
    """Remove the reports of the returns with these SHA-256; return the folders removed."""
    folders = [folder for sha256 in returns if (folder := home.reports / sha256).is_dir()]
    with disk_errors(f"A report in {home.reports} cannot be removed."):
        for folder in folders:
            shutil.rmtree(folder)
        if folders:
            sync_folder(home.reports)
    return tuple(folders)
