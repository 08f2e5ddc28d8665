"""The tasks in samplics, by its own documented calls. Runs in the peers' environment."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from samplics.estimation import TaylorEstimator
from samplics.utils.types import PopParam
from samplics.weighting import SampleWeight

from benchmarks.serving import serve

TIGHT = {"tol": 1e-10, "ctrl_tol": 1e-10, "max_iter": 1000}


def rake(folder: Path) -> Any:
    people, controls = _respondents(folder), _controls(folder)
    weight = people["weight"].to_numpy()
    margins = {margin: people[margin].to_numpy(dtype=object) for margin in controls}

    def run() -> Any:
        return SampleWeight().rake(weight, margins, controls, **TIGHT)

    return run, lambda weights: weights


def replicates(folder: Path) -> Any:
    """One replicate after the other: samplics does not adjust replicates together."""
    people, controls = _respondents(folder), _controls(folder)
    multipliers = pd.read_csv(folder / "multipliers.csv").set_index("psu")
    weights = multipliers.loc[people["psu"]].to_numpy() * people["weight"].to_numpy()[:, None]
    margins = {margin: people[margin].to_numpy(dtype=object) for margin in controls}

    def run() -> Any:
        return [SampleWeight().rake(one, margins, controls, **TIGHT) for one in weights.T]

    return run, np.column_stack


def table(folder: Path) -> Any:
    people = _respondents(folder)
    measures = [name for name in people if name.startswith("measure")]
    quarters = [part for _, part in people.groupby("quarter")]

    def estimated(part: pd.DataFrame, measure: str) -> Any:
        estimator = TaylorEstimator(PopParam.mean)
        estimator.estimate(
            y=part[measure],
            samp_weight=part["weight"],
            stratum=part["stratum"],
            psu=part["psu"],
            domain=part["area"],
        )
        return estimator

    def run() -> Any:
        return [estimated(part, measure) for part in quarters for measure in measures]

    def numbers(found: Any) -> Any:
        return [
            (one.point_est[area], one.stderror[area])
            for one in found
            for area in sorted(one.domains)
        ]

    return run, numbers


def _respondents(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "respondents.csv")


def _controls(folder: Path) -> dict[str, dict[str, float]]:
    controls = pd.read_csv(folder / "controls.csv")
    return {
        margin: dict(zip(part["category"], part["total"], strict=True))
        for margin, part in controls.groupby("margin", sort=False)
    }


if __name__ == "__main__":
    serve(version("samplics"), {"rake": rake, "replicates": replicates, "table": table})
