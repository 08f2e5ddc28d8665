"""Rows of estimate.total small enough to check by hand, and what is published of them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from transforms.catalogue import Survey
from transforms.change import changes
from transforms.combine import Release, release_of
from transforms.disclosure import decide, withhold_estimates
from transforms.periods import periods_of, wave_period
from transforms.pooled import stacked
from transforms.windows import WaveTotals, wave_by_wave
from transforms.windows.wave_totals import CELL


def total(
    wave: str,
    n_y: int,
    n: int = 400,
    domain: str = "all",
    value: str = "all",
    deviation: float = 8.0,
    df: int = 40,
    measure: str = "confident",
    control_total: float = 10000.0,
) -> dict[str, object]:
    """A row of estimate.total with unit weights and SE(r) = deviation/n, independent of others."""
    own = deviation**2 if domain == "all" else 0.0
    return {
        **{"wave": wave, "measure": measure, "domain": domain, "domain_value": value},
        **{"y": float(n_y), "x": float(n), "var_y": deviation**2, "var_x": 0.0, "cov_yx": 0.0},
        "sum_wy2": float(n_y),
        **{"sum_w2": float(n), "n": n, "n_y": n_y, "psus": df + 2, "strata": 2, "df": df},
        **{"cov_y_force_y": own, "cov_y_force_x": 0.0, "cov_x_force_y": 0.0},
        **{"cov_x_force_x": 0.0, "control_total": control_total},
    }


def side_by_side(rows: Sequence[dict[str, object]], survey: Survey) -> WaveTotals:
    return wave_by_wave(pd.DataFrame(rows), [wave.name for wave in survey.waves])


def changed(rows: Sequence[dict[str, object]], survey: Survey) -> pd.DataFrame:
    """Return every comparison of the waves' periods, before withholding and judging."""
    by_wave = side_by_side(rows, survey)
    return changes(by_wave, periods_of(survey, by_wave.waves), survey)


def published(
    rows: Sequence[dict[str, object]], survey: Survey
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return estimates, changes and KPI rows of every wave's release, as published."""
    releases = releases_of(side_by_side(rows, survey), survey)
    return (
        stacked(one.estimates for one in releases),
        stacked(one.changes for one in releases),
        stacked(one.kpis for one in releases),
    )


def published_alone(
    estimates: pd.DataFrame, totals: pd.DataFrame, survey: Survey, wave: str
) -> pd.DataFrame:
    """Return the estimates of the first wave as published: nothing else is known yet."""
    period = wave_period(wave)
    by_wave = wave_by_wave(_with_every_column(totals).assign(wave=wave), [wave])
    decided = decide({period: totals}, by_wave, _no_estimates(), _no_estimates(), survey)
    return withhold_estimates(estimates, totals, survey, wave, decided[period])


def _with_every_column(totals: pd.DataFrame) -> pd.DataFrame:
    missing = {name: 0.0 for name in total("", 0) if name not in totals}
    return totals.assign(**missing)


def _no_estimates() -> pd.DataFrame:
    columns = ["period", *CELL, "estimate", "unweighted_base", "marker", "suppression_reason"]
    return pd.DataFrame({column: pd.Series(dtype="object") for column in columns})


def releases_of(
    by_wave: WaveTotals, survey: Survey, shown: pd.DataFrame | None = None
) -> list[Release]:
    """Return the waves' releases, in order of time. `shown`: figures published before, if any."""
    before = _no_estimates() if shown is None else shown
    releases: list[Release] = []
    estimates = _no_estimates()
    answers = pd.DataFrame({"wave": [], "item": []})
    for wave in by_wave.waves:
        releases.append(release_of(wave, by_wave, answers, estimates, before, survey))
        estimates = stacked([estimates, releases[-1].estimates])
    return releases
