"""May a return be believed? The answer of `perceptions check`, and of a run before it goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from expectations import validate
from flows.outcomes import Arrival, Checked, ComputedWave
from transforms.catalogue import Survey
from transforms.decode import decode
from transforms.errors import ReturnRejected
from transforms.identify import identify_wave
from transforms.validation import CheckResult, Severity, Validation
from transforms.wave import process_wave
from warehouse.archive import file_sha256
from warehouse.returns import read_return


def check_return(path: Path, survey: Survey) -> Validation:
    """Return every rule's result on the return at `path`; what cannot be read is a finding too."""
    try:
        raw = read_return(path)
        wave = identify_wave(raw, survey).name
    except ReturnRejected as refusal:
        return unreadable(path, refusal)
    return validate(raw, survey, wave)


def check_whole_way(path: Path, survey: Survey) -> Validation:
    """Return `check_return`'s results and, where it accepts, whether weights can be formed."""
    validation = check_return(path, survey)
    if not validation.accepted:
        return validation
    try:
        responses = decode(read_return(path), survey, validation.wave)
        process_wave(responses, responses.respondents["serial"], survey)
    except ReturnRejected as refusal:
        return with_refusal(validation, refusal)
    return validation


def unreadable(path: Path, refusal: ReturnRejected) -> Validation:
    """Return the result for a return that could not be read or placed in a wave."""
    blank = Validation(path.name, file_sha256(path), wave="", rows=0, results=())
    return with_refusal(blank, refusal, rule="readable", title="The file can be read and placed")


def with_refusal(
    validation: Validation,
    refusal: ReturnRejected,
    rule: str = "weights",
    title: str = "Weights and estimates can be formed",
) -> Validation:
    """Return the validation with one more critical finding: what the refusal says."""
    found = CheckResult(
        rule=rule,
        title=title,
        severity=Severity.CRITICAL,
        passed=False,
        finding=refusal.what,
        expected=refusal.expected or "",
        remedy=refusal.remedy,
    )
    return replace(validation, results=(*validation.results, found))


def check_arrival(arrival: Arrival, survey: Survey) -> Checked:
    """Check one arrival, in its archived copy."""
    return Checked(arrival, check_return(arrival.received.path, survey))


def without_copies(checked: Sequence[Checked]) -> tuple[Checked, ...]:
    """Return each content once: as it was first accepted, or as it was first refused."""
    chosen: dict[str, Checked] = {}
    for one in checked:
        known = chosen.get(one.sha256)
        if known is None or (one.accepted and not known.accepted):
            chosen[one.sha256] = one
    return tuple(one for one in checked if chosen[one.sha256] is one)


def refuse_rivals(checked: Sequence[Checked]) -> tuple[Checked, ...]:
    """Refuse accepted returns that arrived together for one wave: which is right, nobody knows."""
    count = Counter(one.validation.wave for one in checked if one.accepted)
    rivals = {wave for wave, returns in count.items() if returns > 1}
    return tuple(_refuse_rival(one) if one.validation.wave in rivals else one for one in checked)


def _refuse_rival(one: Checked) -> Checked:
    if not one.accepted:
        return one
    refusal = ReturnRejected(
        f"More than one return for {one.validation.wave} arrived together.",
        expected="one return for a wave at a time; a later one supersedes the earlier.",
        remedy="put only the right one back into the inbox and run again.",
    )
    refused = with_refusal(
        one.validation, refusal, rule="one_return", title="It is the only return for its wave"
    )
    return Checked(one.arrival, refused)


def refuse_uncomputable(
    checked: Sequence[Checked], computed: Sequence[ComputedWave]
) -> tuple[Checked, ...]:
    """Refuse new returns whose weights or estimates cannot be formed."""
    refusals = {one.work.received.sha256: one.refusal for one in computed}
    return tuple(_refused(one, refusals.get(one.sha256)) for one in checked)


def _refused(one: Checked, refusal: ReturnRejected | None) -> Checked:
    if refusal is None:
        return one
    return Checked(one.arrival, with_refusal(one.validation, refusal))
