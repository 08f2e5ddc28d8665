"""Reading a CSV of the declaration: its header, its rows as text, and the line of each."""

from __future__ import annotations

import csv
import io

from transforms.catalogue.mistakes import KeyPath, SourceFile
from transforms.errors import Mistake


def read_table(name: str, text: str) -> tuple[SourceFile, list[Mistake]]:
    """Return the file's `columns` and `rows` (lists of texts, blank lines left out)."""
    records: list[list[str]] = []
    lines: dict[KeyPath, int] = {}
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                lines[("columns",) if not records else ("rows", len(records) - 1)] = start
                records.append([cell.strip() for cell in record])
            start = reader.line_num + 1
    except csv.Error:
        return SourceFile(name, readable=False), [_unreadable(name, start)]
    content = {"columns": records[0] if records else [], "rows": records[1:]}
    return SourceFile(name, content, lines), []


def _unreadable(name: str, line: int) -> Mistake:
    return Mistake(
        name,
        line,
        "From here on this is not a table of comma-separated values.",
        "one row a line, cells separated by commas, quotation marks closed.",
        'check the quotation marks: a cell with a comma in it stands between two ".',
    )
