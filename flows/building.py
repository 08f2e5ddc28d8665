"""Building: new waves stored, all waves combined, both databases and the pages swapped in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from flows.computing import versions_of
from flows.examining import declared_acceptances
from flows.fates import delivery_of
from flows.outcomes import Brought, Checked, ComputedWave, Followed
from flows.version import code_version
from transforms.catalogue import Survey
from transforms.combine import release_of, waves_affected
from transforms.disclosure import withhold_trends
from transforms.new_psus import require_new_psus
from transforms.periods import Period, periods_ending
from transforms.pooled import measures_in
from transforms.reference import declaration_tables
from transforms.trend import trends
from transforms.windows import WaveTotals, wave_by_wave
from warehouse.acceptances import forget_declared, record_acceptances
from warehouse.builds import Build, open_build
from warehouse.deliveries import record_accepted, record_rejected, record_wave_checks
from warehouse.disclosure import remember_shown
from warehouse.erasure import NOBODY, Erased, record_erased
from warehouse.home import Home
from warehouse.keeping import keep_newest
from warehouse.lineage import made_of
from warehouse.publication import publish_build
from warehouse.quarantine import rejected_deliveries
from warehouse.resubmissions import record_differences
from warehouse.retention import undo_reduction
from warehouse.revisions import record_revisions, state_of
from warehouse.runs import Outcome, Run, record_run, record_wave_version
from warehouse.store import read_table, replace_all, replace_period, replace_wave


def build(
    home: Home, survey: Survey, brought: Brought, started: datetime, erased: Erased = NOBODY
) -> Path:
    """Make the next build: new waves stored, waves combined, both databases and the pages."""
    usable = [one for one in brought.computed if one.usable]
    simulated = survey.about.simulated
    with open_build(home, simulated=simulated, leave_out=erased.leave_out) as making:
        before = state_of(making.connection, made_of(making.connection))
        _record_deliveries(making, home, brought.checked, survey)
        record_differences(making.connection, brought.differences)
        record_erased(making.connection, erased)
        record_declared(making, survey)
        replace_all(making.connection, declaration_tables(survey))
        for one in usable:
            replace_wave(making.connection, one.work.wave, one.tables)
            undo_reduction(making.connection, one.work.wave)
            record_wave_version(making.connection, one.work.wave, versions_of(one.work, survey))
        _record_wave_checks(making, usable, brought.followed)
        combine_waves(making, survey, [one.work.wave for one in usable])
        run = record_run(making.connection, _run(survey, brought.checked, usable, started))
        if not erased.withdrawals:  # before less after would be what the respondent answered
            record_revisions(making.connection, before, run)
        publish_build(making)
        number_of_build = making.folder.with_suffix("").name
    keep_newest(home, survey.about.keeping.builds)
    return home.builds / number_of_build


def combine_waves(making: Build, survey: Survey, changed: Collection[str]) -> None:
    """Pool, compare and judge the waves, from the stored totals alone, in order of time.

    `changed`: the waves whose totals are new; the releases of the waves before them stay. Without
    waves there is nothing to do.
    """
    connection = making.connection
    require_new_psus(read_table(connection, "survey.psu"), survey)
    totals = read_table(connection, "estimate.total")
    if totals.empty:
        return
    # What a version that kept no list has published counts too.
    remember_shown(connection)
    by_wave = wave_by_wave(totals, [wave.name for wave in survey.waves])
    held = {measure: by_wave.waves_of(measure) for measure in measures_in(by_wave)}
    for wave in waves_affected(changed, held, survey):
        store_release(making, wave, by_wave, survey)
    shown = withhold_trends(trends(by_wave, survey), read_table(connection, "estimate.estimate"))
    replace_all(connection, {"estimate.trend": shown})
    remember_shown(connection)


def store_release(making: Build, wave: str, by_wave: WaveTotals, survey: Survey) -> None:
    """Put what a wave's release brings in the place of what it brought before."""
    connection = making.connection
    shown = read_table(connection, "ops.shown")
    estimates = read_table(connection, "estimate.estimate")
    answers = read_table(connection, "estimate.answer_total")
    release = release_of(wave, by_wave, answers, estimates, shown, survey)
    ending = {period.name for period in periods_ending(wave, survey)}
    for period in release.periods:
        rows = {
            "estimate.estimate": of_period(release.estimates, period),
            "ops.disclosure": of_period(release.disclosure, period),
        }
        if period.name in ending:
            rows["estimate.change"] = of_period(release.changes, period)
            rows["estimate.distribution"] = of_period(release.distributions, period)
        if period.kind == "rolling_year":
            rows["survey.pooling"] = of_period(release.pooling, period)
        replace_period(connection, period.name, rows)
    replace_wave(connection, wave, {"kpi.kpi": release.kpis})


def of_period(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return the rows that speak of a period."""
    return rows[rows["period"] == period.name]


def record_declared(making: Build, survey: Survey) -> None:
    """Record what survey.yaml accepts now, and no longer what it accepted before."""
    forget_declared(making.connection)
    record_acceptances(making.connection, declared_acceptances(survey))


def _record_deliveries(
    making: Build, home: Home, checked: Sequence[Checked], survey: Survey
) -> None:
    for one in checked:
        if one.accepted:
            record_accepted(making.connection, delivery_of(one, survey), one.validation.results)
    for rejection in rejected_deliveries(home):
        record_rejected(making.connection, rejection)


def _record_wave_checks(
    making: Build, computed: Sequence[ComputedWave], followed: Sequence[Followed]
) -> None:
    """Record what was found in the waves' figures, and in those of the waves that follow them."""
    for one in computed:
        if one.checks:
            record_wave_checks(making.connection, one.work.wave, one.checks, all_of_them=True)
    for follower in followed:
        # What its interviewers add to its figures is not stored, and not looked at again.
        record_wave_checks(making.connection, follower.wave, follower.checks, all_of_them=False)


def _run(
    survey: Survey, checked: Sequence[Checked], computed: Sequence[ComputedWave], started: datetime
) -> Run:
    return Run(
        started_at=started,
        ended_at=datetime.now(UTC),
        code_version=code_version(),
        survey_version=survey.digest,
        inputs=tuple(one.sha256 for one in checked),
        waves_computed=tuple(one.work.wave for one in computed),
        outcome=_outcome(checked, computed),
    )


def _outcome(checked: Sequence[Checked], computed: Sequence[ComputedWave]) -> Outcome:
    if any(not one.accepted for one in checked):
        return "returns rejected"
    if computed:
        return "done"
    return "waiting" if checked else "nothing new"
