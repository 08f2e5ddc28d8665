"""A supplier's file in memory: a clean simulated return with its dictionary, to be changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from transforms.catalogue import BoundItem, CodeValue
from transforms.responses import RawReturn, Variable


@dataclass
class File:
    """A return that can be changed: its columns, its dictionary and its name."""

    rows: pd.DataFrame
    variables: dict[str, Variable]
    name: str
    simulated: bool = True

    def rename(self, old: str, new: str) -> None:
        self.rows = self.rows.rename(columns={old: new})
        self.variables[new] = self.variables.pop(old)

    def drop(self, variable: str) -> None:
        del self.rows[variable], self.variables[variable]

    def keep(self, rows: pd.Series) -> None:
        self.rows = self.rows[rows].reset_index(drop=True)

    def without_dictionary(self) -> None:
        self.variables = {name: Variable(name) for name in self.variables}

    def label(self, variable: str, **changes: object) -> None:
        entry = self.variables[variable]
        said: dict[str, Any] = {
            "label": entry.label,
            "value_labels": entry.value_labels,
            "missing_ranges": entry.missing_ranges,
        }
        self.variables[variable] = Variable(variable, **{**said, **changes})

    def labels(self, variable: str, labels: dict[CodeValue, str]) -> None:
        self.label(variable, value_labels={**self.variables[variable].value_labels, **labels})

    def recode(self, variable: str, codes: dict[float, float]) -> None:
        self.rows[variable] = self.rows[variable].replace(codes)

    def cells(self, variable: str, values: dict[int, Any]) -> None:
        """Replace single cells, keeping what the column's type becomes."""
        column = self.rows[variable].astype("object")
        for row, value in values.items():
            column.iloc[row] = value
        self.rows[variable] = column.infer_objects()

    @property
    def raw(self) -> RawReturn:
        return RawReturn(self.name, "0" * 64, self.rows, self.variables, self.simulated)


def as_labelled(item: BoundItem) -> Variable:
    """The dictionary entry of an item as it is declared."""
    labels = {code: known.label for code, known in (*item.codes.items(), *item.missing.items())}
    ranges = tuple((code, code) for code in item.missing)
    return Variable(item.variable, item.item.question or item.item.label, labels, ranges)
