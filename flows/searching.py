"""Searching a home for a respondent: what the archive keeps, what was refused, what was left."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from flows.outcomes import Held
from transforms.catalogue import Survey
from transforms.errors import ReturnRejected, UsageError
from transforms.identify import Placed, place_return
from transforms.responses import RawReturn
from warehouse.archive import KEPT, Received, archived
from warehouse.deliveries import Delivery
from warehouse.home import Home
from warehouse.manifest import read_manifest
from warehouse.returns import read_received, read_return
from warehouse.withdrawals import WithdrawnList, serials_in


def searched(home: Home, delivery: Delivery, survey: Survey) -> tuple[Received, RawReturn]:
    """Return a return taken in before, and its rows; UsageError where it cannot be read now."""
    received = archived(home, delivery.sha256, delivery.file_name)
    try:
        return received, read_received(received, survey.reading_of(delivery.wave))
    except ReturnRejected as refusal:
        why = refusal
    raise UsageError(
        f"The archive cannot be searched: {why.what}",
        expected=f"a return of {delivery.wave} that can be read as it was when it was taken in.",
        remedy="take back what was changed under `reading` in survey.yaml, or restore the file.",
    )


def placed_deliveries(held: Held, survey: Survey) -> tuple[tuple[Placed, Delivery], ...]:
    """Return the returns that the archive keeps, and of which wave and sample each is."""
    return tuple(
        (Placed(str(one.wave), str(one.sample)), one)
        for one in held.deliveries
        if one.status != "rejected" and one.wave not in held.reduced
    )


def refused_returns(home: Home, survey: Survey) -> Iterator[RawReturn]:
    """Yield the refused returns that are kept and can be read."""
    for path in sorted(home.quarantine.glob("*/return/*")):
        raw = _read_anyhow(path, survey)
        if raw is not None:
            yield raw


def refused_with(home: Home, survey: Survey, listed: WithdrawnList) -> tuple[Path, ...]:
    """Return the folders of refused returns that hold somebody to be withdrawn, or may.

    A return may that cannot be read, or has no serial numbers where they are declared, unless it is
    known to be of another wave or sample.
    """
    folders = [folder for folder in sorted(home.quarantine.iterdir()) if folder.is_dir()]
    held = [(one, one / "return") for one in folders if (one / "return").is_dir()]
    return tuple(
        folder
        for folder, returns in held
        if any(_may_hold(path, survey, listed) for path in returns.iterdir())
    )


def refused_after(
    home: Home, survey: Survey, listed: WithdrawnList, places: Collection[Placed]
) -> tuple[Path, ...]:
    """Return the folders of refused returns that came after a withdrawal and may hold who it was.

    `places`: whom to search for, by the wave and sample of their withdrawals.
    """
    entries = tuple(
        replace(one, done=False) for one in listed.entries if Placed(one.wave, one.sample) in places
    )
    return refused_with(home, survey, replace(listed, entries=entries))


def _may_hold(path: Path, survey: Survey, listed: WithdrawnList) -> bool:
    wanted = replace(listed, entries=listed.unfinished)
    raw = _read_anyhow(path, survey)
    if raw is None:
        return True
    placed = place_of(raw, survey)
    places = [one for one in wanted.places(survey) if placed in (one, None)]
    columns = [(one, serials_in(raw, survey, one)) for one in places]
    return any(column is None or wanted.rows(column, one).any() for one, column in columns)


def _read_anyhow(path: Path, survey: Survey) -> RawReturn | None:
    """Return a file as a return; None where it cannot be read."""
    try:
        if (kept := _as_kept(path)) is not None:
            return read_received(kept, survey.about.returns.reading)
        return read_return(path, survey.about.returns.reading)
    except ReturnRejected:
        return None


def _as_kept(path: Path) -> Received | None:
    received = Received(path.parent.name, path.name, path, path.stem)
    return received if path.suffix == KEPT else None


def place_of(raw: RawReturn, survey: Survey) -> Placed | None:
    """Return the wave and sample that a return holds; None where nobody can tell."""
    try:
        return place_return(raw, survey)
    except ReturnRejected:
        return None


def orphans(home: Home, held: Held) -> tuple[Path, ...]:
    """Return what a killed run left in the archive: returns that no delivery speaks of.

    A list that a supplier sent with the returns is none.
    """
    known = {one.sha256 for one in held.deliveries if one.status != "rejected"}
    unknown = [one for one in sorted(home.archive.iterdir()) if one.name not in known]
    return tuple(one for one in unknown if one.is_dir() and any(map(_is_return, one.iterdir())))


def _is_return(path: Path) -> bool:
    try:
        read_manifest(path)
    except UsageError:
        return True
    return False
