"""What is known of each release: kept beside its files, never among them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from transforms.errors import StorageError
from transforms.lineage import Made
from warehouse.builds import PUBLISHED
from warehouse.disk import disk_errors, write_private
from warehouse.home import Home

RECORD, WITHDRAWN, FILES = "release.json", "withdrawn.json", "files"
DATABASE = f"{FILES}/data/{PUBLISHED}"

M = TypeVar("M", bound="Record")


class Record(BaseModel):
    """Something that was decided about a release."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SignOff(Record):
    """Who signed a release, when, from which account, and the SHA-256 of the manifest signed."""

    signed_by: str
    account: str
    signed_at: AwareDatetime
    manifest_sha256: str


class Withdrawal(Record):
    """Who withdrew a release, when, and why."""

    withdrawn_by: str
    account: str
    withdrawn_at: AwareDatetime
    withdrawn_on: date
    reason: str


class Release(Record):
    """A release, or the candidate for one: then `sign_off` is None.

    `title`, `run_by`, `simulated`: the survey's. `released_at`: the moment before which it is under
    embargo; `released_on`: its day in London. `build`: the build it was made from; `made`: what its
    waves were computed from, None in a release of a version that did not record it.
    """

    number: int
    title: str
    run_by: str
    simulated: bool
    released_at: AwareDatetime
    released_on: date
    latest_wave: str
    provisional: tuple[str, ...]
    corrects: int | None
    note: str | None
    revisions: int
    build: str
    made: tuple[Made, ...] | None = None
    sign_off: SignOff | None = None
    withdrawal: Withdrawal | None = None

    @property
    def was_public(self) -> bool:
        """False where it was withdrawn before its embargo had ended."""
        return self.withdrawal is None or self.withdrawal.withdrawn_at >= self.released_at


def release_folder(home: Home, number: int) -> Path:
    """Return where a signed release lies."""
    return home.releases / f"{number:04d}"


def release_database(home: Home, number: int) -> Path:
    """Return where a signed release's own database lies."""
    return release_folder(home, number) / DATABASE


def signed_releases(home: Home) -> tuple[Release, ...]:
    """Return every signed release, withdrawn ones too, in the order of their numbers."""
    with disk_errors(f"The releases in {home.releases} cannot be read."):
        folders = sorted(path for path in home.releases.iterdir() if path.name.isdigit())
    return tuple(_with_withdrawal(folder) for folder in folders)


def candidate_of(home: Home) -> Release | None:
    """Return the candidate that waits for sign-off; None where there is none."""
    if not (home.candidate / RECORD).is_file():
        return None
    return _read(home.candidate / RECORD, Release)


def write_record(path: Path, record: Record) -> None:
    """Write a record for this account alone: whole, or not at all."""
    held = record.model_dump(mode="json", exclude={"withdrawal"})
    write_private(path, (json.dumps(held, indent=1, sort_keys=True) + "\n").encode())


def _with_withdrawal(folder: Path) -> Release:
    release = _read(folder / RECORD, Release)
    path = folder / WITHDRAWN
    if not path.is_file():
        return release
    return release.model_copy(update={"withdrawal": _read(path, Withdrawal)})


def _read(path: Path, model: type[M]) -> M:
    with disk_errors(f"{path} cannot be read."):
        text = path.read_text(encoding="utf-8")
    try:
        return model.model_validate_json(text)
    except ValidationError:
        pass
    raise StorageError(
        f"{path} is damaged: it does not say what it should of its release.",
        remedy="restore it from a backup; until then nothing is published, and what is public "
        "stays.",
    )
