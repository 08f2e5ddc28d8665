"""Returns sent again: held against those that they supersede, respondent by respondent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from flows.checking import sample_of
from flows.outcomes import Checked, FileOutcome, Held
from transforms.catalogue import Survey
from transforms.errors import ReturnRejected
from transforms.identify import Placed
from transforms.responses import RawReturn
from transforms.resubmission import Difference, difference
from warehouse.archive import Received, archived
from warehouse.deliveries import Delivery
from warehouse.home import Home
from warehouse.resubmissions import keep_differences
from warehouse.returns import read_received
from warehouse.withdrawals import serials_in, withdrawn_list, without_withdrawn


def compare_resubmitted(
    checked: Sequence[Checked], held: Held, home: Home, survey: Survey
) -> dict[str, Difference]:
    """Return how accepted returns differ from those in use, by SHA-256; keep it with each.

    Where the earlier return is no longer kept, or cannot be read as it is declared now, there is
    nothing to compare with.
    """
    found = {}
    for one in checked:
        earlier = _superseded(one, held, survey)
        if earlier is not None:
            told = _difference(one, earlier, home, survey)
            if told is not None:
                found[one.sha256] = told
    keep_differences(home, found)
    return found


def with_history(
    outcomes: Sequence[FileOutcome],
    checked: Sequence[Checked],
    differences: Mapping[str, Difference],
    late: Mapping[str, int],
) -> tuple[FileOutcome, ...]:
    """Return the checked files' outcomes, in their order: what each changes, and how late it is."""
    return tuple(
        replace(
            outcome,
            difference=differences.get(one.sha256),
            late_by=late.get(one.sha256, 0),
        )
        for outcome, one in zip(outcomes, checked, strict=True)
    )


def late_by(checked: Sequence[Checked], held: Held, survey: Survey, today: date) -> dict[str, int]:
    """Return by how many days accepted returns are late, by SHA-256, where days are declared.

    The first of a wave's sample is: one sent again corrects, and is in no hurry.
    """
    if survey.about.returns.due_after is None:
        return {}
    first = [one for one in checked if one.accepted and _superseded(one, held, survey) is None]
    due = {one.sha256: survey.due(survey.wave(one.validation.wave)) for one in first}
    return {sha256: (today - day).days for sha256, day in due.items() if day < today}


def _superseded(one: Checked, held: Held, survey: Survey) -> Delivery | None:
    wave = one.validation.wave
    if not one.accepted or wave in held.reduced:
        return None
    return held.accepted.get(wave, {}).get(str(sample_of(one.validation, survey)))


def _difference(one: Checked, earlier: Delivery, home: Home, survey: Survey) -> Difference | None:
    placed = Placed(str(earlier.wave), str(earlier.sample))
    try:
        before = _read(archived(home, earlier.sha256, earlier.file_name), placed, home, survey)
        after = _read(one.arrival.received, placed, home, survey)
    except ReturnRejected:
        return None
    serials = serials_in(before, survey, placed), serials_in(after, survey, placed)
    if serials[0] is None or serials[1] is None:
        return None
    told = difference(before, serials[0], after, serials[1])
    return replace(told, supersedes=earlier.sha256)


def _read(received: Received, placed: Placed, home: Home, survey: Survey) -> RawReturn:
    raw = read_received(received, survey.reading_of(placed.wave))
    return without_withdrawn(raw, withdrawn_list(home), survey, placed)
