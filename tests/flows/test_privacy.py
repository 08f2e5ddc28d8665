"""A planted answer is found only where respondents may be: archive, quarantine, warehouse."""

from __future__ import annotations

import base64
import dataclasses
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from offices import Ended, Office

from transforms.catalogue import Survey
from transforms.simulation import simulate_wave
from warehouse.declaration import load_survey
from warehouse.supplier_file import write_return

NUMBER, TEXT = 7391, "wagtail-7391-canary"
CODE, WORD, LABEL = 88_417, "heron-5512-canary", "Kingfisher 6604 canary"
RESTRICTED = {"archive", "warehouse.duckdb"}


def returns_with_canaries(inbox: Path) -> None:
    """Returns with what nobody else answers: one that is accepted, and two that are refused.

    Open text and a value's label in all; a number, a code and a word that cannot be in the others.
    """
    survey = load_survey("west_midlands")
    items = {name: survey.item_in(name, "2026-Q2").variable for name in ("age", "tenure")}
    for wave, age, tenure in [("2026-Q2", 97.0, 5.0), ("2026-Q3", float(NUMBER), float(CODE))]:
        simulated = simulate_wave(survey, wave)
        rows = simulated.rows.assign(remark="")
        rows.loc[5, ["remark", items["age"], items["tenure"]]] = [TEXT, age, tenure]
        write_return(dataclasses.replace(simulated, rows=rows), labelled(survey), inbox)
    rows = simulate_wave(survey, "2026-Q4").rows.assign(remark="")
    rows[items["age"]] = rows[items["age"]].astype("object")
    rows.loc[5, ["remark", items["age"]]] = [TEXT, WORD]
    rows.to_csv(inbox / "west_midlands_2026-Q4.csv", index=False)


def labelled(survey: Survey) -> Survey:
    """The survey with a label of the supplier's own on an answer."""
    declared = survey.model_dump()
    declared["questionnaire"]["items"]["tenure"]["codes"][5]["label"] = LABEL
    return Survey.model_validate(declared)


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


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, Ended, Ended]:
    """A run on the returns with canaries, and a check of a refused one with its report."""
    office = Office(tmp_path_factory.mktemp("office"))
    inbox = office.survey() / "inbox"
    inbox.mkdir(parents=True)
    returns_with_canaries(inbox)
    kept = office.root / "archive"
    kept.mkdir()
    refused = shutil.copy(inbox / "west_midlands_2026-Q4.csv", kept)
    checked = office.call("check", refused, "--report", office.root / "checked.html")
    return office, office.call("run"), checked


def outside(office: Office) -> dict[Path, bytes]:
    """Every byte written where respondents may not be: in the home, and by Prefect."""
    written = texts(office.root)
    found = {p: t for p, t in written.items() if not may_hold(p, office.root)}
    return found | texts(Path(os.environ["PREFECT_HOME"]))


def holding(canary: str, found: Mapping[Path, bytes]) -> list[Path]:
    """The files that hold a canary, as text or as an object's."""
    forms = [canary.encode(), canary.encode("utf-16-le"), json.dumps(canary)[1:-1].encode()]
    return [path for path, text in found.items() if any(form in text for form in forms)]


def standing_alone(number: int, text: bytes) -> bool:
    """Whether a number is there by itself: a key or a time holds any five digits now and then."""
    return re.search(rb"(?<![0-9A-Za-z.])%d(?![0-9A-Za-z])" % number, text) is not None


def test_a_number_is_found_alone_and_not_within_a_key_or_a_time():
    assert standing_alone(CODE, b'{"code": 88417.0}')
    assert standing_alone(CODE, b"tenure: 88417, row 6")
    assert not standing_alone(CODE, b"0c88417a-99f1 2026-11-26T15:04:05.884171")


def test_the_returns_fared_as_they_should(ran):
    office, ended, checked = ran
    assert (ended.status, checked.status) == (3, 3), ended.err
    assert len(list(office.survey().glob("reports/*/report.html"))) == 1
    assert len(list(office.survey().glob("quarantine/*/report.html"))) == 2


def test_no_answer_leaves_the_restricted_files(ran):
    office, ended, checked = ran
    said = ended.out + ended.err + checked.out + checked.err
    found = outside(office)
    assert any(p.name == "published.duckdb" for p in found)
    assert any(p.name == "report.html" and "reports" in p.parts for p in found)
    assert any(p.name == "report.json" and "quarantine" in p.parts for p in found)
    assert any(p.name == "checked.html" for p in found)
    assert any("prefect.db" in p.name for p in found)
    for canary in (TEXT, WORD, f"{NUMBER}.0", f" {NUMBER} "):
        assert canary not in said
        assert holding(canary, found) == [], canary
    assert not standing_alone(CODE, said.encode())
    assert [path for path, text in found.items() if standing_alone(CODE, text)] == []
    inside = {p: t for p, t in texts(office.root).items() if may_hold(p, office.root)}
    assert holding(TEXT, inside) and holding(WORD, inside), "the canaries were planted"


def test_a_supplier_s_label_is_told_to_who_must_ask_and_to_nobody_else(ran):
    office, _, _ = ran
    told = holding(LABEL, outside(office))
    assert {p.name for p in told} <= {"report.html", "report.json", "delivery.json"}
    assert any("reports" in p.parts for p in told)


def test_every_report_is_an_artifact_of_the_run_that_says_where_it_lies(ran):
    office, _, _ = ran
    (database,) = Path(os.environ["PREFECT_HOME"]).rglob("prefect.db")
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT data FROM artifact WHERE key LIKE 'report-%'").fetchall()
    artifacts = [str(json.loads(data)) for (data,) in rows]
    for report in office.survey().glob("*/*/report.html"):
        (text,) = [text for text in artifacts if str(report) in text]
        assert "`" in text and report.as_uri() in text
        serials = json.loads(report.with_name("report.json").read_text())["results"]
        assert not [s for one in serials for s in one["serials"] if s in text]
