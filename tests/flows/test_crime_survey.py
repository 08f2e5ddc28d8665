"""The two real crime surveys through the whole run, read back from the warehouse, against R."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from builders import shared
from offices import Ended, Office, current, tables
from scipy import stats

BCS = ("returns", "bcs0708", "bcs_2007_8_teaching_data.tab")
CSEW = ("returns", "csew1314", "csew1314teachingopen.sav")
REFERENCE = ("reference", "expected", "02_uk_bcs_csew.csv")
TOLERANCE = 1e-8
KEY = ["measure", "domain"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ended, dict[str, pd.DataFrame]]:
    office = Office(tmp_path_factory.mktemp("crime"))
    files = [shared(*BCS), shared(*CSEW)]
    ended = office.call("run", "--survey", "crime_survey_teaching", *files)
    assert ended.status == 0, ended.err
    return ended, tables(current(office, "crime_survey_teaching") / "warehouse.duckdb")


def expected(design: str, fn: str, statistic: str) -> pd.Series:
    """R's values by measure and domain, such as ("safe_dark", "sex=Male"), for our domains."""
    rows = pd.read_csv(shared(*REFERENCE))
    chosen = rows[(rows.design == design) & (rows.fn == fn) & (rows.statistic == statistic)]
    values = chosen.set_index(["variable", "domain"])["value"].rename_axis(KEY)
    ours = values.index.get_level_values("domain").str.match(
        "all$|2013-14 minus|sex=|age_band=|rural="
    )
    return values[ours]


def keyed(frame: pd.DataFrame, whole: str = "all") -> pd.DataFrame:
    domain = (frame["domain"] + "=" + frame["domain_value"]).where(frame["domain"] != "all", whole)
    return frame.drop(columns="domain").assign(domain=domain).set_index(KEY)


def assert_equal(found: pd.Series, wanted: pd.Series, count: int) -> None:
    assert len(wanted) == count
    np.testing.assert_allclose(found.loc[wanted.index].astype(float), wanted, rtol=TOLERANCE)


def test_both_real_returns_are_accepted(run):
    _, held = run
    assert sorted(held["ops.delivery"]["wave"]) == ["2007-08", "2013-14"]
    assert held["survey.calibration"].set_index("wave")["left_out_rows"].tolist() == [16, 0]


@pytest.mark.parametrize("wave", ["2007-08", "2013-14"])
@pytest.mark.parametrize(
    ("fn", "statistic", "column", "count"),
    [
        ("svymean", "estimate", "estimate", 8 + 7),
        ("svymean", "se", "standard_error", 8 + 7),
        ("svymean", "degf", "df", 8 + 7),
        ("base", "n_unweighted", "unweighted_base", 8 + 7),
        ("base", "n_eff_kish", "effective_base", 8 + 7),
        ("svyby_mean", "estimate", "estimate", 8 * 11),
        ("svyby_mean", "se", "standard_error", 8 * 11),
        ("svyciprop_logit", "lower", "ci_lower", 8 + 7),
        ("svyciprop_logit", "upper", "ci_upper", 8 + 7),
    ],
)
def test_estimates_errors_and_intervals_are_rs(run, wave, fn, statistic, column, count):
    estimates = run[1]["estimate.estimate"].query("period == @wave")
    assert_equal(keyed(estimates)[column], expected(f"wave {wave}", fn, statistic), count)


@pytest.mark.parametrize(
    ("statistic", "column"), [("estimate", "difference"), ("se", "standard_error")]
)
def test_changes_between_the_waves_are_rs(run, statistic, column):
    changes = keyed(run[1]["estimate.change"], whole="2013-14 minus 2007-08")
    assert_equal(changes[column], expected("two waves", "svycontrast_waves", statistic), 8 * 3)


def test_p_values_are_rs_at_rs_degrees_of_freedom(run):
    """R adds the two designs' degrees of freedom; ours are Satterthwaite's, which are fewer."""
    changes = keyed(run[1]["estimate.change"], whole="2013-14 minus 2007-08")
    wanted = expected("two waves", "svycontrast_waves", "p_t")
    df = expected("two waves", "svycontrast_waves", "df").loc[wanted.index]
    ours = changes.loc[wanted.index]
    statistic = (ours["difference"] / ours["standard_error"]).abs()
    np.testing.assert_allclose(2 * stats.t.sf(statistic, df), wanted, rtol=1e-7)
    assert (ours["df"] <= df).all()
