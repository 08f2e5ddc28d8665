from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from stored_rows import empty_warehouse

from transforms.errors import ContractError
from transforms.validation import CheckResult, Severity
from warehouse.deliveries import (
    Delivery,
    Rejection,
    deliveries,
    record_accepted,
    record_rejected,
    record_wave_checks,
)

FIRST = Delivery(
    sha256="a" * 64,
    file_name="first.sav",
    wave="2026-Q2",
    sample="main",
    received_at=datetime(2026, 7, 1, 12, tzinfo=UTC),
    row_count=8,
    status="accepted",
)
SECOND = replace(
    FIRST, sha256="b" * 64, file_name="second.sav", received_at=FIRST.received_at + timedelta(1)
)
BAD = Rejection(
    replace(SECOND, status="rejected", wave=None, row_count=None, reason="not a return"), ()
)
PASSED = CheckResult("serials_unique", "Serials are unique", Severity.CRITICAL, passed=True)
WARNED = CheckResult(
    "blank_rare",
    "Few blanks",
    Severity.WARNING,
    passed=False,
    variable="Q1",
    failing_rows=2,
    serials=("1001",),
    finding="2 rows are blank",
)


@pytest.fixture
def connection():
    return empty_warehouse()


def test_a_delivery_is_read_back_as_recorded_with_its_checks(connection):
    record_accepted(connection, FIRST, [PASSED, WARNED])
    assert deliveries(connection) == (FIRST,)
    assert connection.execute(
        "SELECT * EXCLUDE sha256 FROM ops.check ORDER BY rule"
    ).fetchall() == [
        ("blank_rare", "warning", "Q1", False, 2, "2 rows are blank", None, False),
        ("serials_unique", "critical", None, True, 0, None, None, False),
    ]


def test_a_later_delivery_of_the_wave_supersedes_the_earlier(connection):
    record_accepted(connection, FIRST, [])
    record_accepted(connection, SECOND, [])
    earlier, later = deliveries(connection)
    assert (earlier.status, later.status) == ("superseded", "accepted")
    assert earlier.reason == "superseded by second.sav (bbbbbbbbbbbb)"


@pytest.mark.parametrize("other", [{"wave": "2026-Q3"}, {"sample": "boost"}])
def test_another_wave_or_sample_supersedes_nothing(connection, other):
    record_accepted(connection, FIRST, [])
    record_accepted(connection, replace(SECOND, **other), [])
    assert [delivery.status for delivery in deliveries(connection)] == ["accepted", "accepted"]


def test_recording_again_changes_nothing(connection):
    for _ in range(2):
        record_accepted(connection, FIRST, [PASSED])
    assert deliveries(connection) == (FIRST,)
    assert connection.execute("SELECT count(*) FROM ops.check").fetchall() == [(1,)]


def test_a_rejection_replaces_a_rejection_and_an_acceptance_replaces_both(connection):
    record_rejected(connection, BAD)
    record_rejected(connection, BAD)
    assert deliveries(connection) == (BAD.delivery,)
    record_accepted(connection, SECOND, [])
    assert deliveries(connection) == (SECOND,)


def test_a_rejection_never_replaces_an_acceptance(connection):
    record_accepted(connection, SECOND, [PASSED])
    record_rejected(connection, BAD)
    assert deliveries(connection) == (SECOND,)


def test_a_delivery_and_its_checks_are_recorded_together_or_not_at_all(connection):
    with pytest.raises(ContractError, match="same key"):
        record_accepted(connection, FIRST, [PASSED, PASSED])
    assert deliveries(connection) == ()


def test_checks_of_a_waves_figures_take_the_place_of_earlier_ones(connection):
    """Of the wave alone: what was found in the return itself stays, and another wave's too."""
    jump = replace(WARNED, rule="confident.jump", of_wave=True)
    gone = replace(WARNED, rule="gone.jump", of_wave=True)
    other = replace(FIRST, sha256="f" * 64, wave="2026-Q3")
    record_accepted(connection, FIRST, [PASSED, jump, gone])
    record_accepted(connection, other, [jump])
    record_wave_checks(
        connection, str(FIRST.wave), [replace(jump, finding="it jumped")], all_of_them=True
    )
    rows = connection.execute(
        "SELECT sha256, rule, finding FROM ops.check ORDER BY sha256 = ?, rule", ["f" * 64]
    ).fetchall()
    assert rows == [
        (FIRST.sha256, "confident.jump", "it jumped"),
        (FIRST.sha256, "serials_unique", None),
        ("f" * 64, "confident.jump", WARNED.finding),
    ]
