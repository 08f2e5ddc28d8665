"""Excel workbooks: the one sheet or the declared one, values only, and nothing lost on the way."""

import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from readers import read, refusal
from returns_in_formats import written

from warehouse.readers.workbook import _stretches


def book(folder: Path, *lines: Sequence[object], change: Callable[[Worksheet], None] = id) -> Path:
    """A workbook of one sheet, Data, with these rows."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Data"
    for line in lines:
        sheet.append(line)
    change(sheet)
    made.save(folder / "small.xlsx")
    return folder / "small.xlsx"


def test_cells_keep_their_kind(tmp_path):
    path = book(
        tmp_path,
        ["serial", "Q1", "held", "done", "code", "note", "at"],
        ["0012", 1, datetime(2026, 4, 30, 10, 15), True, "1", " x ", time(10, 15)],
        ["0013", 2.5, date(2026, 5, 1), False, "2", None, None],
        ["0113", None, None, None, None, " ", time(23, 0)],
    )
    rows = read(path).rows

    assert rows["serial"].tolist() == ["0012", "0013", "0113"]
    assert rows["Q1"].tolist()[:2] == [1.0, 2.5] and rows["Q1"].isna()[2]
    assert rows["held"].tolist()[:2] == [datetime(2026, 4, 30, 10, 15), datetime(2026, 5, 1)]
    assert rows["done"].tolist()[:2] == [1.0, 0.0]
    assert rows["code"].tolist()[:2] == [1.0, 2.0]  # text that says the same as a number
    assert rows["note"].tolist()[:1] == ["x"] and rows["note"].isna().tolist()[1:] == [True, True]
    assert rows["at"].tolist()[0] == "10:15:00"


def test_a_column_of_several_kinds_keeps_each_cell(tmp_path):
    path = book(
        tmp_path,
        ["Q1", "held"],
        [1, datetime(2026, 4, 30)],
        [None, None],
        ["Refused", "01/05/2026"],
    )
    rows = read(path).rows

    assert rows["Q1"].tolist() == [1.0, None, "Refused"]
    assert rows["held"].tolist() == [datetime(2026, 4, 30), None, "01/05/2026"]


def with_sheets(folder: Path, **sheets: object) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, cell in sheets.items():
        sheet = made.create_sheet(name)
        if cell is not None:
            sheet.append(["serial", name])
            sheet.append([1001, cell])
    made.save(folder / "small.xlsx")
    return folder / "small.xlsx"


def test_empty_sheets_are_no_choice(tmp_path):
    assert read(with_sheets(tmp_path, Sheet1=None, Data=2)).rows["Data"].tolist() == [2.0]


def test_of_several_sheets_one_is_declared(tmp_path):
    path = with_sheets(tmp_path, Notes=1, Data=2)
    refused = refusal(path)

    assert "2 sheets with cells: Notes, Data" in refused.what
    assert "`sheet`" in refused.remedy
    assert read(path, sheet="Data").rows["Data"].tolist() == [2.0]
    assert "no sheet called data; it has Notes, Data" in refusal(path, sheet="data").what


def test_a_workbook_without_cells_is_refused(tmp_path):
    assert "no sheet with cells" in refusal(with_sheets(tmp_path, Sheet1=None)).what


def test_a_table_may_begin_below_and_to_the_right(tmp_path):
    rows = read(book(tmp_path, [], [None, "serial", "Q1"], [None, 1001, 2], [None, 1002, 3])).rows

    assert rows.to_dict("list") == {"serial": [1001.0, 1002.0], "Q1": [2.0, 3.0]}


def shows_error(sheet: Worksheet) -> None:
    sheet["B3"] = "#N/A"
    sheet["B3"].data_type = "e"


def calculates(sheet: Worksheet) -> None:
    sheet["B3"] = "=A2+1"


@pytest.mark.parametrize(
    ("change", "found"), [(shows_error, "1 cells show an error"), (calculates, "and 1 hold a form")]
)
def test_a_cell_that_would_be_read_as_empty_is_refused(tmp_path, change, found):
    path = book(tmp_path, ["serial", "Q1"], [1001, 1], [1002, 2], change=change)
    refused = refusal(path)

    assert found in refused.what
    assert "values instead of formulas" in refused.remedy


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one of its parts changed, and checksums that fit."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(content) if name == part else content)
    return path


@pytest.mark.parametrize(
    ("cell", "uncalculated"),
    [
        (b'<c r="B2"><f>1+1</f><v>2</v></c>', 0),
        (b'<c r="B2"><f>1+1</f><v></v></c>', 1),
        (b'<c r="B2"><f>1+1</f><v/></c>', 1),
        (b'<c r="B2" s="3"><f t="shared" si="0"/></c>', 1),
        (b'<c r="B2" t="str"><f>""</f><v></v></c>', 0),  # a formula whose result is no text
    ],
)
def test_formulas_are_read_by_their_results(tmp_path, cell, uncalculated):
    path = rewritten(
        book(tmp_path, ["serial", "Q1"], [1001, 7]),
        "xl/worksheets/sheet1.xml",
        lambda sheet: sheet.replace(b'<c r="B2" t="n"><v>7</v></c>', cell),
    )
    if uncalculated:
        assert "1 hold a formula without a result" in refusal(path).what
    else:
        assert len(read(path).rows) == 1


def test_a_flipped_bit_in_a_part_does_not_go_unnoticed(tmp_path):
    path = written("xlsx", tmp_path)
    with zipfile.ZipFile(path) as archive:
        place = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 200
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)

    assert "does not match its checksum" in refusal(path).what


@pytest.mark.parametrize("size", [10, 1000, 5000])
def test_a_workbook_cut_short_is_refused(tmp_path, size):
    path = written("xlsx", tmp_path)
    path.write_bytes(path.read_bytes()[:size])

    assert "damaged or cut short" in refusal(path).what


def test_parts_that_unpack_to_more_than_any_return_are_refused_before_they_are(tmp_path):
    """The archive itself says how long its parts are: here two of 3 GB each."""
    path = book(tmp_path, ["serial"], [1001])
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\1\2")
    for _ in range(2):
        content[place + 24 : place + 28] = (3 * 1024**3).to_bytes(4, "little")
        place = content.index(b"PK\1\2", place + 1)
    path.write_bytes(content)

    assert "larger than any return" in refusal(path).what


def test_a_sheet_with_a_cell_at_its_far_corner_does_not_take_all_memory(tmp_path):
    path = rewritten(
        book(tmp_path, ["serial", "Q1"], [1001, 7]),
        "xl/worksheets/sheet1.xml",
        lambda sheet: sheet.replace(b'r="B2"', b'r="XFD1048576"'),
    )

    assert "asks for more memory" in refusal(path).what


def test_a_sheet_is_looked_through_in_stretches_that_end_with_a_cell(tmp_path, monkeypatch):
    monkeypatch.setattr("warehouse.readers.workbook.CHUNK", 100)
    path = book(tmp_path, *[[1000 + n, n] for n in range(50)])
    with zipfile.ZipFile(path) as archive:
        stretches = list(_stretches(archive, "xl/worksheets/sheet1.xml"))
        whole = archive.read("xl/worksheets/sheet1.xml")

    assert b"".join(stretches) == whole
    assert all(text.count(b"<c ") == text.count(b"</c>") for text in stretches)
    assert len(stretches) > 20
