"""May a wave's figures be believed? Checked once they are there, each against the wave before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from expectations.wave import wave_charts, wave_checks
from expectations.wave.figures import FACTS, Examined, WaveFacts
from flows.outcomes import Checked, ComputedWave, Followed
from transforms.catalogue import Survey
from transforms.fieldwork.shown import Chart
from transforms.validation import Acceptance, CheckResult, with_acceptances
from warehouse.acceptances import acceptances
from warehouse.builds import open_current
from warehouse.facts import facts_of, given_in, stored_waves
from warehouse.home import Home

ALSO = ("survey.margin_check",)
"""A table that a wave is checked by and the next is not compared with; it may be empty."""


def examine(computed: Sequence[ComputedWave], home: Home, survey: Survey) -> list[ComputedWave]:
    """Return the computed waves with the checks of their figures, in the order given.

    Each is compared with the nearest wave before it: of this run, or stored.
    """
    order = survey.wave_names
    accepted = acceptances_of(home, survey)
    stored = _stored_waves(home, survey)
    known: dict[str, WaveFacts] = {}
    found: dict[str, ComputedWave] = {}
    for one in sorted(computed, key=lambda one: order.index(one.work.wave)):
        if one.facts is not None:
            before = _before(one.work.wave, known, stored, home, survey)
            checks, charts = examined(one.facts, before, survey, accepted)
            compared = before.wave if before else None
            one = replace(one, checks=checks, charts=charts, compared_with=compared)
        if one.facts is not None and one.usable:
            known[one.work.wave] = one.facts
        found[one.work.wave] = one
    return [found[one.work.wave] for one in computed]


def examine_followers(
    computed: Sequence[ComputedWave], home: Home, survey: Survey
) -> tuple[Followed, ...]:
    """Return the stored waves that come next after a wave of this run, compared with it anew.

    What was found when they came was found beside figures that stand no more.
    """
    usable = {one.work.wave: one.facts for one in computed if one.facts and one.usable}
    if not usable:
        return ()
    stored = _stored_waves(home, survey)
    order = [wave for wave in survey.wave_names if wave in usable or wave in stored]
    pairs = [(b, wave) for b, wave in pairwise(order) if b in usable and wave not in usable]
    accepted = acceptances_of(home, survey)
    followed = []
    for before, wave in pairs:
        facts = _stored(wave, home, survey)
        if facts is not None:
            checks, _ = examined(facts, usable[before], survey, accepted)
            followed.append(Followed(wave, before, checks))
    return tuple(followed)


def found_again(
    computed: Sequence[ComputedWave], followed: Sequence[Followed]
) -> dict[str, tuple[CheckResult, ...]]:
    """Return what was found in figures that no return of this run brought, by wave."""
    checks = {one.work.wave: one.checks for one in computed if one.work.again}
    checks |= {one.wave: one.checks for one in followed}
    failed = {
        wave: tuple(check for check in found if not check.passed and check.accepted is None)
        for wave, found in checks.items()
    }
    return {wave: found for wave, found in failed.items() if found}


def examined(
    now: WaveFacts, before: WaveFacts | None, survey: Survey, accepted: Sequence[Acceptance]
) -> tuple[tuple[CheckResult, ...], tuple[Chart, ...]]:
    """Return the checks of a wave's figures, what a person accepted marked so, and their charts."""
    examining = Examined(now, before, survey)
    of_wave = (replace(result, of_wave=True) for result in wave_checks(examining))
    return with_acceptances(of_wave, accepted, now.wave), wave_charts(examining)


def with_wave_checks(
    checked: Sequence[Checked], computed: Sequence[ComputedWave]
) -> tuple[Checked, ...]:
    """Return the returns with the checks of the waves that they brought: all of a wave alike."""
    brought = {received.sha256: one for one in computed for received in one.work.returns.values()}
    return tuple(_with(one, brought.get(one.sha256)) for one in checked)


def acceptances_of(home: Home, survey: Survey) -> tuple[Acceptance, ...]:
    """Return what survey.yaml accepts, and what was accepted by command."""
    return (*declared_acceptances(survey), *_recorded(home))


def declared_acceptances(survey: Survey) -> tuple[Acceptance, ...]:
    """Return what survey.yaml accepts."""
    return tuple(
        Acceptance(one.wave, one.rule, one.reason, one.by) for one in survey.about.accepted
    )


def stored_before(wave: str, home: Home, survey: Survey) -> WaveFacts | None:
    """Return the nearest wave before that is stored; None where there is none."""
    return _before(wave, {}, _stored_waves(home, survey), home, survey)


def _with(one: Checked, wave: ComputedWave | None) -> Checked:
    if wave is None or not wave.checks:
        return one
    return Checked(
        one.arrival,
        replace(
            one.validation,
            results=(*one.validation.results, *wave.checks),
            compared_with=wave.compared_with,
            charts=(*one.validation.charts, *wave.charts),
        ),
    )


def _before(
    wave: str, known: Mapping[str, WaveFacts], stored: Collection[str], home: Home, survey: Survey
) -> WaveFacts | None:
    """Return the nearest wave before, as this run computed it, or else as it is stored."""
    earlier = survey.wave_names[: survey.wave_names.index(wave)]
    nearest = next((name for name in reversed(earlier) if name in known or name in stored), None)
    if nearest is None:
        return None
    return known.get(nearest) or _stored(nearest, home, survey)


def _stored_waves(home: Home, survey: Survey) -> tuple[str, ...]:
    """Return the waves that are stored and can be compared, in their order."""
    connection = open_current(home) if home.builds.is_dir() else None
    if connection is None:
        return ()
    with connection:
        return stored_waves(connection, survey.wave_names, FACTS, ALSO)


def _stored(wave: str, home: Home, survey: Survey) -> WaveFacts | None:
    """Return a wave that is stored."""
    connection = open_current(home)
    if connection is None:
        return None
    with connection:
        rows = facts_of(connection, wave, (*FACTS, *ALSO))
        return WaveFacts(wave, rows, given=given_in(connection, wave, survey))


def _recorded(home: Home) -> tuple[Acceptance, ...]:
    connection = open_current(home) if home.builds.is_dir() else None
    if connection is None:
        return ()
    with connection:
        return acceptances(connection)
