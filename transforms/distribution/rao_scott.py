"""Tests of a two-way table under the sampling design: are its rows distributed alike.

Pearson's X² is a sum of squares, each multiplied by a generalised design effect: an eigenvalue of
Δ. Rao and Scott (1981, 1984) divide X² by their mean (first order) and match their spread as well
(second order); Thomas and Rao (1987) refer the second to F, since Δ is itself estimated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.linalg import eigh, helmert

from transforms.arrays import Floats
from transforms.distribution.crosstab import Crosstab
from transforms.errors import DesignError

NO_VARIANCE = 1e-12
"""A mean design effect below this is rounding error: there is no variance to test with."""


@dataclass(frozen=True, slots=True)
class TestResult:
    """A statistic with its reference: F(ndf, ddf), or chi-square(ndf) where `ddf` is infinite.

    All but `ndf` are NaN where the sample shows no variance.
    """

    __test__ = False  # not a class of tests, whatever its name

    statistic: float
    ndf: float
    ddf: float
    p_value: float


@dataclass(frozen=True, slots=True)
class RaoScott:
    """Pearson's X² of a table and what the design makes of it.

    `pearson`: X², scaled to the number of respondents. `design_effects`: the eigenvalues of Δ, one
    for each degree of freedom. `df`: of the design, for several samples Satterthwaite's.
    """

    pearson: float
    design_effects: Floats
    df: float

    @property
    def second_order(self) -> TestResult:
        """Return F = X²/tr Δ on d₀ and d₀·df, d₀ = (tr Δ)²/tr Δ²: the test to use."""
        trace, squares = self.design_effects.sum(), (self.design_effects**2).sum()
        if not trace > NO_VARIANCE * len(self.design_effects):
            return _untestable(len(self.design_effects))
        ndf = float(trace**2 / squares)
        return _f_test(self.pearson / float(trace), ndf, ndf * self.df)

    @property
    def first_order(self) -> TestResult:
        """Return X²/δ̄ referred to chi-square, δ̄ the mean design effect."""
        mean, ndf = float(self.design_effects.mean()), float(len(self.design_effects))
        if not mean > NO_VARIANCE:
            return _untestable(len(self.design_effects))
        statistic = self.pearson / mean
        return TestResult(statistic, ndf, np.inf, float(stats.chi2.sf(statistic, ndf)))


def rao_scott(table: Crosstab) -> RaoScott:
    """Return Pearson's X² of the table and its design effects, as R's `svychisq`.

    Δ = (C'D⁻¹C/n)⁻¹(C'D⁻¹VD⁻¹C), p the cells' shares with covariance V, D = diag(p), C the
    contrasts that both margins leave free. Over independent samples V, and so Δ, is a sum; the df
    of tr Δ is Satterthwaite's (1946), since Var(tr Δ̂) = Σ 2 tr(Δ_q²)/df_q.
    """
    table = table.occupied()
    share, parts = _cell_shares(table)
    contrasts = _interaction(table)
    # As in R, an empty cell has no part in Δ; only many of them leave it undefined.
    weighted = contrasts * np.divide(1, share, out=np.zeros_like(share), where=share > 0)[:, None]
    fixed = contrasts.T @ weighted / table.n
    if np.linalg.matrix_rank(fixed, hermitian=True) < len(fixed):
        raise _empty_cells()
    spread = weighted.T @ parts @ weighted
    effects: Floats = eigh(spread.sum(axis=0), fixed, eigvals_only=True)
    deltas: Floats = np.asarray(np.linalg.solve(fixed, spread), dtype=np.float64)
    return RaoScott(_pearson(table), effects, _df(deltas, table.df))


def wald(table: Crosstab) -> TestResult:
    """Return the Wald test of the cells' excess over independence: W/q on F(q, df).

    Koch, Freeman and Freeman (1975). It is unstable where cells are many and df few: R's default,
    and ours, is the second-order Rao–Scott test.
    """
    quadratic, ndf, df = _wald_statistic(table)
    return _f_test(quadratic / ndf, ndf, df) if np.isfinite(quadratic) else _untestable(ndf)


def adjusted_wald(table: Crosstab) -> TestResult:
    """Return the Wald test corrected for few df: W(df − q + 1)/(q·df) on F(q, df − q + 1).

    Fellegi (1980); Thomas and Rao (1987).
    """
    quadratic, ndf, df = _wald_statistic(table)
    left = df - ndf + 1
    if not np.isfinite(quadratic) or left <= 0:
        return _untestable(ndf)
    return _f_test(quadratic * left / (ndf * df), ndf, left)


def _cell_shares(table: Crosstab) -> tuple[Floats, Floats]:
    """Return shares of all cells (cells,), and each sample's part of their covariance."""
    whole = table.totals.sum()
    share = table.totals.ravel() / whole
    slope = (np.eye(len(share)) - share[:, None]) / whole
    return share, slope @ table.covariances @ slope.T


