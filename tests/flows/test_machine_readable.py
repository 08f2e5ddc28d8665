"""With --json, what goes wrong is JSON too; a bad place named by the user is said to be one."""

from __future__ import annotations

import json

import pytest
from offices import Office


@pytest.mark.parametrize(
    ("arguments", "status", "found"),
    [
        (("status", "--survey", "nosuch", "--json"), 2, "nosuch"),
        (("check", "absent.sav", "--json"), 2, "There is no file absent.sav."),
        (("run", "absent.sav", "--json"), 2, "There is no file absent.sav."),
        (("check", "--json"), 2, "cannot be understood"),
        (("status", "--unknown", "--json"), 2, "cannot be understood"),
    ],
)
def test_an_error_is_json_where_that_was_asked_for(empty_office: Office, arguments, status, found):
    ended = empty_office.call(*arguments)
    told = json.loads(ended.out)

    assert ended.status == told["exit_status"] == status
    assert found in told["error"]["what"] and told["error"]["remedy"]
    assert "Traceback" not in ended.err


def test_a_failure_of_the_disk_is_json_with_status_4(empty_office: Office):
    empty_office.survey().write_text("a file where the folder should be")
    ended = empty_office.call("status", "--json")

    assert ended.status == json.loads(ended.out)["exit_status"] == 4


def test_mistakes_of_a_declaration_are_listed_one_by_one(empty_office: Office):
    empty_office.call("new-survey", "mine", "--folder", empty_office.root)
    path = empty_office.root / "mine" / "survey.yaml"
    path.write_text(path.read_text().replace("title:", "titel:"))
    told = json.loads(empty_office.call("status", "--survey", path.parent, "--json").out)

    assert told["exit_status"] == 2
    (mistake,) = told["error"]["mistakes"]
    assert mistake["file"] == "survey.yaml" and mistake["line"] > 1


def test_without_it_an_error_is_text_on_standard_error(empty_office: Office):
    ended = empty_office.call("check", "absent.sav")

    assert ended.out == "" and "What to do:" in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "return.csv", "--report", "no/such/folder/report.html"),
        ("check", "return.csv", "--report", "."),
        ("simulate", "return.csv/returns", "--wave", "2026-Q2"),
        ("prove", "--surveys", "20", "--out", "return.csv/study.md"),
    ],
)
def test_a_place_that_cannot_be_written_is_the_user_s_to_correct(empty_office: Office, arguments):
    (empty_office.root / "return.csv").write_text("serial,Q1\n1001,1\n")
    ended = empty_office.call(*arguments)

    assert ended.status == 2, ended.err
    assert "cannot be written. The system says:" in ended.err
    assert "name a place in a folder that exists" in ended.err
