"""The accessible spreadsheet: the government's rules, in both formats alike."""

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from site_example import write_example

from transforms.scales import Scale
from warehouse.publication.read import read_rows
from warehouse.publication.workbook import book_of, ods_bytes, xlsx_bytes
from warehouse.site.read import read_published

FORMATS = {"xlsx": xlsx_bytes, "ods": ods_bytes}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = write_example(tmp_path_factory.mktemp("published") / "published.duckdb")
    return book_of(read_published(path), read_rows(path))


@pytest.fixture(scope="module")
def files(book):
    """Both files; gptables warns of what breaks its rules, and a warning is an error here."""
    return {name: written(book) for name, written in FORMATS.items()}


def sheets_of(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("kind", FORMATS)
def test_cover_contents_and_notes_come_first_then_one_table_a_sheet(files, kind):
    sheets = sheets_of(files[kind])
    assert list(sheets)[:5] == ["Cover", "Contents", "Notes", "KPIs", "KPIs by group"]
    assert sheets["Cover"][0][0] == "Simulated: Public perceptions survey"
    listed = [row[0] for row in sheets["Contents"][3:]]
    wanted = list(sheets)[3:] if kind == "xlsx" else list(sheets)[2:]
    assert listed == wanted


def test_measures_of_one_name_are_told_apart_by_their_base(tmp_path):
    """Use of a service among all, and among those who know it: two tables, two titles."""
    path = write_example(tmp_path / "published.duckdb")
    published = read_published(path)
    first, second, *_ = published.measures.values()
    changed = {
        first.measure: replace(first, label="Have used it", base_label="all adults"),
        second.measure: replace(second, label="Have used it", base_label="adults who know it"),
    }
    book = book_of(replace(published, measures=published.measures | changed), read_rows(path))
    titles = [sheet.title for sheet in book.sheets if sheet.title.startswith("Have used it")]
    assert titles == [
        "Have used it, of all adults, by group and period",
        "Have used it, of adults who know it, by group and period",
    ]


@pytest.mark.parametrize(
    ("scale", "alone", "among_others"),
    [
        (Scale(share_decimals=0), 0, 0),
        # 3.42 on a scale from 1 to 5; among shares it is 3.4, where 52.40 would claim too much
        (Scale(1.0, 5.0, "points on a scale from 1 to 5"), 2, 1),
    ],
)
def test_figures_have_the_decimals_of_their_scale(tmp_path, scale, alone, among_others):
    path = write_example(tmp_path / "published.duckdb")
    published = read_published(path)
    first, *_ = published.measures.values()
    measures = published.measures | {first.measure: replace(first, scale=scale)}
    book = book_of(replace(published, measures=measures), read_rows(path))
    decimals = {
        sheet.table: {one.heading: one.decimals for one in sheet.columns} for sheet in book.sheets
    }
    assert decimals[first.measure]["Figure"] == alone
    assert decimals[first.measure]["People asked"] == 0
    assert decimals["kpis"]["Lower end"] == among_others


def test_both_formats_hold_the_same_tables(files, book):
    xlsx, ods = (sheets_of(files[kind]) for kind in FORMATS)
    assert xlsx.keys() == ods.keys()
    for name in [sheet.label for sheet in book.sheets] + ["Notes", "Cover"]:
        assert xlsx[name] == ods[name], name


def test_every_table_is_at_the_left_with_one_header_row_and_no_empty_cell(files, book):
    for sheet in book.sheets:
        rows = sheets_of(files["ods"])[sheet.label]
        headings = [column.heading for column in sheet.columns]
        table = rows[rows.index(headings) :]
        assert len(table) == 1 + len(sheet.rows)
        assert all(cell != "" for row in table for cell in row)


def test_shorthand_is_explained_above_the_table_it_stands_in(files):
    rows = sheets_of(files["xlsx"])["Table 1"]
    header = next(place for place, row in enumerate(rows) if row[0] == "Classification")
    (told,) = [row[0] for row in rows[:header] if row[0].startswith("Shorthand")]
    assert told == (
        "Shorthand: [c] confidential; [u] low reliability; [x] not available; [p] provisional."
    )
    (walsall,) = [row for row in rows if row[1] == "Walsall" and row[3] == "[c]"]
    assert walsall[3:8] == ["[c]"] * 5
    assert walsall[8] == "[c] confidential; fewer than 50 people answered"


def test_numbers_are_numbers_as_published(files):
    rows = sheets_of(files["xlsx"])["KPIs"]
    # 0.5238, of 700 people; the example's findings have no interval; 0.031 on the baseline
    (row,) = [row for row in rows if row[0] == "Local confidence"]
    assert row[5:10] == [52.4, "[x]", "[x]", 700, 3.1]
    (score,) = [
        row for row in sheets_of(files["xlsx"])["Table 6"] if row[2] == "Year to March 2028"
    ]
    assert score[3:6] == [6.6, 6.4, 6.8]


def test_notes_that_a_table_refers_to_are_on_the_notes_sheet(files):
    for content in files.values():
        sheets = sheets_of(content)
        numbers = [row[0] for row in sheets["Notes"][3:]]
        assert numbers == [float(n) for n in range(1, len(numbers) + 1)]
        (line,) = [row[0] for row in sheets["Table 1"] if str(row[0]).startswith("Notes that")]
        referred = [int(part[6:]) for part in line.split(": ")[1].rstrip("]").split("]")]
        about = {row[0]: row[1] for row in sheets["Notes"][3:]}
        assert [about[number] for number in referred] == [
            *("Intervals", "[c]", "[u]", "[x]", "[p]")
        ]


def test_excel_sees_a_table_and_nothing_merged_or_hidden(files, book):
    opened = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    for sheet in book.sheets:
        found = opened[sheet.label]
        assert list(found.tables) == [sheet.table]
        assert not found.merged_cells.ranges
        assert not any(row.hidden for row in found.row_dimensions.values())
        fills = {cell.fill.fill_type for row in found.iter_rows() for cell in row}
        assert fills == {None}


def test_the_same_book_gives_the_same_bytes(files, book):
    for kind, written in FORMATS.items():
        assert written(book) == files[kind]
        assert written(replace(book, sheets=book.sheets[:-1])) != files[kind]


def test_an_ods_begins_with_its_type_uncompressed_and_is_well_formed(files):
    with zipfile.ZipFile(io.BytesIO(files["ods"])) as packed:
        first = packed.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert {one.date_time for one in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for name in ("content.xml", "meta.xml", "META-INF/manifest.xml"):
            assert ET.fromstring(packed.read(name)) is not None


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", FORMATS)
def test_libreoffice_opens_it(files, kind, tmp_path):
    (tmp_path / f"kpis.{kind}").write_bytes(files[kind])
    converted = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    subprocess.run(
        [*converted, "--convert-to", "csv", "--outdir", str(tmp_path), f"kpis.{kind}"],
        cwd=tmp_path,
        check=True,
        timeout=120,
    )
    assert "Public perceptions survey" in (tmp_path / "kpis.csv").read_text()
