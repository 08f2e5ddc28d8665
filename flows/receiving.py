"""Receiving: files into the archive, and which of them are new."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flows.outcomes import Arrival, Checked, Held
from warehouse.archive import inbox_files, receive, remove_from_inbox
from warehouse.builds import open_current
from warehouse.deliveries import deliveries
from warehouse.home import Home
from warehouse.quarantine import leave_quarantine
from warehouse.runs import wave_versions


def receive_returns(home: Home, files: Sequence[Path] | None) -> tuple[Arrival, ...]:
    """Copy each file, or each in the inbox, into the archive."""
    sources = inbox_files(home) if files is None else files
    return tuple(Arrival(path, receive(home, path), files is None) for path in sources)


def held_by(home: Home) -> Held:
    """Return what the current build holds; nothing before the first."""
    connection = open_current(home)
    if connection is None:
        return Held()
    with connection:
        return Held(deliveries(connection), wave_versions(connection))


def new_arrivals(arrivals: Sequence[Arrival], held: Held) -> tuple[Arrival, ...]:
    """Return the arrivals whose content was not accepted before.

    The same content under two names is two arrivals: one name may say another wave.
    """
    return tuple(arrival for arrival in arrivals if not held.knows(arrival.received.sha256))


def clear_away(home: Home, arrivals: Sequence[Arrival], checked: Sequence[Checked]) -> None:
    """Empty the inbox of what is safe elsewhere, and quarantine of what has been accepted since."""
    for one in checked:
        if one.accepted:
            leave_quarantine(home, one.sha256)
    for arrival in arrivals:
        if arrival.from_inbox:
            remove_from_inbox(home, arrival.source, arrival.received)
