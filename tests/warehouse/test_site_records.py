"""Records on the pages: labelled as what they are, broken and missing where they are."""

import json
import re
from datetime import date, timedelta

import pytest
import site_database as db
from site_example import write_example
from site_pages import parsed, rows_of, site_of, text_by_class, text_of

from transforms.svg import Words
from warehouse.publication import write_publication
from warehouse.site.charts.records import record_chart
from warehouse.site.record_facts import RecordFigure


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("published")
    return write_publication(write_example(home / "published.duckdb"), home / "site").parent


@pytest.fixture(scope="module")
def damage(folder):
    return parsed((folder / "kpi" / "new.html").read_text())


@pytest.fixture(scope="module")
def chat(folder):
    return parsed((folder / "kpi" / "aware.html").read_text())


def test_records_are_labelled_and_no_status_rests_on_them(damage):
    said = text_of(damage)
    assert "These figures are not survey estimates, and no KPI’s status rests on them." in said
    assert "Recorded by the police; not a survey estimate. No statistically significant" in said
    assert (
        "from 29,918 offences in the year to June 2022 to 28,781 in the year to June 2023" in said
    )
    assert "Open Government Licence v3.0." in said


def test_the_false_rise_is_marked_in_the_table_and_in_the_chart(damage):
    rows = rows_of(damage, "Criminal damage and arson recorded by the police (offences)")
    by_period = {row[0]: row[1:] for row in rows}
    assert by_period["Year to June 2022"] == ["29,918", "[b]", "–", "Not judged across a break"]
    assert by_period["Year to June 2023"] == [
        *("28,781", "−3.8%", "−10.9% to +3.9%", "No significant change"),
    ]
    singles = rows[[row[0] for row in rows].index("Single periods") :]
    marked = [row[0] for row in singles if "[b]" in row[-1]]
    assert marked == [
        *("January to March 2021", "October to December 2020"),
        *("July to September 2020", "April to June 2020"),
    ]
    assert {"not comparable", "no figures"} <= set(text_by_class(damage, "tick"))


def test_areas_stand_in_one_table_with_what_is_assigned_to_none(damage):
    rows = rows_of(damage, "Criminal damage and arson recorded by the police, by area (offences)")
    assert rows[1] == ["West Midlands Police", "26,319 [b]", "29,621", "27,466", "25,521"]
    assert rows[2][0] == "Birmingham"
    assert rows[-1] == ["Not assigned to an area", "321 [b]", "331", "833", "519"]


def test_an_area_s_page_has_its_own_records_and_says_which_there_are_not(folder):
    page = parsed((folder / "area" / "dudley.html").read_text())
    table = "Criminal damage and arson recorded by the police, by area: Dudley (offences)"
    rows = rows_of(page, table)
    # surveys/west_midlands/series/criminal_damage_by_area.csv: 2,149 in 2024, 2,349 in 2023
    assert [row[:2] for row in rows[1:3]] == [
        *(["Year to December 2024", "2,149"], ["Year to December 2023", "2,349"])
    ]
    said = text_of(page)
    assert "Recorded by the police; not a survey estimate." in said
    assert (
        "Criminal damage and arson recorded by the police: supplied for West Midlands, not for "
        "this area." in said
    )
    assert "Live Chat contacts: not supplied by West Midlands Police, here or for" in said


def test_what_is_not_supplied_is_said_with_who_should_supply_it(chat, folder):
    board = parsed((folder / "board.html").read_text())
    missing = (
        "Live Chat contacts: not supplied; West Midlands Police should supply it (contacts, each "
        "quarter). Logged by the service itself; not a survey estimate."
    )
    for page in (chat, board):
        assert missing in text_of(page)


def test_figures_of_a_duration_are_shown_without_a_verdict_and_say_that_they_are_invented(chat):
    said = text_of(chat)
    assert "Simulated. Logged by the service itself; not a survey estimate." in said
    assert "break in series" in text_by_class(chat, "tick")
    rows = rows_of(chat, "Live Chat waiting time (seconds)")
    assert rows[1] == ["December 2027", "51.5", ""]


