"""May a return be believed? The answer of `perceptions check`, and of a run before it goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from expectations import validate
from expectations.wave.figures import WaveFacts, facts_of_wave
from flows.examining import acceptances_of, examined, stored_before
from flows.outcomes import Arrival, Checked, ComputedWave, Held
from flows.receiving import announced_of, held_by
from transforms.catalogue import Reading, Survey
from transforms.decode import decode
from transforms.errors import ReturnRejected
from transforms.identify import Placed, place_return, sample_in_name, wave_in_name
from transforms.recognise import require_variables
from transforms.responses import RawReturn, Responses
from transforms.samples import as_sampled, joined, required_in, samples_in, samples_of
from transforms.validation import Acceptance, CheckResult, Severity, Validation, with_acceptances
from transforms.wave import wave_design
from warehouse.archive import Received, archived, file_sha256
from warehouse.home import Home
from warehouse.manifest import Announced, require_announced, unannounced
from warehouse.pseudonyms import SEPARATOR
from warehouse.returns import keep_without, read_received, read_return
from warehouse.withdrawals import (
    WithdrawnList,
    withdrawn_list,
    withdrawn_rows,
    without_rows,
    without_withdrawn,
)


@dataclass(frozen=True, slots=True)
class Looked:
    """A return looked at: what was found, and its rows where it could be read and placed.

    `raw`: without the rows where `gone` is true, of respondents who were withdrawn; None where
    there is nothing to go on with. `gone`: a row each as the file holds them.
    """

    validation: Validation
    raw: RawReturn | None
    gone: npt.NDArray[np.bool_]


NOBODY = np.zeros(0, dtype=np.bool_)


def check_return(path: Path, survey: Survey, announced: Announced | None = None) -> Validation:
    """Return every rule's result on the return at `path`; what cannot be read is a finding too.

    `announced`: what the supplier's manifest says of it.
    """
    return look_at(path, survey, announced, WithdrawnList(survey.name)).validation


def look_at(
    path: Path, survey: Survey, announced: Announced | None, listed: WithdrawnList
) -> Looked:
    """Return `check_return`'s results, and the return, without whoever is `listed`."""
    raw, gone = None, NOBODY
    try:
        raw = read_return(path, _reading_of(path, survey))
        gone = withdrawn_rows(raw, listed, survey, None)
        _require_manifest(raw, survey, announced)
        require_variables(raw, survey)
        placed = place_return(raw, survey)
        gone = withdrawn_rows(raw, listed, survey, placed)
        left = without_rows(raw, gone)
        seen = as_sampled(survey, placed.sample)
        found = validate(left, seen, placed.wave, placed.sample)
        return Looked(replace(found, withdrawn=int(gone.sum())), left, gone)
    except ReturnRejected as refusal:
        rows = 0 if raw is None else len(raw.rows)
        found = replace(unreadable(path, refusal, rows), withdrawn=int(gone.sum()))
        return Looked(found, None, gone)


def check_whole_way(path: Path, survey: Survey, home: Home) -> Validation:
    """Return `check_return`'s results and, where it accepts, what is found in the wave's figures.

    `home`: where other samples of its wave and the wave before are stored, and what was accepted.
    Where a sample that the wave requires is not there, only the return's own can be looked at, and
    `waits_for` names it.
    """
    looked = look_at(path, survey, announced_of(path, survey), withdrawn_list(home))
    validation, raw = looked.validation, looked.raw
    if raw is None:
        return validation
    wave, accepted = validation.wave, acceptances_of(home, survey)
    validation = replace(validation, results=with_acceptances(validation.results, accepted, wave))
    if not validation.accepted:
        return validation
    held = held_by(home) if home.builds.is_dir() else Held()
    waits_for = awaited_by(validation, survey, held)
    try:
        figures = _figures(raw, survey, validation, held, home)
    except ReturnRejected as refusal:
        return with_refusal(validation, refusal)
    if figures is None:
        return replace(validation, waits_for=waits_for)
    before = stored_before(wave, home, survey)
    checks, charts = examined(figures, before, survey, accepted)
    return replace(
        validation,
        results=(*validation.results, *checks),
        compared_with=before.wave if before else None,
        charts=(*validation.charts, *charts),
    )


def awaited_by(validation: Validation, survey: Survey, held: Held) -> tuple[str, ...]:
    """Return the samples that the return's wave requires and that have not come yet."""
    there = {sample_of(validation, survey), *held.accepted.get(validation.wave, {})}
    return tuple(name for name in required_in(survey, validation.wave) if name not in there)


def sample_of(validation: Validation, survey: Survey) -> str | None:
    """Return the sample a checked return holds; None where it does not tell."""
    names = tuple(samples_of(survey))
    return validation.sample if len(names) > 1 else names[0]


