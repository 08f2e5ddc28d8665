"""What is published of how good the data are: counts, declared reasons, never what was found."""

from datetime import UTC, datetime

import duckdb
import pytest
from stored_rows import empty_warehouse

from transforms.errors import DeclarationError
from warehouse.published import write_published
from warehouse.quality import record_quality

WAVE, BEFORE = "2026-Q3", "2026-Q2"
SERIAL = "004512"


def insert(warehouse, table, **row):
    names, places = ", ".join(row), ", ".join("?" for _ in row)
    warehouse.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", list(row.values()))


def weighted(warehouse, wave, respondents, left_out=0, issued=None, not_eligible=None):
    """A wave with so many interviews."""
    order, month = (1, 4) if wave == BEFORE else (2, 7)
    insert(
        warehouse,
        "ref.wave",
        **{"wave": wave, "wave_order": order, "period_start": f"2026-{month:02}-01"},
        **{"period_end": f"2026-{month:02}-28"},
        **{"cases_issued": issued, "cases_not_eligible": not_eligible},
    )
    insert(
        warehouse,
        "survey.calibration",
        **{"wave": wave, "method": "raking", "iterations": 3, "largest_relative_gap": 0.0},
        **{"respondents": respondents, "left_out_rows": left_out, "effective_base": 10.0},
        **{"deff_kish": 1.0, "smallest_weight": 1.0, "largest_weight": 1.0, "weight_cv": 0.0},
        **{"mean_design": 1.0, "trimmed": 0, "imputed": 0},
    )


def delivered(warehouse, sha256, wave, status="accepted"):
    insert(
        warehouse,
        "ops.delivery",
        **{"sha256": sha256, "file_name": f"{sha256}.sav", "wave": wave, "sample": "main"},
        **{"received_at": datetime(2026, 10, 1, tzinfo=UTC), "row_count": 9, "status": status},
        **{"reason": None, "kept_sha256": None, "withdrawn": 0},
    )


def checked(warehouse, sha256, rule, *, passed=False, accepted=None):
    insert(
        warehouse,
        'ops."check"',
        **{"sha256": sha256, "rule": rule, "severity": "warning", "variable": None},
        **{"passed": passed, "failing_rows": 0 if passed else 1, "of_wave": False},
        **{"finding": None if passed else f"respondent {SERIAL}", "accepted": accepted},
    )


def accept(warehouse, wave, rule, by, reason, at=None):
    insert(
        warehouse,
        "ops.acceptance",
        **{"wave": wave, "rule": rule, "reason": reason, "accepted_by": by, "accepted_at": at},
    )


@pytest.fixture
def warehouse():
    """Two waves; in the later one four rules found something, of which one is accepted by nobody.

    A return that was superseded had findings of its own, which count no more.
    """
    warehouse = empty_warehouse()
    weighted(warehouse, BEFORE, 1200)
    weighted(warehouse, WAVE, 1400, left_out=3, issued=2000, not_eligible=250)
    delivered(warehouse, "a", BEFORE)
    delivered(warehouse, "b", WAVE)
    delivered(warehouse, "c", WAVE, status="superseded")
    for rule in ("copies", "confident.jump", "area.quota", "labels"):
        checked(warehouse, "b", rule)
    checked(warehouse, "b", "routing", passed=True)
    checked(warehouse, "b", "dates", accepted="Ann Other: the clock was wrong: by an hour")
    checked(warehouse, "c", "weights")
    accept(warehouse, "*", "copies", "Head of Research", "looked at each year")
    accept(warehouse, WAVE, "copies", "Head of Research", "twins")
    accept(
        warehouse, WAVE, "confident.jump", "ann", "a campaign", datetime(2026, 10, 2, tzinfo=UTC)
    )
    accept(warehouse, "*", "area.quota", "Head of Research", "agreed")
    return warehouse


def test_findings_on_returns_in_use_are_counted_and_who_is_named_where_it_is_declared(warehouse):
    record_quality(warehouse)
    record_quality(warehouse)  # in the place of what was said before
    # Of 5 findings on the return in use, labels is accepted by nobody.
    assert warehouse.execute("FROM quality.wave ORDER BY wave").fetchall() == [
        (BEFORE, 1200, 0, 0, 0),
        (WAVE, 1400, 3, 5, 1),
    ]
    assert warehouse.execute("FROM quality.accepted ORDER BY rule").fetchall() == [
        (WAVE, "area.quota", "Head of Research", "agreed"),
        (WAVE, "confident.jump", None, None),
        (WAVE, "copies", "Head of Research", "twins"),
        (WAVE, "dates", None, None),
    ]


def test_no_text_of_a_finding_is_published(warehouse, tmp_path):
    record_quality(warehouse)
    write_published(warehouse, tmp_path / "published.duckdb")
    content = (tmp_path / "published.duckdb").read_bytes()
    assert b"agreed" in content
    assert b"a campaign" not in content
    assert SERIAL.encode() not in content
    assert b"Ann Other" not in content


def test_more_interviews_than_eligible_cases_stop_the_build(warehouse):
    # 2,000 issued less 700 not eligible are 1,300, and 1,400 were interviewed.
    warehouse.execute("UPDATE ref.wave SET cases_not_eligible = 700 WHERE wave = ?", [WAVE])
    with pytest.raises(DeclarationError, match="2026-Q3: 1,400 interviews from 1,300 eligible"):
        record_quality(warehouse)


def test_every_interview_of_every_case_is_no_mistake(warehouse):
    warehouse.execute("UPDATE ref.wave SET cases_not_eligible = 600 WHERE wave = ?", [WAVE])
    record_quality(warehouse)
    with pytest.raises(duckdb.ConstraintException):
        warehouse.execute("UPDATE ref.wave SET cases_not_eligible = 2001 WHERE wave = ?", [WAVE])
