"""What a file is, by its first bytes, whatever its name says."""

from __future__ import annotations

from pathlib import Path

SPSS = "an SPSS file"
TEXT = "plain text, such as a CSV file"
UTF16 = "text in the encoding UTF-16 (Excel's “Unicode text”)"
UNKNOWN = "something else"

_BEGINNINGS = (
    (b"$FL2", SPSS),
    (b"$FL3", SPSS),
    (b"\x1c" + bytes(7) + b"ENCRYPTED", "an SPSS file locked with a password"),
    (b"PK\x03\x04", "an Excel workbook or another zip archive"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook of the old kind, or another Office file"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"<stata_dta>", "a Stata file"),
    (b"HEADER RECORD*******", "a SAS transport file"),
    (b"<html", "a web page"),
    (b"<!DOCTYPE", "a web page"),
    (b"\xff\xfe", UTF16),
    (b"\xfe\xff", UTF16),
)


def looks_like(path: Path) -> str:
    """Return what the file is, as a noun with its article."""
    with path.open("rb") as file:
        head = file.read(4096)
    for beginning, kind in _BEGINNINGS:
        if head[: len(beginning)].lower() == beginning.lower():
            return kind
    return UNKNOWN if b"\x00" in head else TEXT
