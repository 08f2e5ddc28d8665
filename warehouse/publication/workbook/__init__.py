"""The accessible spreadsheet, as .xlsx and .ods: cover, contents, notes, then one table a sheet.

Source of the rules: Government Analysis Function, Releasing statistics in spreadsheets.
"""

from warehouse.publication.workbook.book import Book, Column, Cover, Note, Sheet
from warehouse.publication.workbook.contents import book_of
from warehouse.publication.workbook.ods import ods_bytes
from warehouse.publication.workbook.xlsx import xlsx_bytes

__all__ = ["Book", "Column", "Cover", "Note", "Sheet", "book_of", "ods_bytes", "xlsx_bytes"]
