import json
import signal
import subprocess
import time

import pandas as pd
import pyreadstat
from offices import COMMAND

WAVE = "2028-Q1"


def log(office):
    path = office.survey() / "access.log"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_an_export_is_logged_and_says_what_it_made(office):
    ended = office.call("export", "out", "--wave", WAVE)
    assert ended.status == 0, ended.err
    assert f"respondents of {WAVE}" in ended.out
    (line,) = log(office)
    assert line["command"] == f"export parquet of {WAVE} to {office.root / 'out'}"
    assert {"at", "account", "build"} <= set(line)


def test_neither_the_key_nor_a_serial_number_is_in_an_export(office):
    assert office.call("export", "out", "--wave", WAVE, "--format", "sav").status == 0
    key = (office.survey() / "secret.key").read_bytes()
    for path in (office.root / "out").rglob("*"):
        if path.is_file():
            assert key not in path.read_bytes()
            assert key.hex().encode() not in path.read_bytes().lower()
    rows, about = pyreadstat.read_sav(office.root / "out" / "respondents" / f"wave_{WAVE}.sav")
    returns = sorted((office.survey() / "archive").glob(f"*/*{WAVE}.sav"))
    received, _ = pyreadstat.read_sav(returns[0])
    serials = set(received["SERIAL"].astype(str)) | set(received["INTNO"].astype(str))
    text = [name for name in rows if pd.api.types.is_string_dtype(rows[name])]
    assert not [name for name in text if set(rows[name].astype(str)) & serials]
    assert not {"serial", "interviewer"} & {name.lower() for name in about.column_names}


def test_what_cannot_be_done_is_refused_and_not_logged(office):
    (office.root / "there").mkdir()
    for arguments, said in [
        (["there"], "is there already"),
        ([office.survey() / "public" / "out"], "lies in"),
        (["out", "--wave", "2028-Q9"], "Expected: one of 2026-Q2"),
        (["out", "--format", "xlsx"], "Invalid value for '--format'"),
        (["no/such/folder"], "cannot be written"),
    ]:
        ended = office.call("export", *arguments)
        assert ended.status == 2
        assert said in " ".join(ended.err.split())
    assert not (office.root / "out").exists()
    assert [line["command"].split(" to ")[1] for line in log(office)] == [
        str(office.root / "no/such/folder")
    ]


def test_a_killed_export_leaves_no_folder_and_does_not_hinder_the_next(office):
    arguments = [str(COMMAND), "export", "out", "--wave", WAVE, "--format", "sav"]
    environment = office.environment()
    partial = office.root / ".out.perceptions-partial"
    with subprocess.Popen(arguments, cwd=office.root, env=environment) as process:
        while not (partial / "facts" / "variables.csv").exists():
            assert process.poll() is None
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    assert not (office.root / "out").exists()
    assert partial.exists()
    assert office.call("export", "out", "--wave", WAVE).status == 0
    assert (office.root / "out" / "README.md").exists()
    assert not partial.exists()
