"""The board paper: statuses, the funnel, what changed, how good the data are, what to decide."""

import re
import shutil
import time
from pathlib import Path

import duckdb
import pytest
import site_database as db
from site_example import write_example
from site_pages import parsed, rows_of, site_of, text_of

from warehouse.publication.printing import print_page


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    path = write_example(tmp_path_factory.mktemp("published") / "published.duckdb")
    return parsed(site_of(path)["board.html"])


def paper_of(tmp_path, findings, estimates=(), **changes):
    path = db.one_kpi(tmp_path / "published.duckdb", estimates, findings, **changes)
    return parsed(site_of(path)["board.html"])


def items(tree):
    return [text_of(e) for e in tree.find("body/main").iter("li")]


def found(wave, status, share=0.5, domain=("all", "all"), **changes):
    placed = {"domain": domain[0], "domain_value": domain[1]}
    moved = {"improving": 0.03, "worsening": -0.03}.get(status, 0.01)
    compared = {"difference": moved, "compared_with": "2026-Q2"}
    said = f"{status} after {wave}."
    return db.finding(db.CONFIDENCE, wave, share, status, said, **placed, **compared, **changes)


QUARTERS = [db.estimate(wave, "confidence", 0.5) for wave in ("2027-Q4", "2028-Q1")]


def test_every_kpi_has_its_figure_status_and_judged_change(paper):
    rows = rows_of(paper, "Status of each KPI")
    assert rows[1] == [
        *("Local confidence Increase required", "52.4% 51.2% to 53.6%"),
        "✓ Improving +3.1 points (−0.9 to +7.1) on the year to March 2027",
    ]
    assert [re.sub(" (In|De)crease required$", "", row[0]) for row in rows[1:]] == [
        *("Local confidence", "New question", "Reworded question", "Not asked yet"),
        *("Live Chat awareness", "Trust"),
    ]
    assert rows[4][1:] == ["[x]", "… Not yet measurable"]


def test_it_says_why_an_interval_may_leave_out_no_change_under_no_significant_change(paper):
    said = "Intervals are not adjusted, so one may lie wholly to one side of zero"
    assert text_of(paper).count(said) == 1


def test_the_funnel_of_live_chat_is_in_it(paper):
    assert "Live Chat, year to March 2028" in text_of(paper)


def test_how_good_the_data_are_wave_by_wave(paper):
    # 2028-Q1: confidence (2,800), new (700) and two areas of it, one withheld; broken (2,800)
    rows = rows_of(paper, "What the figures of each wave rest on")
    assert len(rows) == 1 + 4
    assert rows[-1] == ["January to March 2028", "2,800", "[x]", "5", "1", "0"]


def with_fieldwork(path):
    """The paper of an example whose last wave has a response, and findings of checks."""
    with duckdb.connect(str(path)) as database:
        database.execute(
            "UPDATE ref.wave SET cases_issued = 2000, cases_not_eligible = 250 "
            "WHERE wave = '2028-Q1'"
        )
        database.execute("INSERT INTO quality.wave VALUES ('2027-Q4', 1200, 0, 0, 0)")
        database.execute("INSERT INTO quality.wave VALUES ('2028-Q1', 1400, 3, 2, 0)")
        database.execute(
            "INSERT INTO quality.accepted VALUES ('2028-Q1', 'trust.jump', 'Head of Research', "
            "'A campaign <began>.'), ('2028-Q1', 'copies', NULL, NULL), "
            "('2027-Q4', 'labels', NULL, NULL)"
        )
    return parsed(site_of(path)["board.html"])


def test_response_and_what_was_accepted_stand_in_it(tmp_path):
    tree = with_fieldwork(db.one_kpi(tmp_path / "published.duckdb", QUARTERS))
    # 1,400 interviews from 2,000 - 250 eligible cases are 80.0%
    assert rows_of(tree, "Response to fieldwork, and what checks of the returns found")[1:] == [
        ["October to December 2027", "1,200", "[x]", "[x]", "[x]", "0", "0"],
        ["January to March 2028", "1,400", "2,000", "250", "80.0%", "2", "2"],
    ]
    assert items(tree) == [
        "copies: the reason is on record",
        "trust.jump: A campaign <began>. (accepted by Head of Research)",
    ]
    assert "Where it is [x], nobody has supplied the cases issued." in text_of(tree)


