"""Receiving: files into the archive, and which of them are new."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.outcomes import Arrival, Checked, Held
from transforms.catalogue import Survey
from transforms.errors import UsageError
from warehouse.archive import Untakeable, receive
from warehouse.builds import open_current
from warehouse.deliveries import deliveries
from warehouse.home import Home
from warehouse.inbox import Left, changing, look_into, remove_from_inbox
from warehouse.manifest import Announced, announcement_of, read_manifest
from warehouse.quarantine import leave_quarantine
from warehouse.retention import reduced_waves
from warehouse.runs import wave_versions


@dataclass(frozen=True, slots=True)
class Taken:
    """What came in, and what was left where it lay."""

    arrivals: tuple[Arrival, ...]
    left: tuple[Left, ...]


def receive_returns(home: Home, files: Sequence[Path] | None, survey: Survey) -> Taken:
    """Copy each file, or each in the inbox, into the archive; one that cannot be is left."""
    rule = survey.about.returns
    inbox = look_into(home, rule.manifest)
    if files is not None:
        return _taken(home, files, survey, from_inbox=False)
    unsettled = changing((*inbox.returns, *inbox.manifests), rule.settled_after)
    names = {one.name for one in unsettled}
    ready = [path for path in inbox.returns if path.name not in names]
    taken = _taken(home, ready, survey, from_inbox=True)
    idle = _idle_manifests(inbox.manifests, {path.name.casefold() for path in inbox.returns})
    return Taken(taken.arrivals, (*inbox.left, *unsettled, *taken.left, *idle))


def _taken(home: Home, files: Sequence[Path], survey: Survey, *, from_inbox: bool) -> Taken:
    arrivals: list[Arrival] = []
    left: list[Left] = []
    for path in files:
        try:
            arrivals.append(_arrival(home, path, survey, from_inbox=from_inbox))
        except Untakeable as why:
            left.append(Left(path.name, f"{why.what} What to do: {why.remedy}", why.waits))
    return Taken(tuple(arrivals), tuple(left))


def _arrival(home: Home, path: Path, survey: Survey, *, from_inbox: bool) -> Arrival:
    announced = announced_of(path, survey)
    if announced is None and from_inbox and survey.about.returns.manifest is not None:
        raise Untakeable(
            "No manifest in the inbox lists it yet.",
            remedy="wait for the manifest that the supplier sends with it, or ask for it.",
            waits=True,
        )
    return Arrival(path, receive(home, path), from_inbox, announced)


def _idle_manifests(manifests: Sequence[Path], there: Collection[str]) -> tuple[Left, ...]:
    """Return the manifests that list no return that has come."""
    idle = []
    for manifest in manifests:
        try:
            listed = [one.file_name for one in read_manifest(manifest)]
        except UsageError as why:
            idle.append(Left(manifest.name, f"{why.what} What to do: {why.remedy}", False))
            continue
        if not any(name.casefold() in there for name in listed):
            names = ", ".join(listed[:5]) or "nothing"
            idle.append(Left(manifest.name, f"It lists {names}, which has not come yet.", True))
    return tuple(idle)


def announced_of(path: Path, survey: Survey) -> Announced | None:
    """Return what the manifests beside a file say of it, where the survey declares manifests."""
    pattern = survey.about.returns.manifest
    if pattern is None:
        return None
    try:
        return announcement_of(path, pattern)
    except UsageError as why:
        raise Untakeable(why.what, expected=why.expected, remedy=why.remedy) from None


def held_by(home: Home) -> Held:
    """Return what the current build holds; nothing before the first."""
    connection = open_current(home)
    if connection is None:
        return Held()
    with connection:
        held = deliveries(connection), wave_versions(connection), reduced_waves(connection)
        return Held(*held)


def new_arrivals(arrivals: Sequence[Arrival], held: Held) -> tuple[Arrival, ...]:
    """Return the arrivals whose content was not accepted before.

    The same content under two names is two arrivals: one name may say another wave.
    """
    return tuple(arrival for arrival in arrivals if not held.knows(arrival.received.sha256))


def clear_away(
    home: Home,
    arrivals: Sequence[Arrival],
    checked: Sequence[Checked],
    held: Held,
    survey: Survey,
) -> None:
    """Empty the inbox of what is safe elsewhere, and quarantine of what has been accepted since."""
    for one in checked:
        if one.accepted:
            leave_quarantine(home, one.sha256)
    for arrival in arrivals:
        if arrival.from_inbox:
            remove_from_inbox(home, arrival.source, arrival.received)
    came = [one.source.name for one in arrivals if one.from_inbox]
    used = {one.announced.manifest for one in arrivals if one.from_inbox and one.announced}
    known = {name.casefold() for name in (*came, *(d.file_name for d in held.deliveries))}
    _archive_manifests(home, used, known, survey)


def _archive_manifests(
    home: Home, used: Collection[str], known: Collection[str], survey: Survey
) -> None:
    """Move manifests into the archive once every file they list is known."""
    for manifest in look_into(home, survey.about.returns.manifest).manifests:
        if manifest.name in used:
            listed = {one.file_name.casefold() for one in read_manifest(manifest)}
            if listed <= set(known):
                remove_from_inbox(home, manifest, receive(home, manifest))
