"""series.yaml: figures beside the KPIs, their mistakes, and those of West Midlands."""

import csv
from pathlib import Path

import pytest
from declared_folder import write_survey

from transforms.counts import record_tables
from transforms.errors import DeclarationError
from warehouse.declaration import load_survey

CRIME = Path(__file__).parents[3] / "shared" / "crime"

DECLARED = """\
series:
  damage:
    title: Damage recorded by the police
    kind: recorded
    quantity: count
    unit: offences
    beside: [aware]
    supplied_by: The police
    every: year
    file: series/damage.csv
    period: year
    value: offences
    area: code
    whole: E23000099
    other_areas: {nowhere: Not assigned}
    source: A table
    licence: Open
    breaks:
      - {since: 2021, until: 2022, reason: two codes are missing}
"""
FIGURES = """\
code,year,offences
E23000099,2021,100
E08000001,2021,60
nowhere,2021,1
E23000099,2022,110
"""


def folder_with(tmp_path, declared=DECLARED, figures=FIGURES):
    folder = write_survey(tmp_path)
    (folder / "series.yaml").write_text(declared, encoding="utf-8")
    (folder / "series").mkdir()
    if figures is not None:
        (folder / "series" / "damage.csv").write_text(figures, encoding="utf-8")
    return folder


def mistakes_of(folder):
    with pytest.raises(DeclarationError) as caught:
        load_survey(str(folder))
    return caught.value.mistakes


def test_a_series_is_read_with_its_figures(tmp_path):
    survey = load_survey(str(folder_with(tmp_path)))
    (series,) = survey.records.series.values()
    assert (series.kind, series.beside, series.breaks[0].last) == ("recorded", ("aware",), "2022")
    assert [(f.area, f.period, f.value) for f in survey.record_figures["damage"]] == [
        ("all", "2021", 100.0),
        ("E08000001", "2021", 60.0),
        ("nowhere", "2021", 1.0),
        ("all", "2022", 110.0),
    ]
    labels = record_tables(survey)["record.figure"]["area_label"].tolist()
    assert labels == ["Force", "Force", "North", "Not assigned"]


def test_without_the_file_there_are_no_series(tmp_path):
    survey = load_survey(str(write_survey(tmp_path)))
    assert not survey.records.series
    assert all(table.empty for table in record_tables(survey).values())


def test_a_series_without_figures_is_declared_all_the_same(tmp_path):
    declared = DECLARED.replace("    file: series/damage.csv\n", "")
    survey = load_survey(str(folder_with(tmp_path, declared, figures=None)))
    tables = record_tables(survey)
    assert tables["record.series"]["supplied"].tolist() == [False]
    assert tables["record.figure"].empty


def test_figures_are_part_of_the_declaration_s_version(tmp_path):
    folder = folder_with(tmp_path)
    before = load_survey(str(folder)).digest
    (folder / "series" / "damage.csv").write_text(FIGURES.replace("110", "111"))
    assert load_survey(str(folder)).digest != before


@pytest.mark.parametrize(
    ("old", "new", "line", "found", "remedy"),
    [
        ("beside: [aware]", "beside: [awaer]", 7, "no KPI called 'awaer'", "'aware'"),
        ("kind: recorded", "kind: crime", 4, "'kind' is 'crime'", "recorded"),
        ("    source: A table\n", "", 2, "'source' is missing", "source: …"),
        ("    licence: Open\n", "", 2, "'licence' is missing", "licence: …"),
        ("since: 2021", "since: 2021-Q1", 19, "'since' is '2021-Q1'", "as the periods"),
        ("until: 2022", "until: 2020", 19, "ends with 2020, before it begins", "exchange"),
        ("damage.csv", "damages.csv", 10, "no file 'series/damages.csv'", "'series/damage.csv'"),
        ("every: year", "every: yaer", 9, "'every' is 'yaer'", "year"),
    ],
)
def test_a_mistake_in_series_yaml_is_named(tmp_path, old, new, line, found, remedy):
    assert DECLARED.count(old) == 1
    found_in = mistakes_of(folder_with(tmp_path, DECLARED.replace(old, new)))
    (mistake,) = (one for one in found_in if one.file == "series.yaml")
    assert mistake.line == line
    assert found in mistake.found
    assert remedy in f"{mistake.expected} {mistake.remedy}"


