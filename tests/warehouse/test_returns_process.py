"""Whatever a file does to the process that reads it, this one gets a refusal and goes on."""

import os
import resource
import signal
import threading
import time
import zipfile
from pathlib import Path

import pytest
from readers import refusal
from returns_in_formats import written

from transforms.errors import ReturnRejected, StorageError
from warehouse.readers.limits import USUAL, Limits
from warehouse.readers.reading import Notation
from warehouse.returns import ReadingProcess
from warehouse.returns.process import _reply

MEGABYTE = 1 << 20


def endless(folder: Path) -> Path:
    """A file that never comes to an end: a pipe into which nobody writes."""
    path = folder / "endless.sav"
    os.mkfifo(path)
    return path


def test_a_file_that_takes_too_long_is_refused_and_the_next_is_read(tmp_path):
    with ReadingProcess(Limits(seconds=3)) as process:
        with pytest.raises(ReturnRejected, match="could not be read within 3 seconds") as refused:
            process.read(endless(tmp_path))
        assert "endless.sav" in refused.value.what and process.crashes == 1
        process.limits = USUAL
        assert len(process.read(written("csv", tmp_path)).entries) == 4


def test_a_reader_that_is_killed_is_a_refusal_too(tmp_path):
    with ReadingProcess() as process:
        process.read(written("csv", tmp_path))
        victim = process._process
        threading.Timer(0.2, victim.send_signal, [signal.SIGKILL]).start()
        with pytest.raises(ReturnRejected, match="asks for more memory"):
            process.read(endless(tmp_path))
        assert len(process.read(tmp_path / "small.csv").entries) == 4


def test_memory_is_limited(tmp_path):
    """Seventy million cells in 500 kB: two far apart make a table of all that lies between."""
    path = written("xlsx", tmp_path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    cell = b'<row r="%d"><c r="%s%d"><v>1</v></c></row>'
    sheet = b"".join(cell % (n, b"A" if n == 1 else b"ZZ", n) for n in range(1, 100_001))
    name = "xl/worksheets/sheet1.xml"
    head, tail = parts[name].split(b"<sheetData>")[0], parts[name].split(b"</sheetData>")[1]
    parts[name] = head + b"<sheetData>" + sheet + b"</sheetData>" + tail
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    limits = Limits(memory=700 * MEGABYTE)
    too_much = pytest.raises(ReturnRejected, match="asks for more memory")
    with ReadingProcess(limits) as process, too_much:
        process.read(path)


def test_a_library_s_own_error_is_told_by_its_type_alone(tmp_path, monkeypatch):
    """Its text could quote an answer."""
    path = written("csv", tmp_path)
    with ReadingProcess() as process:
        with pytest.raises(
            ReturnRejected, match=r"stopped unexpectedly \(LookupError\)"
        ) as refused:
            process.read(path, Notation(encoding="somebody's answer"))
        assert "somebody" not in str(refused.value)


def test_the_reading_process_holds_no_file_of_this_one_but_those_handed_to_it(tmp_path):
    """So it cannot keep the writer's lock after this process has died."""
    with (tmp_path / "lock").open("w") as held, ReadingProcess() as process:
        os.set_inheritable(held.fileno(), True)
        process.read(written("csv", tmp_path))
        links = Path(f"/proc/{process._process.pid}/fd")
        if not links.is_dir():
            pytest.skip("only Linux lists a process's files")
        assert str(tmp_path / "lock") not in {str(link.readlink()) for link in links.iterdir()}


def test_it_hands_over_in_a_file_without_a_name_and_ends_with_its_parent(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "room"))
    (tmp_path / "room").mkdir()
    process = ReadingProcess()
    process.read(written("sav", tmp_path))
    pid = process._process.pid
    assert not list((tmp_path / "room").iterdir())
    process._socket.close()  # what the system does where the parent is killed
    deadline = time.monotonic() + 5
    while process._process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert process._process.returncode == 0, f"{pid} goes on"
    process.close()


def test_without_room_for_temporary_files_the_message_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    with (
        ReadingProcess() as process,
        pytest.raises(StorageError, match="temporary files") as failed,
    ):
        process.read(written("csv", tmp_path))
    assert "TMPDIR" in failed.value.remedy


def test_a_crash_is_told_in_the_words_of_a_damaged_file(tmp_path):
    path = written("dta", tmp_path)
    path.write_bytes(path.read_bytes()[:-300])
    refused = refusal(path)

    assert "damaged or cut short" in refused.what
    assert "Ask the supplier for the file's size in bytes" in refused.remedy


def answering(reply: bytes) -> ReadingProcess:
    """A process that has gone wrong and answers anything."""
    process = ReadingProcess()
    process._start()
    process._ask = lambda request: _reply(reply)
    return process


@pytest.mark.parametrize(
    "reply", [b"\xff\n", b"[]\n", b'"read"\n', b"{}\n", b'{"answer": "read"}\n']
)
def test_a_process_that_answers_nonsense_is_a_refusal(tmp_path, reply):
    with answering(reply) as process, pytest.raises(ReturnRejected):
        process.read(written("csv", tmp_path))


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (b'{"answer": "unable", "why": "the library x is not installed"}\n', "library x is not"),
        (b'{"answer": "unable", "why": "there is no room"}\n', "there is no room"),
    ],
)
def test_what_is_not_the_file_s_fault_is_no_refusal(tmp_path, reply, why):
    with answering(reply) as process, pytest.raises(StorageError, match=why):
        process.read(written("csv", tmp_path))


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits another process")
def test_a_full_disk_for_temporary_files_is_no_refusal(tmp_path):
    path = written("csv", tmp_path)
    with path.open("a") as text:
        text.writelines(f"{2000 + n},{n / 7},2026-05-01,North\n" for n in range(100_000))
    with ReadingProcess() as process:
        process.read(written("tab", tmp_path))
        resource.prlimit(process._process.pid, resource.RLIMIT_FSIZE, (1024, 1024))
        with pytest.raises(StorageError, match="no room for temporary files: File too large"):
            process.read(path)


def test_a_process_that_cannot_even_start_is_no_refusal(tmp_path, monkeypatch):
    monkeypatch.setattr("warehouse.returns.process.worker.__name__", "warehouse.readers.absent")
    with ReadingProcess() as process, pytest.raises(StorageError, match="as soon as it is started"):
        process.read(written("csv", tmp_path))
