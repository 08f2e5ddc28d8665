"""A domain against the rest of the force: not independent of each other (methods §4).

Both may share sampling points, and calibration ties them together, so the covariances of a
domain's totals with the force's are kept, and everything about the rest follows from them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.arrays import Floats, floats
from transforms.estimation.estimates import share_variances, shares, without_rounding
from transforms.estimation.totals import FORCE
from transforms.windows.difference import Differences, fewest_on_a_side
from transforms.windows.satterthwaite import satterthwaite
from transforms.windows.score import per_effective_base, score_of, score_where
from transforms.windows.wave_totals import CELL

PLAIN = ("y", "x", "sum_wy2", "n", "n_y", "sum_w2")
"""What the rest has is what the force has without the domain."""


def rest_totals(totals: pd.DataFrame) -> pd.DataFrame:
    """Return, for each domain value, the totals of everybody else in the force.

    `totals`: rows as `window_totals` gives them, the force's included. The result has a row for
    each of them but the force's, under the domain value's own name; `df` is at most the force's
    and at least that of the largest other value, or of the force without the domain's.
    """
    domain, force = _with_force(totals)
    rest = {name: force[name] - domain[name] for name in PLAIN}
    covariances = {
        "var_y": force["var_y"] + domain["var_y"] - 2 * domain["cov_y_force_y"],
        "var_x": force["var_x"] + domain["var_x"] - 2 * domain["cov_x_force_x"],
        "cov_yx": force["cov_yx"]
        + domain["cov_yx"]
        - domain["cov_y_force_x"]
        - domain["cov_x_force_y"],
    }
    return domain[CELL].assign(**rest, **covariances, df=_rest_df(domain, force))


def against_rest(totals: pd.DataFrame) -> Differences:
    """Return each domain value's share minus that of the rest of the force.

    The variance takes their covariance into account; degrees of freedom are Satterthwaite's over
    both sides' variances, were their shares the same, at most the force's.
    """
    domain, rest, force = _sides(totals)
    own, others = shares(domain), shares(rest)
    variances = np.stack([share_variances(domain, own), share_variances(rest, others)])
    # What does not vary, such as a share of exactly 0, does not vary with anything.
    covariance = np.where(variances.all(axis=0), _covariance(domain, rest, own, others), 0.0)
    raw = np.maximum(variances.sum(axis=0) - 2 * covariance, 0.0)
    variance = without_rounding(raw, variances.sum(axis=0), np.zeros(len(raw)))
    fewest = np.minimum(fewest_on_a_side(domain), fewest_on_a_side(rest))
    parts = np.stack(
        [
            per_effective_base(domain, own, variances[0]),
            per_effective_base(rest, others, variances[1]),
        ]
    )
    weight = floats(domain["x"] / (domain["x"] + rest["x"]))
    score = score_of((own, others), parts, weight, -2 * covariance)
    counted = np.isfinite(fewest)
    dfs = np.stack([floats(domain["df"]), floats(rest["df"])])
    df = satterthwaite(np.where(counted, parts, variances), dfs)
    return Differences(
        cells=domain[CELL],
        difference=own - others,
        variance=variance,
        df=np.where(variance > 0, np.minimum(df, floats(force["df"])), np.nan),
        fewest=fewest,
        score=score_where(counted, score, variance),
    )


def _sides(totals: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the domain values that have a rest, the rest, and the force beside each."""
    everyone = rest_totals(totals)
    domain, force = _with_force(totals)
    held = ((domain["n"] > 0) & (everyone["n"] > 0)).to_numpy()
    domain, rest, force = (
        frame[held].reset_index(drop=True) for frame in (domain, everyone, force)
    )
    return domain, rest, force


def _with_force(totals: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of domain values, and the force's row of the same measure beside each."""
    is_force = (totals["domain"] == FORCE[0]).to_numpy()
    domain = totals[~is_force].reset_index(drop=True)
    force = totals[is_force].set_index("measure").loc[domain["measure"]].reset_index()
    return domain, force


def _covariance(domain: pd.DataFrame, rest: pd.DataFrame, own: Floats, others: Floats) -> Floats:
    """(rows,) the covariance of the two shares, by linearising both."""
    y_y = domain["cov_y_force_y"] - domain["var_y"]
    y_x = domain["cov_y_force_x"] - domain["cov_yx"]
    x_y = domain["cov_x_force_y"] - domain["cov_yx"]
    x_x = domain["cov_x_force_x"] - domain["var_x"]
    product = y_y - others * y_x - own * x_y + own * others * x_x
    return floats(product / (domain["x"] * rest["x"]))


def _rest_df(domain: pd.DataFrame, force: pd.DataFrame) -> Floats:
    """(rows,) a df the rest has at least: its sampling points are not stored."""
    ordered = domain.sort_values("df", ascending=False, kind="stable")
    by_domain = ordered.groupby(["measure", "domain"], sort=False)["df"]
    place = by_domain.cumcount()
    largest = by_domain.transform("first")
    # The rest of the largest value holds the second largest; a lone value's rest holds none.
    second = (
        ordered["df"]
        .where(place == 1)
        .groupby([ordered["measure"], ordered["domain"]], sort=False)
        .transform("max")
    )
    other = largest.where(place > 0, second.fillna(0)).reindex(domain.index)
    without = np.maximum(floats(force["df"] - domain["df"]), floats(other))
    return np.minimum(without, floats(force["df"]))
