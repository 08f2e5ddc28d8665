"""What a reader hands over: the columns and the file's own dictionary of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import pyarrow as pa

DICTIONARY = b"perceptions"

Code = int | str
"""A labelled or missing value: a whole number, or text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a file says of one column: its name, label, labelled values and missing ranges."""

    name: str
    label: str | None = None
    value_labels: Sequence[tuple[Code, str]] = ()
    missing_ranges: Sequence[tuple[Code, Code]] = ()


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as read: its kind in words, its own label, each column and what is said of it."""

    kind: str
    entries: Sequence[Entry]
    columns: Sequence[pa.Array]
    file_label: str = ""


def as_table(read: ReadFile) -> pa.Table:
    """Return the file as one Arrow table; what is said of it is the table's metadata."""
    names = [str(place) for place in range(len(read.columns))]
    said = json.dumps(asdict(replace(read, columns=())))
    return pa.table(list(read.columns), names=names).replace_schema_metadata(
        {DICTIONARY: said.encode()}
    )


def read_file_in(table: pa.Table) -> ReadFile:
    """Return the file that `as_table` made a table of."""
    said: dict[str, Any] = json.loads(table.schema.metadata[DICTIONARY])
    entries = [
        Entry(
            entry["name"],
            entry["label"],
            [(code, label) for code, label in entry["value_labels"]],
            [(lowest, highest) for lowest, highest in entry["missing_ranges"]],
        )
        for entry in said["entries"]
    ]
    return ReadFile(said["kind"], entries, table.columns, said["file_label"])