def _interaction(table: Crosstab) -> Floats:
    """(cells × (rows − 1)(columns − 1)) orthonormal contrasts that vanish in both margins."""
    rows, columns = table.totals.shape
    if min(rows, columns) < 2:
        raise _empty_cells()
    return np.asarray(np.kron(helmert(rows).T, helmert(columns).T), dtype=np.float64)


def _pearson(table: Crosstab) -> float:
    share = table.totals / table.totals.sum()
    expected = np.outer(share.sum(axis=1), share.sum(axis=0))
    return float(table.n * ((share - expected) ** 2 / expected).sum())


def _df(deltas: Floats, df: Floats) -> float:
    """Return Satterthwaite's df of tr Δ, a sum over samples, relative to that of one sample."""
    if len(df) == 1:
        return float(df[0])
    delta = deltas.sum(axis=0)
    # A sample without variance adds nothing, whatever its degrees of freedom.
    squares = np.einsum("qij,qji->q", deltas, deltas)
    spread = float(np.where(squares > 0, squares / np.maximum(df, 1e-300), 0.0).sum())
    return float(np.einsum("ij,ji->", delta, delta)) / spread if spread > 0 else np.nan


def _wald_statistic(table: Crosstab) -> tuple[float, int, float]:
    """Return the quadratic form, NaN where it cannot be formed, its rank, and the df."""
    table = table.occupied()
    contrasts, totals = _interaction(table), table.totals
    rows, columns, whole = totals.sum(axis=1), totals.sum(axis=0), totals.sum()
    expected = np.outer(rows, columns) / whole
    excess = contrasts.T @ (totals - expected).ravel()
    slope = contrasts.T @ (np.eye(totals.size) - _expected_slope(rows, columns, whole))
    parts = slope @ table.covariances @ slope.T
    ndf = contrasts.shape[1]
    covariance = parts.sum(axis=0)
    scale = np.abs(table.covariances).max()
    if np.linalg.matrix_rank(covariance, tol=NO_VARIANCE * scale, hermitian=True) < ndf:
        return np.nan, ndf, np.nan
    solved = np.linalg.solve(covariance, parts)
    return float(excess @ np.linalg.solve(covariance, excess)), ndf, _df(solved, table.df)


def _expected_slope(rows: Floats, columns: Floats, whole: float) -> Floats:
    """(cells × cells) derivative of N_r·N_c/N, cell by cell, by each cell's total."""
    by_row = np.kron(np.eye(len(rows)), np.tile(columns[:, None], (1, len(columns)))) / whole
    by_column = np.kron(np.tile(rows[:, None], (1, len(rows))), np.eye(len(columns))) / whole
    constant = np.outer(rows, columns).reshape(-1, 1) / whole**2
    return np.asarray(by_row + by_column - constant, dtype=np.float64)


def _f_test(statistic: float, ndf: float, ddf: float) -> TestResult:
    p_value = float(stats.f.sf(statistic, ndf, ddf)) if ddf > 0 else np.nan
    return TestResult(statistic, float(ndf), float(ddf), p_value)


def _untestable(ndf: int) -> TestResult:
    return TestResult(np.nan, float(ndf), np.nan, np.nan)


def _empty_cells() -> DesignError:
    return DesignError(
        "A table of answers has too many empty cells, or a single row or column, to be tested.",
        expected="respondents in the cells of at least two rows and two columns.",
        remedy="put rare answers together with their neighbours, or leave the comparison out.",
    )