@pytest.mark.parametrize(
    ("old", "new", "line", "found", "remedy"),
    [
        ("code,year,offences", "code,year,offence", 1, "no column 'offences'", "'offence'"),
        ("E08000001,2021,60", "E08000001,2021", 3, "The row has 2 cells", "commas"),
        ("E08000001,2021,60", "E08000001,2021,", 3, "offences is nothing", "leave the row out"),
        ("E08000001,2021,60", "E08000001,2021,-6", 3, "offences is '-6'", "digits"),
        ("E08000001,2021,60", "E08000001,2021,60.5", 3, "offences is '60.5'", "digits"),
        ("E08000001,2021,60", 'E08000001,2021,"1,060"', 3, "offences is '1,060'", "separators"),
        ("E08000001,2021,60", "E08000001,2021-Q1,60", 3, "year is '2021-Q1'", "'every'"),
        ("E08000001,2021,60", "E08000009,2021,60", 3, "'E08000009', which is no area", "whole"),
        ("E23000099,2022,110", "E23000099,2021,110", 5, "'2021' already, on line 2", "remove"),
    ],
)
def test_a_mistake_in_the_figures_is_named(tmp_path, old, new, line, found, remedy):
    (mistake,) = mistakes_of(folder_with(tmp_path, figures=FIGURES.replace(old, new)))
    assert (mistake.file, mistake.line) == ("series/damage.csv", line)
    assert found in mistake.found
    assert remedy in f"{mistake.expected} {mistake.remedy}"


def test_a_file_that_no_series_names_is_a_mistake(tmp_path):
    folder = folder_with(tmp_path)
    (folder / "series" / "other.csv").write_text(FIGURES)
    (folder / "series" / "more.xlsx").write_text("a workbook")
    found = {mistake.file: mistake.found for mistake in mistakes_of(folder)}
    assert found == {
        "series/other.csv": "No series is read from this file.",
        "series/more.xlsx": "Nothing reads a file of this name.",
    }


# The figures of West Midlands


@pytest.fixture(scope="module")
def recorded():
    tables = record_tables(load_survey("west_midlands"))
    return {name: table.astype("object") for name, table in tables.items()}


def test_the_false_rise_after_2020_21_is_not_judged(recorded):
    """29,621 is 12.5% above 26,319, which lacks most criminal damage of January to March 2021."""
    changes = recorded["record.change"].query("area == 'all'").set_index("period")
    for period in ("2022", "2022-Q1/2022-Q4"):
        row = changes.loc[period]
        assert (row["value"], row["value_before"]) == (29621, 26319)
        assert row["marker"] == "[b]"
        assert row["no_verdict_reason"].startswith("break in series")
    touched = changes[changes["verdict"].notna()].index
    assert not [name for name in touched if "2020-Q2" <= name[-7:] <= "2022-Q4"]


def test_years_after_the_break_are_judged_by_what_counts_usually_do(recorded):
    changes = recorded["record.change"].query("area == 'all'").set_index("period")
    row = changes.loc["2022-Q2/2023-Q1"]
    assert (row["value"], row["value_before"]) == (29301, 29753)
    assert row["verdict"] == "no significant change"
    assert row["ratio"] == pytest.approx(0.984808, abs=1e-6)
    assert row["earlier_changes"] == 5


def test_boroughs_and_what_is_assigned_to_none_add_up_to_the_force(recorded):
    figures = recorded["record.figure"].query("series == 'recorded_criminal_damage_by_area'")
    totals = figures.groupby(["period", figures["area"] == "all"])["value"].sum().unstack()
    assert (totals[True] == totals[False]).all()
    assert totals[True].tolist() == [26319, 29621, 27466, 25521]


def test_quarters_add_up_to_the_published_year(recorded):
    """Two publishers' tables agree on 2022: 7,163 + 7,655 + 7,829 + 6,974 = 29,621."""
    figures = recorded["record.figure"].query("area == 'all'").set_index("period")["value"]
    assert figures["2022-Q1/2022-Q4"] == figures["2022"] == 7163 + 7655 + 7829 + 6974


def test_live_chat_s_own_figures_are_missing_and_said_to_be(recorded):
    series = recorded["record.series"].set_index("series")
    missing = series.index[~series["supplied"].astype(bool)].tolist()
    assert missing == ["live_chat_contacts", "live_chat_waiting_time", "live_chat_abandonment"]


@pytest.mark.skipif(not CRIME.exists(), reason="the source tables are not part of the project")
def test_the_figures_are_those_of_the_source(recorded):
    held = recorded["record.figure"].set_index(["series", "area", "period"])["value"]
    with (CRIME / "wmp_criminal_damage_arson_quarterly.csv").open() as file:
        for row in csv.DictReader(file):
            year, month, _ = row["period_start"].split("-")
            period = f"{year}-Q{(int(month) + 2) // 3}"
            assert held["recorded_criminal_damage", "all", period] == float(row["offences"])
    with (CRIME / "recorded_crime_borough_annual.csv").open() as file:
        for row in csv.DictReader(file):
            if row["offence_group"] == "Criminal damage and arson":
                area = {"E23000014": "all", "": "unassigned"}.get(
                    row["area_code"], row["area_code"]
                )
                place = ("recorded_criminal_damage_by_area", area, row["year_ending"][:4])
                assert held[place] == float(row["offences"])
