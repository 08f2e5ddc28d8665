"""`perceptions check` on every real file: what it is and what to do, in words anybody knows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

import pytest
from builders import shared
from readers import reader

CSEW = "returns/csew1314/csew1314teachingopen.sav"
OF_A_SURVEY = {CSEW: "crime_survey_teaching"}
PROGRAMMERS_WORDS = re.compile(r"Traceback|[A-Z]\w+Error\b|Exception|<class|dtype|\bNaN\b")


@pytest.fixture(scope="module")
def expectations() -> Mapping[str, dict]:
    return json.loads(shared("returns", "loader_expectations.json").read_text())["files"]


@pytest.fixture
def one_reader(monkeypatch) -> None:
    """Let the files share a reading process: one for each of them would take minutes."""
    monkeypatch.setattr("warehouse.returns.reading.ReadingProcess", lambda: nullcontext(reader()))


def paragraphs(text: str) -> str:
    return " ".join(text.split())


def test_every_file_is_told_what_it_is_and_what_to_do(expectations, empty_office, one_reader):
    for name, expected in expectations.items():
        if name in OF_A_SURVEY:
            continue
        ended = empty_office.call("check", shared(*Path(name).parts))
        said = paragraphs(ended.out)
        assert ended.status == 3, (name, ended.out, ended.err)
        assert "REFUSED" in said and "What to do:" in said, name
        assert not PROGRAMMERS_WORDS.search(ended.out + ended.err), (name, said)
        rows, columns = expected.get("rows"), expected.get("columns")
        if rows == 0:
            assert "32 columns and no rows" in said
        elif rows is not None:
            counted = f"{rows} row{'s' * (rows > 1)} and {columns} column{'s' * (columns > 1)}"
            assert counted in said, (name, said)
            assert "of the" in said and "variables that the survey “West Midlands" in said
            assert "name that survey with --survey" in said, name


def test_the_file_of_a_declared_survey_is_accepted(empty_office):
    ended = empty_office.call("check", shared(*Path(CSEW).parts), "--survey", OF_A_SURVEY[CSEW])

    assert ended.status == 0, ended.out
    assert "csew1314teachingopen.sav (2013-14, 8,843 rows): ACCEPTED" in ended.out


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("bcs0708/6891_user_guide.pdf", "is a PDF document"),
        ("bcs0708/ukda_data_dictionary.rtf", "is a word processor's document"),
        ("bcs0708/UKDA_Study_6891_Information.htm", "is plain text, such as a CSV file"),
        ("bcs0708/codebook_from_dictionary.csv", "35 rows and 6 columns"),
        ("mopac_pas/PAS_Dashboard_Borough_comma.csv", "columns without a name: column 7, 8"),
        ("mopac_pas/PAS_MPS_total_semicolon.csv", "291 rows and 5 columns"),
        ("mopac_pas/PAS_boroughs_semicolon.csv", "9,312 rows and 6 columns"),
        ("awkward/pyreadstat/sample_missing_user.csv", "7 rows and 7 columns"),
    ],
)
def test_so_are_those_that_are_no_return(empty_office, one_reader, name, found):
    ended = empty_office.call("check", shared("returns", *Path(name).parts))
    said = paragraphs(ended.out)

    assert ended.status == 3
    assert found in said and "What to do:" in said
    assert not PROGRAMMERS_WORDS.search(ended.out + ended.err), said
