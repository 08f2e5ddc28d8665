"""R's margins and calibrations as declarations."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from transforms.catalogue import Calibration, ControlTotal, Margin


def margin(variables: Sequence[str], populations: Mapping[str, float]) -> Margin:
    """A margin of R's categories, whose names are no names of ours: not checked."""
    cells = [
        ControlTotal.model_construct(
            category=tuple(category.split(":")),
            population=population,
            source="R",
            reference_date=date(2026, 1, 1),
        )
        for category, population in populations.items()
    ]
    return Margin.model_construct(
        name="_".join(variables), variables=tuple(variables), control_totals=tuple(cells)
    )


def margins_of(population: pd.DataFrame, variables: Sequence[str]) -> list[Margin]:
    """One margin a variable: how many of the population are in each category."""
    return [margin((name,), population[name].value_counts().to_dict()) for name in variables]


def margins_from_table(table: pd.DataFrame) -> dict[str, Mapping[str, float]]:
    """Control totals by category, for each variable of a table of targets."""
    return {
        str(name): dict(zip(part["category"], part["target_total"], strict=True))
        for name, part in table.groupby("variable")
    }


def declared(**keys: Any) -> Calibration:
    return Calibration.model_validate({"margins": ["a"], **keys})
