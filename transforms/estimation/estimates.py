"""From sufficient statistics to estimates: share, standard error, interval, bases."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.arrays import Floats
from transforms.catalogue import EstimationRule
from transforms.estimation.intervals import Interval, korn_graubard, logit, wilson

ROUNDING = 1e-12
"""A variance below this share of its positive terms is rounding error, and taken as 0."""

NEGLIGIBLE = 1e-10
"""A standard error below this share of the total is rounding error too: no sample is so exact.

It is what remains of a measure that the margins explain wholly.
"""

KEY = ["measure", "domain", "domain_value"]


def estimates_from_totals(totals: pd.DataFrame, rule: EstimationRule) -> pd.DataFrame:
    """Return one row a measure × domain value: the columns of estimate.estimate, but `period`.

    `totals`: rows as `wave_totals` gives them. A row without respondents has no estimate (NaN).
    Nothing is withheld yet.
    """
    share = shares(totals)
    variance = share_variances(totals, share)
    kish = _kish_base(totals)
    n, df = _floats(totals["n"]), _floats(totals["df"])
    interval = _interval(share, variance, n, kish, df, rule)
    return totals[KEY].assign(
        estimate=share,
        standard_error=np.sqrt(variance),
        ci_lower=interval.lower,
        ci_upper=interval.upper,
        unweighted_base=totals["n"],
        weighted_base=np.where(n > 0, totals["x"], np.nan),
        effective_base=np.where(n > 0, kish, np.nan),
        df=df,
        deff_design=_design_effect(share, variance, n),
        deff_kish=_divide(n, kish),
        interval_method=rule.interval,
    )


def shares(totals: pd.DataFrame) -> Floats:
    """Return r = Y/X; exactly 0 or 1 where the unweighted counts say so; NaN without a base."""
    share = _divide(_floats(totals["y"]), _floats(totals["x"]))
    share = np.where(totals["n_y"] == 0, 0.0, share)
    share = np.where(totals["n_y"] == totals["n"], 1.0, share)
    return np.where(totals["n"] == 0, np.nan, share)


def share_variances(totals: pd.DataFrame, share: Floats) -> Floats:
    """Return Var(r) = [V(Y) − 2rC + r²V(X)]/X², 0 at r = 0 and 1 (methods §3)."""
    positive = _floats(totals["var_y"] + share**2 * totals["var_x"])
    raw = positive - 2 * share * _floats(totals["cov_yx"])
    clean = without_rounding(raw, positive, _floats(totals["y"]))
    variance = _divide(clean, _floats(totals["x"]) ** 2)
    return np.where((share == 0) | (share == 1), 0.0, variance)


def without_rounding(variance: Floats, positive_terms: Floats, total: Floats) -> Floats:
    """Return variances of a total, 0 where they are no more than the rounding of their terms."""
    rounding = np.maximum(ROUNDING * positive_terms, (NEGLIGIBLE * total) ** 2)
    return np.where(variance <= rounding, 0.0, variance)


def _interval(
    share: Floats, variance: Floats, n: Floats, kish: Floats, df: Floats, rule: EstimationRule
) -> Interval:
    if rule.interval == "logit":
        return logit(share, variance, df, rule.confidence)
    at_effective_base = wilson if rule.interval == "wilson" else korn_graubard
    return at_effective_base(share, variance, n, kish, df, rule.confidence)


def _kish_base(totals: pd.DataFrame) -> Floats:
    return _divide(_floats(totals["x"]) ** 2, _floats(totals["sum_w2"]))


def _design_effect(share: Floats, variance: Floats, n: Floats) -> Floats:
    """Variance against that of a simple random sample with replacement, r(1 − r)/(n − 1)."""
    simple = _divide(share * (1 - share), n - 1)
    return _divide(variance, np.where(simple > 0, simple, np.nan))


def _floats(column: pd.Series) -> Floats:
    return column.to_numpy(dtype=np.float64)


def _divide(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(below == 0, np.nan, above / below), dtype=np.float64)
