"""One reading process for all tests of a worker: one for each file would cost a second."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path

import pytest

from transforms.catalogue import Reading
from transforms.errors import ReturnRejected
from transforms.responses import RawReturn
from warehouse.returns import ReadingProcess, read_return


@cache
def reader() -> ReadingProcess:
    process = ReadingProcess()
    atexit.register(process.close)
    return process


def read(path: Path, **reading: object) -> RawReturn:
    """A return as read; `reading` is what survey.yaml declares of it."""
    return read_return(path, Reading.model_validate(reading), reader())


def refusal(path: Path, **reading: object) -> ReturnRejected:
    """Why a file is refused."""
    with pytest.raises(ReturnRejected) as raised:
        read(path, **reading)
    assert path.name in raised.value.what
    assert raised.value.remedy
    assert raised.value.__context__ is None  # a chained reader's error could carry answers
    return raised.value