def _figures(
    raw: RawReturn, survey: Survey, validation: Validation, held: Held, home: Home
) -> WaveFacts | None:
    """Return the wave's figures; None where other returns are needed for them.

    Raises where the return cannot be decoded or, as far as it tells, its wave not weighted.
    """
    wave, own = validation.wave, str(sample_of(validation, survey))
    parts = {own: decode(raw, as_sampled(survey, own), wave, own)}
    if awaited_by(validation, survey, held):
        wave_design(parts[own], survey)
        return None
    for sample, delivery in held.accepted.get(wave, {}).items():
        if sample != own and wave not in held.reduced:
            kept = archived(home, delivery.sha256, delivery.file_name)
            parts[sample] = decoded(wave, sample, kept, survey, withdrawn_list(home))
    ordered = [parts[sample] for sample in samples_in(survey, wave) if sample in parts]
    whole = joined(ordered, survey)
    names = whole.respondents["sample"] + SEPARATOR + whole.respondents["serial"]
    return facts_of_wave(whole, names, survey)


def decoded(
    wave: str, sample: str, received: Received, survey: Survey, listed: WithdrawnList
) -> Responses:
    """Return an archived return decoded, without whoever was withdrawn."""
    raw = read_received(received, survey.reading_of(wave))
    left = without_withdrawn(raw, listed, survey, Placed(wave, sample))
    return decode(left, as_sampled(survey, sample), wave, sample)


def _reading_of(path: Path, survey: Survey) -> Reading:
    """Return how a file is written, by the wave in its name where that makes a difference."""
    if not survey.about.returns.reading_in_wave:
        return survey.about.returns.reading
    wave = wave_in_name(path.name, as_sampled(survey, sample_in_name(path.name, survey)))
    return survey.reading_of(None if wave is None else wave.name)


def _require_manifest(raw: RawReturn, survey: Survey, announced: Announced | None) -> None:
    if announced is not None:
        require_announced(announced, raw.sha256, len(raw.rows))
    elif survey.about.returns.manifest is not None:
        raise unannounced(raw.file_name)


def unreadable(path: Path, refusal: ReturnRejected, rows: int = 0) -> Validation:
    """Return the result for a return that could not be read or placed in a wave."""
    blank = Validation(path.name, file_sha256(path), wave="", rows=rows, results=())
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


def check_arrival(
    arrival: Arrival, survey: Survey, accepted: Sequence[Acceptance], home: Home
) -> Checked:
    """Check one arrival, in its archived copy; `accepted`: what a person has accepted.

    Where it holds respondents who were withdrawn, it is kept without them, whatever becomes of it.
    """
    path = arrival.received.path
    looked = look_at(path, survey, arrival.announced, withdrawn_list(home))
    if looked.gone.any():
        kept = keep_without(arrival.received, _reading_of(path, survey), looked.gone)
        arrival = replace(arrival, received=kept)
    validation = looked.validation
    results = with_acceptances(validation.results, accepted, validation.wave)
    return Checked(arrival, replace(validation, results=results))


def without_copies(checked: Sequence[Checked]) -> tuple[Checked, ...]:
    """Return each content once: as it was first accepted, or as it was first refused."""
    chosen: dict[str, Checked] = {}
    for one in checked:
        known = chosen.get(one.sha256)
        if known is None or (one.accepted and not known.accepted):
            chosen[one.sha256] = one
    return tuple(one for one in checked if chosen[one.sha256] is one)


def refuse_rivals(checked: Sequence[Checked]) -> tuple[Checked, ...]:
    """Refuse accepted returns that came together for one sample of a wave: rivals."""
    count = Counter(_held_by(one) for one in checked if one.accepted)
    rivals = {held for held, returns in count.items() if returns > 1}
    return tuple(_refuse_rival(one) if _held_by(one) in rivals else one for one in checked)


def _held_by(one: Checked) -> tuple[str, str | None]:
    return one.validation.wave, one.validation.sample


def _refuse_rival(one: Checked) -> Checked:
    if not one.accepted:
        return one
    of_sample = f", sample {one.validation.sample}," if one.validation.sample else ""
    refusal = ReturnRejected(
        f"More than one return for {one.validation.wave}{of_sample} arrived together.",
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
    """Refuse new returns whose weights or estimates cannot be formed; all of a wave together."""
    refusals = {
        received.sha256: one.refusal for one in computed for received in one.work.returns.values()
    }
    return tuple(_refused(one, refusals.get(one.sha256)) for one in checked)


def _refused(one: Checked, refusal: ReturnRejected | None) -> Checked:
    if refusal is None:
        return one
    return Checked(one.arrival, with_refusal(one.validation, refusal))
