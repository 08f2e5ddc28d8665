"""Published figures of another office, from its tables to pages: marked, and never judged."""

import csv
import json
import re
import warnings
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest
from csvw import CSVW
from jsonschema import Draft202012Validator
from site_pages import parsed, rows_of, text_of
from small_release import plain_publication

from flows.adopting import adopt_and_show
from flows.inspecting import show_status
from flows.publishing import Decision, Proposed, decide, propose
from transforms.errors import DeclarationError, ReturnRejected, UsageError
from warehouse.declaration import load_published, load_survey, published_names
from warehouse.new_survey import write_skeleton

SHARED = Path(__file__).parents[3] / "shared" / "returns" / "mopac_pas"
needs_the_tables = pytest.mark.skipif(
    not SHARED.exists(), reason="the published tables are not part of the project"
)

DECLARED = """\
title: A survey
run_by: An office
fieldwork_by: An agency
covers: people
whole: City
whole_named: [All]
sources: [A table]
lacking: standard errors and bases
quarters: {first: 2020-Q1, last: 2020-Q4}
columns: {date: Date, area: Area, measure: Measure, value: Share, whole: City}
decimal: comma
dates: day_first
areas:
  label: District
  listed:
    upon: {label: North upon Sea, area_code: E09000002, named: [North upon Sea, North Upon Sea]}
    south: {label: South, area_code: E09000003}
measures:
  trust: {label: Trust, base_label: people asked}
sections:
  one: {title: One}
kpis:
  trust:
    section: one
    title: Trust
    statement: More people trust
    measure: trust
    required_direction: increase
    owner: Somebody
"""
TABLE = """\
Date;Area;Measure;Share;City;;
31/03/2020;North upon Sea;Trust;0,5;0,6;;
31/3/2020;South;Trust;0,7;0,6;;
30/06/2020;North Upon Sea;Trust;0,55;0,61;;
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PERCEPTIONS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def plain(monkeypatch):
    """Figures without pages, where a test asks about the figures alone."""
    monkeypatch.setattr("warehouse.publication.write.write_publication", plain_publication)
    monkeypatch.setattr("warehouse.releases.candidate.write_publication", plain_publication)
    monkeypatch.setattr("warehouse.releases.candidate.print_page", lambda *_: False)


def folder_with(tmp_path, declared=DECLARED):
    folder = tmp_path / "other_office"
    folder.mkdir(exist_ok=True)
    (folder / "published.yaml").write_text(declared, encoding="utf-8")
    return str(folder)


def adopt(tmp_path, table=TABLE, declared=DECLARED, name="table.csv"):
    file = tmp_path / name
    file.write_text(table, encoding="utf-8")
    return adopt_and_show(folder_with(tmp_path, declared), [file])


def site_in(home, name="other_office"):
    return home / name / "current" / "site"


def test_spellings_and_ways_to_write_a_date_are_one(tmp_path, home):
    assert adopt(tmp_path) == 0
    with duckdb.connect(str(home / "other_office" / "current" / "published.duckdb")) as database:
        rows = database.sql(
            "SELECT period, domain_value, estimate, standard_error, marker "
            "FROM estimate.estimate ORDER BY ALL"
        ).fetchall()
    assert rows == [
        ("2020-Q1", "all", 0.6, None, "[i]"),
        ("2020-Q1", "south", 0.7, None, "[i]"),
        ("2020-Q1", "upon", 0.5, None, "[i]"),
        ("2020-Q2", "all", 0.61, None, "[i]"),
        ("2020-Q2", "upon", 0.55, None, "[i]"),
    ]


def test_nothing_is_judged_and_the_pages_say_why(tmp_path, home):
    adopt(tmp_path)
    page = parsed((site_in(home) / "kpi" / "trust.html").read_text())
    said = text_of(next(page.iter("main")))
    assert "published without standard errors and bases, so a change cannot be told from" in said
    assert "Not yet measurable" in said
    assert not re.search("improving|worsening|95% interval|with interval", said, re.IGNORECASE)
    (table,) = [rows for rows in (rows_of(page, "Trust: over time"),) if rows]
    assert table[1] == ["January to March 2020", "60%", "[x]", "[x]", "[x]", "[i] no interval"]
    methods = text_of(parsed((site_in(home) / "methods.html").read_text()))
    assert "The figures were computed by An office" in methods
    assert "Holm" not in methods


@pytest.mark.parametrize(
    ("old", "new", "what", "remedy"),
    [
        ("South;", "Suoth;", "line 3: 'Suoth' is no area", "if it is South"),
        (";Trust;0,7", ";Turst;0,7", "line 3: 'Turst' is no measure", "if it is Trust"),
        ("31/3/2020", "30/3/2020", "line 3: '2020-03-30' is no quarter", "correct the row"),
        ("31/3/2020", "31/3/2029", "line 3: '2029-03-31' is no quarter", "declare it"),
        ("0,7;", "0.7;", "line 3: the Share is '0.7'", "decimal"),
        ("0,7;", "70;", "line 3: the Share is '70'", "correct the row"),
        ("0,7;0,6", "0,7;0,8", "line 3: trust of all in 2020-Q1 is 0.8, and 0.6", "which of the"),
        ("Measure", "Maesure", "no column 'Measure'", "did you mean 'Maesure'?"),
    ],
)
def test_a_table_that_cannot_be_understood_is_refused_whole(tmp_path, home, old, new, what, remedy):
    assert TABLE.count(old) >= 1
    with pytest.raises(ReturnRejected) as caught:
        adopt(tmp_path, TABLE.replace(old, new, 1))
    assert what in str(caught.value)
    assert remedy in str(caught.value)
    assert not site_in(home).exists()


@pytest.mark.parametrize(("published", "shown"), [("0,55", "55%"), ("0,553", "55.3%")])
def test_figures_are_shown_with_the_decimals_they_were_published_with(
    tmp_path, home, published, shown
):
    adopt(tmp_path, TABLE.replace("0,55", published))
    page = parsed((site_in(home) / "area" / "upon.html").read_text())
    assert shown in text_of(page).split()


def test_a_cell_beyond_the_named_columns_is_left_out_and_said(tmp_path, home, capsys):
    adopt(tmp_path, TABLE.replace("0,5;0,6;;", "0,5;0,6;0,9;"))
    assert "Left out: a cell in a column without a name (table.csv, line 2)." in (
        capsys.readouterr().out
    )


def test_a_failed_taking_over_leaves_the_last_build(tmp_path, home):
    adopt(tmp_path)
    before = (site_in(home) / "manifest.json").read_bytes()
    with pytest.raises(ReturnRejected):
        adopt(tmp_path, TABLE.replace("0,7", "7"))
    assert (site_in(home) / "manifest.json").read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("measure: trust\n", "measure: turst\n", "no measure called 'turst'"),
        ("section: one", "section: two", "no section called 'two'"),
        ("label: South,", "label: South, named: [North upon Sea],", "a spelling of 'upon' too"),
        ("lacking:", "lackign:", "did you mean 'lacking'?"),
        ("    south:", "    all:", "An area is called 'all', which stands for everyone"),
        ("whole_named: [All]", "whole_named: [South]", "'South' is a spelling of 'all' too"),
        ("E09000003", "E09000002", "'upon' and 'south' have the same area code"),
        ("E09000003", "E9", "'E9' is not an ONS geography code"),
        ("last: 2020-Q4", "last: 2019-Q4", "The last quarter, 2019-Q4, is before the first"),
        ("last: 2020-Q4", "last: 2020-Q5", "'2020-Q5' is not a calendar quarter"),
        (
            "whole: City}",
            "whole: Share}",
            "The column 'Share' is named for 'value' and for 'whole'",
        ),
    ],
)
def test_mistakes_in_the_declaration_are_named(tmp_path, old, new, found):
    with pytest.raises(DeclarationError) as caught:
        load_published(folder_with(tmp_path, DECLARED.replace(old, new)))
    assert found in str(caught.value)


def publish(folder, **choices):
    """Make a candidate and sign it off, as `perceptions publish` does."""
    assert propose(folder, Proposed(**choices)) == 0
    return decide(folder, Decision(approve=True, by="Head of Performance"))


def rows_in(file):
    with file.open(newline="") as opened:
        return list(csv.DictReader(opened))


def test_figures_taken_over_are_released_and_a_corrected_one_is_a_revision(
    tmp_path, home, capsys, plain
):
    folder = folder_with(tmp_path)
    adopt(tmp_path)
    assert publish(folder, provisional=("2020-Q2",)) == 0
    assert f"perceptions publish --approve --by 'NAME' --survey {folder}" in capsys.readouterr().out
    public = home / "other_office" / "public"
    assert len(rows_in(public / "data" / "estimates.csv")) == 5
    adopt(tmp_path, TABLE.replace("0,55", "0,56"))
    with pytest.raises(UsageError, match="figures have changed since the last release: 1"):
        propose(folder, Proposed())
    assert publish(folder, note="An office corrected its table") == 0
    markers = {
        (row["time_period"], row["domain_value"]): row["marker"]
        for row in rows_in(public / "data" / "estimates.csv")
    }
    assert markers == {
        **{("2020-Q1", "all"): "[i]", ("2020-Q1", "upon"): "[i]", ("2020-Q1", "south"): "[i]"},
        **{("2020-Q2", "all"): "[i]", ("2020-Q2", "upon"): "[r][i]"},
    }
    (revised,) = rows_in(public / "data" / "revisions.csv")
    assert (revised["before"], revised["after"]) == ("0.55", "0.56")
    assert "An office corrected its table." in (public / "releases.html").read_text()


def test_status_shows_which_quarters_are_taken_over(tmp_path, home, capsys, plain):
    folder = folder_with(tmp_path)
    assert show_status(folder, as_json=False) == 0
    assert "No run has completed yet." in capsys.readouterr().out
    adopt(tmp_path)
    capsys.readouterr()
    show_status(folder, as_json=True)
    told = json.loads(capsys.readouterr().out)
    states = {wave["wave"]: wave["state"] for wave in told["waves"]}
    assert states == {
        **{"2020-Q1": "taken over", "2020-Q2": "taken over"},
        **{"2020-Q3": "no figures", "2020-Q4": "no figures"},
    }
    assert told["releases"] == [f"Nothing is released yet: perceptions publish --survey {folder}"]


def test_a_command_that_needs_returns_says_what_to_do_instead(tmp_path):
    with pytest.raises(UsageError, match="has no returns and no respondents") as caught:
        load_survey(folder_with(tmp_path))
    assert "perceptions adopt TABLE.csv" in caught.value.remedy
    with pytest.raises(UsageError, match="has no returns"):
        load_survey("mopac_pas")


def test_a_folder_whose_name_can_be_no_survey_s_is_refused(tmp_path):
    folder = tmp_path / "Other Office"
    folder.mkdir()
    (folder / "published.yaml").write_text(DECLARED)
    with pytest.raises(DeclarationError, match="rename the folder"):
        load_published(str(folder))


def test_the_skeleton_s_example_is_taken_over_as_it_stands(tmp_path, home, capsys):
    folder = write_skeleton("their_figures", tmp_path, published=True)
    assert adopt_and_show(str(folder), [folder / "tables" / "example.csv"]) == 0
    assert "6 figures taken over" in capsys.readouterr().out


def test_a_folder_without_a_declaration_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"There is no published\.yaml"):
        load_published(str(tmp_path))


def test_every_shipped_declaration_loads():
    assert published_names() == ("mopac_pas",)
    about = load_published("mopac_pas").about
    assert (len(about.areas.listed), len(about.measures)) == (32, 8)
    assert len({area.area_code for area in about.areas.listed.values()}) == 32


@pytest.mark.slow  # a minute
@needs_the_tables
def test_london_s_public_attitude_survey_is_published(home, capsys):
    """37 quarters × 8 measures × 32 boroughs and the whole, in two spellings of the same data.

    Trust was first asked in 2016: 33 × (7 × 37 + 32) = 9,603 figures.
    """
    assert adopt_and_show("mopac_pas", sorted(SHARED.glob("*.csv"))) == 0
    out = capsys.readouterr().out
    assert "9,603 figures taken over" in out
    assert "PAS_Dashboard_Borough_comma.csv, line 8034" in out
    assert publish("mopac_pas") == 0
    site = home / "mopac_pas" / "public"
    manifest = json.loads((site / "manifest.json").read_text())
    assert {"data/kpis.ods", "data/kpis.xlsx", "card/trust.svg", "board.html"} <= manifest.keys()
    for name, digest in manifest.items():
        assert sha256((site / name).read_bytes()).hexdigest() == digest
    for page in site.rglob("*.html"):
        assert page.stat().st_size < 300_000, page
    assert len(list((site / "area").glob("*.html"))) == 32
    kpis = json.loads((site / "data" / "kpis.json").read_text())
    Draft202012Validator(json.loads((site / "data" / "kpis.schema.json").read_text())).validate(
        kpis
    )
    assert {f["status"] for kpi in kpis["kpis"] for f in kpi["findings"]} == {"not yet measurable"}
    good_job = next(kpi for kpi in kpis["kpis"] if kpi["kpi"] == "good_job")
    whole = [f["estimate"] for f in good_job["figures"] if f["domain"] == "all"]
    assert (len(whole), whole[0], whole[-1]) == (37, 0.67, 0.47)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert CSVW(str(site / "data" / "kpis.csv-metadata.json"), validate=True).is_valid
        assert CSVW(str(site / "data" / "estimates.csv-metadata.json"), validate=True).is_valid
