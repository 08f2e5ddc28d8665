"""The tasks in our own functions, as the pipeline calls them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.serving import serve
from transforms.catalogue import Calibration, ControlTotal, EstimationRule, Margin
from transforms.estimation import SampleDesign, estimates_from_totals, sample_design, wave_totals
from transforms.replicates import ReplicateWeights
from transforms.replicates.calibrating import calibrated_draws
from transforms.replicates.draws import Draws
from transforms.weighting import Calibrated, margin_cells, rake

Task = tuple[Callable[[], Any], Callable[[Any], Any]]


@dataclass(frozen=True, slots=True)
class Data:
    """What lies in the folder, as decoding leaves it: `classified` in categories."""

    people: pd.DataFrame
    classified: pd.DataFrame
    margins: tuple[Margin, ...]

    @property
    def weight(self) -> np.ndarray:
        return self.people["weight"].to_numpy()

    @property
    def measured(self) -> pd.DataFrame:
        return self.people.filter(like="measure").astype("float64")

    @property
    def design(self) -> SampleDesign:
        return sample_design(self.people["stratum"], self.people["psu"])


def data_in(folder: Path) -> Data:
    people = pd.read_csv(folder / "respondents.csv")
    margins = margins_of(pd.read_csv(folder / "controls.csv"))
    classified = people[[margin.name for margin in margins]].astype("category")
    return Data(people, classified, margins)


def margins_of(controls: pd.DataFrame) -> tuple[Margin, ...]:
    return tuple(_margin(str(name), part) for name, part in controls.groupby("margin", sort=False))


def _margin(name: str, part: pd.DataFrame) -> Margin:
    totals = tuple(
        ControlTotal(
            category=(row.category,),
            population=row.total,
            source="made for benchmarks",
            reference_date="2026-06-30",
        )
        for row in part.itertuples()
    )
    return Margin(name=name, variables=(name,), control_totals=totals)


def rake_categories(folder: Path) -> Task:
    data = data_in(folder)
    weight = data.weight
    return (
        lambda: rake(weight, margin_cells(data.classified, data.margins)),
        lambda raked: raked.weights,
    )


def rake_coded(folder: Path) -> Task:
    """From categories already coded as numbers, which `margin_cells` leaves."""
    data = data_in(folder)
    weight, cells = data.weight, margin_cells(data.classified, data.margins)

    def run() -> Any:
        for cached in ("combinations", "columns"):
            cells.__dict__.pop(cached, None)  # not to be found ready from the repetition before
        return rake(weight, cells)

    return run, lambda raked: raked.weights


def replicates(folder: Path) -> Task:
    """All weights formed as one matrix, which the pipeline never needs at once."""
    data = data_in(folder)
    weight, design = data.weight, data.design
    multiplier = pd.read_csv(folder / "multipliers.csv").sort_values("psu").iloc[:, 1:].to_numpy()
    draws = Draws(multiplier, 1 / multiplier.shape[1], np.ones(multiplier.shape[1]))
    rule = Calibration(margins=tuple(margin.name for margin in data.margins))

    def run() -> Any:
        cells = margin_cells(data.classified, data.margins)
        met = calibrated_draws(draws, design.psu, weight, cells, rule)
        made = ReplicateWeights("bootstrap", "redraw", None, 0, design, weight, draws, met)
        return made.weights()

    return run, lambda weights: weights


def table(folder: Path) -> Task:
    """Each quarter's totals from its respondents, then all estimates with their intervals."""
    quarters = _quarters(folder)

    def run() -> Any:
        totals = [
            wave_totals(one.measured, one.classified, one.uncalibrated, one.design, one.breakdowns)
            for one in quarters
        ]
        return estimates_from_totals(pd.concat(totals, ignore_index=True), EstimationRule())

    return run, _estimates_and_errors


def table_of_totals(folder: Path) -> Task:
    """The same estimates from stored totals, as reports are made."""
    totals = pd.concat(
        [
            wave_totals(one.measured, one.classified, one.uncalibrated, one.design, one.breakdowns)
            for one in _quarters(folder)
        ],
        ignore_index=True,
    )
    return lambda: estimates_from_totals(totals, EstimationRule()), _estimates_and_errors


def _estimates_and_errors(estimates: pd.DataFrame) -> np.ndarray:
    areas = estimates[estimates["domain"] == "area"]
    return areas[["estimate", "standard_error"]].to_numpy()


@dataclass(frozen=True, slots=True)
class Quarter:
    """A wave ready for its totals."""

    measured: pd.DataFrame
    classified: pd.DataFrame
    uncalibrated: Calibrated
    design: SampleDesign

    @property
    def breakdowns(self) -> dict[str, tuple[str, ...]]:
        return {str(measure): ("area",) for measure in self.measured}


def _quarters(folder: Path) -> list[Quarter]:
    data = data_in(folder)
    found = []
    for _, rows in data.people.groupby("quarter").groups.items():
        part = Data(data.people.loc[rows], data.classified.loc[rows], data.margins)
        weights = Calibrated(part.weight, part.weight, None, "none", 0, 0.0)
        found.append(Quarter(part.measured, part.classified, weights, part.design))
    return found


if __name__ == "__main__":
    serve(
        version("perceptions"),
        {
            "rake": rake_categories,
            "rake_coded": rake_coded,
            "replicates": replicates,
            "table": table,
            "table_of_totals": table_of_totals,
        },
    )
