"""Variances of estimates from replicates, and shares in every replicate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from transforms.arrays import Floats, Ints
from transforms.replicates.weights import ReplicateWeights

FORCE = ("all", "all")


def replicate_variance(
    theta_by_replicate: Floats,
    scale: float,
    rscales: Floats | None = None,
    full_sample: Floats | float | None = None,
) -> Floats:
    """Return scale · Σ_b rscale_b·(θ_b − centre)², for each estimate.

    `theta_by_replicate`: (… × replicates). The centre is the mean over the replicates whose rscale
    is positive (R's `mse = FALSE`, its default and ours), or `full_sample`, the estimates by the
    wave's own weights (`mse = TRUE`). NaN where a replicate has no estimate: R would leave the
    replicate out, and with it what made it lack one. Rao and Wu (1988); Rust and Rao (1996).
    """
    weight = np.ones(theta_by_replicate.shape[-1]) if rscales is None else rscales
    if full_sample is None:
        centre = theta_by_replicate[..., weight > 0].mean(axis=-1)
    else:
        centre = np.asarray(full_sample, dtype=np.float64)
    squares = (theta_by_replicate - centre[..., None]) ** 2
    variance: Floats = scale * (squares @ weight)
    return variance


@dataclass(frozen=True, slots=True)
class ReplicateShares:
    """`keys`: one row a measure × domain value. `share`: (keys × replicates) r = Y/X.

    NaN where a replicate has nobody in base and domain.
    """

    keys: pd.DataFrame
    share: Floats


def replicate_shares(
    indicators: pd.DataFrame,
    classified: pd.DataFrame,
    breakdowns: Mapping[str, Sequence[str]],
    replicates: ReplicateWeights,
) -> ReplicateShares:
    """Return the share of every measure in every domain value, in every replicate, in one pass.

    `indicators`, `classified` and `breakdowns` as `wave_totals` takes them.
    """
    places = [
        (measure, domain, value, rows)
        for measure in indicators
        for domain, value, rows in _domain_rows(classified, breakdowns[str(measure)])
    ]
    y, x = (_selection(places, part) for part in _parts(indicators))
    share = np.hstack([_ratio(y @ weights, x @ weights) for weights in replicates.blocks()])
    keys = pd.DataFrame(
        [place[:3] for place in places], columns=["measure", "domain", "domain_value"]
    )
    return ReplicateShares(keys, share)


def _domain_rows(classified: pd.DataFrame, domains: Sequence[str]) -> list[tuple[str, str, Ints]]:
    """Return domain, value and the respondents in it; the whole force first."""
    found = [(*FORCE, np.arange(len(classified)))]
    for domain in domains:
        values = classified[domain].cat
        code = values.codes.to_numpy()
        found += [
            (domain, str(value), np.flatnonzero(code == place))
            for place, value in enumerate(values.categories)
        ]
    return found


def _parts(indicators: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return y and x: the counted answers, and the base."""
    return indicators.fillna(0.0), indicators.notna().astype("float64")


def _selection(places: Sequence[tuple[object, str, str, Ints]], values: pd.DataFrame) -> csr_array:
    """(places × respondents) the values of each place's measure, in its domain value."""
    columns = {measure: values[measure].to_numpy(dtype=np.float64) for measure in values}
    data = np.concatenate([columns[measure][rows] for measure, _, _, rows in places])
    sizes = [len(rows) for *_, rows in places]
    index = np.concatenate([rows for *_, rows in places])
    matrix = csr_array(
        (data, index, np.concatenate([[0], np.cumsum(sizes)])), shape=(len(places), len(values))
    )
    matrix.eliminate_zeros()
    return matrix


def _ratio(y: Floats, x: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(x == 0, np.nan, y / x), dtype=np.float64)
