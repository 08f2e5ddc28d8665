"""Manifests: what a supplier says of the files sent, so that a file cut short is noticed.

A manifest is a table with the columns file, rows and, optionally, sha256: delimited text, or JSON
as a list of such objects (or one under the key `files`).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transforms.errors import ReturnRejected, UsageError
from transforms.wording import number
from warehouse.inbox import is_manifest

LARGEST = 1 << 20
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Announced:
    """What a manifest says of one file: its name, its rows and, where given, its SHA-256."""

    manifest: str
    file_name: str
    rows: int
    sha256: str | None = None


def announcement_of(path: Path, pattern: str) -> Announced | None:
    """Return what the manifests beside a file say of it; None where none lists it.

    UsageError where a manifest cannot be read, or two say different things of the file.
    """
    beside = sorted(one for one in path.parent.iterdir() if is_manifest(one, pattern))
    said = [
        announced
        for manifest in beside
        if manifest.is_file()
        for announced in read_manifest(manifest)
        if announced.file_name.casefold() == path.name.casefold()
    ]
    if len({(one.rows, one.sha256) for one in said}) > 1:
        raise UsageError(
            f"{', '.join(sorted({one.manifest for one in said}))}: {path.name} is listed more "
            "than once, with different rows or checksums.",
            remedy="ask the supplier which is right, and take the other manifest away.",
        )
    return said[0] if said else None


def read_manifest(path: Path) -> tuple[Announced, ...]:
    """Return what a manifest says, file by file; UsageError where it cannot be understood."""
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST).decode("utf-8-sig")
        entries = _entries(text)
        return tuple(_announced(entry, path.name) for entry in entries)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error):
        pass
    raise UsageError(
        f"The manifest {path.name} cannot be understood.",
        expected="a table with the columns file, rows and (if wanted) sha256, as delimited text "
        "or JSON.",
        remedy="ask the supplier to correct it.",
    )


def require_announced(announced: Announced, sha256: str, rows: int) -> None:
    """Raise ReturnRejected where a return is not what its manifest says."""
    if announced.sha256 is not None and announced.sha256 != sha256:
        raise ReturnRejected(
            f"{announced.file_name} is not the file that {announced.manifest} lists: their SHA-256 "
            "differ.",
            expected=f"a file with the SHA-256 {announced.sha256}.",
            remedy="Ask the supplier to send both again; the upload was damaged, or one of the two "
            "is older than the other.",
        )
    if announced.rows != rows:
        raise ReturnRejected(
            f"{announced.file_name} holds {number(rows)} rows; {announced.manifest} lists "
            f"{number(announced.rows)}.",
            expected=f"{number(announced.rows)} rows.",
            remedy="Ask the supplier which is right. If the file was cut short, have it sent "
            "again; if not, ask for a corrected manifest.",
        )


def unannounced(file_name: str) -> ReturnRejected:
    """Return the refusal of a return that no manifest beside it lists."""
    return ReturnRejected(
        f"No manifest beside {file_name} lists it.",
        expected="a manifest in the same folder that says how many rows it holds, since "
        "survey.yaml declares `manifest`.",
        remedy="Put the manifest beside the return; if the supplier sends none any more, take "
        "`manifest` out of survey.yaml.",
    )


def _entries(text: str) -> list[Mapping[str, Any]]:
    if text.lstrip()[:1] in ("[", "{"):
        held = json.loads(text)
        return list(held["files"] if isinstance(held, dict) else held)
    header = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    table = csv.DictReader(io.StringIO(text.lstrip()), delimiter=delimiter, strict=True)
    if not {"file", "rows"} <= {name.strip().casefold() for name in table.fieldnames or ()}:
        raise ValueError
    return list(table)


def _announced(entry: Mapping[str, Any], manifest: str) -> Announced:
    held = {str(key).strip().casefold(): str(value).strip() for key, value in entry.items()}
    sha256 = held.get("sha256", "").lower() or None
    if sha256 is not None and not SHA256.fullmatch(sha256):
        raise ValueError
    name = re.split(r"[/\\]", held["file"])[-1]
    rows = int(held["rows"])
    if not name or rows < 0:
        raise ValueError
    return Announced(manifest, name, rows, sha256)
