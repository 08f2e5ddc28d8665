"""A respondent erased: from returns, figures and builds, and nothing else changed.

The order makes an interruption harmless. First it is written down who is to go, as a keyed hash:
from then on every run leaves the respondent out, and the next command goes on where this one was
stopped. Then the returns are rewritten, a build is made without the respondent, and what still
holds one is removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from flows.building import build
from flows.computing import compute_wave, require_computed, stale_waves, waiting_waves
from flows.examining import examine, examine_followers
from flows.outcomes import Brought, ComputedWave, Held, WaveWork
from flows.progress import say
from flows.receiving import held_by
from flows.searching import orphans, placed_deliveries, refused_with, searched
from flows.shown import describe_wave
from transforms.catalogue import Survey
from transforms.errors import UsageError
from transforms.identify import Placed
from warehouse.archive import KEPT, archived
from warehouse.builds import open_current
from warehouse.deliveries import Delivery
from warehouse.erasure import (
    Erased,
    Withdrawal,
    builds_with,
    conditions_of,
    recorded_withdrawals,
    remove_builds,
    remove_candidate,
    remove_folders,
)
from warehouse.home import Home
from warehouse.returns import keep_without, remove_others
from warehouse.withdrawals import (
    Withdrawn,
    WithdrawnList,
    with_done,
    withdrawn_list,
    withdrawn_rows,
    write_list,
)


@dataclass(frozen=True, slots=True)
class Removed:
    """What a withdrawal changed: returns rewritten, folders, builds and a candidate removed."""

    rewritten: tuple[Delivery, ...] = ()
    folders: tuple[Path, ...] = ()
    builds: tuple[Path, ...] = ()
    candidate: bool = False
    recomputed: tuple[str, ...] = ()
    build: str | None = None


def finish_withdrawals(home: Home, survey: Survey) -> Removed | None:
    """Go on with withdrawals that were interrupted; None where there is none. Needs the lock."""
    listed = withdrawn_list(home)
    settle_archive(home, held_by(home), survey)
    return erase(home, survey, listed) if listed.unfinished else None


def settle_archive(home: Home, held: Held, survey: Survey) -> None:
    """Take out of the archive what came again as it was before somebody was withdrawn from it."""
    for placed, delivery in placed_deliveries(held, survey):
        if delivery.kept_sha256 is not None and _came_again(home, delivery):
            kept = _kept(home, survey, delivery, placed, withdrawn_list(home))
            if kept.kept_sha256 is not None:
                remove_others(archived(home, delivery.sha256, delivery.file_name))


def _came_again(home: Home, delivery: Delivery) -> bool:
    """True where the file as received lies in the archive, though respondents were taken out."""
    folder = home.archive / delivery.sha256
    return folder.is_dir() and any(path.suffix != KEPT for path in folder.iterdir())


def require_computable(home: Home, survey: Survey, listed: WithdrawnList) -> None:
    """Raise UsageError where a wave could not be weighted any more: nothing is changed then."""
    held = held_by(home)
    for work in _work(home, survey, held, listed.unfinished):
        refusal = compute_wave(work, home, survey, listed).refusal
        if refusal is not None:
            raise UsageError(
                f"Without the respondent {work.wave} cannot be computed: {refusal.what}",
                expected=refusal.expected,
                remedy=f"{refusal.remedy} Then withdraw the respondent again: nothing has been "
                "changed.",
            )


def erase(home: Home, survey: Survey, listed: WithdrawnList) -> Removed:
    """Do every withdrawal of the list that is not done; return what was changed. Needs the lock."""
    held, entries = held_by(home), listed.unfinished
    say("Withdrawing", "written down who is to go, as a keyed hash")
    kept = _rewritten(home, survey, held, listed)
    say("Withdrawing", f"{len(kept)} returns rewritten")
    gone = _lost(held, kept, entries)
    now = replace(held, deliveries=tuple(kept.get(d.sha256, d) for d in held.deliveries))
    computed: Sequence[ComputedWave] = ()
    folder = None
    if not {one.number for one in entries} <= _recorded(home):
        computed = _computed(home, survey, now, listed)
        folder = _built(home, survey, computed, entries, kept, gone)
    folders = (
        *refused_with(home, survey, listed),
        *orphans(home, held),
        *_reports(home, now, entries),
    )
    remove_folders(home, folders)
    builds = builds_with(home, {one.wave for one in entries})
    remove_builds(home, builds)
    candidate = remove_candidate(home)
    write_list(home, with_done(listed, (one.number for one in entries)))
    recomputed = tuple(one.work.wave for one in computed)
    name = folder.name if folder else None
    return Removed(tuple(kept.values()), folders, builds, candidate, recomputed, name)


def _rewritten(
    home: Home, survey: Survey, held: Held, listed: WithdrawnList
) -> dict[str, Delivery]:
    """Rewrite the returns that hold somebody still to be withdrawn; return them by SHA-256."""
    wanted = {Placed(one.wave, one.sample) for one in listed.unfinished}
    found: dict[str, Delivery] = {}
    for placed, delivery in placed_deliveries(held, survey):
        if placed in wanted and (home.archive / delivery.sha256).is_dir():
            kept = _kept(home, survey, delivery, placed, listed)
            if kept != delivery:
                found[delivery.sha256] = kept
    return found


def _kept(
    home: Home, survey: Survey, delivery: Delivery, placed: Placed, listed: WithdrawnList
) -> Delivery:
    """Return a delivery as the archive keeps it without those withdrawn, having rewritten it."""
    received, raw = searched(home, delivery, survey)
    gone = withdrawn_rows(raw, listed, survey, placed)
    if gone.any():
        received = keep_without(received, survey.reading_of(placed.wave), gone)
    if received.kept_sha256 is None:
        return delivery
    rows = len(raw.rows) - int(gone.sum())
    fewer = (delivery.row_count or 0) - rows
    return replace(
        delivery,
        kept_sha256=received.kept_sha256,
        withdrawn=delivery.withdrawn + fewer,
        row_count=rows,
    )


def _lost(held: Held, kept: dict[str, Delivery], entries: Iterable[Withdrawn]) -> dict[int, int]:
    """Return how many respondents each withdrawal took out of the return in use, by its number."""
    fewer = {
        Placed(str(one.wave), str(one.sample)): kept[one.sha256].withdrawn - one.withdrawn
        for one in held.deliveries
        if one.status == "accepted" and one.sha256 in kept
    }
    return {one.number: min(fewer.get(Placed(one.wave, one.sample), 0), 1) for one in entries}


def _work(
    home: Home, survey: Survey, held: Held, entries: Sequence[Withdrawn]
) -> tuple[WaveWork, ...]:
    """Return the waves with figures that somebody is withdrawn from."""
    waiting = waiting_waves((), held, survey)
    waves = dict.fromkeys(one.wave for one in entries)
    return tuple(
        WaveWork(
            wave,
            {
                sample: archived(home, one.sha256, one.file_name)
                for sample, one in held.accepted[wave].items()
            },
        )
        for wave in waves
        if wave in held.accepted and wave not in waiting and wave not in held.reduced
    )


def _computed(home: Home, survey: Survey, held: Held, listed: WithdrawnList) -> list[ComputedWave]:
    """Return the waves computed again: those that lost somebody, and those that were stale."""
    computed = []
    for work in stale_waves((), held, home, survey):
        computed.append(compute_wave(work, home, survey, listed))
        say("Estimating", describe_wave(computed[-1]))
    require_computed(computed)
    return examine(computed, home, survey)


def _built(
    home: Home,
    survey: Survey,
    computed: Sequence[ComputedWave],
    entries: Sequence[Withdrawn],
    kept: dict[str, Delivery],
    lost: dict[int, int],
) -> Path:
    waves = [one.work.wave for one in computed]
    order = survey.wave_names
    first = min((order.index(wave) for wave in waves), default=len(order))
    erased = Erased(
        withdrawals=tuple(_recordable(one, lost[one.number]) for one in entries),
        kept=tuple(kept.values()),
        leave_out=conditions_of(home, waves, order[first:]),
    )
    followed = examine_followers(computed, home, survey)
    brought = Brought(computed=tuple(computed), followed=followed)
    folder = build(home, survey, brought, datetime.now(UTC), erased)
    say("Building", f"build {folder.name}: without the respondent")
    return folder


def _recordable(one: Withdrawn, respondents: int) -> Withdrawal:
    place = (one.wave, one.sample)
    return Withdrawal(one.number, one.withdrawn_at, *place, respondents, one.reason)


def _recorded(home: Home) -> frozenset[int]:
    connection = open_current(home)
    if connection is None:
        return frozenset()
    with connection:
        return recorded_withdrawals(connection)


def _reports(home: Home, held: Held, entries: Iterable[Withdrawn]) -> tuple[Path, ...]:
    """Return the reports of returns that held somebody: they name rows by serial number."""
    waves = {one.wave for one in entries}
    held_one = [d for d in held.deliveries if d.kept_sha256 is not None and d.wave in waves]
    folders = [home.reports / one.sha256 for one in held_one]
    return tuple(folder for folder in folders if folder.is_dir())
