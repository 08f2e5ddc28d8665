"""What becomes of each file: accepted, quarantined with its report, or seen before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from expectations.report import report_html, report_json
from flows.checking import sample_of
from flows.computing import partial_waves, waiting_waves
from flows.outcomes import (
    Arrival,
    Checked,
    ComputedWave,
    Fate,
    FileOutcome,
    Held,
    RunSummary,
)
from flows.receiving import held_by
from transforms.catalogue import Survey
from transforms.validation import Severity
from warehouse.builds import open_current
from warehouse.deliveries import Delivery, Rejection
from warehouse.disclosure import shown_and_withheld
from warehouse.home import Home
from warehouse.quarantine import quarantine
from warehouse.reports import keep_report


def quarantine_rejected(
    checked: Sequence[Checked], home: Home, survey: Survey
) -> tuple[FileOutcome, ...]:
    """Move rejected returns to quarantine; keep every report; return every checked file's fate."""
    return tuple(
        _accepted(one, home, survey) if one.accepted else _quarantined(one, home, survey)
        for one in checked
    )


def _accepted(one: Checked, home: Home, survey: Survey) -> FileOutcome:
    validation = one.validation
    report = keep_report(
        home,
        one.sha256,
        report_html=report_html(validation, survey.about.title),
        report_json=report_json(validation),
    )
    warnings = validation.failures(Severity.WARNING)
    name = one.arrival.received.file_name
    return FileOutcome(
        name,
        Fate.ACCEPTED,
        validation.wave,
        validation.rows,
        warnings,
        str(report),
        validation.sample,
        validation.withdrawn,
    )


def _quarantined(one: Checked, home: Home, survey: Survey) -> FileOutcome:
    validation, received = one.validation, one.arrival.received
    folder = quarantine(
        home,
        received,
        Rejection(delivery_of(one, survey), validation.results),
        report_html=report_html(validation, survey.about.title),
        report_json=report_json(validation),
    )
    wave = validation.wave or None
    findings = (*validation.failures(Severity.CRITICAL), *validation.failures(Severity.WARNING))
    report = str(folder / "report.html")
    return FileOutcome(
        received.file_name,
        Fate.REJECTED,
        wave,
        validation.rows,
        findings,
        report,
        validation.sample,
        validation.withdrawn,
    )


def delivery_of(one: Checked, survey: Survey) -> Delivery:
    """Return a checked return as a row of ops.delivery, received now."""
    validation, received = one.validation, one.arrival.received
    failures = validation.failures(Severity.CRITICAL)
    return Delivery(
        sha256=received.sha256,
        file_name=received.file_name,
        wave=validation.wave or None,
        sample=sample_of(validation, survey),
        received_at=datetime.now(UTC),
        row_count=validation.rows,
        status="accepted" if one.accepted else "rejected",
        reason=failures[0].finding if failures else None,
        kept_sha256=received.kept_sha256,
        withdrawn=validation.withdrawn,
    )


def copy_outcomes(
    arrivals: Sequence[Arrival], checked: Sequence[Checked], held: Held
) -> tuple[FileOutcome, ...]:
    """Return the fate of files whose content was accepted before, or came twice in this run."""
    waves = {delivery.sha256: delivery.wave for delivery in held.deliveries}
    refused = {one.sha256 for one in checked if not one.accepted}
    # By where it came from: what was received is another where a respondent was left out of it.
    looked_at = {one.arrival.source for one in checked}
    return tuple(
        FileOutcome(
            arrival.received.file_name,
            Fate.REFUSED_COPY if arrival.received.sha256 in refused else Fate.DUPLICATE,
            waves.get(arrival.received.sha256),
            rows=0,
        )
        for arrival in arrivals
        if arrival.source not in looked_at
    )


def summary(
    survey: Survey,
    home: Home,
    arrivals: Sequence[Arrival],
    checked: Sequence[Checked],
    held: Held,
    outcomes: Sequence[FileOutcome],
    computed: Sequence[ComputedWave],
    folder: Path | None,
) -> RunSummary:
    """Return what the run did, for the terminal and for machines."""
    usable = [one for one in computed if one.usable]
    waves = tuple(one.work.wave for one in usable)
    waiting = waiting_waves(checked, held, survey)
    order = [wave.name for wave in survey.waves]
    return RunSummary(
        survey=survey.name,
        files=(*outcomes, *copy_outcomes(arrivals, checked, held)),
        waves_computed=waves,
        waves_held=tuple(name for name in order if name in {*held.accepted, *waves} - {*waiting}),
        build=str(folder) if folder else None,
        waves_waiting=waiting,
        shown_and_withheld=_shown_and_withheld(home),
        waves_partial=partial_waves(held_by(home), survey),
        imputed={wave.work.wave: count for wave in usable if (count := _imputed(wave))},
    )


def _shown_and_withheld(home: Home) -> tuple[str, ...]:
    connection = open_current(home)
    if connection is None:
        return ()
    with connection:
        return shown_and_withheld(connection)


def _imputed(computed: ComputedWave) -> int:
    return int(computed.tables["survey.calibration"]["imputed"].sum())
