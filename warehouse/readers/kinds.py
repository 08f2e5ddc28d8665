"""What a file is, by what it holds, whatever its name says."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from transforms.errors import ReturnRejected

HEAD = 4096


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: as a noun with its article, its usual suffixes, what to do with another."""

    words: str
    suffixes: tuple[str, ...] = ()
    remedy: str = "Ask the supplier for the return itself, in one of the formats named above."


SPSS = Kind("an SPSS file", (".sav", ".zsav"))
PORTABLE = Kind("an SPSS portable file", (".por",))
STATA = Kind("a Stata file", (".dta",))
SAS = Kind("a SAS data set", (".sas7bdat",))
TRANSPORT = Kind("a SAS transport file", (".xpt",))
WORKBOOK = Kind("an Excel workbook", (".xlsx",))
PARQUET = Kind("a Parquet file", (".parquet",))
TEXT = Kind("plain text, such as a CSV file", (".csv", ".tab", ".tsv"))

READABLE = (SPSS, PORTABLE, STATA, SAS, TRANSPORT, WORKBOOK, PARQUET, TEXT)
ACCEPTED = (
    "a file of SPSS (.sav, .zsav, .por), Stata (.dta), SAS (.sas7bdat, .xpt), Excel (.xlsx) or "
    "Parquet (.parquet), or delimited text (.csv, .tab, .tsv)"
)

_UNPACK = "Unpack it, and use the return that lies inside."
_NO_PASSWORD = (
    "Ask the supplier for a file without a password, and for a safe way to send it: a shared "
    "folder or an encrypted upload."
)
ZIP = Kind("a zip archive", remedy=_UNPACK)
LOCKED_SPSS = Kind("an SPSS file locked with a password", remedy=_NO_PASSWORD)
LOCKED_OFFICE = Kind("an Office file locked with a password", remedy=_NO_PASSWORD)
OLD_OFFICE = Kind(
    "an Excel workbook of the old kind (.xls), or another old Office file",
    remedy="Open it in Excel and save it as an Excel workbook (.xlsx).",
)
BINARY_WORKBOOK = Kind(
    "a binary Excel workbook (.xlsb)",
    remedy="Open it in Excel and save it as an Excel workbook (.xlsx).",
)
OPEN_DOCUMENT = Kind(
    "an OpenDocument file", remedy="Open it and save it as an Excel workbook (.xlsx)."
)
WEB_PAGE = Kind(
    "a web page",
    remedy="What was saved is a page, perhaps one that asks to sign in, and not the file it "
    "offers: download the return again.",
)
UNMARKED_UTF_16 = Kind(
    "text in the encoding UTF-16 without the mark that such a text begins with",
    remedy="Ask the supplier for the return saved as “CSV UTF-8”.",
)
UNKNOWN = Kind("something that this program does not know")

_BEGINNINGS: tuple[tuple[bytes, Kind], ...] = (
    (b"$FL2", SPSS),
    (b"$FL3", SPSS),
    (b"\x1c" + bytes(7) + b"ENCRYPTED", LOCKED_SPSS),
    (b"<stata_dta>", STATA),
    (
        bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011"),
        SAS,
    ),
    (b"HEADER RECORD*******LIB", TRANSPORT),
    (
        b"**COMPRESSED**",
        Kind(
            "a SAS CPORT file",
            remedy="Ask the supplier for the return as a SAS transport file made by the XPORT "
            "engine (.xpt), or as a data set (.sas7bdat).",
        ),
    ),
    (b"PAR1", PARQUET),
    (b"PARE", Kind("an encrypted Parquet file", remedy=_NO_PASSWORD)),
    (b"ARROW1", Kind("an Arrow file", remedy="Ask the supplier for it as Parquet.")),
    (b"%PDF", Kind("a PDF document")),
    (b"{\\rtf", Kind("a word processor's document")),
    (b"\x1f\x8b", Kind("a gzip archive", remedy=_UNPACK)),
    (b"7z\xbc\xaf", Kind("a 7-Zip archive", remedy=_UNPACK)),
    (b"Rar!", Kind("a rar archive", remedy=_UNPACK)),
    (b"BZh", Kind("a bzip2 archive", remedy=_UNPACK)),
    (b"\xfd7zXZ", Kind("an xz archive", remedy=_UNPACK)),
    (b"<html", WEB_PAGE),
    (b"<!doctype html", WEB_PAGE),
    (b"<?xml", Kind("an XML file")),
    (b"\x89PNG", Kind("a picture")),
    (b"\xff\xd8\xff", Kind("a picture")),
    (b"SQLite format 3", Kind("an SQLite database")),
)
_STATA_RELEASES = range(102, 116)
_PORTABLE_MARK = b"SPSSPORT"


def kind_of(path: Path) -> Kind:
    """Return what the file is."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    for beginning, kind in _BEGINNINGS:
        if head[: len(beginning)].lower() == beginning.lower():
            return kind
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _kind_of_zip(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _kind_of_old_office(path)
    return _kind_without_mark(head)


def require_kind(path: Path) -> Kind:
    """Return the kind that the file is and its name says; ReturnRejected where they differ."""
    suffix = path.suffix.lower()
    named = next((kind for kind in READABLE if suffix in kind.suffixes), None)
    held = kind_of(path)
    if held is named:
        return held
    if named is None:
        told = f"ends in {path.suffix}" if path.suffix else "does not say what it is"
        raise ReturnRejected(
            f"{path.name} is {held.words}, and its name {told}.",
            expected=f"{ACCEPTED}.",
            remedy=_remedy(held, path),
        )
    raise ReturnRejected(
        f"{path.name} is not {named.words} although its name says so: it is {held.words}.",
        expected=f"{named.words}, or another name: {ACCEPTED}.",
        remedy=_remedy(held, path),
    )


def _remedy(held: Kind, path: Path) -> str:
    if held not in READABLE:
        return held.remedy
    ending = " or ".join(held.suffixes)
    return (
        f"If {held.words} is what the supplier meant to send, rename it so that it ends in "
        f"{ending}. If not, ask for the right file."
    )


def _kind_without_mark(head: bytes) -> Kind:
    """Return what a file is that does not begin with a mark of its own."""
    if (
        head[:1]
        and head[0] in _STATA_RELEASES
        and head[1:2] in (b"\1", b"\2")
        and head[2:3] == b"\1"
    ):
        return STATA
    if _PORTABLE_MARK in head[:600].replace(b"\r", b"").replace(b"\n", b""):
        return PORTABLE
    is_utf_16 = head[:2] in (b"\xff\xfe", b"\xfe\xff") and head[2:4] != bytes(2)
    if is_utf_16 or b"\x00" not in head:
        return TEXT
    every_second = (head[1::2], head[::2])
    return UNMARKED_UTF_16 if any(not any(half) for half in every_second) else UNKNOWN


def _kind_of_zip(path: Path) -> Kind:
    """Return what a file is that is packed as a zip archive; damaged ones go by their names."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return WORKBOOK if path.suffix.lower() in WORKBOOK.suffixes else ZIP
    if "xl/workbook.xml" in names:
        return WORKBOOK
    if "xl/workbook.bin" in names:
        return BINARY_WORKBOOK
    if "[Content_Types].xml" in names:
        return Kind("a Word, PowerPoint or other Office document")
    return OPEN_DOCUMENT if "mimetype" in names else ZIP


def _kind_of_old_office(path: Path) -> Kind:
    with path.open("rb") as file:
        start = file.read(1 << 20)
    locked = "EncryptedPackage".encode("utf-16-le") in start
    return LOCKED_OFFICE if locked else OLD_OFFICE
