"""Read a return: in a process of its own, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from transforms.catalogue import Reading
from transforms.errors import PerceptionsError, ReturnRejected
from transforms.responses import RawReturn
from warehouse.archive import file_sha256
from warehouse.readers.handover import ReadFile
from warehouse.readers.reading import Notation, damaged
from warehouse.returns.process import ReadingProcess
from warehouse.returns.table import Table, table_of

AS_USUAL = Reading()
"""A file that says itself all there is to say."""


def read_return(
    path: Path, reading: Reading = AS_USUAL, process: ReadingProcess | None = None
) -> RawReturn:
    """Return the return at `path` as received: nothing renamed, recoded or dropped.

    `reading`: how the supplier writes what a file does not say itself. `process`: one that is used
    again; left out, the file is read in one of its own. Raises ReturnRejected, with the file's
    name, what was found and what to ask the supplier for, wherever the file cannot be read whole.
    No message holds a respondent's answer.
    """
    _require_content(path)
    sha256 = file_sha256(path)
    table = _table(path, _read(path, notation_of(reading), process))
    return raw_return(path.name, sha256, table)


def raw_return(file_name: str, sha256: str, table: Table) -> RawReturn:
    """Return a table as the return of a file."""
    return RawReturn(
        file_name=file_name,
        sha256=sha256,
        rows=table.rows,
        variables=table.variables,
        simulated=table.simulated,
        kind=table.kind,
        named_by_cells=table.named_by_cells,
    )


def notation_of(reading: Reading) -> Notation:
    """Return how a reader has to take what a file does not say itself."""
    return Notation(reading.encoding, reading.decimal, reading.empty, reading.sheet)


def _read(path: Path, notation: Notation, process: ReadingProcess | None) -> ReadFile:
    if process is not None:
        return process.read(path, notation)
    with ReadingProcess() as own:
        return own.read(path, notation)


def _table(path: Path, read: ReadFile) -> Table:
    """Return what was read as rows and dictionary.

    What nobody foresaw refuses this file and stops nothing else; it is told by its type alone, and
    outside the except block, since an error's text or chain could carry answers into a log.
    """
    try:
        return table_of(read, path.name)
    except PerceptionsError:
        raise
    except Exception as error:
        kind = type(error).__name__
    raise damaged(path, f"what was read from it makes no table ({kind})")


def _require_content(path: Path) -> None:
    if not path.is_file():
        raise ReturnRejected(
            f"{path.name} is not there, or is not a file.",
            remedy="Check the path, and put the return where it says.",
        )
    if path.stat().st_size == 0:
        raise ReturnRejected(
            f"{path.name} is empty (0 bytes).",
            expected="a return with one row for each interview.",
            remedy="Ask the supplier to send the file again; an upload that was cut short or "
            "a full disk leaves an empty file.",
        )
    if not os.access(path, os.R_OK):
        raise ReturnRejected(
            f"{path.name} may not be read by this account.",
            remedy="Give the account that runs this program the right to read it.",
        )
