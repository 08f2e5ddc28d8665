"""Rejected returns: kept whole, each with its report and a record of why."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from transforms.errors import StorageError
from transforms.validation import CheckResult, Severity
from warehouse.archive import Received
from warehouse.deliveries import Delivery, Rejection
from warehouse.disk import disk_errors, private_folder, sync_folder, write_private
from warehouse.home import Home

RECORD = "delivery.json"


def quarantine(
    home: Home, received: Received, rejection: Rejection, *, report_html: str, report_json: str
) -> Path:
    """Move a return from the archive to quarantine, with its report; return the folder.

    The record is written before the file moves, so that wherever a run is killed the file is
    whole in one place and the rejection is known or will be found again.
    """
    folder = home.quarantine / received.sha256
    with disk_errors(f"{received.file_name} could not be moved to quarantine, {folder}."):
        private_folder(folder)
        private_folder(folder / "return")
        write_private(folder / "report.html", report_html.encode())
        write_private(folder / "report.json", report_json.encode())
        write_private(folder / RECORD, _to_json(rejection).encode())
        sync_folder(home.quarantine)
        name = received.path.name if received.kept_sha256 else received.file_name
        received.path.replace(folder / "return" / name)
        sync_folder(folder / "return")
        _remove_other_names(folder / "return", name)
        _remove_if_empty(received.path.parent)
    return folder


def rejected_deliveries(home: Home) -> tuple[Rejection, ...]:
    """Return every rejection in quarantine, in the order received."""
    with disk_errors(f"The quarantine {home.quarantine} cannot be read."):
        records = sorted(home.quarantine.glob(f"*/{RECORD}"))
        rejections = [_from_json(record) for record in records]
    return tuple(sorted(rejections, key=lambda r: (r.delivery.received_at, r.delivery.sha256)))


def leave_quarantine(home: Home, sha256: str) -> None:
    """Remove a return from quarantine that has since been accepted, and lies in the archive."""
    folder = home.quarantine / sha256
    with disk_errors(f"{folder} could not be removed."):
        if folder.exists() and any((home.archive / sha256).iterdir()):
            (folder / RECORD).unlink(missing_ok=True)
            shutil.rmtree(folder)
            sync_folder(home.quarantine)


def _to_json(rejection: Rejection) -> str:
    delivery = asdict(rejection.delivery)
    checks = [
        {name: value for name, value in asdict(result).items() if name != "serials"}
        for result in rejection.results
    ]
    received_at = rejection.delivery.received_at.isoformat()
    return json.dumps(delivery | {"received_at": received_at, "checks": checks}, indent=2) + "\n"


def _from_json(path: Path) -> Rejection:
    try:
        record: dict[str, Any] = json.loads(path.read_bytes())
        checks = record.pop("checks")
        received_at = datetime.fromisoformat(record.pop("received_at"))
        return Rejection(
            Delivery(received_at=received_at, **record),
            tuple(CheckResult(**c | {"severity": Severity(c["severity"])}) for c in checks),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    raise StorageError(
        f"The record of a rejected return, {path}, cannot be read.",
        remedy=f"restore it from a backup, or put the file of {path.parent / 'return'} back into "
        "the inbox and remove its folder: it is then checked again.",
    )


def _remove_other_names(folder: Path, file_name: str) -> None:
    """Remove copies under the names an earlier delivery of the same content had."""
    for path in folder.iterdir():
        if path.name != file_name:
            path.unlink()


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()
        sync_folder(folder.parent)
