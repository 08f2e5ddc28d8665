"""Sufficient statistics of a wave: everything later estimates need, and no respondent.

For each measure and domain value: Y = Σwy and X = Σwx with their variances and covariance, the
sums for bases, and the covariances with the force's totals (methods §4). All domain values of a
classification are formed in one pass; rows outside a domain stay in the variance as zeros.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.arrays import Floats, Ints, sum_by
from transforms.estimation.design import SampleDesign, deviations
from transforms.estimation.residuals import Regression, Residualiser, residualiser
from transforms.weighting import Calibrated

FORCE = ("all", "all")
"""Domain and domain value of the whole population."""


@dataclass(frozen=True, slots=True)
class _Domains:
    """Every domain value of a measure as one run of columns, the force first.

    `keys`: (domain, value) of each column. `column`: for each classification the column of each
    respondent, `width` where it has no value there.
    """

    keys: tuple[tuple[str, str], ...]
    column: tuple[Ints, ...]

    @property
    def width(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class _Wave:
    """What every measure of the wave shares."""

    calibrated: Calibrated
    design: SampleDesign
    residualiser: Residualiser


def wave_totals(
    indicators: pd.DataFrame,
    classified: pd.DataFrame,
    calibrated: Calibrated,
    design: SampleDesign,
    breakdowns: Mapping[str, Sequence[str]],
    leverage: bool = True,
) -> pd.DataFrame:
    """Return one row a measure × domain value: the columns of estimate.total, but `wave`.

    `indicators`: respondents × measures, 1, 0, or NaN outside the base. `classified`: respondents ×
    domains (categorical). `breakdowns`: for each measure the domains it is broken down by; the
    force is always included. Weights and variances are in the units of the control totals.
    """
    shared = residualiser(calibrated, design.psu, design.psus, leverage=leverage)
    wave = _Wave(calibrated, design, shared)
    frames = [
        _measure_totals(
            measure,
            indicators[measure].to_numpy(dtype=np.float64),
            _domain_columns(classified, breakdowns[measure]),
            wave,
        )
        for measure in indicators.columns
    ]
    totals = pd.concat(frames, ignore_index=True)
    return totals.assign(control_total=_control_total(calibrated))


def _control_total(calibrated: Calibrated) -> float:
    return float(calibrated.cells.targets[0].sum()) if calibrated.cells else np.nan


def _domain_columns(classified: pd.DataFrame, domains: Sequence[str]) -> _Domains:
    keys = [FORCE]
    columns: list[Ints] = [np.zeros(len(classified), dtype=np.int64)]
    for domain in domains:
        values = classified[domain].cat
        code = values.codes.to_numpy().astype(np.int64)
        columns.append(np.where(code < 0, -1, code + len(keys)))
        keys += [(domain, str(value)) for value in values.categories]
    # Respondents without a value go to a column past the end, which is then dropped.
    width = len(keys)
    return _Domains(tuple(keys), tuple(np.where(column < 0, width, column) for column in columns))


def _measure_totals(
    measure: str, indicator: Floats, domains: _Domains, wave: _Wave
) -> pd.DataFrame:
    x = np.where(np.isnan(indicator), 0.0, 1.0)
    y = np.where(np.isnan(indicator), 0.0, indicator)
    weights = wave.calibrated.weights
    dev_y = _residual_deviations(y, domains, wave)
    dev_x = _residual_deviations(x, domains, wave)
    psus, strata = _units_with_base(x, domains, wave.design)
    return pd.DataFrame(
        {
            "measure": measure,
            "domain": [domain for domain, _ in domains.keys],
            "domain_value": [value for _, value in domains.keys],
            "y": _sums(weights * y, domains),
            "x": _sums(weights * x, domains),
            "var_y": (dev_y**2).sum(axis=0),
            "var_x": (dev_x**2).sum(axis=0),
            "cov_yx": (dev_y * dev_x).sum(axis=0),
            "sum_w2": _sums(weights**2 * x, domains),
            "n": _sums(x, domains).astype(np.int64),
            "n_y": _sums((y > 0).astype(np.float64), domains).astype(np.int64),
            "psus": psus,
            "strata": strata,
            "df": psus - strata,
            "cov_y_force_y": dev_y.T @ dev_y[:, 0],
            "cov_y_force_x": dev_y.T @ dev_x[:, 0],
            "cov_x_force_y": dev_x.T @ dev_y[:, 0],
            "cov_x_force_x": dev_x.T @ dev_x[:, 0],
        }
    )


def _sums(values: Floats, domains: _Domains) -> Floats:
    """(domain values,) sum of a respondent-level value in each domain value."""
    total = np.zeros(domains.width + 1)
    for column in domains.column:
        total += sum_by(column, values, domains.width + 1)
    return total[:-1]


def _group_sums(group: Ints, groups: int, values: Floats, domains: _Domains) -> Floats:
    """(groups × domain values) sum of a respondent-level value."""
    width = domains.width + 1
    total = np.zeros(groups * width)
    for column in domains.column:
        total += sum_by(group * width + column, values, groups * width)
    return total.reshape(groups, width)[:, :-1]


def _residual_deviations(values: Floats, domains: _Domains, wave: _Wave) -> Floats:
    """(PSUs × domain values) deviations of the residuals' PSU totals."""
    shared, design = wave.residualiser, wave.design
    totals = _group_sums(design.psu, design.psus, shared.scale * values, domains)
    if shared.regression is not None:
        totals = totals - _explained(values, domains, shared.regression)
    return deviations(totals, design)


def _explained(values: Floats, domains: _Domains, regression: Regression) -> Floats:
    """(PSUs × domain values) PSU totals of what the margins explain: Σ scale·g'β."""
    size = len(regression.cells.target)
    moments = np.zeros((size, domains.width))
    for column in regression.cells.columns.T:
        moments += _group_sums(column, size, regression.design_weight * values, domains)
    explained: Floats = regression.indicator_totals @ (regression.inverse @ moments)
    return explained


def _units_with_base(x: Floats, domains: _Domains, design: SampleDesign) -> tuple[Ints, Ints]:
    """PSUs, and strata, with at least one respondent in base and domain (domain values,)."""
    present = _group_sums(design.psu, design.psus, x, domains) > 0
    in_stratum = np.zeros((len(design.strata), domains.width))
    np.add.at(in_stratum, design.stratum, present.astype(np.float64))
    return present.sum(axis=0).astype(np.int64), (in_stratum > 0).sum(axis=0).astype(np.int64)
