"""Respondents removed when their time is up, on a copy of the demonstration."""

from datetime import UTC, date, datetime

import pytest
from offices import current, tables

from flows.outcomes import Held
from flows.receiving import held_by
from flows.retaining import due_waves, retain
from transforms.catalogue import Survey
from transforms.catalogue.survey import KeepingRule
from warehouse.declaration import load_survey
from warehouse.home import home_of
from warehouse.lock import writer_lock
from warehouse.retention import OF_RESPONDENTS, respondents_of, sweep

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
"""Two months after 2026-Q3, five after 2026-Q2."""


def keeping_for(months: int | None) -> Survey:
    survey = load_survey("west_midlands")
    keeping = KeepingRule(respondents_for_months=months)
    about = survey.about.model_copy(update={"keeping": keeping})
    return survey.model_copy(update={"about": about})


def reduced(office, months: int = 3) -> tuple[str, ...]:
    home = home_of("west_midlands", office.root)
    with writer_lock(home):
        return retain(home, keeping_for(months), NOW)


@pytest.mark.parametrize(
    ("months", "today", "due"),
    [
        (None, date(2030, 1, 1), ()),
        (3, date(2026, 9, 30), ()),  # to the day: 2026-Q2 ended on 30 June
        (3, date(2026, 10, 1), ("2026-Q2",)),
        (3, date(2027, 1, 1), ("2026-Q2", "2026-Q3")),
    ],
)
def test_a_wave_is_due_when_more_months_have_passed_since_its_last_day(months, today, due):
    versions = {wave: frozenset() for wave in ("2026-Q2", "2026-Q3", "2026-Q4")}
    assert due_waves(Held(versions=versions), keeping_for(months), today) == due


def test_a_wave_is_removed_once():
    held = Held(versions={"2026-Q2": frozenset()}, reduced=frozenset({"2026-Q2"}))
    assert due_waves(held, keeping_for(3), date(2030, 1, 1)) == ()


def test_respondents_go_and_every_published_figure_stays(office):
    before = tables(current(office) / "published.duckdb")
    first = current(office)
    held = respondents_of(first)
    pseudonym = (
        tables(first / "warehouse.duckdb")["survey.respondent"]
        .query("wave == '2026-Q2'")["respondent"]
        .iloc[0]
    )
    returns = {
        one.wave: one.sha256 for one in held_by(home_of("west_midlands", office.root)).deliveries
    }

    assert reduced(office) == ("2026-Q2",)

    after = tables(current(office) / "published.duckdb")
    assert all(after[name].equals(before[name]) for name in before)
    whole = tables(current(office) / "warehouse.duckdb")
    assert all("2026-Q2" not in set(whole[name]["wave"]) for name in OF_RESPONDENTS)
    assert whole["ops.reduction"][["wave", "respondents"]].values.tolist() == [
        ["2026-Q2", held["2026-Q2"]]
    ]
    archive = office.survey() / "archive"
    assert not (archive / returns["2026-Q2"]).exists()
    assert (archive / returns["2026-Q3"]).exists()
    reports = office.survey() / "reports"
    assert not (reports / returns["2026-Q2"]).exists()
    assert (reports / returns["2026-Q3"] / "report.html").exists()
    assert not first.exists()
    databases = office.survey().glob("builds/*/*.duckdb")
    assert not any(pseudonym.encode() in path.read_bytes() for path in databases)


@pytest.mark.slow
def test_the_next_run_computes_no_reduced_wave(office):
    """Its return is gone: it could not be."""
    reduced(office)
    ended = office.call("run")
    assert ended.status == 0, ended.err
    assert reduced(office) == ()


@pytest.mark.slow
def test_what_a_killed_run_left_is_removed_by_the_next(office, monkeypatch):
    """Killed after the new build became current, and before anything else was removed."""
    first = current(office)
    monkeypatch.setattr("flows.retaining.sweep", lambda *_: ())
    reduced(office)
    monkeypatch.undo()
    assert first.exists()
    assert reduced(office) == ()
    assert not first.exists()


def test_without_a_rule_nothing_is_removed(office):
    ended = office.call("retain")
    assert "all is kept" in ended.out
    home = home_of("west_midlands", office.root)
    with writer_lock(home):
        assert retain(home, keeping_for(None), NOW) == ()
        assert sweep(home, NOW) == ()
