"""The reading process: asked for one file after another, it answers in one line each.

`python -P -m warehouse.readers.worker SOCKET RESULT SECONDS MEMORY`: a socket to be asked by and a
file to hand over in, by their descriptors, and the limits. A request and an answer are each one
line of JSON. What was read lies in the file, as Arrow; an answer holds no value of it.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transforms.errors import ReturnRejected
from warehouse.readers import kinds
from warehouse.readers.handover import ReadFile
from warehouse.readers.limits import Limits, allow_seconds, hold_to
from warehouse.readers.reading import Damaged, Notation, damaged, too_costly

READ, REFUSED, FAILED, UNABLE = "read", "refused", "failed", "unable"
TOO_MUCH = "asks for more memory than any return needs"


def read_file(path: Path, notation: Notation) -> ReadFile:
    """Return what a file holds, read by its kind."""
    kind = kinds.require_kind(path)
    # Each reader's library is imported only where it is needed: they take their time.
    if kind is kinds.TEXT:
        from warehouse.readers.delimited import read_delimited

        return read_delimited(path, notation)
    if kind is kinds.WORKBOOK:
        from warehouse.readers.workbook import read_workbook

        return read_workbook(path, notation)
    if kind is kinds.PARQUET:
        from warehouse.readers.parquet import read_parquet

        return read_parquet(path, notation)
    from warehouse.readers.statistical import read_statistical

    return read_statistical(path, kind, notation)


def answer(request: Mapping[str, Any], result: int) -> dict[str, str | None]:
    """Read the file asked for into the descriptor `result`; return what became of it.

    A library's own error is told by its type alone: its text could quote a respondent. UNABLE: it
    is not the file's fault.
    """
    path = Path(request["path"])
    try:
        read = read_file(path, _notation(request["notation"]))
    except ReturnRejected as refusal:
        return _refused(refusal)
    except Damaged as how:
        return _refused(damaged(path, str(how)))
    except MemoryError:
        return _refused(too_costly(path, TOO_MUCH))
    except ImportError as error:
        return {"answer": UNABLE, "why": f"the library {error.name} is not installed"}
    except BaseException as error:
        return {"answer": FAILED, "kind": type(error).__name__}
    return _handed_over(read, path, result)


def _handed_over(read: ReadFile, path: Path, result: int) -> dict[str, str | None]:
    try:
        _hand_over(read, result)
    except MemoryError:
        return _refused(too_costly(path, TOO_MUCH))
    except OSError as error:
        return {"answer": UNABLE, "why": f"there is no room for temporary files: {error.strerror}"}
    except Exception as error:
        return {"answer": FAILED, "kind": type(error).__name__}
    return {"answer": READ}


def _notation(told: Mapping[str, Any]) -> Notation:
    return Notation(**{**told, "empty": tuple(told["empty"])})


def _refused(refusal: ReturnRejected) -> dict[str, str | None]:
    return {
        "answer": REFUSED,
        "what": refusal.what,
        "expected": refusal.expected,
        "remedy": refusal.remedy,
    }


def _hand_over(read: ReadFile, result: int) -> None:
    import pyarrow as pa

    from warehouse.readers.handover import as_table

    table = as_table(read)
    os.ftruncate(result, 0)
    os.lseek(result, 0, os.SEEK_SET)
    with os.fdopen(os.dup(result), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def main() -> None:
    """Answer requests until the asking process closes the socket."""
    asked, result = int(sys.argv[1]), int(sys.argv[2])
    limits = Limits(float(sys.argv[3]), int(sys.argv[4]))
    hold_to(limits)
    with socket.socket(fileno=asked) as connection, connection.makefile("r") as requests:
        for request in requests:
            allow_seconds(limits)
            told = json.dumps(answer(json.loads(request), result))
            connection.sendall(f"{told}\n".encode())


if __name__ == "__main__":
    main()
