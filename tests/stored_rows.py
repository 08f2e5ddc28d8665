"""Rows as the warehouse takes them, few and plain, and a warehouse without a file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb
import pandas as pd

from warehouse import database
from warehouse.builds import open_build
from warehouse.home import Home
from warehouse.lock import writer_lock
from warehouse.published import write_published
from warehouse.store import primary_keys, replace_wave


@cache
def _warehouse_in_memory() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    with database.transaction(connection):
        connection.execute(database.OPEN_SCHEMA + database.RESTRICTED_SCHEMA)
    return connection


def empty_warehouse() -> duckdb.DuckDBPyConnection:
    """A warehouse in memory with every table and no row: one for all tests, emptied each time."""
    connection = _warehouse_in_memory()
    connection.execute(";".join(f"DELETE FROM {name}" for name in primary_keys(connection)))
    return connection


def respondents(wave: str, names: tuple[str, ...] = ("ada", "bob")) -> pd.DataFrame:
    """survey.respondent: `names` in one stratum, each a sampling point, weighing 2."""
    return pd.DataFrame(
        {
            "wave": wave,
            "respondent": names,
            "sample": "main",
            "stratum": "all",
            "psu": names,
            "interview_date": pd.Timestamp("2026-04-01"),
            "domains": [{"sex": "female", "area": "north"} for _ in names],
            "design_weight": 2.0,
            "calibration_weight": 2.0,
        }
    )


def estimates(wave: str, share: float = 0.5) -> pd.DataFrame:
    """estimate.estimate: one for the force, and one withheld for the north."""
    shown = {
        "period": wave,
        "measure": "confident",
        "domain": "all",
        "domain_value": "all",
        "estimate": share,
        "standard_error": 0.1,
        "ci_lower": max(share - 0.2, 0.0),
        "ci_upper": min(share + 0.2, 1.0),
        "unweighted_base": 60,
        "weighted_base": 100.0,
        "effective_base": 50.0,
        "df": 9.0,
        "deff_design": 1.3,
        "deff_kish": 1.2,
        "interval_method": "korn_graubard",
        "marker": None,
        "suppression_reason": None,
    }
    withheld = dict.fromkeys(shown) | {
        "period": wave,
        "measure": "confident",
        "domain": "area",
        "domain_value": "north",
        "interval_method": "korn_graubard",
        "marker": "[c]",
        "suppression_reason": "fewer than 5 people gave one of the answers",
    }
    return pd.DataFrame([shown, withheld])


def changes(**figures: object) -> pd.DataFrame:
    """estimate.change: one judged rise of 10 points; `figures` replace any."""
    row = {
        "period": "2027-Q2",
        "compared_with": "2026-Q2",
        "comparison": "same_quarter_year_before",
        "measure": "confident",
        "domain": "all",
        "domain_value": "all",
        "unit": None,
        "difference": 0.1,
        "standard_error": 0.02,
        "df": 100.0,
        "ci_lower": 0.06,
        "ci_upper": 0.14,
        "p_value": 0.001,
        "shared_waves": 0,
        "role": "judged",
        "family": "headline",
        "family_size": 1,
        "adjustment": "holm",
        "adjusted_p": 0.001,
        "detectable_change": 0.056,
        "verdict": "increase",
        "no_verdict_reason": None,
        "marker": None,
        "suppression_reason": None,
    }
    return pd.DataFrame([row | figures])


def statuses(**figures: object) -> pd.DataFrame:
    """kpi.kpi: one that improves by that rise; `figures` replace any."""
    row = {
        "kpi": "confidence",
        "wave": "2027-Q2",
        "period": "2027-Q2",
        "domain": "all",
        "domain_value": "all",
        "section": "trust",
        "title": "Confidence",
        "statement": "Increase confidence in the local police",
        "required_direction": "increase",
        "status": "improving",
        "evidence": "Rose by 10.0 points.",
        "measurable_from": None,
        "measure": "confident",
        "unit": None,
        "estimate": 0.6,
        "standard_error": 0.01,
        "ci_lower": 0.58,
        "ci_upper": 0.62,
        "unweighted_base": 2000,
        "effective_base": 1500.0,
        "marker": None,
        "suppression_reason": None,
        "comparison": "same_quarter_year_before",
        "compared_with": "2026-Q2",
        "shared_waves": 0,
        "difference": 0.1,
        "difference_standard_error": 0.02,
        "difference_df": 100.0,
        "difference_ci_lower": 0.06,
        "difference_ci_upper": 0.14,
        "p_value": 0.001,
        "adjusted_p": 0.001,
        "family": "headline",
        "family_size": 1,
        "adjustment": "holm",
        "detectable_change": 0.056,
        "simulated": False,
        "illustrative": False,
    }
    return pd.DataFrame([row | figures])


def build_wave(home: Home, wave: str, share: float = 0.5) -> Path:
    """Make `home`'s next build, with `wave` in it; return its folder."""
    with writer_lock(home), open_build(home, simulated=True) as build:
        rows = {"survey.respondent": respondents(wave), "estimate.estimate": estimates(wave, share)}
        replace_wave(build.connection, wave, rows)
        write_published(build.connection, build.published)
    return home.current.resolve()
