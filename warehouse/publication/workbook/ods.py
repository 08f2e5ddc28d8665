"""The spreadsheet as .ods: OpenDocument 1.3, written part by part."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from warehouse.publication.workbook.book import Book, Cell, Column, Sheet

KIND = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
}
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
ONE_TABLE = "This worksheet contains one table."
MOST_DECIMALS = 2
NARROW, WIDE, COVER = "3.2cm", "8cm", "18cm"
TITLE_SIZE = {"fo:font-size": "16pt", "fo:font-weight": "bold"}


def ods_bytes(book: Book) -> bytes:
    """Return the file; the same book gives the same bytes."""
    parts = {
        "META-INF/manifest.xml": _manifest(),
        "content.xml": _content(book),
        "meta.xml": _meta(book),
    }
    file = BytesIO()
    with ZipFile(file, "w") as packed:
        packed.writestr(_entry("mimetype", ZIP_STORED), KIND)
        for name, text in parts.items():
            packed.writestr(_entry(name, ZIP_DEFLATED), HEAD + text)
    return file.getvalue()


def _entry(name: str, compression: int) -> ZipInfo:
    """Return a file of the package, of a fixed day: ZIP knows none before."""
    entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = compression
    entry.external_attr = 0o644 << 16
    return entry


def _manifest() -> str:
    root = ET.Element("manifest:manifest", {**_spaces("manifest"), "manifest:version": "1.3"})
    kinds = {"/": KIND, "content.xml": "text/xml", "meta.xml": "text/xml"}
    for path, kind in kinds.items():
        entry = {"manifest:full-path": path, "manifest:media-type": kind}
        ET.SubElement(root, "manifest:file-entry", entry)
    return _text(root)


def _meta(book: Book) -> str:
    spaces = _spaces("office", "dc", "meta")
    root = ET.Element("office:document-meta", {**spaces, "office:version": "1.3"})
    about = ET.SubElement(root, "office:meta")
    ET.SubElement(about, "dc:title").text = book.cover.title
    ET.SubElement(about, "dc:language").text = "en-GB"
    ET.SubElement(about, "dc:date").text = f"{book.made_on.isoformat()}T00:00:00"
    return _text(root)


def _content(book: Book) -> str:
    spaces = _spaces(*(name for name in NAMES if name not in ("meta", "dc", "manifest")))
    root = ET.Element("office:document-content", {**spaces, "office:version": "1.3"})
    _styles(ET.SubElement(root, "office:automatic-styles"))
    body = ET.SubElement(ET.SubElement(root, "office:body"), "office:spreadsheet")
    _cover(body, book)
    _contents(body, book)
    _sheet(body, _notes_sheet(book), ONE_TABLE)
    for sheet in book.sheets:
        referred = "".join(f"[note {book.numbered[about]}]" for about in sheet.notes)
        lines = [f"Notes that apply to this table: {referred}"] if referred else []
        _sheet(body, sheet, *lines, f"{ONE_TABLE} Notes are on the notes worksheet.")
    return _text(root)


def _styles(styles: ET.Element) -> None:
    for name, width in (("narrow", NARROW), ("wide", WIDE), ("cover", COVER)):
        style = _style(styles, name, "table-column")
        ET.SubElement(style, "style:table-column-properties", {"style:column-width": width})
    texts = {"title": TITLE_SIZE, "heading": {"fo:font-weight": "bold"}, "words": {}}
    for name, properties in texts.items():
        style = _style(styles, name, "table-cell")
        ET.SubElement(style, "style:table-cell-properties", {"fo:wrap-option": "wrap"})
        ET.SubElement(style, "style:text-properties", properties)
    for decimals in range(MOST_DECIMALS + 1):
        picture = ET.SubElement(styles, "number:number-style", {"style:name": f"N{decimals}"})
        shown = {"number:decimal-places": str(decimals), "number:min-integer-digits": "1"}
        ET.SubElement(picture, "number:number", {**shown, "number:grouping": "true"})
        style = _style(styles, f"number{decimals}", "table-cell")
        style.set("style:data-style-name", f"N{decimals}")
        ET.SubElement(style, "style:paragraph-properties", {"fo:text-align": "end"})


def _style(styles: ET.Element, name: str, family: str) -> ET.Element:
    return ET.SubElement(styles, "style:style", {"style:name": name, "style:family": family})


def _cover(body: ET.Element, book: Book) -> None:
    table = _table(body, "Cover", ["cover"])
    cover = book.cover
    _line(table, cover.title, "title")
    for heading, lines in (
        ("Introductory information", cover.intro),
        ("About these data", cover.about),
        ("Contact", cover.contact),
    ):
        _line(table, heading, "heading")
        for line in lines:
            _line(table, line, "words")


def _contents(body: ET.Element, book: Book) -> None:
    table = _table(body, "Contents", ["narrow", "wide"])
    _line(table, "Table of contents", "title")
    _line(table, ONE_TABLE, "words")
    _header(table, ("Sheet name", "Table description"))
    listed = [("Notes", "Notes"), *((sheet.label, sheet.title) for sheet in book.sheets)]
    for label, title in listed:
        row = ET.SubElement(table, "table:table-row")
        cell = _cell(row, "words")
        link = {"xlink:type": "simple", "xlink:href": f"#'{label}'.A1"}
        ET.SubElement(ET.SubElement(cell, "text:p"), "text:a", link).text = label
        _write(row, title, Column(""))


def _notes_sheet(book: Book) -> Sheet:
    columns = (Column("Note number", 0), Column("About"), Column("Note", wide=True))
    rows = [(place, note.about, note.text) for place, note in enumerate(book.used_notes, 1)]
    return Sheet("Notes", "notes", "Notes", (), columns, rows)


def _sheet(body: ET.Element, sheet: Sheet, *after: str) -> None:
    widths = ["wide" if column.wide else "narrow" for column in sheet.columns]
    table = _table(body, sheet.label, widths)
    _line(table, sheet.title, "title")
    for line in (*sheet.above, *after):
        _line(table, line, "plain")
    _header(table, [column.heading for column in sheet.columns])
    for cells in sheet.rows:
        row = ET.SubElement(table, "table:table-row")
        for cell, column in zip(cells, sheet.columns, strict=True):
            _write(row, cell, column)


def _table(body: ET.Element, label: str, widths: Sequence[str]) -> ET.Element:
    table = ET.SubElement(body, "table:table", {"table:name": label})
    for width in widths:
        ET.SubElement(table, "table:table-column", {"table:style-name": width})
    return table


def _header(table: ET.Element, headings: Sequence[str]) -> None:
    rows = ET.SubElement(table, "table:table-header-rows")
    row = ET.SubElement(rows, "table:table-row")
    for heading in headings:
        ET.SubElement(_cell(row, "heading"), "text:p").text = heading


def _line(table: ET.Element, text: str, style: str) -> None:
    """Append a row with one text; a plain one runs on over the columns beside it."""
    row = ET.SubElement(table, "table:table-row")
    ET.SubElement(_cell(row, style), "text:p").text = text


def _write(row: ET.Element, value: Cell, column: Column) -> None:
    if isinstance(value, str):
        ET.SubElement(_cell(row, "words"), "text:p").text = value
    else:
        decimals = column.decimals or 0
        cell = _cell(row, f"number{decimals}", "float")
        cell.set("office:value", repr(value))
        ET.SubElement(cell, "text:p").text = f"{value:,.{decimals}f}"


def _cell(row: ET.Element, style: str, kind: str = "string") -> ET.Element:
    named = {} if style == "plain" else {"table:style-name": style}
    return ET.SubElement(row, "table:table-cell", {**named, "office:value-type": kind})


def _spaces(*names: str) -> dict[str, str]:
    return {f"xmlns:{name}": NAMES[name] for name in names}


def _text(root: ET.Element) -> str:
    return ET.tostring(root, encoding="unicode")
