"""Building: new waves stored, all waves combined, both databases and the pages swapped in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from flows.computing import wave_version
from flows.fates import delivery_of
from flows.outcomes import Checked, ComputedWave
from flows.version import code_version
from transforms.catalogue import Survey
from transforms.change import changes
from transforms.disclosure import withhold_changes
from transforms.kpis import kpi_statuses
from transforms.reference import declaration_tables
from warehouse.builds import Build, open_build
from warehouse.deliveries import record_accepted, record_rejected
from warehouse.home import Home
from warehouse.published import write_published
from warehouse.quarantine import rejected_deliveries
from warehouse.runs import Run, record_run, record_wave_version
from warehouse.site import write_site
from warehouse.store import read_table, replace_all, replace_wave


def build(
    home: Home,
    survey: Survey,
    checked: Sequence[Checked],
    computed: Sequence[ComputedWave],
    started: datetime,
) -> Path:
    """Make the next build: new waves stored, waves combined, both databases and the pages."""
    usable = [one for one in computed if one.refusal is None]
    with open_build(home, simulated=survey.about.simulated) as making:
        _record_deliveries(making, home, checked)
        replace_all(making.connection, declaration_tables(survey))
        for one in usable:
            replace_wave(making.connection, one.work.wave, one.tables)
            version = wave_version(one.work.wave, one.work.received.sha256, survey)
            record_wave_version(making.connection, version)
        combine_waves(making, survey)
        record_run(making.connection, _run(survey, checked, usable, started))
        write_published(making.connection, making.published)
        write_site(making.published, making.folder / "site")
        number_of_build = making.folder.with_suffix("").name
    return home.builds / number_of_build


def combine_waves(making: Build, survey: Survey) -> None:
    """Compare the waves and judge the KPIs, from the stored totals alone."""
    totals = read_table(making.connection, "estimate.total")
    estimates = read_table(making.connection, "estimate.estimate")
    shown = withhold_changes(changes(totals, survey), estimates)
    statuses = kpi_statuses(estimates, shown, survey)
    replace_all(making.connection, {"estimate.change": shown, "kpi.kpi": statuses})


def _record_deliveries(making: Build, home: Home, checked: Sequence[Checked]) -> None:
    for one in checked:
        if one.accepted:
            record_accepted(making.connection, delivery_of(one), one.validation.results)
    for rejection in rejected_deliveries(home):
        record_rejected(making.connection, rejection)


def _run(
    survey: Survey, checked: Sequence[Checked], computed: Sequence[ComputedWave], started: datetime
) -> Run:
    rejected = any(not one.accepted for one in checked)
    return Run(
        started_at=started,
        ended_at=datetime.now(UTC),
        code_version=code_version(),
        survey_version=survey.digest,
        inputs=tuple(one.sha256 for one in checked),
        waves_computed=tuple(one.work.wave for one in computed),
        outcome="returns rejected" if rejected else "done" if computed else "nothing new",
    )
