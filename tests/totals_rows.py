"""Rows of estimate.total small enough to check by hand, and what is published of them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from transforms.catalogue import Survey
from transforms.change import changes, judged
from transforms.combine import pooled_estimates
from transforms.disclosure import withhold_changes, withhold_estimates
from transforms.estimation import estimates_from_totals
from transforms.kpi import kpi_statuses
from transforms.periods import Period, periods_ending, periods_of
from transforms.pooled import measures_in
from transforms.windows import WaveTotals, wave_by_wave


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


def estimates_of(
    period: Period, by_wave: WaveTotals, survey: Survey, of_waves: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return a period's estimates as published; one of several waves needs theirs."""
    if period.kind != "wave":
        assert of_waves is not None
        return pooled_estimates(period, by_wave, of_waves, survey)
    totals = pd.DataFrame(
        {
            **{name: by_wave.cells[name] for name in by_wave.cells},
            **{
                name: figures[by_wave.waves.index(period.last)]
                for name, figures in by_wave.figures.items()
            },
        }
    )
    present = by_wave.present[by_wave.waves.index(period.last)]
    totals = totals[present].reset_index(drop=True)
    found = estimates_from_totals(totals, survey.about.estimation)
    return withhold_estimates(found, totals, survey, period.waves[0]).assign(period=period.name)


def published(
    rows: Sequence[dict[str, object]], survey: Survey
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return estimates, changes and KPI rows of every wave's release, as published."""
    by_wave = side_by_side(rows, survey)
    periods = periods_of(survey, by_wave.waves)
    single = [period for period in periods if period.kind == "wave"]
    waves = pd.concat([estimates_of(one, by_wave, survey) for one in single], ignore_index=True)
    several = [period for period in periods if period.kind != "wave"]
    pooled = [estimates_of(period, by_wave, survey, waves) for period in several]
    estimates = pd.concat([waves, *pooled], ignore_index=True)
    held = {measure: by_wave.waves_of(measure) for measure in measures_in(by_wave)}
    shown, kpis = [], []
    for wave in by_wave.waves:
        own = changes(by_wave, periods_ending(wave, survey), survey)
        shown.append(judged(withhold_changes(own, estimates), survey))
        kpis.append(kpi_statuses(wave, estimates, shown[-1], held, survey))
    return estimates, pd.concat(shown, ignore_index=True), pd.concat(kpis, ignore_index=True)
