"""The deployments of prefect.yaml, and the one that makes public what is due."""

from __future__ import annotations

import asyncio
import importlib
import inspect
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from prefect.server.schemas.schedules import CronSchedule
from prefect.states import Completed, Failed
from small_release import at, figures, new_build, plain_publication, proposed, signed, small_home

from flows import due
from transforms.errors import HomeBusy, StorageError
from warehouse.lock import writer_lock

LONDON = ZoneInfo("Europe/London")
DECLARED = yaml.safe_load((Path(__file__).parents[2] / "prefect.yaml").read_text())
DEPLOYMENTS = {one["name"]: one for one in DECLARED["deployments"]}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home whose first release is signed and under embargo until 09:30 in London."""
    monkeypatch.setattr("warehouse.releases.candidate.write_publication", plain_publication)
    monkeypatch.setattr("warehouse.releases.candidate.print_page", lambda *_: False)
    home = small_home(tmp_path)
    new_build(home, figures())
    proposed(home, "2028-05-04 08:30")
    signed(home, "2028-05-02 12:00")
    return home


def test_what_is_due_is_public_from_its_minute_on(home, monkeypatch):
    monkeypatch.setattr(due, "clock", lambda: at("2028-05-04 08:29"))
    assert due.made_public(home) is False
    assert not home.public.exists()
    monkeypatch.setattr(due, "clock", lambda: at("2028-05-04 08:30"))
    assert due.made_public(home) is True
    assert due.made_public(home) is False
    assert (home.public / "index.html").is_file()


def test_a_home_that_a_run_holds_is_tried_again_and_nothing_else_is(home):
    with writer_lock(home), pytest.raises(HomeBusy, match="Another run is writing") as busy:
        due.made_public(home)
    assert due.is_busy(None, None, Failed(data=busy.value))
    assert not due.is_busy(None, None, Failed(data=StorageError("Full.", remedy="x")))
    assert not due.is_busy(None, None, Completed(data=True))
    # longer than a quarter's run
    assert due.make_public.retries * due.make_public.retry_delay_seconds >= 10 * 60


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_each_deployment_leads_to_a_flow_that_takes_its_parameters(name):
    file, function = DEPLOYMENTS[name]["entrypoint"].split(":")
    flow = getattr(importlib.import_module(file.removesuffix(".py").replace("/", ".")), function)
    inspect.signature(flow.fn).bind(**DEPLOYMENTS[name]["parameters"])
    assert DEPLOYMENTS[name]["concurrency_limit"] == 1


@pytest.mark.parametrize(
    ("asked", "next_run"),
    [
        ("2026-01-15 09:29", "2026-01-15 09:30"),  # winter time
        ("2026-07-16 09:29", "2026-07-16 09:30"),  # summer time
        ("2026-03-29 09:29", "2026-03-29 09:30"),  # the day on which clocks go forward
        ("2026-07-16 14:01", "2026-07-16 14:05"),
    ],
)
def test_an_embargo_until_half_past_nine_in_london_ends_in_that_minute(asked, next_run):
    moment = datetime.fromisoformat(asked).replace(tzinfo=LONDON)
    first = min(
        asyncio.run(CronSchedule(cron=one["cron"], timezone=one["timezone"]).get_dates(1, moment))[
            0
        ]
        for one in DEPLOYMENTS["due"]["schedules"]
    )
    assert first.astimezone(LONDON).strftime("%Y-%m-%d %H:%M") == next_run
