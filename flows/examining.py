"""May a wave's figures be believed? Checked once they are there, each against the wave before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from expectations.wave import wave_charts, wave_checks
from expectations.wave.figures import FACTS, Examined, WaveFacts
from flows.outcomes import Checked, ComputedWave, Followed
from transforms.catalogue import Survey
from transforms.fieldwork.shown import Chart
from transforms.validation import Acceptance, CheckResult, with_acceptances
from warehouse.acceptances import acceptances
from warehouse.builds import open_current
from warehouse.facts import facts_before, facts_of, given_in
from warehouse.home import Home

ALSO = ("survey.margin_check",)
"""A table that a wave is checked by and the next is not compared with; it may be empty."""


def examine(computed: Sequence[ComputedWave], home: Home, survey: Survey) -> list[ComputedWave]:
    """Return the computed waves with the checks of their figures, in the order given.

    Each is compared with the nearest wave before it: of this run, or stored.
    """
    order = survey.wave_names
    accepted = acceptances_of(home, survey)
    known: dict[str, WaveFacts] = {}
    found: dict[str, ComputedWave] = {}
    for one in sorted(computed, key=lambda one: order.index(one.work.wave)):
        if one.facts is not None:
            before = _before(one.work.wave, known, home, survey)
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
    accepted = acceptances_of(home, survey)
    followed = []
    for wave in survey.wave_names:
        before = None if wave in usable else _nearest_before(wave, usable, home, survey)
        facts = None if before is None else _stored(wave, home, survey)
        if before is not None and facts is not None:
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
    connection = open_current(home) if home.builds.is_dir() else None
    if connection is None:
        return None
    with connection:
        found = facts_before(connection, wave, survey.wave_names, FACTS)
        if found is None:
            return None
        return WaveFacts(*found, given=given_in(connection, found[0], survey))


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
    wave: str, known: Mapping[str, WaveFacts], home: Home, survey: Survey
) -> WaveFacts | None:
    """Return the nearest wave before, as this run computed it, or else as it is stored."""
    order = survey.wave_names
    stored = stored_before(wave, home, survey)
    earlier = [name for name in order[: order.index(wave)] if name in known]
    if not earlier or (stored and order.index(stored.wave) > order.index(earlier[-1])):
        return stored
    return known[earlier[-1]]


def _nearest_before(
    wave: str, usable: Mapping[str, WaveFacts], home: Home, survey: Survey
) -> str | None:
    """Return the wave of this run that stands next before a stored one; None where none does."""
    order = survey.wave_names
    earlier = [name for name in order[: order.index(wave)] if name in usable]
    stored = stored_before(wave, home, survey)
    if not earlier or (stored and order.index(stored.wave) > order.index(earlier[-1])):
        return None
    return earlier[-1]


def _stored(wave: str, home: Home, survey: Survey) -> WaveFacts | None:
    """Return a stored wave; None where it is not stored, or cannot be compared."""
    connection = open_current(home) if home.builds.is_dir() else None
    if connection is None:
        return None
    with connection:
        rows = facts_of(connection, wave, FACTS, ALSO)
        if rows is None:
            return None
        return WaveFacts(wave, rows, given=given_in(connection, wave, survey))


def _recorded(home: Home) -> tuple[Acceptance, ...]:
    connection = open_current(home) if home.builds.is_dir() else None
    if connection is None:
        return ()
    with connection:
        return acceptances(connection)
