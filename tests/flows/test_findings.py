"""A scale turned round in a file without labels: refused, accepted by a person, and in sight."""

from pathlib import Path

import pytest
from offices import Ended, Office, current, tables

from flows.shown import finding_text
from transforms.simulation import simulate_wave
from transforms.validation import CheckResult, Severity
from warehouse.declaration import load_survey

FIRST, SECOND = "2026-Q2", "2026-Q3"


class NewSurvey:
    """An office with a survey of its own, and returns as CSV, which has no labels."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.call("new-survey", "mine", survey=False)
        self.folder = office.root / "mine"

    def call(self, *arguments: object, survey: bool = True) -> Ended:
        named = ("--survey", self.folder) if survey else ()
        return self.office.call(*arguments, *named)

    def sent(self, wave: str, *, turned: bool = False) -> Path:
        rows = simulate_wave(load_survey(str(self.folder)), wave).rows
        if turned:
            rows["Q3"] = rows["Q3"].replace({1.0: 5.0, 2.0: 4.0, 4.0: 2.0, 5.0: 1.0})
        path = self.office.root / f"mine_{wave}.csv"
        rows.to_csv(path, index=False)
        return path


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> tuple[NewSurvey, Path, Ended]:
    """The second wave's return, with a scale turned round, after the first has been taken in."""
    root = tmp_path_factory.mktemp("findings")
    mine = NewSurvey(Office(root))
    assert mine.call("run", mine.sent(FIRST)).status == 0
    path = mine.sent(SECOND, turned=True)
    return mine, path, mine.call("run", path)


def test_the_way_of_a_finding_from_refusal_to_release(turned):
    mine, path, ended = turned
    assert ended.status == 3
    assert "the scale looks turned round since 2026-Q2" in ended.out
    assert "reversed: true" in ended.out

    checked = mine.call("check", path)
    assert checked.status == 3
    assert "Compared with 2026-Q2, the wave before." in checked.out
    assert "confident.jump" in checked.out

    unknown = mine.call("accept", SECOND, "confidence.codes", "--reason", "why not")
    assert unknown.status == 2
    assert "confidence.codes_exchanged" in unknown.err

    rule = "confidence.codes_exchanged"
    accepted = mine.call("accept", SECOND, rule, "--reason", "a new law", "--by", "Jo")
    assert accepted.status == 0
    assert "put the file into the inbox again" in accepted.out

    again = mine.call("run", path)
    assert again.status == 0, again.out + again.err
    assert f"Not accepted yet: {SECOND} confident.jump" in mine.call("status").out
    held = tables(current(mine.office, "mine") / "warehouse.duckdb")
    known = held["ops.check"].set_index("rule")
    assert known.loc[rule, "accepted"] == "Jo: a new law"
    (row,) = held["ops.acceptance"].itertuples()
    assert (row.wave, row.rule, row.reason, row.accepted_by) == (SECOND, rule, "a new law", "Jo")

    assert mine.call("publish", "--note", "first").status == 0
    refused = mine.call("publish", "--approve", "--by", "Head")
    assert refused.status == 2
    assert "confident.jump" in refused.err
    open_rules = [
        line.split()[4].rstrip(":")
        for line in mine.call("status").out.splitlines()
        if line.startswith("Not accepted yet")
    ]
    for one in open_rules:
        assert mine.call("accept", SECOND, one, "--reason", "a new law").status == 0
    assert mine.call("publish", "--approve", "--by", "Head").status == 0


@pytest.mark.slow
def test_what_is_accepted_in_the_declaration_is_recorded_as_such(turned):
    mine, _, _ = turned
    survey = mine.folder / "survey.yaml"
    said = "{rule: mean_confidence.jump, reason: known, by: Jo}"
    survey.write_text(survey.read_text() + f"\naccepted: [{said}]\n")
    assert mine.call("run", mine.sent(FIRST)).status == 0
    rows = tables(current(mine.office, "mine") / "warehouse.duckdb")["ops.acceptance"]
    declared = rows[rows["accepted_at"].isna()]
    assert declared[["wave", "rule", "accepted_by"]].to_numpy().tolist() == [
        ["*", "mean_confidence.jump", "Jo"]
    ]


@pytest.mark.parametrize(
    ("rows", "told"), [(20, "Serial numbers: 1, 2"), (54, "numbers: the first 20 of 54 rows: 1, 2")]
)
def test_the_terminal_says_where_not_every_serial_number_is_named(rows, told):
    serials = tuple(str(number) for number in range(1, 21))
    found = CheckResult(
        "q.codes", "Codes", Severity.CRITICAL, False, failing_rows=rows, serials=serials
    )
    assert told in finding_text(found)
