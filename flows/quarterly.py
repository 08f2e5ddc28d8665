"""The quarterly run as a Prefect flow: it reads as the methods statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from prefect import flow, task
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.artifacts import link_reports
from flows.building import build
from flows.checking import (
    check_arrival,
    refuse_rivals,
    refuse_uncomputable,
    without_copies,
)
from flows.computing import compute_wave, new_waves, require_computed, stale_waves
from flows.contained import contained
from flows.erasing import finish_withdrawals, settle_archive
from flows.examining import (
    acceptances_of,
    examine,
    examine_followers,
    found_again,
    with_wave_checks,
)
from flows.fates import quarantine_rejected, summary
from flows.outcomes import Arrival, Brought, Checked, ComputedWave, RunSummary, WaveWork
from flows.progress import say
from flows.receiving import clear_away, held_by, new_arrivals, receive_returns
from flows.resubmitting import compare_resubmitted, late_by, with_history
from flows.retaining import retain
from flows.settings import state_root
from flows.shown import describe_arrivals, describe_check, describe_wave
from transforms.catalogue import Survey
from warehouse.builds import current_build
from warehouse.declaration import load_survey
from warehouse.home import Home, home_of
from warehouse.lock import writer_lock

T = TypeVar("T")

receive = task(name="receive returns")(contained("Receiving")(receive_returns))
check = task(name="check return")(contained("Checking")(check_arrival))
compute = task(name="compute wave")(contained("Computing a wave")(compute_wave))
examine_waves = task(name="examine waves")(contained("Examining")(examine))
finish = task(name="finish interrupted withdrawals")(contained("Withdrawing")(finish_withdrawals))
examine_next = task(name="examine the waves that follow")(contained("Examining")(examine_followers))
compare = task(name="compare with what is superseded")(
    contained("Comparing with the return before")(compare_resubmitted)
)
settle = task(name="take out who was withdrawn")(contained("Withdrawing")(settle_archive))
set_aside = task(name="quarantine rejected returns")(contained("Quarantine")(quarantine_rejected))
link = task(name="link reports")(contained("Linking reports")(link_reports))
remove_old = task(name="remove respondents whose time is up")(contained("Keeping")(retain))
build_all = task(name="combine, compare, judge and build")(contained("Building")(build))


@flow(
    name="quarterly-run",
    # Two at a time: each wave is independent of the others until they are combined.
    task_runner=cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=2)),
)
def quarterly_run(
    survey: str = "west_midlands", files: list[str] | None = None, home: str | None = None
) -> RunSummary:
    """Receive, check, weight, estimate, compare, judge and build; return what was done.

    `survey`: a shipped survey's name or a folder. `files`: returns to take; left out: the inbox.
    `home`: where state lives; left out: PERCEPTIONS_HOME, or ./data.
    """
    started = datetime.now(UTC)
    declared = load_survey(survey)
    place = home_of(declared.name, Path(home) if home else state_root())
    with writer_lock(place):
        finish(place, declared)
        taken = receive(place, [Path(file) for file in files] if files else None, declared)
        arrivals, held = taken.arrivals, held_by(place)
        settle(place, held, declared)
        new = new_arrivals(arrivals, held)
        say("Receiving", describe_arrivals(len(new), len(arrivals) - len(new), len(taken.left)))

        checked = refuse_rivals(without_copies(checked_returns(new, place, declared)))
        work = new_waves(checked, held, place, declared)
        computed = computed_waves("Estimating", work, place, declared)
        checked = refuse_uncomputable(checked, computed)

        work = stale_waves(checked, held, place, declared)
        recomputed = computed_waves("Again", work, place, declared)
        require_computed(recomputed)
        computed = examine_waves([*computed, *recomputed], place, declared)
        checked = with_wave_checks(checked, computed)
        followed_by = examine_next(computed, place, declared)

        outcomes = set_aside(checked, place, declared)
        differences = compare(checked, held, place, declared)
        late = late_by(checked, held, declared, started.date())
        outcomes = with_history(outcomes, checked, differences, late)
        link(outcomes)
        if held.accepted or any(one.accepted for one in checked):
            brought = Brought(tuple(checked), tuple(computed), followed_by, differences)
            made = build_all(place, declared, brought, started)
            say("Building", f"build {made.name}: waves combined, compared and judged")
        clear_away(place, arrivals, checked, held, declared)
        remove_old(place, declared, started)
        folder = current_build(place)
    done = summary(declared, place, arrivals, checked, held, outcomes, computed, folder)
    return replace(done, left=taken.left, findings_again=found_again(computed, followed_by))


def checked_returns(new: Sequence[Arrival], place: Home, survey: Survey) -> list[Checked]:
    """Return each new return with what was found in it."""
    accepted = acceptances_of(place, survey)
    checks = [check.submit(arrival, survey, accepted, place) for arrival in new]
    return followed("Checking", describe_check, checks)


def computed_waves(
    stage: str, work: Sequence[WaveWork], place: Home, survey: Survey
) -> list[ComputedWave]:
    """Return some waves' figures, computed side by side."""
    waves = [compute.submit(wave, place, survey) for wave in work]
    return followed(stage, describe_wave, waves)


def followed(
    stage: str, describe: Callable[[T], str], futures: Sequence[PrefectFuture[T]]
) -> list[T]:
    """Return each future's result, saying so in the order they were submitted."""
    results = []
    for future in futures:
        results.append(future.result())
        say(stage, describe(results[-1]))
    return results
