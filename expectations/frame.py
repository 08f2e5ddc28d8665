"""The frame that Great Expectations sees: the return's columns by item, and what follows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype

from transforms.catalogue import BoundItem, MissingReason, Survey
from transforms.classify import classify
from transforms.decode import asked, design_weights
from transforms.responses import RawReturn, Responses
from transforms.variables import DecodedItem, column_of, decode_item

RESPONDENT = "perceptions:respondent"
"""The column that says which respondent a row is: serial number, or row where it has none."""

WEIGHTED = "perceptions:weighted"
"""The column that is true where a row has a usable design weight."""


def asked_column(item: str) -> str:
    """Return the name of the column that is true where the routing leads to `item`."""
    return f"perceptions:asked:{item}"


def domain_column(domain: str) -> str:
    """Return the name of the column that holds a respondent's value of `domain`."""
    return f"perceptions:domain:{domain}"


def decoded_items(raw: RawReturn, survey: Survey, wave: str) -> dict[str, DecodedItem]:
    """Return the items of the wave that the return has a column for, read as decoding reads them.

    Reading by the same functions as `transforms.decode` is what makes a rule speak of the very
    answers that are estimated from: 1, 1.0 and the text "1" are one code to both.
    """
    return {
        item.name: decode_item(column, item)
        for item in survey.items_in(wave)
        if (column := column_of(raw, item.variable)) is not None
    }


def frame_by_item(raw: RawReturn, items: Mapping[str, DecodedItem], serial: str) -> pd.DataFrame:
    """One row a respondent, one column an item as coded, and the column RESPONDENT.

    A cell is the declared code, number, date or identifier that it stands for; one that stands
    for nothing declared is left as it was read.
    """
    columns = {name: _cells(_column(raw, decoded.item), decoded) for name, decoded in items.items()}
    return pd.DataFrame({**columns, RESPONDENT: _respondents(items.get(serial), len(raw.rows))})


def with_derived(
    frame: pd.DataFrame, items: Mapping[str, DecodedItem], survey: Survey, wave: str
) -> pd.DataFrame:
    """Return the frame with who is asked what, who is weighted and who is in which domain."""
    derived: dict[str, Any] = {
        asked_column(name): asked(name, items)
        for name, decoded in items.items()
        if decoded.item.asked_if
    }
    weights = survey.about.design.weight
    if {survey.about.design.serial, *weights} <= set(items):
        derived[WEIGHTED] = np.isfinite(design_weights(items, survey))
    domains = classify(_as_responses(items, survey, wave, len(frame)), survey)
    for name in domains:
        derived[domain_column(str(name))] = domains[name]
    return frame.assign(**derived)


def ancestors(item: str, survey: Survey, wave: str) -> tuple[str, ...]:
    """Return the items that the routing of `item` depends on in the wave, nearest first."""
    parents = [name for name in survey.item_in(item, wave).asked_if if survey.asks(name, wave)]
    return tuple(
        dict.fromkeys(
            [*parents, *(far for name in parents for far in ancestors(name, survey, wave))]
        )
    )


def first_codes(item: BoundItem) -> Mapping[MissingReason, object]:
    """Return, for each missing reason, the first code declared for it: it stands for the others."""
    return {code.reason: value for value, code in reversed(list(item.missing.items()))}


def codes_for(item: BoundItem, reasons: Collection[MissingReason]) -> tuple[int | str, ...]:
    """Return the item's missing codes of the given reasons."""
    return tuple(value for value, code in item.missing.items() if code.reason in reasons)


def _column(raw: RawReturn, item: BoundItem) -> pd.Series:
    column = column_of(raw, item.variable)
    if column is None:
        raise KeyError(item.variable)
    return column.reset_index(drop=True)


def _cells(column: pd.Series, decoded: DecodedItem) -> pd.Series:
    return column if _as_declared(column, decoded.item) else _translated(column, decoded)


def _as_declared(column: pd.Series, item: BoundItem) -> bool:
    """Return whether the column's type alone makes its cells equal to what is declared."""
    if item.item.type == "date":
        return is_datetime64_any_dtype(column)
    by_number = all(isinstance(code, int) for code in (*item.codes, *item.missing))
    return item.item.type != "identifier" and by_number and is_numeric_dtype(column)


def _translated(column: pd.Series, decoded: DecodedItem) -> pd.Series:
    code_of = {reason.value: code for reason, code in first_codes(decoded.item).items()}
    answered, missing = decoded.answers.notna(), decoded.reasons.notna()
    cells = decoded.answers.astype("object").where(answered, column.astype("object"))
    cells = cells.mask(missing, decoded.reasons.map(code_of).astype("object"))
    return _compact(cells.mask(pd.Series(decoded.empty), None))


def _compact(cells: pd.Series) -> pd.Series:
    """Return the cells in their narrowest type, for speed: numbers where all are numbers."""
    narrow = cells.infer_objects()
    if narrow.dtype != object:
        return narrow
    numbers = [isinstance(cell, int | float) for cell in cells[cells.notna()]]
    return cells.astype("float64") if all(numbers) else narrow


def _respondents(serial: DecodedItem | None, rows: int) -> pd.Series:
    by_row = pd.Series([f"row {number}" for number in range(1, rows + 1)], dtype="str")
    return by_row if serial is None else serial.answers.astype("str").fillna(by_row)


def _as_responses(
    items: Mapping[str, DecodedItem], survey: Survey, wave: str, rows: int
) -> Responses:
    """Return the items as responses, as far as classification needs them; NA where absent."""
    absent = pd.Series(np.nan, index=range(rows))
    bound = survey.items_in(wave)
    codes = {
        item.name: items[item.name].answers if item.name in items else absent for item in bound
    }
    nobody = pd.DataFrame(index=range(rows))
    return Responses(wave, nobody, pd.DataFrame(codes, index=range(rows)), nobody)
