"""The demonstration, and what a second run may change."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from offices import current, tables


def test_demo_ends_well_with_the_kpis_and_where_things_lie(demonstration):
    _, ended = demonstration
    assert ended.status == 0, ended.err
    assert "SIMULATED" in ended.out
    assert ended.out.endswith(
        "sign it off:\n"
        "  perceptions publish --note 'The first release.'\n"
        "  perceptions publish --approve --by 'NAME'\n"
    )
    assert len(re.findall(r"Year to March 2028 +\d+\.\d%", ended.out)) >= 12
    for place in ["warehouse.duckdb", "published.duckdb", "site/index.html", "truth.csv"]:
        path = re.search(rf"\S+{re.escape(place)}", ended.out)
        assert path is not None
        assert Path(path[0]).is_file()


def test_demo_says_how_many_intervals_hold_the_truth(demonstration):
    share = re.search(r"([\d.]+)% of ([\d,]+) 95% intervals hold", demonstration[1].out)
    assert share is not None
    assert 92 < float(share[1]) < 98
    assert int(share[2].replace(",", "")) > 3000


def test_progress_can_be_followed_and_nothing_else_is_printed(demonstration):
    lines = demonstration[1].err.splitlines()
    assert len(lines) >= 8 + 8 + 3
    for line in lines:
        assert re.match(
            r" +\d+\.\d s  (Simulating|Starting|Receiving|Checking|Estimating|Building)", line
        ), line


def test_every_wave_is_accepted_without_a_finding(demonstration):
    database = current(demonstration[0]) / "warehouse.duckdb"
    held = tables(database)
    assert held["ops.delivery"]["status"].tolist() == ["accepted"] * 8
    assert held["ops.check"]["passed"].all()
    assert held["ops.run"]["outcome"].tolist() == ["done"]


def test_weights_meet_the_population(demonstration):
    held = tables(current(demonstration[0]) / "warehouse.duckdb")
    checks = held["survey.margin_check"]
    gaps = (checks["calibrated"] / checks["control_total"] - 1).abs()
    assert len(checks) > 8 * 50
    assert gaps.max() < 1e-9


def test_one_query_answers_what_the_kpis_say(demonstration):
    with duckdb.connect(str(current(demonstration[0]) / "published.duckdb"), read_only=True) as con:
        rows = con.sql("FROM kpi.kpi WHERE wave = '2028-Q1' AND domain = 'all'").df()
    assert len(rows) >= 12
    assert set(rows["status"]) <= {"improving", "worsening", "no significant change"}
    assert rows["simulated"].all()
    assert rows["illustrative"].all()


def test_the_published_database_holds_no_respondent(demonstration):
    folder = current(demonstration[0])
    published = tables(folder / "published.duckdb")
    schemas = {"ref", "estimate", "kpi", "record", "quality"}
    assert {name.split(".")[0] for name in published} == schemas
    assert "estimate.total" not in published
    restricted = tables(folder / "warehouse.duckdb")
    for name, rows in published.items():
        pd.testing.assert_frame_equal(rows, restricted[name])


def pages_of(office):
    folder = current(office) / "site"
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.html")}


def test_running_again_changes_nothing_but_the_list_of_runs(office):
    before = tables(current(office) / "warehouse.duckdb")
    pages = pages_of(office)
    assert len(pages) > 25
    ended = office.call("demo")
    assert ended.status == 0, ended.err
    assert ended.out.count("seen before") == 8
    after = tables(current(office) / "warehouse.duckdb")
    assert len(after.pop("ops.run")) == len(before.pop("ops.run")) + 1
    assert before.keys() == after.keys()
    for name, rows in before.items():
        pd.testing.assert_frame_equal(after[name], rows)
    assert pages_of(office) == pages
    assert not any(office.survey().joinpath("inbox").iterdir())


@pytest.mark.parametrize("arguments", [["--json"], []])
def test_status_tells_waves_and_last_run(demonstration, arguments):
    ended = demonstration[0].call("status", *arguments)
    assert ended.status == 0, ended.err
    assert "2028-Q1" in ended.out
    assert "done" in ended.out


def test_live_chat_is_published_as_a_chain(demonstration):
    """The share of all is the share of all at the step before × the share from there, or lower.

    With R of the base B at the step before, of whom b broke off: N/(B − b) ≤ R/B × N/(R − b), as
    R ≤ B. Some 1.5% of those asked break off, in one quarter as many as 3%.
    """
    published = tables(current(demonstration[0]) / "published.duckdb")
    steps = published["ref.chain"].query("chain == 'live_chat'")
    assert steps["step"].tolist() == [1, 2, 3]
    force = published["estimate.estimate"].query("domain == 'all'")
    share = force.set_index(["period", "measure"])["estimate"]
    for wave in published["ref.wave"]["wave"]:
        before = share[wave, steps["share_of_all"].iloc[0]]
        for step in list(steps.itertuples())[1:]:
            product = before * share[wave, step.share_of_previous]
            before = share[wave, step.share_of_all]
            assert 0.9 < before / product < 1 + 1e-12
