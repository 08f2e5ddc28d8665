"""Excel workbooks (.xlsx)."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import python_calamine

from transforms.errors import ReturnRejected
from transforms.wording import number
from warehouse.readers.grid import Rows, read_grid
from warehouse.readers.handover import ReadFile
from warehouse.readers.kinds import WORKBOOK
from warehouse.readers.reading import Damaged, Notation

LARGEST = 4 * 1024**3
"""Bytes that all parts of a workbook may take unpacked; a zip bomb takes more."""
CHUNK = 1 << 20
CELL_END = b"</c>"

ERROR_CELL = re.compile(rb"<c\s[^>]*\bt=[\"']e[\"']")
UNCALCULATED = re.compile(
    rb"<c(?:\s[^>]*)?>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
TEXT_RESULT = re.compile(rb"\bt=[\"']str[\"']")


def read_workbook(path: Path, notation: Notation) -> ReadFile:
    """Return the rows of a workbook's sheet under the names in its first row with cells.

    The sheet is the one declared, or the only one that holds cells. A cell that shows an error
    (#N/A), or a formula never calculated, would be read as empty: it is refused.
    """
    _require_sound_parts(path)
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        sheet = _chosen(book, path.name, notation)
        _require_values(path, sheet)
        lines = _lines(book.get_sheet_by_name(sheet))
        return read_grid(lines, WORKBOOK.words, path.name, notation)


def _require_sound_parts(path: Path) -> None:
    """Raise Damaged where a part of the archive does not match its checksum, or is too large."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST:
                raise Damaged("unpacked it would be larger than any return")
            bad = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
        bad = "the archive"
    if bad is not None:
        raise Damaged("a part of the workbook does not match its checksum")


def _chosen(book: python_calamine.CalamineWorkbook, file_name: str, notation: Notation) -> str:
    """Return the name of the sheet to read."""
    names = book.sheet_names
    if notation.sheet is not None:
        if notation.sheet in names:
            return notation.sheet
        raise ReturnRejected(
            f"{file_name} has no sheet called {notation.sheet}; it has {', '.join(names)}.",
            expected=f"the sheet {notation.sheet}, as declared in survey.yaml.",
            remedy="Ask the supplier for it. If the sheet has another name now, correct `sheet` "
            "under `returns`, `reading` in survey.yaml.",
        )
    filled = [name for name in names if _holds_cells(book, name)]
    if len(filled) == 1:
        return filled[0]
    raise ReturnRejected(
        f"{file_name} has {len(filled)} sheets with cells: {', '.join(filled)}."
        if filled
        else f"{file_name} has no sheet with cells.",
        expected="one sheet with the return; or its name, declared in survey.yaml.",
        remedy="Declare which sheet holds the return as `sheet` under `returns`, `reading` in "
        "survey.yaml, or ask the supplier for a workbook with only that sheet.",
    )


def _holds_cells(book: python_calamine.CalamineWorkbook, name: str) -> bool:
    kinds = {sheet.name: sheet.typ for sheet in book.sheets_metadata}
    if kinds[name] != python_calamine.SheetTypeEnum.WorkSheet:
        return False
    return book.get_sheet_by_name(name).start is not None


def _lines(sheet: python_calamine.CalamineSheet) -> Rows:
    """Yield each row's number and cells, from the first row that holds one."""
    begun = False
    for place, row in enumerate(sheet.iter_rows(), 1):
        begun = begun or any(cell != "" for cell in row)
        if begun:
            yield place, row


def _require_values(path: Path, sheet: str) -> None:
    """Raise ReturnRejected where a cell shows an error, or a formula that has no result yet."""
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        if part is None:
            raise Damaged("the part that holds its sheet cannot be found")
        errors, uncalculated = _counted(archive, part)
    if errors or uncalculated:
        raise ReturnRejected(
            f"{path.name}, sheet {sheet}: {number(errors)} cells show an error (such as #N/A), and "
            f"{number(uncalculated)} hold a formula without a result. They would be read as empty.",
            expected="values in the cells.",
            remedy="Ask the supplier for the return with values instead of formulas. Where such a "
            "cell means that there is no answer, replace it by nothing in Excel first.",
        )


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the name of the part of the archive that holds the sheet."""
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    found = [
        e.get(relation) or "" for e in book.iter() if e.get("name") == sheet and e.get(relation)
    ]
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {e.get("Id"): e.get("Target") or "" for e in relations}
    if len(found) != 1 or found[0] not in targets:
        return None
    target = targets[found[0]]
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return part if part in archive.namelist() else None


def _counted(archive: zipfile.ZipFile, part: str) -> tuple[int, int]:
    """Return how many cells of a sheet show an error, and how many were never calculated."""
    errors = uncalculated = 0
    for text in _stretches(archive, part):
        errors += len(ERROR_CELL.findall(text)) if b'="e"' in text or b"='e'" in text else 0
        if b"<f" in text:
            cells = UNCALCULATED.findall(text)
            uncalculated += sum(not TEXT_RESULT.search(cell) for cell in cells)
    return errors, uncalculated


def _stretches(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield a part's text in stretches that end where a cell does."""
    rest = b""
    with archive.open(part) as file:
        while chunk := file.read(CHUNK):
            text = rest + chunk
            end = text.rfind(CELL_END) + len(CELL_END) if CELL_END in text else 0
            yield text[:end]
            rest = text[end:]
    yield rest
