"""Sign-off and withdrawal: who decided, when, and about which bytes."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256

from transforms.catalogue.mistakes import series
from transforms.errors import StorageError, UsageError
from transforms.wording import date_words
from warehouse.builds import current_build
from warehouse.disk import disk_errors, sync_folder
from warehouse.home import Home
from warehouse.lineage import made_of_build
from warehouse.lock import require_lock
from warehouse.publication.write import MANIFEST, changed_files
from warehouse.releases.records import (
    FILES,
    RECORD,
    WITHDRAWN,
    Release,
    SignOff,
    Withdrawal,
    candidate_of,
    release_folder,
    signed_releases,
    write_record,
)


def sign_candidate(home: Home, signed_by: str, account: str, now: datetime, today: date) -> Release:
    """Make the candidate a release; it is public when its embargo has ended. Needs `writer_lock`.

    `today`: the day in London. UsageError where there is no candidate, or its day has passed: its
    pages would say that they came out when they had not; or what it was made from is no longer in
    use. StorageError where its files are not those that were made.
    """
    require_lock(home)
    candidate = candidate_of(home)
    if candidate is None:
        raise UsageError(
            "No release candidate waits for sign-off.",
            remedy="make one: perceptions publish. What is signed already comes out with "
            "perceptions publish --due.",
        )
    if candidate.released_on < today:
        raise UsageError(
            f"The candidate says that it came out on {date_words(candidate.released_on)}; that day "
            "has passed.",
            remedy="make it again, with its day: perceptions publish --embargo '2026-08-06 09:30'",
        )
    _require_in_use(home, candidate)
    release = candidate.model_copy(
        update={
            "sign_off": SignOff(
                signed_by=signed_by,
                account=account,
                signed_at=now,
                manifest_sha256=_require_as_made(home),
            )
        }
    )
    with disk_errors(f"Release {release.number} cannot be kept in {home.releases}."):
        write_record(home.candidate / RECORD, release)
        home.candidate.rename(release_folder(home, release.number))
        sync_folder(home.releases)
        sync_folder(home.folder)
    return release


def withdraw_release(home: Home, number: int, withdrawal: Withdrawal) -> Release:
    """Record that a release is withdrawn; its files are kept, and shown no more."""
    require_lock(home)
    known = {release.number: release for release in signed_releases(home)}
    if number not in known:
        raise UsageError(
            f"There is no release {number}.",
            expected=f"one of {', '.join(map(str, known)) or 'none: nothing is released yet'}.",
            remedy="see `perceptions status`.",
        )
    if known[number].withdrawal is not None:
        raise UsageError(f"Release {number} is withdrawn already.", remedy="nothing needs doing.")
    write_record(release_folder(home, number) / WITHDRAWN, withdrawal)
    return known[number].model_copy(update={"withdrawal": withdrawal})


def _require_in_use(home: Home, candidate: Release) -> None:
    """Raise UsageError where the candidate's build was gone back from, or a return replaced."""
    build = current_build(home)
    if build is None:
        return
    again = "make the candidate again from the current build: perceptions publish"
    if int(build.name) < int(candidate.build):
        raise UsageError(
            f"The candidate was made from build {candidate.build}; build {build.name}, an earlier "
            "one, has been made current since.",
            remedy=f"{again}. Or go back to the other: perceptions restore {int(candidate.build)}",
        )
    in_use = {one.sha256 for one in made_of_build(build) or candidate.made or ()}
    gone = [one for one in candidate.made or () if one.sha256 not in in_use]
    if gone:
        told = series(f"{one.file_name} ({one.wave})" for one in gone)
        raise UsageError(
            f"The candidate rests on what is no longer in use: {told}.", remedy=f"{again}."
        )


def _require_as_made(home: Home) -> str:
    """Return the manifest's SHA-256; StorageError where a file is not the one it lists."""
    files = home.candidate / FILES
    with disk_errors(f"The candidate in {home.candidate} cannot be read."):
        manifest = (files / MANIFEST).read_bytes()
        changed = changed_files(files)
    if changed:
        raise StorageError(
            f"The candidate was changed after it was made: {', '.join(changed[:5])}.",
            remedy="make it again: perceptions publish",
        )
    return sha256(manifest).hexdigest()
