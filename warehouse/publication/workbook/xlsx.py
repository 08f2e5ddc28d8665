"""The spreadsheet as .xlsx, by gptables, which checks it against the government's rules."""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO
from typing import Any

import pandas as pd

from warehouse.publication.workbook.book import Book, Sheet


def xlsx_bytes(book: Book) -> bytes:
    """Return the file; the same book gives the same bytes."""
    import gptables  # takes a second and a half

    file = BytesIO()
    cover = book.cover
    made = gptables.produce_workbook(
        file,
        sheets={sheet.label: _table(sheet) for sheet in book.sheets},
        cover=gptables.Cover(
            title=cover.title,
            intro=list(cover.intro),
            about=list(cover.about),
            contact=list(cover.contact),
        ),
        notes_table=_notes(book),
        workbook_options={"in_memory": True},
    )
    made.set_properties(
        {
            "title": cover.title,
            "author": cover.contact[0],
            "created": datetime.combine(book.made_on, time()),
        }
    )
    made.close()
    return file.getvalue()


def _table(sheet: Sheet) -> Any:
    """Return a sheet as gptables has it."""
    import gptables

    headings = [column.heading for column in sheet.columns]
    frame = pd.DataFrame([list(row) for row in sheet.rows], columns=headings, dtype="object")
    return gptables.GPTable(
        table=frame,
        table_name=sheet.table,
        title=sheet.title,
        subtitles=[*sheet.above, *_referred(sheet)],
        instructions="This worksheet contains one table. Notes are on the notes worksheet.",
        index_columns={},
        additional_formatting=[
            {"column": {"columns": [place], "format": {"num_format": _picture(column.decimals)}}}
            for place, column in enumerate(sheet.columns)
            if column.decimals is not None
        ],
    )


def _picture(decimals: int) -> str:
    return f"#,##0.{'0' * decimals}" if decimals else "#,##0"


def _referred(sheet: Sheet) -> list[str]:
    """Return the line on a sheet's notes, which gptables numbers."""
    referred = "".join(f"$${about}$$" for about in sheet.notes)
    return [f"Notes that apply to this table: {referred}"] if referred else []


def _notes(book: Book) -> pd.DataFrame:
    rows = [(note.about, note.about, note.text) for note in book.used_notes]
    return pd.DataFrame(rows, columns=["order", "About", "Note"])
