"""What was published is remembered, and said where it is confidential by now."""

from __future__ import annotations

import pandas as pd
from stored_rows import empty_warehouse, estimates

from flows.outcomes import RunSummary
from flows.shown import run_text
from warehouse.disclosure import remember_shown, shown_and_withheld
from warehouse.store import read_table, replace_period

WAVE = "2026-Q2"


def withheld_by(rule: str) -> pd.DataFrame:
    cell = {"period": WAVE, "measure": "confident", "domain": "all", "domain_value": "all"}
    return pd.DataFrame([{**cell, "rule": rule, "base_withheld": False}])


def test_what_is_shown_is_remembered_once_and_what_is_withheld_is_not():
    connection = empty_warehouse()
    replace_period(connection, WAVE, {"estimate.estimate": estimates(WAVE)})
    remember_shown(connection)
    remember_shown(connection)
    assert read_table(connection, "ops.shown")["domain"].tolist() == ["all"]
    assert shown_and_withheld(connection) == ()


def test_a_figure_that_is_confidential_after_it_was_shown_is_named():
    connection = empty_warehouse()
    replace_period(connection, WAVE, {"estimate.estimate": estimates(WAVE)})
    remember_shown(connection)
    # A base that is too small by now is a matter of reliability: nobody is exposed.
    replace_period(connection, WAVE, {"ops.disclosure": withheld_by("base")})
    assert shown_and_withheld(connection) == ()
    replace_period(connection, WAVE, {"ops.disclosure": withheld_by("small_count")})
    assert shown_and_withheld(connection) == ("confident, all all, 2026-Q2",)


def test_a_run_ends_with_a_warning_of_what_is_withheld_too_late():
    summary = RunSummary("small", (), (), None, shown_and_withheld=("confident, all all, 2026-Q2",))
    text = run_text(summary)
    assert "WARNING: 1 figure is confidential by now that an earlier build published" in text
    assert "confident, all all, 2026-Q2" in text
    assert "WARNING" not in run_text(RunSummary("small", (), (), None))
