"""Computing waves: which need it, and one wave from its archived returns to its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from expectations.wave.figures import facts_of_wave
from flows.checking import decoded, sample_of
from flows.outcomes import Checked, ComputedWave, Held, WaveWork
from flows.version import code_version
from transforms.catalogue import Survey
from transforms.errors import DeclarationError, ReturnRejected
from transforms.samples import joined, required_in, samples_in
from warehouse.archive import Received, archived
from warehouse.deliveries import Delivery
from warehouse.home import Home
from warehouse.pseudonyms import pseudonyms
from warehouse.runs import WaveVersion
from warehouse.withdrawals import WithdrawnList, withdrawn_list


def new_waves(
    checked: Sequence[Checked], held: Held, home: Home, survey: Survey
) -> tuple[WaveWork, ...]:
    """Return the waves that accepted new returns bring, with what is in use of other samples.

    A wave that lacks a required sample waits for it.
    """
    _require_declared(held, survey)
    missing = waiting_waves(checked, held, survey)
    return tuple(
        _work(wave, new, held, home, survey)
        for wave, new in _arrived(checked, survey).items()
        if wave not in missing
    )


def waiting_waves(
    checked: Sequence[Checked], held: Held, survey: Survey
) -> dict[str, tuple[str, ...]]:
    """Return the waves of which returns are accepted, but not of every required sample: which."""
    present: dict[str, set[str]] = {wave: set(of) for wave, of in held.accepted.items()}
    for wave, new in _arrived(checked, survey).items():
        present[wave] = present.get(wave, set()) | set(new)
    missing = {
        wave: tuple(name for name in required_in(survey, wave) if name not in present[wave])
        for wave in (declared.name for declared in survey.waves)
        if wave in present
    }
    return {wave: samples for wave, samples in missing.items() if samples}


def partial_waves(held: Held, survey: Survey) -> dict[str, tuple[str, ...]]:
    """Return the waves with figures that lack a sample that was drawn: which.

    Only one that is not required can be lacking.
    """
    waves = [wave.name for wave in survey.waves if wave.name in held.versions]
    lacking = {
        wave: tuple(
            name for name in samples_in(survey, wave) if name not in held.accepted.get(wave, {})
        )
        for wave in waves
    }
    return {wave: names for wave, names in lacking.items() if names}


def stale_waves(
    checked: Sequence[Checked], held: Held, home: Home, survey: Survey
) -> tuple[WaveWork, ...]:
    """Return the waves held that another declaration or other code computed."""
    missing = waiting_waves(checked, held, survey)
    _require_still_whole(held, missing)
    new = _arrived(checked, survey)
    stale = [
        wave
        for wave, deliveries in held.accepted.items()
        if wave not in missing
        and wave not in new
        and wave not in held.reduced
        and held.versions.get(wave) != _versions_in_use(wave, deliveries, survey)
    ]
    return tuple(replace(_work(wave, {}, held, home, survey), again=True) for wave in stale)


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


def compute_wave(
    work: WaveWork, home: Home, survey: Survey, listed: WithdrawnList | None = None
) -> ComputedWave:
    """Decode, combine, weight and estimate one wave from its archived returns.

    `listed`: who is left out; left out itself: the home's list.
    """
    listed = listed or withdrawn_list(home)
    try:
        parts = [
            decoded(work.wave, sample, received, survey, listed)
            for sample, received in work.returns.items()
        ]
        names = [
            pseudonyms(home, survey.name, work.wave, sample, part.respondents["serial"])
            for sample, part in zip(work.returns, parts, strict=True)
        ]
        respondent = pd.concat(names, ignore_index=True)
        responses = joined(parts, survey)
        return ComputedWave(work, facts_of_wave(responses, respondent, survey))
    except ReturnRejected as refusal:
        return ComputedWave(work, None, refusal)


def versions_of(work: WaveWork, survey: Survey) -> frozenset[WaveVersion]:
    """Return what a wave's figures are computed from: returns, declaration and code."""
    return frozenset(_versions(work.wave, work.returns, survey))


def _versions(
    wave: str, returns: Mapping[str, Received] | Mapping[str, Delivery], survey: Survey
) -> Iterator[WaveVersion]:
    for sample, one in returns.items():
        kept = one.kept_sha256
        yield WaveVersion(wave, one.sha256, survey.digest, code_version(), sample, kept)


def _versions_in_use(
    wave: str, deliveries: Mapping[str, Delivery], survey: Survey
) -> frozenset[WaveVersion]:
    return frozenset(_versions(wave, deliveries, survey))


def _arrived(checked: Sequence[Checked], survey: Survey) -> dict[str, dict[str, Received]]:
    """Return the accepted new returns by wave and sample, in the order of the waves' first."""
    arrived: dict[str, dict[str, Received]] = {}
    for one in checked:
        if one.accepted:
            sample = str(sample_of(one.validation, survey))
            arrived.setdefault(one.validation.wave, {})[sample] = one.arrival.received
    return arrived


def _work(
    wave: str, new: Mapping[str, Received], held: Held, home: Home, survey: Survey
) -> WaveWork:
    """Return a wave with each sample's new return, or else the one in use, where there is one."""
    in_use = held.accepted.get(wave, {})
    returns: dict[str, Received] = {}
    for sample in samples_in(survey, wave):
        if sample in new:
            returns[sample] = new[sample]
        elif sample in in_use:
            delivery = in_use[sample]
            returns[sample] = archived(home, delivery.sha256, delivery.file_name)
    return WaveWork(wave, returns)


def _require_declared(held: Held, survey: Survey) -> None:
    declared = {wave.name for wave in survey.waves}
    unknown = sorted(wave for wave in held.accepted if wave not in declared)
    if unknown:
        raise DeclarationError(
            f"Returns were accepted for {', '.join(unknown)}, which survey.yaml no longer "
            "declares.",
            remedy="declare the wave again, or choose another PERCEPTIONS_HOME.",
        )
    for wave, deliveries in held.accepted.items():
        dropped = sorted(set(deliveries) - set(samples_in(survey, wave)))
        if dropped:
            raise DeclarationError(
                f"Returns of {wave} were accepted for the sample {', '.join(dropped)}, which "
                "survey.yaml no longer declares for it.",
                remedy="declare the sample again (`samples`, `waves`), or choose another "
                "PERCEPTIONS_HOME.",
            )


def _require_still_whole(held: Held, missing: Mapping[str, tuple[str, ...]]) -> None:
    """Raise where a wave with figures lacks a sample that is required by now: they would stay."""
    for wave, samples in missing.items():
        if wave in held.versions:
            raise DeclarationError(
                f"{wave} was computed without the sample {', '.join(samples)}, which survey.yaml "
                "now requires.",
                expected="a return of every required sample.",
                remedy="send the return with this run, write `required: false`, or name the "
                "sample's `waves` under samples in survey.yaml.",
            )
