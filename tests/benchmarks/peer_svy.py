"""The tasks in svy, by its own documented calls. Runs in the peers' environment."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl
import svy

from benchmarks.serving import serve

TIGHT = {"tol": 1e-10, "max_iter": 1000}


def rake(folder: Path) -> Any:
    sample = svy.Sample(_respondents(folder), svy.Design(wgt="weight"))
    controls = _controls(folder)

    def run() -> Any:
        return sample.weighting.rake(controls=controls, **TIGHT)

    return run, lambda raked: raked.data["rk_wgt"].to_numpy()


def replicates(folder: Path) -> Any:
    people = _respondents(folder)
    multipliers = pl.read_csv(folder / "multipliers.csv")
    names = multipliers.columns[1:]
    weights = people.select("psu", "weight").join(multipliers, on="psu", maintain_order="left")
    weights = weights.select(pl.col(name) * pl.col("weight") for name in names)
    held = svy.BootstrapWgts(prefix="replicate_", n_reps=len(names))
    design = svy.Design(stratum="stratum", psu="psu", wgt="weight", rep_wgts=held)
    sample = svy.Sample(people.hstack(weights), design)
    controls = _controls(folder)

    def run() -> Any:
        return sample.weighting.rake(controls=controls, **TIGHT)

    return run, lambda raked: raked.data.select(
        [f"rk_wgt{number}" for number in range(1, len(names) + 1)]
    ).to_numpy()


def table(folder: Path) -> Any:
    """Quarter by quarter, which is faster than one sample with quarter and area as domains."""
    people = _respondents(folder)
    measures = [name for name in people.columns if name.startswith("measure")]
    people = people.with_columns(pl.col(measures).cast(pl.Float64))
    design = svy.Design(stratum="stratum", psu="psu", wgt="weight")
    quarters = [svy.Sample(part, design) for part in people.partition_by("quarter")]

    def run() -> Any:
        return [sample.estimation.mean(measures, by="area") for sample in quarters]

    def numbers(found: Any) -> Any:
        frames = [one.to_polars().sort("area") for quarter in found for one in quarter]
        return pl.concat(frame.select("est", "se") for frame in frames).to_numpy()

    return run, numbers


def _respondents(folder: Path) -> pl.DataFrame:
    return pl.read_csv(folder / "respondents.csv")


def _controls(folder: Path) -> dict[str, dict[str, float]]:
    controls: dict[str, dict[str, float]] = {}
    for margin, category, total in pl.read_csv(folder / "controls.csv").iter_rows():
        controls.setdefault(margin, {})[category] = total
    return controls


if __name__ == "__main__":
    serve(version("svy"), {"rake": rake, "replicates": replicates, "table": table})
