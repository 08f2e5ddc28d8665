"""What every reader hands back, and what must hold of it whatever the format."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from transforms.errors import ReturnRejected
from transforms.responses import Variable


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows and data dictionary, as read."""

    rows: pd.DataFrame
    variables: Mapping[str, Variable]
    simulated: bool = False


def require_rows(table: Table, file_name: str) -> None:
    """Raise ReturnRejected where the file holds column names and no interview."""
    if len(table.rows):
        return
    raise ReturnRejected(
        f"{file_name} has {len(table.rows.columns)} columns and no rows.",
        expected="one row for each interview.",
        remedy="Ask the supplier to send the return again with its interviews; a filter left on "
        "when saving empties a file.",
    )


def require_distinct_names(names: Sequence[str], file_name: str) -> None:
    """Raise ReturnRejected where a column has no name, or two share one."""
    unnamed = [str(place) for place, name in enumerate(names, 1) if not name.strip()]
    if unnamed:
        raise ReturnRejected(
            f"{file_name} has {len(unnamed)} of {len(names)} columns without a name: "
            f"column {listed(unnamed)}.",
            expected="a name at the top of every column.",
            remedy="Delete the empty columns (spreadsheets leave them at the right), or ask the "
            "supplier to name them.",
        )
    same: dict[str, list[str]] = defaultdict(list)
    for name in names:
        same[name.strip().casefold()].append(name.strip())
    repeated = [found for found in same.values() if len(found) > 1]
    if repeated:
        raise ReturnRejected(
            f"{file_name} has columns of the same name: "
            f"{'; '.join(' and '.join(found) for found in repeated[:5])}.",
            expected="names that differ by more than capitals.",
            remedy="Ask the supplier which column is which, and for a file with distinct names.",
        )


def listed(words: Sequence[str], most: int = 5) -> str:
    """Return the first words with commas, and how many more there are."""
    shown = ", ".join(words[:most])
    more = len(words) - most
    return f"{shown} and {more} more" if more > 0 else shown
