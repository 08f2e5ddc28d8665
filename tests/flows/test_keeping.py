"""Looking after a home by the command line, on a copy of the demonstration."""

import json

from offices import Office

SUBJECTS = "SELECT DISTINCT wave FROM kpi.kpi ORDER BY ALL LIMIT 1"


def test_a_backup_brought_back_answers_as_before(office, tmp_path):
    (tmp_path / "disk").mkdir()
    made = office.call("backup", tmp_path / "disk")
    assert made.status == 0, made.err
    assert "secret.key" in made.out
    another = Office(tmp_path / "another")
    another.root.mkdir()
    brought = another.call("restore", tmp_path / "disk" / "west_midlands-build-0001")
    assert brought.status == 0, brought.err
    answers = [one.call("sql", SUBJECTS, "--csv").out for one in (office, another)]
    assert answers[0] == answers[1]
    assert answers[0].startswith("wave\n2026-Q2")


def test_figures_taken_over_are_backed_up_and_brought_back_too(empty_office, tmp_path):
    (tmp_path / "disk").mkdir()
    assert empty_office.call("new-survey", "theirs", "--published").status == 0
    folder = empty_office.root / "theirs"
    table = folder / "tables" / "example.csv"
    assert empty_office.call("adopt", table, "--survey", folder).status == 0
    assert empty_office.call("backup", tmp_path / "disk", "--survey", folder).status == 0
    another = Office(tmp_path / "another")
    another.root.mkdir()
    backup = tmp_path / "disk" / "theirs-build-0001"
    brought = another.call("restore", backup, "--survey", folder)
    assert brought.status == 0, brought.err
    asked = ("sql", "SELECT count(*) AS n FROM estimate.estimate", "--csv", "--survey", folder)
    assert another.call(*asked).out == empty_office.call(*asked).out != ""


def test_builds_are_listed_and_one_that_is_not_there_is_refused(office):
    listed = office.call("builds")
    assert "0001" in listed.out
    assert "current" in listed.out
    for wrong in ("7", "nowhere"):
        ended = office.call("restore", wrong)
        assert ended.status == 2
        assert "perceptions builds" in ended.err


def test_asking_the_restricted_database_leaves_a_line_without_what_was_looked_for(office):
    log = office.survey() / "access.log"
    ended = office.call("sql", "SELECT 1 AS one")
    assert "one" in ended.out
    assert not log.exists()
    ended = office.call("sql", "--restricted", "FROM survey.respondent WHERE stratum = 'Ann'")
    assert ended.status == 0, ended.err
    (line,) = log.read_text().splitlines()
    assert json.loads(line)["query"].endswith("stratum = ?")
    assert "Ann" not in line


def test_a_query_that_cannot_be_answered_says_why(office):
    ended = office.call("sql", "FROM kpi.kpis")
    assert ended.status == 2
    assert "kpi" in ended.err
    assert "Traceback" not in ended.err