def test_the_board_paper_says_what_was_recorded_and_decides_nothing_from_it(folder):
    board = text_of(parsed((folder / "board.html").read_text()))
    assert "28,781 in the year to June 2023" in board
    decisions = board.partition("Decisions needed")[2]
    assert "damage" not in decisions


def test_a_survey_without_series_does_not_speak_of_them(tmp_path):
    path = db.one_kpi(
        tmp_path / "published.duckdb", [db.estimate("2027-Q4", "confidence", 0.5)], []
    )
    for html in site_of(path).values():
        assert "Beside the survey" not in html
        assert "Not supplied" not in html


def test_kpis_json_has_the_series_beside_their_kpi_only(folder):
    kpis = {
        one["kpi"]: one for one in json.loads((folder / "data" / "kpis.json").read_text())["kpis"]
    }
    assert kpis["confidence"]["records"] == []
    damage, by_area = kpis["new"]["records"]
    assert (damage["source_kind"], damage["supplied"], damage["simulated"]) == (
        *("recorded", True, False),
    )
    assert damage["breaks"][0]["since"] == "2020-Q2"
    judged = [one["period"] for one in damage["changes"] if one["verdict"]]
    assert judged[-2:] == ["2022-Q2/2023-Q1", "2022-Q3/2023-Q2"]
    assert by_area["figures"][0]["area_code"] == "E23000014"
    supplied = {one["series"]: one["supplied"] for one in kpis["aware"]["records"]}
    assert supplied == {
        "live_chat_contacts": False,
        "live_chat_abandonment": False,
        "waiting": True,
    }


def test_the_csv_of_records_does_not_call_real_figures_simulated(folder):
    titles = {
        name: json.loads((folder / "data" / f"{name}-metadata.json").read_text())["dc:title"]
        for name in ("estimates.csv", "records.csv", "record_changes.csv")
    }
    simulated = {name for name, title in titles.items() if title.startswith("Simulated")}
    assert simulated == {"estimates.csv"}


# The chart


def figures(values, breaks=()):
    """Figures of months that follow each other; None: missing. `breaks`: places set aside."""
    first = date(2027, 1, 1)
    for place, value in enumerate(values):
        start = date(first.year + place // 12, 1 + place % 12, 1)
        after = date(start.year + start.month // 12, 1 + start.month % 12, 1)
        marker = "[b]" if place in breaks else None
        if value is not None:
            yield RecordFigure(
                *("all", "All", f"{start:%Y-%m}", "single", start, after - timedelta(days=1)),
                *(f"{start:%B %Y}", value, marker, marker and "why"),
            )


def lines_of(values, breaks=(), days=()):
    chart = record_chart(Words("id", "t", "d"), list(figures(values, breaks)), days)
    return [route.count("L") + 1 for route in re.findall(r'class="line" d="([^"]*)"', chart)], chart


def test_a_line_joins_figures_that_follow_each_other():
    assert lines_of([5, 6, 7, 8])[0] == [4]


def test_a_line_is_interrupted_at_gaps_and_breaks():
    assert lines_of([5, 6, None, 7, 8, 9])[0] == [2, 3]
    assert lines_of([5, 6, 1, 1, 8, 9], breaks={2, 3})[0] == [2, 2]
    lines, chart = lines_of([5, 6, 7, 8], days={date(2027, 3, 1)})
    assert lines == [2, 2]
    assert "break in series" in chart


def test_an_axis_starts_at_zero_and_holds_the_highest():
    for highest, top in ((7829, "8,000"), (12, "15"), (0.4, "0.4"), (1, "1"), (0, "0.1")):
        chart = lines_of([0, highest, 0])[1]
        ticks = re.findall(r'class="tick end"[^>]*>([^<]*)<', chart)
        assert ticks[0] == "0"
        assert ticks[-1] == top, (highest, ticks)
        assert len(ticks) <= 6
