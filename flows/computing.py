"""Computing waves: which need it, and one wave from its archived return to its rows."""

from __future__ import annotations

from collections.abc import Sequence

from flows.outcomes import SAMPLE, Checked, ComputedWave, Held, WaveWork
from flows.version import code_version
from transforms.catalogue import Survey
from transforms.decode import decode
from transforms.errors import DeclarationError, ReturnRejected
from transforms.wave import process_wave
from warehouse.archive import archived
from warehouse.home import Home
from warehouse.pseudonyms import pseudonyms
from warehouse.returns import read_return
from warehouse.runs import WaveVersion


def new_waves(checked: Sequence[Checked]) -> tuple[WaveWork, ...]:
    """Return the waves that accepted new returns bring."""
    return tuple(
        WaveWork(one.validation.wave, one.arrival.received) for one in checked if one.accepted
    )


def stale_waves(
    checked: Sequence[Checked], held: Held, home: Home, survey: Survey
) -> tuple[WaveWork, ...]:
    """Return the waves held that another declaration or other code computed."""
    _require_declared(held, survey)
    new = {one.validation.wave for one in checked if one.accepted}
    stale = [
        delivery
        for wave, delivery in held.accepted.items()
        if held.versions.get(wave) != wave_version(wave, delivery.sha256, survey)
    ]
    return tuple(
        WaveWork(str(delivery.wave), archived(home, delivery.sha256, delivery.file_name))
        for delivery in stale
        if delivery.wave not in new
    )


def _require_declared(held: Held, survey: Survey) -> None:
    undeclared = sorted(set(held.accepted) - {wave.name for wave in survey.waves})
    if undeclared:
        raise DeclarationError(
            f"Returns were accepted for {', '.join(undeclared)}, which survey.yaml no longer "
            "declares.",
            remedy="declare the wave again, or choose another PERCEPTIONS_HOME.",
        )


def require_computed(computed: Sequence[ComputedWave]) -> None:
    """Raise where a return accepted before no longer gives a wave: the declaration has changed."""
    for one in computed:
        if one.refusal is not None:
            raise DeclarationError(
                f"{one.work.wave}, accepted before, no longer fits the declaration: "
                f"{one.refusal.what}",
                expected=one.refusal.expected,
                remedy=f"take the last change of the declaration back, or: {one.refusal.remedy}",
            )


def compute_wave(work: WaveWork, home: Home, survey: Survey) -> ComputedWave:
    """Decode, weight and estimate one wave from its archived return."""
    try:
        responses = decode(read_return(work.received.path), survey, work.wave)
        serials = responses.respondents["serial"]
        respondent = pseudonyms(home, survey.name, work.wave, SAMPLE, serials)
        return ComputedWave(work, process_wave(responses, respondent, survey, SAMPLE))
    except ReturnRejected as refusal:
        return ComputedWave(work, {}, refusal)


def wave_version(wave: str, sha256: str, survey: Survey) -> WaveVersion:
    """Return what a wave's figures are computed from: return, declaration and code."""
    return WaveVersion(wave, sha256, survey.digest, code_version())