def test_where_nobody_supplies_the_cases_issued_no_column_is_empty(tmp_path):
    path = db.one_kpi(tmp_path / "published.duckdb", QUARTERS)
    with duckdb.connect(str(path)) as database:
        database.execute("INSERT INTO quality.wave VALUES ('2028-Q1', 1400, 3, 2, 0)")
    tree = parsed(site_of(path)["board.html"])
    rows = rows_of(tree, "Response to fieldwork")
    assert rows[0] == ["Wave", "Interviews", "Findings of checks", "Accepted"]
    assert "Nobody has supplied the cases issued: the response is not known." in text_of(tree)


def test_a_provisional_figure_is_marked_wherever_it_stands(tmp_path):
    figures = [db.estimate("2028-Q1", "confidence", 0.5, marker="[p]")]
    path = db.one_kpi(tmp_path / "published.duckdb", figures, [found("2028-Q1", "improving")])
    site = site_of(path)
    for page in ("board.html", "index.html"):
        assert "50.0% [p]" in text_of(parsed(site[page])), page


def test_without_returns_nothing_is_said_of_fieldwork(paper):
    assert "Response to fieldwork" not in text_of(paper)


def test_a_status_that_is_another_than_after_the_wave_before_is_named(tmp_path):
    area = ("area", "dudley")
    tree = paper_of(
        tmp_path,
        [
            *(found("2027-Q4", "no significant change"), found("2028-Q1", "improving")),
            *(
                found("2027-Q4", "improving", domain=area),
                found("2028-Q1", "improving", domain=area),
            ),
        ],
        QUARTERS,
    )
    assert items(tree) == ["Local confidence: improving; before, no significant change."]
    assert "not what they were after October to December 2027" in text_of(tree)
    assert "None arises from the figures." in text_of(tree)


def test_what_is_worsening_asks_for_its_owner(tmp_path):
    area = ("area", "dudley")
    findings = [found("2028-Q1", "worsening"), found("2028-Q1", "worsening", domain=area)]
    tree = paper_of(tmp_path, findings, QUARTERS)
    assert items(tree) == [
        "Local confidence is worsening: ask Assistant Chief Constable for the reasons, and what is "
        "being done.",
        "Local confidence is worsening in Dudley: ask Assistant Chief Constable for the reasons.",
    ]
    assert "Every KPI has the status that it had after October to December 2027." in text_of(tree)


def test_a_survey_without_a_figure_has_a_paper_that_says_so(tmp_path):
    text = text_of(paper_of(tmp_path, []))
    assert "No wave has been published yet." in text
    assert "There is no earlier wave to set beside this one." in text


@pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
def test_chromium_prints_it_on_a4(tmp_path):
    page = tmp_path / "board.html"
    page.write_text("<!DOCTYPE html><style>@page { size: A4 }</style><title>T</title><p>Paper</p>")
    assert print_page(page, tmp_path / "board.pdf")
    content = (tmp_path / "board.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    # 210 mm are 595.3 points; Chromium counts in pixels of 0.75 points
    assert re.search(rb"/MediaBox \[0 0 59[45]", content)


def test_a_full_disk_is_no_missing_pdf(tmp_path, monkeypatch):
    """Chromium says nothing of it: a release would come out without its paper."""
    page = tmp_path / "board.html"
    page.write_text("<!DOCTYPE html><title>T</title>")
    (tmp_path / "chromium").write_text(
        "#!/bin/sh\n"
        'for a in "$@"; do case $a in --print-to-pdf=*) target=${a#*=};; esac; done\n'
        'printf "%%PDF-1.4 whole %%%%EOF" > "$target"\n'
    )
    (tmp_path / "chromium").chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda name: str(tmp_path / "chromium"))
    with pytest.raises(OSError, match="No space left on device"):
        print_page(page, Path("/dev/full"))


def test_without_chromium_there_is_no_pdf(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    (tmp_path / "board.html").write_text("<!DOCTYPE html><title>T</title>")
    assert not print_page(tmp_path / "board.html", tmp_path / "board.pdf")
    assert not (tmp_path / "board.pdf").exists()


def test_a_browser_that_hangs_or_prints_half_is_ended_with_its_children(tmp_path, monkeypatch):
    (tmp_path / "board.html").write_text("<!DOCTYPE html><title>T</title>")
    browser = tmp_path / "chromium"
    browser.write_text(
        "#!/bin/sh\n"
        'for a in "$@"; do case $a in --print-to-pdf=*) target=${a#*=};; esac; done\n'
        'printf "%%PDF-1.4 half" > "$target"\n'
        "sleep 60 & wait\n"
    )
    browser.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda name: str(browser))
    monkeypatch.setattr("warehouse.publication.printing.SECONDS", 0.3)
    started = time.monotonic()
    assert not print_page(tmp_path / "board.html", tmp_path / "board.pdf")
    assert time.monotonic() - started < 10
    assert not (tmp_path / "board.pdf").exists()
