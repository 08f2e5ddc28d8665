"""Withdrawing a respondent: found by serial number, confirmed by a person, erased, and told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import typer

from flows.endings import DONE
from flows.erasing import Removed, erase, finish_withdrawals, require_computable
from flows.progress import say_what_is_not_limited
from flows.receiving import held_by
from flows.searching import (
    place_of,
    placed_deliveries,
    refused_after,
    refused_returns,
    refused_with,
    searched,
)
from flows.settings import state_root
from transforms.catalogue import Survey
from transforms.catalogue.mistakes import series
from transforms.errors import UsageError
from transforms.identify import Placed
from transforms.responses import RawReturn
from transforms.samples import has_boosts, samples_in
from transforms.variables import identifier_text
from transforms.wording import number
from warehouse.declaration import load_survey
from warehouse.deliveries import Delivery
from warehouse.erasure import builds_with, remove_folders
from warehouse.home import Home, home_in_use
from warehouse.lock import writer_lock
from warehouse.quarantine import rejected_deliveries
from warehouse.withdrawals import (
    Withdrawn,
    WithdrawnList,
    opened_list,
    serials_meant,
    write_list,
)

ELSEWHERE = (
    "Not reached from here, and yours to do: backups, copies of the returns elsewhere, what the "
    "supplier holds, tables that somebody made from the warehouse, and this terminal's history.",
    "Releases stay as they were published; the next one revises them, with a note (perceptions "
    "publish --note).",
)


FOLDERS = {
    "quarantine": "refused, with the report",
    "reports": "reports on returns that were accepted",
    "archive": "left by a run that was killed",
}
"""What folders of a home hold that a withdrawal removes."""


@dataclass(frozen=True, slots=True)
class Request:
    """Who is to be withdrawn, as asked; `wave` and `sample` only where they are needed to tell."""

    serial: str
    wave: str | None
    sample: str | None
    reason: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Where a respondent was found: the returns that the archive keeps, in use and superseded."""

    placed: Placed
    deliveries: tuple[Delivery, ...]


def withdraw_and_show(survey_name: str, request: Request) -> int:
    """Erase a respondent, having asked, and print what was done and what is left to do."""
    survey = load_survey(survey_name)
    home = home_in_use(survey.name, state_root())
    request = _understood(request, survey)
    say_what_is_not_limited()
    with writer_lock(home):
        if (finished := finish_withdrawals(home, survey)) is not None:
            typer.echo(f"A withdrawal that was interrupted is finished. {_told(finished)}")
        listed = opened_list(home)
        places = _places(home, survey, request)
        before = _withdrawn_before(survey, listed, request)
        if before and not places:
            typer.echo(f"The respondent was withdrawn from {series(before)} before.")
            typer.echo(_swept(home, survey, listed, request))
            return DONE
        found = _only(places, before, survey, request)
        entry = _entry(listed, found, request)
        wanted = replace(listed, entries=(*listed.entries, entry))
        require_computable(home, survey, wanted)
        if not request.confirmed:
            _confirm(home, survey, wanted, found)
        write_list(home, wanted)
        removed = erase(home, survey, wanted)
    typer.echo(f"The respondent is withdrawn from {_place(found.placed, survey)}.")
    typer.echo("\n".join([_told(removed), *ELSEWHERE]))
    return DONE


def _swept(home: Home, survey: Survey, listed: WithdrawnList, request: Request) -> str:
    """Remove refused returns that came since, and may hold the respondent; say what was done."""
    places = [one for one in listed.places(survey) if listed.found(one, request.serial)]
    folders = refused_after(home, survey, listed, places)
    if not folders:
        return "Nothing to do: no return that is kept holds the respondent, refused ones included."
    count = number(len(folders))
    if not request.confirmed:
        names = {one.delivery.sha256: one.delivery.file_name for one in rejected_deliveries(home)}
        told = series(names.get(folder.name, folder.name) for folder in folders)
        typer.echo(f"Refused since, may hold the respondent and cannot be searched: {told}.")
        _agree("Remove them, with their reports?")
    remove_folders(home, folders)
    return f"Removed: {count} refused since, with the report: they may hold the respondent."


def _understood(request: Request, survey: Survey) -> Request:
    serial = identifier_text(request.serial)
    if not serial:
        raise UsageError("The serial number is empty.", remedy="name the respondent's.")
    if request.wave is not None and request.wave not in survey.wave_names:
        raise UsageError(
            f"There is no wave {request.wave}.",
            expected=f"one of {', '.join(survey.wave_names)}.",
            remedy="correct --wave.",
        )
    if serial in request.reason.split():
        raise UsageError(
            "The reason holds the serial number: it is recorded, and who it was is not.",
            remedy="say why without naming the respondent.",
        )
    return replace(request, serial=serial)


def _withdrawn_before(survey: Survey, listed: WithdrawnList, request: Request) -> tuple[str, ...]:
    """Return the waves' samples that the serial number was withdrawn from before."""
    places = [one for one in listed.places(survey) if _asked_for(one, request)]
    return tuple(_place(one, survey) for one in places if listed.found(one, request.serial))


def _places(home: Home, survey: Survey, request: Request) -> dict[Placed, tuple[Delivery, ...]]:
    """Return where the serial number stands, and in which returns that the archive keeps."""
    places: dict[Placed, tuple[Delivery, ...]] = {}
    for placed, delivery in _searchable(home, survey, request):
        raw = searched(home, delivery, survey)[1]
        if _holds(raw, placed, survey, request.serial):
            places[placed] = (*places.get(placed, ()), delivery)
    for raw in refused_returns(home, survey):
        told = place_of(raw, survey) or _supposed(request, survey)
        if told and _asked_for(told, request) and _holds(raw, told, survey, request.serial):
            places.setdefault(told, ())
    return places


