"""A simulated return: what a supplier would send for one wave, variable by variable."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from transforms.catalogue import BoundItem, Survey
from transforms.errors import DeclarationError
from transforms.simulation.cells import (
    Columns,
    answer_columns,
    classification_columns,
    design_columns,
)
from transforms.simulation.drawing import draw_wave


@dataclass(frozen=True, slots=True)
class SimulatedReturn:
    """One wave's return before it is written: one row a respondent, one column a variable.

    Numbers and codes are float64, an empty cell NaN; identifiers are text or float64; dates are
    datetime64. Missing codes stand as the supplier would write them.
    """

    wave: str
    rows: pd.DataFrame


def simulate_wave(survey: Survey, wave: str, seed: int | None = None) -> SimulatedReturn:
    """Return one wave's simulated return; the same survey, wave and seed give the same rows.

    `seed` (0 or more; 0 where left out) varies the sample, never the truth. DeclarationError where
    simulation.yaml leaves open how a column is filled.
    """
    survey.wave(wave)
    drawing = draw_wave(survey, wave, seed or 0)
    columns = {
        **answer_columns(drawing),
        **classification_columns(drawing),
        **design_columns(drawing),
    }
    return SimulatedReturn(wave, _by_variable(survey, wave, columns))


def _by_variable(survey: Survey, wave: str, columns: Columns) -> pd.DataFrame:
    """Return the columns under the supplier's names, in the order of the questionnaire."""
    items = survey.items_in(wave)
    unfilled = [item.name for item in items if item.name not in columns]
    if unfilled:
        raise DeclarationError(
            f"simulation.yaml does not say how these items are filled: {', '.join(unfilled)}.",
            expected="a tendency for every question, and a margin or a characteristic for every "
            "domain's item.",
            remedy="declare what is missing.",
        )
    return pd.DataFrame({item.variable: _as_sent(columns[item.name], item) for item in items})


def _as_sent(column: pd.Series, item: BoundItem) -> pd.Series:
    """Return a column as the wave's file has it: a number that is turned round, turned."""
    lowest, highest = item.item.minimum, item.item.maximum
    if not item.reversed or lowest is None or highest is None:
        return column
    return column.mask(column.between(lowest, highest), lowest + highest - column)
