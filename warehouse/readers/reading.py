"""What a reader is told, and how it refuses: light enough for both processes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from transforms.errors import ReturnRejected
from transforms.notation import DecimalSign
from transforms.wording import number


@dataclass(frozen=True, slots=True)
class Notation:
    """How a supplier writes what a file does not say itself.

    `encoding`: of text that does not begin with a mark; None: UTF-8, or else Windows-1252.
    `decimal`: the sign between a number's whole part and its fraction. `empty`: what a cell of
    text holds that stands for nothing. `sheet`: of a workbook; None: the only one that holds cells.
    """

    encoding: str | None = None
    decimal: DecimalSign = "point"
    empty: tuple[str, ...] = ()
    sheet: str | None = None


AS_USUAL = Notation()
"""A file that says itself all there is to say."""


class Damaged(Exception):
    """A file does not keep to its format; the text says how, in words that fit after a colon."""


def too_costly(path: Path, how: str) -> ReturnRejected:
    """Return the refusal of a file that asks for more than reading one may take."""
    return ReturnRejected(
        f"{path.name} ({number(path.stat().st_size)} bytes) {how}.",
        expected="a return that can be read in the time and memory that any return needs.",
        remedy="Where it is no larger than those before it, it is damaged: ask the supplier to "
        "save it again and send that. Where it holds far more, ask for it as an SPSS (.sav) or "
        "Parquet file.",
    )


def damaged(path: Path, how: str) -> ReturnRejected:
    """Return the refusal of a file that is not whole."""
    return ReturnRejected(
        f"{path.name} ({number(path.stat().st_size)} bytes) is damaged or cut short: {how}.",
        expected="the whole file, as the program that wrote it left it.",
        remedy="Ask the supplier for the file's size in bytes. If theirs is larger, the upload was "
        "cut short: send it again. If not, ask them to save it again and send that.",
    )