def _searchable(
    home: Home, survey: Survey, request: Request
) -> tuple[tuple[Placed, Delivery], ...]:
    kept = placed_deliveries(held_by(home), survey)
    there = [one for one in kept if (home.archive / one[1].sha256).is_dir()]
    return tuple(one for one in there if _asked_for(one[0], request))


def _holds(raw: RawReturn, placed: Placed, survey: Survey, serial: str) -> bool:
    meant = serials_meant(raw, survey, placed, serial)
    if len(meant) > 1:
        raise _alike(placed, survey)
    return bool(meant)


def _alike(placed: Placed, survey: Survey) -> UsageError:
    return UsageError(
        f"Several respondents of {_place(placed, survey)} have this serial number, but for zeros "
        "at its front, a point at its end, or capitals.",
        expected="serial numbers that stay apart when a spreadsheet has written them.",
        remedy="ask the supplier for the return again, with serial numbers that do. Nothing was "
        "changed.",
    )


def _supposed(request: Request, survey: Survey) -> Placed | None:
    """Return what a refused return that does not tell is taken for: what was asked for."""
    if request.wave is None:
        return None
    return Placed(request.wave, request.sample or samples_in(survey, request.wave)[0])


def _only(
    places: Mapping[Placed, tuple[Delivery, ...]],
    before: Sequence[str],
    survey: Survey,
    request: Request,
) -> Found:
    """Return the one place; UsageError where there is none, or it takes a person to tell which."""
    if not places:
        raise _nowhere(request, survey)
    found = next(iter(places))
    if len(places) > 1 or before:
        raise _ambiguous([*(_place(one, survey) for one in places), *before], survey)
    return Found(found, places[found])


def _asked_for(placed: Placed, request: Request) -> bool:
    return request.wave in (None, placed.wave) and request.sample in (None, placed.sample)


def _nowhere(request: Request, survey: Survey) -> UsageError:
    waves = [request.wave] if request.wave else list(survey.wave_names)
    return UsageError(
        f"No return that is kept has this serial number. Searched: {series(waves)}, accepted, "
        "superseded and refused.",
        expected="a serial number as it stands in the supplier's return.",
        remedy="ask the supplier for the number and the wave. What waits in the inbox is not "
        "searched: take it in first, or remove it. A refused return that does not tell its wave "
        "is searched where --wave says one.",
    )


def _ambiguous(places: Sequence[str], survey: Survey) -> UsageError:
    boosts = has_boosts(survey)
    return UsageError(
        f"Several respondents have, or had, this serial number: in {series(places)}.",
        expected=f"the wave of the interview{', and its sample' if boosts else ''}.",
        remedy=f"say which is meant: --wave{' and --sample' if boosts else ''}.",
    )


def _place(placed: Placed, survey: Survey) -> str:
    return f"{placed.wave} ({placed.sample})" if has_boosts(survey) else placed.wave


def _entry(listed: WithdrawnList, found: Found, request: Request) -> Withdrawn:
    return Withdrawn(
        number=max((one.number for one in listed.entries), default=0) + 1,
        digest=listed.digest(found.placed, request.serial),
        wave=found.placed.wave,
        sample=found.placed.sample,
        withdrawn_at=datetime.now(UTC).replace(microsecond=0),
        reason=request.reason,
    )


def _confirm(home: Home, survey: Survey, wanted: WithdrawnList, found: Found) -> None:
    """Say what would be done, and raise UsageError unless a person agrees."""
    refused = refused_with(home, survey, wanted)
    names = {one.delivery.sha256: one.delivery.file_name for one in rejected_deliveries(home)}
    builds = [folder.name for folder in builds_with(home, {found.placed.wave})]
    lines = [
        f"The respondent is in {_place(found.placed, survey)}. This cannot be undone:",
        *(f"  rewritten without: {one.file_name} ({one.status})" for one in found.deliveries),
        *(
            f"  removed, with its report: {names.get(one.name, one.name)} (refused)"
            for one in refused
        ),
        f"  removed: every earlier build that holds the wave, and the one now current"
        f"{f' ({series(builds)})' if builds else ''}",
        "  computed again: the wave, and what depends on it",
    ]
    typer.echo("\n".join(lines))
    _agree("Withdraw the respondent?")


def _agree(question: str) -> None:
    """Ask a person; UsageError unless the answer is yes."""
    try:
        agreed = typer.confirm(question)
    except typer.Abort:
        agreed = False
    if not agreed:
        raise UsageError("Nothing was changed.", remedy="agree, or give --yes.")


def _told(removed: Removed) -> str:
    """Return what was done, a line each."""
    lines = [f"Rewritten without: {one.file_name}" for one in removed.rewritten]
    kinds = Counter(folder.parent.name for folder in removed.folders)
    lines += [
        f"Removed: {number(kinds[name])} {words}." for name, words in FOLDERS.items() if kinds[name]
    ]
    if removed.builds:
        lines.append(
            f"Removed: builds {', '.join(one.name for one in removed.builds)}; `perceptions "
            "restore` cannot bring them back."
        )
    if removed.candidate:
        lines.append("Removed: the candidate for release; make it again (perceptions publish).")
    if removed.recomputed:
        lines.append(f"Computed again: {series(removed.recomputed)}, and what depends on it.")
    if removed.build:
        lines.append(f"Build {removed.build} is current.")
    return "\n".join(lines)
