"""A warehouse of another schema opens by itself, and keeps what it holds."""

import pandas as pd
import pytest
from stored_rows import build_wave, estimates

from transforms.errors import StorageError
from warehouse.builds import open_build
from warehouse.database import read_connection, write_connection
from warehouse.home import home_of
from warehouse.lock import writer_lock
from warehouse.published import write_published
from warehouse.retention import reduced_waves
from warehouse.store import read_table

HISTORY = """
    INSERT INTO ops.delivery VALUES
        ('a', 'a.sav', '2026-Q2', 'main', '2026-07-01 09:00:00Z', 8, 'accepted', NULL, NULL, 0);
    INSERT INTO ops.wave_version VALUES
        ('2026-Q1', 'main', 'a', 'b', 'c', NULL), ('2026-Q2', 'main', 'a', 'b', 'c', NULL);
    INSERT INTO ops.reduction VALUES ('2026-Q1', '2026-08-01 09:00:00Z', 8);
    UPDATE ops.meta SET value = 'an earlier one' WHERE key = 'schema_digest'
"""


@pytest.fixture
def home(tmp_path):
    home = home_of("small", tmp_path)
    build_wave(home, "2026-Q2")
    return home


def changed(home, *statements):
    with write_connection(home.builds / "0001" / "warehouse.duckdb") as connection:
        connection.execute(";".join([HISTORY, *statements]))


def table(folder, name):
    with read_connection(folder / "warehouse.duckdb") as connection:
        return read_table(connection, name)


def test_what_the_earlier_one_held_is_there_and_the_earlier_file_stays(home):
    changed(home)
    before = (home.builds / "0001" / "warehouse.duckdb").read_bytes()
    second = build_wave(home, "2026-Q3")
    assert table(second, "ops.delivery")["sha256"].tolist() == ["a"]
    assert table(second, "survey.respondent")["wave"].unique().tolist() == ["2026-Q2", "2026-Q3"]
    assert (home.builds / "0001" / "warehouse.duckdb").read_bytes() == before


def test_its_waves_are_computed_again_but_for_those_without_respondents(home):
    """What a wave was computed from is forgotten, so that the next run computes it again."""
    changed(home)
    assert table(build_wave(home, "2026-Q3"), "ops.wave_version")["wave"].tolist() == ["2026-Q1"]


def test_a_column_that_it_lacks_is_empty_and_one_that_is_gone_is_left_out(home):
    changed(
        home,
        "ALTER TABLE ops.check ADD COLUMN colour VARCHAR",
        "INSERT INTO ops.check VALUES "
        "('a', 'rows', 'critical', NULL, true, 0, 'x', NULL, true, 'red')",
        "ALTER TABLE ops.check DROP COLUMN finding",
    )
    checks = table(build_wave(home, "2026-Q3"), "ops.check")
    assert "colour" not in checks
    assert checks["finding"].isna().tolist() == [True]


def test_a_column_that_came_later_says_what_held_before(home):
    """Before there were several samples, every delivery was of the main one; none had lost rows."""
    changed(
        home,
        "CREATE OR REPLACE TABLE ops.delivery AS "
        "SELECT * EXCLUDE (sample, withdrawn, kept_sha256) FROM ops.delivery",
    )
    (row,) = table(build_wave(home, "2026-Q3"), "ops.delivery").itertuples()
    assert (row.sample, row.withdrawn, pd.isna(row.kept_sha256)) == ("main", 0, True)


def test_a_table_whose_rows_do_not_fit_is_made_again(home):
    changed(home, "ALTER TABLE survey.respondent DROP COLUMN psu")
    second = build_wave(home, "2026-Q3")
    assert table(second, "survey.respondent")["wave"].unique().tolist() == ["2026-Q3"]
    assert table(second, "estimate.estimate")["period"].unique().tolist() == ["2026-Q2", "2026-Q3"]


def test_history_that_does_not_fit_stops_the_run_and_loses_nothing(home):
    changed(home, "ALTER TABLE ops.delivery DROP COLUMN file_name")
    with pytest.raises(StorageError, match=r"ops\.delivery of the last build does not fit"):
        build_wave(home, "2026-Q3")
    assert [path.name for path in home.builds.iterdir()] == ["0001"]


def test_a_row_left_out_is_in_no_byte_of_the_new_file(home):
    """A row deleted in a copy could lie on in a free block."""
    build_wave(home, "2026-Q3")
    wanted = table(home.builds / "0002", "survey.respondent")["respondent"].iloc[0].encode()
    assert wanted in (home.builds / "0002" / "warehouse.duckdb").read_bytes()
    condition = {"survey.respondent": "true"}
    with writer_lock(home), open_build(home, simulated=True, leave_out=condition) as build:
        write_published(build.connection, build.published)
    third = home.builds / "0003"
    assert table(third, "survey.respondent").empty
    assert len(table(third, "estimate.estimate")) == 2 * len(estimates("2026-Q2"))
    assert wanted not in (third / "warehouse.duckdb").read_bytes()


def test_a_warehouse_from_before_waves_were_reduced_has_none(home):
    with write_connection(home.builds / "0001" / "warehouse.duckdb") as connection:
        connection.execute("DROP TABLE ops.reduction")
        assert reduced_waves(connection) == frozenset()
