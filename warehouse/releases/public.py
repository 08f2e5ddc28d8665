"""The public folder: the newest release, every earlier one, and the list of them; swapped whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from transforms.errors import StorageError
from warehouse.disk import disk_errors, sync_folder, sync_tree
from warehouse.home import Home
from warehouse.lock import require_lock
from warehouse.publication.announcing import (
    Announced,
    Announcement,
    Withdrawn,
    feed_text,
    releases_page,
    withdrawn_page,
)
from warehouse.publication.write import MANIFEST, changed_files
from warehouse.releases.records import FILES, Release, release_folder, signed_releases

LIST = "releases.json"
PUBLIC_FOLDER, PUBLIC_FILE = 0o755, 0o644
KEPT = 2
"""The public folder in use and the one before it, for readers who are in the middle of it."""


def publish_due(home: Home, now: datetime) -> Path | None:
    """Make public what is signed and no longer under embargo; return the folder if it changed.

    Needs `writer_lock`. Interrupted anywhere, the link leads to the folder before or the one after.
    """
    require_lock(home)
    if not is_due(home, now):
        return None
    if home.public.is_dir() and not home.public.is_symlink():
        raise StorageError(
            f"{home.public} is a folder; it should be a link, which is moved in one step.",
            remedy="move it elsewhere and run again: every release is kept, and comes back.",
        )
    with disk_errors(
        f"The public folder {home.public} cannot be changed. What is signed is kept, and comes out "
        "with perceptions publish --due."
    ):
        return _swap_in(home, _made(home, _out(home, now)))


def is_due(home: Home, now: datetime) -> bool:
    """True where the public folder does not say what it should by now."""
    out = _out(home, now)
    return bool(out) and _current_list(home) != _list_text(out)


def public_release(home: Home) -> int | None:
    """Return the number of the release that the public folder shows first; None without one."""
    held = json.loads(_current_list(home) or "[]")
    return next((one["number"] for one in held if one["withdrawal"] is None), None)


def _out(home: Home, now: datetime) -> Sequence[Release]:
    return [one for one in signed_releases(home) if one.released_at <= now and one.was_public]


def _list_text(out: Sequence[Release]) -> str:
    """Return what everybody may know of the releases, as JSON; not who signed them."""
    names = {"number", "released_at", "released_on", "latest_wave", "corrects", "note", "revisions"}
    gone = {"withdrawal": {"withdrawn_on", "reason"}}
    told = dict.fromkeys(names, True) | gone
    held = [release.model_dump(mode="json", include=told) for release in reversed(out)]
    return json.dumps(held, indent=1, ensure_ascii=False) + "\n"


def _current_list(home: Home) -> str | None:
    path = home.public / LIST
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _made(home: Home, out: Sequence[Release]) -> Path:
    """Make a public folder beside the others; its files are the releases' own, linked."""
    home.public_folders.mkdir(mode=PUBLIC_FOLDER, exist_ok=True)
    for leftover in home.public_folders.glob("*.partial"):
        shutil.rmtree(leftover)
    partial = home.public_folders / f"{_last_number(home) + 1:04d}.partial"
    partial.mkdir()
    said = _announcement(home, out)
    for one in out:
        _require_as_signed(home, one)
    shown = [release.number for release in out if release.withdrawal is None]
    if shown:
        _link(release_folder(home, shown[-1]) / FILES, partial)
    else:
        _write(partial / "index.html", withdrawn_page(said, said.releases[0], ""))
    for release in said.releases:
        _put(home, release, said, partial / "release" / str(release.number))
    _write(partial / "releases.html", releases_page(said, ""))
    _write(partial / "feed.xml", feed_text(said, ""))
    _write(partial / LIST, _list_text(out))
    _open_to_all(partial)
    return partial


def _put(home: Home, release: Announced, said: Announcement, target: Path) -> None:
    """Put a release under its permanent address; a notice where it was withdrawn."""
    if release.withdrawn is None:
        _link(release_folder(home, release.number) / FILES, target)
    else:
        _write(target / "index.html", withdrawn_page(said, release, "../../"))
    _write(target / "releases.html", releases_page(said, "../../"))
    _write(target / "feed.xml", feed_text(said, "../../"))


def _announcement(home: Home, out: Sequence[Release]) -> Announcement:
    newest = out[-1]
    return Announcement(
        survey=home.survey,
        title=newest.title,
        run_by=newest.run_by,
        simulated=newest.simulated,
        releases=tuple(_announced(release) for release in reversed(out)),
    )


def _announced(release: Release) -> Announced:
    gone = release.withdrawal
    return Announced(
        number=release.number,
        at=release.released_at,
        on=release.released_on,
        latest_wave=release.latest_wave,
        corrects=release.corrects,
        note=release.note,
        revisions=release.revisions,
        withdrawn=None
        if gone is None
        else Withdrawn(gone.withdrawn_at, gone.withdrawn_on, gone.reason),
    )


def _require_as_signed(home: Home, release: Release) -> None:
    """Raise StorageError where a release that is to be shown is not the one that was signed.

    A public file is a release's own: what is written into one, the release has too.
    """
    if release.withdrawal is not None or release.sign_off is None:
        return
    files = release_folder(home, release.number) / FILES
    with disk_errors(f"Release {release.number} in {files} cannot be read."):
        manifest = sha256((files / MANIFEST).read_bytes()).hexdigest()
        is_signed = manifest == release.sign_off.manifest_sha256
        changed = changed_files(files) if is_signed else (MANIFEST,)
    if changed:
        raise StorageError(
            f"Release {release.number} is not as it was signed off: {', '.join(changed[:5])}.",
            expected=f"in {files} what {MANIFEST} lists, and nothing else.",
            remedy="put those files back from a backup, or withdraw the release (perceptions "
            "publish --withdraw); what is public stays as it is.",
        )


def _link(source: Path, target: Path) -> None:
    shutil.copytree(source, target, copy_function=_same_file, dirs_exist_ok=True)


def _same_file(source: str, target: str) -> None:
    """Let a name lead to the same bytes; copy them where the disk has no such links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # a linked file is a release's own
    path.write_text(text, encoding="utf-8")


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(PUBLIC_FOLDER if path.is_dir() else PUBLIC_FILE)


def _swap_in(home: Home, partial: Path) -> Path:
    folder = partial.with_suffix("")
    link = home.folder / "public.partial"
    sync_tree(partial)
    partial.rename(folder)
    sync_folder(home.public_folders)
    link.unlink(missing_ok=True)
    link.symlink_to(folder.relative_to(home.folder))
    link.replace(home.public)
    sync_folder(home.folder)
    for old in sorted(path for path in home.public_folders.iterdir() if path.name.isdigit())[
        :-KEPT
    ]:
        shutil.rmtree(old)
    return folder


def _last_number(home: Home) -> int:
    names = (path.name for path in home.public_folders.iterdir() if path.name.isdigit())
    return max(map(int, names), default=0)
