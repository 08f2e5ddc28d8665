from datetime import UTC, datetime

from stored_rows import empty_warehouse

from warehouse.runs import (
    Run,
    WaveVersion,
    last_run,
    record_run,
    record_wave_version,
    wave_versions,
)

RUN = Run(
    started_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
    ended_at=datetime(2026, 11, 23, 9, 1, tzinfo=UTC),
    code_version="0.1.0",
    survey_version="0" * 64,
    inputs=("a" * 64,),
    waves_computed=("2026-Q2",),
    outcome="done",
)
IDLE = Run(RUN.started_at, RUN.ended_at, "0.1.0", "0" * 64, (), (), "nothing new")


def test_runs_are_numbered_and_the_last_is_read_back():
    connection = empty_warehouse()
    assert last_run(connection) is None
    record_run(connection, RUN)
    record_run(connection, IDLE)
    assert last_run(connection) == IDLE
    assert connection.execute("SELECT run FROM ops.run ORDER BY run").fetchall() == [(1,), (2,)]


def test_the_version_of_a_wave_replaces_the_one_before():
    before, now, other = (
        WaveVersion("2026-Q2", "a" * 64, "0" * 64, "0.1.0"),
        WaveVersion("2026-Q2", "b" * 64, "0" * 64, "0.2.0"),
        WaveVersion("2026-Q3", "c" * 64, "0" * 64, "0.1.0"),
    )
    boost = WaveVersion("2026-Q2", "d" * 64, "0" * 64, "0.2.0", "boost")
    connection = empty_warehouse()
    for wave, versions in [
        ("2026-Q2", {before}),
        ("2026-Q3", {other}),
        ("2026-Q2", {now, boost}),
    ]:
        record_wave_version(connection, wave, versions)
    assert wave_versions(connection) == {"2026-Q2": {now, boost}, "2026-Q3": {other}}
