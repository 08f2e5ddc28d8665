"""Replicate weights as rows of the warehouse: draws a PSU, factors a category, and who is where."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.arrays import Floats
from transforms.replicates.calibrating import Factors
from transforms.replicates.weights import ReplicateWeights

COLUMNS = {
    "survey.replication": (
        "method",
        "replicates",
        "lost_category",
        "redrawn",
        "one_by_one",
        "iterations",
        "largest_relative_gap",
        "seed",
        "scale",
        "rscales",
    ),
    "survey.replicate_draw": ("stratum", "psu", "multipliers"),
    "survey.replicate_factor": ("margin", "category", "factors"),
    "survey.replicate_category": ("respondent", "margin", "category"),
}


def replicate_tables(
    replicates: ReplicateWeights | None, people: pd.DataFrame, respondent: pd.Series
) -> dict[str, pd.DataFrame]:
    """Return the rows of a wave's replicate tables, without `wave`; none of a wave without them.

    `people`: the respondents' stratum and PSU, and `respondent` their pseudonyms, in the order of
    the weights. A weight is design weight × multiplier × the product of its factors, to 1e-12.
    """
    tables = {name: pd.DataFrame(columns=list(columns)) for name, columns in COLUMNS.items()}
    if replicates is None:
        return tables
    tables["survey.replication"] = _replication(replicates)
    tables["survey.replicate_draw"] = _draws(replicates, people)
    if replicates.factors is not None:
        tables["survey.replicate_factor"] = _factors(replicates.factors)
        tables["survey.replicate_category"] = _categories(replicates.factors, respondent)
    return tables


def _replication(replicates: ReplicateWeights) -> pd.DataFrame:
    draws, met = replicates.draws, replicates.calibration
    row = {
        "method": replicates.method,
        "replicates": draws.count,
        "lost_category": replicates.lost_category,
        "redrawn": replicates.redrawn,
        "one_by_one": met.one_by_one if met else 0,
        "iterations": met.iterations if met else 0,
        "largest_relative_gap": met.largest_relative_gap if met else 0.0,
        "seed": replicates.seed,
        "scale": draws.scale,
        "rscales": draws.rscales,
    }
    return pd.DataFrame([row])


def _draws(replicates: ReplicateWeights, people: pd.DataFrame) -> pd.DataFrame:
    _, first = np.unique(replicates.design.psu, return_index=True)
    names = people.iloc[first][["stratum", "psu"]].reset_index(drop=True)
    return names.assign(multipliers=_lists(replicates.draws.multiplier))


def _factors(factors: Factors) -> pd.DataFrame:
    labels = pd.DataFrame(list(factors.labels), columns=["margin", "category"])
    return labels.assign(factors=_lists(factors.value))


def _categories(factors: Factors, respondent: pd.Series) -> pd.DataFrame:
    labels = pd.DataFrame(list(factors.labels), columns=["margin", "category"])
    frames = []
    for column in factors.column.T:
        of_margin = labels.take(column).reset_index(drop=True)
        frames.append(of_margin.assign(respondent=respondent.to_numpy()))
    return pd.concat(frames, ignore_index=True)


def _lists(rows: Floats) -> pd.Series:
    return pd.Series(list(rows), dtype="object")
