"""A planted answer is found only where respondents may be: archive, quarantine, warehouse."""

from __future__ import annotations

import base64
import dataclasses
import os
import re
from pathlib import Path

from transforms.simulation import simulate_wave
from warehouse.declaration import load_survey
from warehouse.supplier_file import write_return

NUMBER, TEXT = 7391, "wagtail-7391-canary"
RESTRICTED = {"archive", "warehouse.duckdb"}


def returns_with_canaries(inbox: Path) -> None:
    """One return that is accepted and one that is refused, both with what nobody else answers."""
    survey = load_survey("west_midlands")
    for wave, age in [("2026-Q2", 97.0), ("2026-Q3", float(NUMBER))]:
        simulated = simulate_wave(survey, wave)
        rows = simulated.rows.assign(remark="")
        rows.loc[5, "remark"] = TEXT
        rows.loc[5, survey.item_in("age", wave).variable] = age
        write_return(dataclasses.replace(simulated, rows=rows), survey, inbox)


def texts(folder: Path) -> dict[Path, bytes]:
    """Every file's bytes, with what looks like base64 decoded behind them."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            held = path.read_bytes()
            blobs = re.findall(rb"[A-Za-z0-9+/]{40,}", held)
            decoded = b"".join(base64.b64decode(blob[: len(blob) // 4 * 4]) for blob in blobs)
            found[path] = held + decoded
    return found


def may_hold(path: Path, office: Path) -> bool:
    parts = path.relative_to(office).parts
    return bool(RESTRICTED & set(parts)) or ("quarantine" in parts and "return" in parts)


def test_no_answer_leaves_the_restricted_files(empty_office):
    inbox = empty_office.survey() / "inbox"
    inbox.mkdir(parents=True)
    returns_with_canaries(inbox)
    ended = empty_office.call("run")
    assert ended.status == 3, ended.err
    assert ended.out.count("accepted") == 1
    said = (ended.out + ended.err).encode()
    written = texts(empty_office.root)
    outside = {p: t for p, t in written.items() if not may_hold(p, empty_office.root)}
    outside |= texts(Path(os.environ["PREFECT_HOME"]))
    assert any(p.name == "published.duckdb" for p in outside)
    assert any(p.name == "report.html" for p in outside)
    assert any("prefect.db" in p.name for p in outside)
    for canary in (TEXT.encode(), str(NUMBER).encode() + b".0", f" {NUMBER} ".encode()):
        assert canary not in said
        assert not [path for path, text in outside.items() if canary in text], canary
    inside = {p: t for p, t in written.items() if may_hold(p, empty_office.root)}
    assert any(TEXT.encode() in text for text in inside.values()), "the canary was planted"
