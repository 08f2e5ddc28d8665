"""A return kept as it was read, less the respondents who were withdrawn from it.

No library writes every format that a supplier may send so that it is read back the same, labels and
missing codes and all. What is kept is therefore what reading made of the file: its columns and its
dictionary, as one Arrow file. Its name is the SHA-256 of its bytes, so that it proves itself whole.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue import Reading
from transforms.errors import StorageError
from transforms.responses import RawReturn
from warehouse.archive import KEPT, Received, file_sha256
from warehouse.disk import disk_errors, open_private, sync_folder, write_all
from warehouse.readers.handover import ReadFile, as_table, read_file_in
from warehouse.returns.process import ReadingProcess
from warehouse.returns.reading import notation_of, raw_return, read_return
from warehouse.returns.table import table_of


def read_received(received: Received, reading: Reading) -> RawReturn:
    """Return a return of the archive: as the supplier sent it, or as it was kept."""
    if received.kept_sha256 is None:
        return read_return(received.path, reading)
    kept = _read_kept(received.path)
    return raw_return(received.file_name, received.content, table_of(kept, received.file_name))


def keep_without(received: Received, reading: Reading, gone: npt.NDArray[np.bool_]) -> Received:
    """Keep a return of the archive without the rows where `gone` is true; return it as kept.

    What is written is read back and held against what was read before: StorageError where they
    differ in more than the rows. Only then is the file it takes the place of removed; a run that
    is killed leaves one of the two whole, or both.
    """
    before = _file_of(received, reading)
    less = ReadFile(
        before.kind,
        before.entries,
        [_without(column, gone) for column in before.columns],
        before.file_label,
    )
    folder = received.path.parent
    partial = folder / f"rewritten{KEPT}.partial"
    with disk_errors(f"{received.file_name} cannot be rewritten in {folder}."):
        _write(less, partial)
        if not _reads_the_same(before, _read_kept(partial), gone):
            partial.unlink()
            raise _unfaithful(received)
        path = folder / f"{file_sha256(partial)}{KEPT}"
        partial.replace(path)
        sync_folder(folder)
        kept = Received(received.sha256, received.file_name, path, path.stem)
        remove_others(kept)
    return kept


def remove_others(kept: Received) -> None:
    """Remove what else lies in a kept return's folder: it would hold who was withdrawn."""
    for path in kept.path.parent.iterdir():
        if path != kept.path:
            path.unlink()
    sync_folder(kept.path.parent)


def _file_of(received: Received, reading: Reading) -> ReadFile:
    if received.kept_sha256 is not None:
        return _read_kept(received.path)
    with ReadingProcess() as process:
        return process.read(received.path, notation_of(reading))


def _without(column: pa.Array | pa.ChunkedArray, gone: npt.NDArray[np.bool_]) -> pa.Array:
    """Return a column without rows; no cell of theirs is left in its buffers or dictionary."""
    held = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    mixed = pa.types.is_dictionary(held.type)
    cells = held.cast(held.type.value_type) if mixed else held
    left = pc.filter(cells, pa.array(~gone))
    return pc.dictionary_encode(left, null_encoding="encode") if mixed else left


def _write(less: ReadFile, path: Path) -> None:
    """Write a file as read, flushed to the disk; the same content makes the same bytes."""
    sink, table = pa.BufferOutputStream(), as_table(less)
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(sink, table.schema, options=options) as file:
        file.write_table(table)
    with open_private(path) as descriptor:
        write_all(descriptor, sink.getvalue().to_pybytes())
        os.fsync(descriptor)


def _read_kept(path: Path) -> ReadFile:
    try:
        with pa.ipc.open_file(pa.py_buffer(path.read_bytes())) as file:
            return read_file_in(file.read_all())
    except (pa.ArrowException, ValueError, KeyError, TypeError):
        pass
    raise StorageError(
        f"The return kept as {path} cannot be read.", remedy="restore it from a backup."
    )


def _reads_the_same(before: ReadFile, after: ReadFile, gone: npt.NDArray[np.bool_]) -> bool:
    """True where a return read back is the one before without the rows."""
    wanted, found = table_of(before, ""), table_of(after, "")
    rows = wanted.rows[~gone].reset_index(drop=True)
    return (
        found.rows.equals(rows)
        and [*found.rows.dtypes] == [*rows.dtypes]
        and replace(found, rows=rows) == replace(wanted, rows=rows)
    )


def _unfaithful(received: Received) -> StorageError:
    return StorageError(
        f"{received.file_name} cannot be kept without a respondent so that it reads the same.",
        remedy="report this; the file in the archive is as it was.",
    )
