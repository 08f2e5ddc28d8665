"""Small files that unpack to large ones: refused in bounded time and memory."""

import resource
import struct
import time
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from returns_in_formats import written

from transforms.errors import ReturnRejected
from warehouse.readers.limits import Limits
from warehouse.returns import ReadingProcess

MEGABYTE = 1 << 20
LIMITS = Limits(seconds=120, memory=600 * MEGABYTE)


def workbook(folder: Path) -> Path:
    """Eight million rows in half a megabyte."""
    path = written("xlsx", folder)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    head, tail = parts[name].split(b"</sheetData>")
    parts[name] = head + 8_000_000 * b"<row><c><v>1</v></c></row>" + b"</sheetData>" + tail
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


def parquet(folder: Path) -> Path:
    """Two hundred million cells in a few hundred bytes."""
    path = folder / "bomb.parquet"
    column = pa.DictionaryArray.from_arrays(np.zeros(20_000_000, dtype=np.int8), pa.array([1.0]))
    pq.write_table(pa.table({f"Q{n}": column for n in range(10)}), path)
    return path


def zsav(folder: Path) -> Path:
    """One block of zeros, a thousand times the size that it is packed to."""
    path = written("zsav", folder)
    content = path.read_bytes()
    size = 800 * MEGABYTE
    packed = zlib.compress(bytes(size), 1)
    start = next(n for n in range(176, len(content)) if content[n : n + 8] == struct.pack("<q", n))
    header = struct.pack("<3q", start, start + 24 + len(packed), 48)
    trailer = struct.pack("<2q2i", -100, 0, 4_190_208, 1)
    block = struct.pack("<2q2i", start, start + 24, size, len(packed))
    path.write_bytes(content[:start] + header + packed + trailer + block)
    return path


def sav(folder: Path) -> Path:
    """Twenty million rows of four columns, of which the file holds a code of one byte for each."""
    path = written("sav of bytecode", folder)
    content = path.read_bytes()
    rows = 20_000_000
    data = content.index(struct.pack("<2i", 999, 0)) + 8
    path.write_bytes(content[:80] + struct.pack("<i", rows) + content[84:data] + 5 * rows * b"\xff")
    return path


@pytest.mark.parametrize("bomb", [workbook, parquet, zsav, sav], ids=lambda made: made.__name__)
def test_a_bomb_is_refused(tmp_path, bomb):
    path = bomb(tmp_path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    with ReadingProcess(LIMITS) as process, pytest.raises(ReturnRejected) as refused:
        process.read(path)

    assert "asks for more memory than any return needs" in refused.value.what
    assert time.monotonic() - began < LIMITS.seconds
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024  # kilobytes
