from dataclasses import replace
from datetime import UTC, datetime

import pytest

from transforms.errors import StorageError
from transforms.validation import CheckResult, Severity
from warehouse import disk
from warehouse.archive import receive
from warehouse.deliveries import Delivery, Rejection
from warehouse.home import home_of
from warehouse.quarantine import leave_quarantine, quarantine, rejected_deliveries


@pytest.fixture
def home(tmp_path):
    return home_of("small", tmp_path / "data")


def received_as(home, name="return.sav", content=b"a return"):
    (home.inbox / name).write_bytes(content)
    return receive(home, home.inbox / name)


def rejection_of(received, day=1, reason="3 rows have no weight"):
    failed = CheckResult(
        rule="weight_positive",
        title="Weights are positive",
        severity=Severity.CRITICAL,
        passed=False,
        variable="dwellings",
        failing_rows=3,
        serials=("1001", "1002"),
        finding="3 rows have no weight",
        expected="a positive number",
        remedy="ask the supplier for the weights",
    )
    delivery = Delivery(
        sha256=received.sha256,
        file_name=received.file_name,
        wave=None,
        sample="main",
        received_at=datetime(2026, 11, day, 9, 30, tzinfo=UTC),
        row_count=None,
        status="rejected",
        reason=reason,
    )
    return Rejection(delivery, (failed,))


def without_serials(rejection):
    return replace(rejection, results=tuple(replace(r, serials=()) for r in rejection.results))


def put_away(home, received, rejection=None):
    return quarantine(
        home,
        received,
        rejection or rejection_of(received),
        report_html="<p>3 rows</p>",
        report_json="{}",
    )


def names_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_rejected_return_lies_whole_in_quarantine_with_its_report(home):
    received = received_as(home)
    folder = put_away(home, received)
    assert names_in(folder) == ["delivery.json", "report.html", "report.json", "return/return.sav"]
    assert (folder / "return" / "return.sav").read_bytes() == b"a return"
    assert (folder / "report.html").read_text() == "<p>3 rows</p>"
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*.*")} == {0o600}
    assert names_in(home.archive) == []


def test_rejections_are_read_back_without_serial_numbers_in_the_order_received(home):
    later = received_as(home, "later.sav", b"1")
    earlier = received_as(home, "earlier.sav", b"2")
    put_away(home, later, rejection_of(later, day=2))
    put_away(home, earlier, rejection_of(earlier, day=1))
    read = rejected_deliveries(home)
    assert [rejection.delivery for rejection in read] == [
        rejection_of(earlier, day=1).delivery,
        rejection_of(later, day=2).delivery,
    ]
    assert read[0].results[0].finding == "3 rows have no weight"
    assert read[0].results[0].serials == ()
    assert "1001" not in (home.quarantine / later.sha256 / "delivery.json").read_text()


def test_a_return_named_like_a_report_does_not_replace_it(home):
    folder = put_away(home, received_as(home, "delivery.json"))
    assert (folder / "return" / "delivery.json").read_bytes() == b"a return"
    assert len(rejected_deliveries(home)) == 1


def test_a_return_rejected_again_under_another_name_is_kept_once(home):
    put_away(home, received_as(home, "first.sav"))
    second = received_as(home, "second.sav")
    folder = put_away(home, second, rejection_of(second, reason="another reason"))
    assert names_in(folder / "return") == ["second.sav"]
    assert [r.delivery.reason for r in rejected_deliveries(home)] == ["another reason"]


@pytest.mark.parametrize("dying", range(1, 7))
def test_a_run_that_dies_at_any_write_leaves_the_return_whole_somewhere(home, monkeypatch, dying):
    received = received_as(home)
    (home.inbox / "return.sav").unlink()
    real, calls = disk._sync, []

    def die_at_last(path):
        calls.append(path)
        if len(calls) == dying:
            raise KeyboardInterrupt
        real(path)

    monkeypatch.setattr(disk, "_sync", die_at_last)
    with pytest.raises(KeyboardInterrupt):
        put_away(home, received)
    whole = [path for path in home.folder.rglob("return.sav") if path.read_bytes() == b"a return"]
    assert len(whole) == 1
    moved = home.quarantine in whole[0].parents
    assert not moved or rejected_deliveries(home) == (without_serials(rejection_of(received)),)
    monkeypatch.undo()
    put_away(home, receive(home, whole[0]))
    assert len(rejected_deliveries(home)) == 1
    assert names_in(home.archive) == []


def test_an_accepted_return_leaves_quarantine_once_it_is_in_the_archive(home):
    folder = put_away(home, received_as(home))
    again = receive(home, folder / "return" / "return.sav")
    leave_quarantine(home, again.sha256)
    assert rejected_deliveries(home) == ()
    assert not folder.exists()
    assert again.path.read_bytes() == b"a return"


def test_leaving_quarantine_needs_the_archived_copy(home):
    received = received_as(home)
    folder = put_away(home, received)
    with pytest.raises(StorageError):
        leave_quarantine(home, received.sha256)
    assert (folder / "return" / "return.sav").exists()
    leave_quarantine(home, "0" * 64)


def test_a_record_that_cannot_be_read_says_which(home):
    folder = put_away(home, received_as(home))
    (folder / "delivery.json").write_text("{")
    with pytest.raises(StorageError) as caught:
        rejected_deliveries(home)
    assert str(folder / "delivery.json") in caught.value.what
