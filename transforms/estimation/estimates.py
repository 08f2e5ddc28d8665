"""From sufficient statistics to estimates: share or mean, standard error, interval, bases."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from transforms.arrays import Flags, Floats, floats
from transforms.catalogue import EstimationRule
from transforms.estimation.intervals import Interval, korn_graubard, logit, student, wilson

ROUNDING = 1e-12
"""A variance below this share of its positive terms is rounding error, and taken as 0."""

NEGLIGIBLE = 1e-10
"""A standard error below this share of the answers' size is rounding error too.

No sample is so exact. It is what remains of a measure that the margins explain wholly. The size is
√(ΣwΣwy²), which scores of either sign cannot bring to 0 as they can their sum.
"""

Limits = Mapping[str, tuple[float, float]]
"""The lowest and the highest possible value of each measure that is a mean."""

NO_MEANS: Limits = MappingProxyType({})

KEY = ["measure", "domain", "domain_value"]


def estimates_from_totals(
    totals: pd.DataFrame, rule: EstimationRule, means: Limits = NO_MEANS
) -> pd.DataFrame:
    """Return one row a measure × domain value: the columns of estimate.estimate, but `period`.

    `totals`: rows as `wave_totals` gives them. `means`: the measures that are means, whose interval
    is r ± t·SE cut to these limits; the others are proportions. A row without respondents has no
    estimate (NaN). Nothing is withheld yet.
    """
    share = shares(totals)
    variance = share_variances(totals, share)
    kish = _kish_base(totals)
    n, df = floats(totals["n"]), floats(totals["df"])
    of_mean = totals["measure"].isin(means).to_numpy()
    of_share = _interval(np.where(of_mean, np.nan, share), variance, n, kish, df, rule)
    limits = _limits(totals["measure"], means)
    interval = _chosen(of_mean, student(share, variance, df, limits, rule.confidence), of_share)
    figures = {
        "estimate": share,
        "standard_error": np.sqrt(variance),
        "ci_lower": interval.lower,
        "ci_upper": interval.upper,
        "unweighted_base": totals["n"],
        "weighted_base": np.where(n > 0, totals["x"], np.nan),
        "effective_base": np.where(n > 0, kish, np.nan),
        "df": df,
        "deff_design": _design_effect(totals, share, variance),
        "deff_kish": _divide(n, kish),
        "interval_method": interval_methods(totals, rule, means),
    }
    # At once: a frame that gets one column after the other takes as long as all the arithmetic.
    return pd.DataFrame({**{name: totals[name] for name in KEY}, **figures})


def interval_methods(rows: pd.DataFrame, rule: EstimationRule, means: Limits) -> pd.Series:
    """Return how each row's interval is formed: t of a mean, of a share as the rule says."""
    of_mean = rows["measure"].isin(means)
    return pd.Series(np.where(of_mean, "t", rule.interval), index=rows.index, dtype="str")


def shares(totals: pd.DataFrame) -> Floats:
    """Return r = Y/X, a share or a mean; NaN without a base.

    A share is exactly 1 where the unweighted counts say so (and 0, which Y is then).
    """
    share = _divide(floats(totals["y"]), floats(totals["x"]))
    share = np.where(totals["n_y"] == totals["n"], 1.0, share)
    return np.where(totals["n"] == 0, np.nan, share)


def share_variances(totals: pd.DataFrame, share: Floats) -> Floats:
    """Return Var(r) = [V(Y) − 2rC + r²V(X)]/X², 0 where nobody counts or all do (methods §3)."""
    positive = floats(totals["var_y"] + share**2 * totals["var_x"])
    raw = positive - 2 * share * floats(totals["cov_yx"])
    size = size_of_answers(floats(totals["x"]), floats(totals["sum_wy2"]))
    clean = without_rounding(raw, positive, size)
    variance = _divide(clean, floats(totals["x"]) ** 2)
    return np.where(certain(totals, share), 0.0, variance)


def certain(totals: pd.DataFrame, share: Floats) -> Flags:
    """(rows,) whether the share is 0 or 1 because nobody counts or everybody does.

    Nobody counts in a mean (n_y is NaN): there 0 and 1 are scores like any other.
    """
    nobody, everybody = totals["n_y"] == 0, totals["n_y"] == totals["n"]
    found: Flags = ((nobody & (share == 0)) | (everybody & (share == 1))).to_numpy(np.bool_)
    return found


def size_of_answers(x: Floats, sum_wy2: Floats) -> Floats:
    """Return √(ΣwΣwy²), the size of a total before scores of either sign cancel out."""
    return np.asarray(np.sqrt(x * sum_wy2), dtype=np.float64)


def without_rounding(variance: Floats, positive_terms: Floats, size: Floats) -> Floats:
    """Return variances of a total, 0 where they are no more than the rounding of their terms.

    `size`: that of the answers that are totalled.
    """
    rounding = np.maximum(ROUNDING * positive_terms, (NEGLIGIBLE * size) ** 2)
    return np.where(variance <= rounding, 0.0, variance)


def _interval(
    share: Floats, variance: Floats, n: Floats, kish: Floats, df: Floats, rule: EstimationRule
) -> Interval:
    if rule.interval == "logit":
        return logit(share, variance, df, rule.confidence)
    at_effective_base = wilson if rule.interval == "wilson" else korn_graubard
    return at_effective_base(share, variance, n, kish, df, rule.confidence)


def _limits(measure: pd.Series, means: Limits) -> tuple[Floats, Floats]:
    """Return each row's lowest and highest possible value, infinite where it is no mean."""
    place, names = pd.factorize(measure)
    limits = np.array([means.get(str(name), (-np.inf, np.inf)) for name in names]).reshape(-1, 2)
    return limits[place, 0], limits[place, 1]


def _chosen(first: Flags, one: Interval, other: Interval) -> Interval:
    lower, upper = np.where(first, one.lower, other.lower), np.where(first, one.upper, other.upper)
    return Interval(lower, upper)


def _kish_base(totals: pd.DataFrame) -> Floats:
    return _divide(floats(totals["x"]) ** 2, floats(totals["sum_w2"]))


def _design_effect(totals: pd.DataFrame, share: Floats, variance: Floats) -> Floats:
    """Variance against that of a simple random sample with replacement, (Σwy²/X − r²)/(n − 1).

    Of a share that is r(1 − r)/(n − 1). NaN where everybody answered alike.
    """
    square = _divide(floats(totals["sum_wy2"]), floats(totals["x"]))
    spread = square - share**2
    simple = _divide(spread, floats(totals["n"]) - 1)
    return _divide(variance, np.where(spread > ROUNDING * square, simple, np.nan))


def _divide(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(below == 0, np.nan, above / below), dtype=np.float64)
