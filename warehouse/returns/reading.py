"""Read a return: by its suffix, whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from transforms.errors import PerceptionsError, ReturnRejected
from transforms.responses import RawReturn
from warehouse.returns.delimited import read_delimited
from warehouse.returns.spss import read_spss
from warehouse.returns.table import Table, require_rows

READERS: Mapping[str, Callable[[Path], Table]] = {
    ".sav": read_spss,
    ".zsav": read_spss,
    ".csv": read_delimited,
    ".tab": read_delimited,
    ".tsv": read_delimited,
}
ACCEPTED = "an SPSS file (.sav or .zsav), or delimited text (.csv, .tab or .tsv)"


def read_return(path: Path) -> RawReturn:
    """Return the return at `path` as received: nothing renamed, recoded or dropped.

    Raises ReturnRejected, with the file's name, what was found and what to ask the supplier for,
    wherever the file cannot be read whole. No message holds a respondent's answer.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ReturnRejected(
            f"{path.name} is {_kind_by_name(path)}.",
            expected=f"{ACCEPTED}.",
            remedy="Ask the supplier for the return as an SPSS file with its value labels and "
            "user-missing codes.",
        )
    _require_content(path)
    sha256, table = _read(reader, path)
    require_rows(table, path.name)
    return RawReturn(path.name, sha256, table.rows, table.variables, table.simulated)


def file_sha256(path: Path) -> str:
    """Return the file's sha256 in hexadecimal: a delivery is known by it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _kind_by_name(path: Path) -> str:
    return f"a {path.suffix} file" if path.suffix else "a file without a suffix"


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


def _read(reader: Callable[[Path], Table], path: Path) -> tuple[str, Table]:
    # The refusal is raised outside the except block: the reader's own error, chained to it,
    # could carry respondents' answers into a log.
    try:
        return file_sha256(path), reader(path)
    except PerceptionsError:
        raise
    except Exception as error:
        kind = type(error).__name__
    raise ReturnRejected(
        f"{path.name} could not be read: the reader stopped unexpectedly ({kind}).",
        expected=f"{ACCEPTED}.",
        remedy="Check that this account may read the file. If it may, ask the supplier to save and "
        "send it again; if the same happens, report it to the maintainers with this message.",
    )
