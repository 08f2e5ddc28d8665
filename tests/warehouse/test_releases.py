"""Releases: candidate, sign-off, embargo, revisions, withdrawal; nothing is lost on the way."""

import csv
import json
import shutil
from datetime import UTC, date, datetime
from hashlib import sha256
from xml.etree import ElementTree as ET

import pytest
from site_pages import parsed, text_of
from small_release import (
    BEFORE,
    LAST,
    at,
    due,
    figures,
    new_build,
    plain_publication,
    proposed,
    released,
    signed,
    small_home,
)

from flows.publishing import release_lines
from transforms.errors import ContractError, StorageError, UsageError
from transforms.lineage import Made, differences
from warehouse.builds import PUBLISHED, current_build, make_current
from warehouse.database import read_connection, write_connection
from warehouse.lock import writer_lock
from warehouse.publication import write_publication
from warehouse.releases import (
    Proposal,
    Withdrawal,
    candidate_of,
    make_candidate,
    signed_releases,
    withdraw_release,
)
from warehouse.revisions import state_named

FIRST, SECOND = "2028-05-04 08:30", "2028-08-03 08:30"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A home with one build, and the same after its first release, whole."""
    homes = [small_home(tmp_path_factory.mktemp(name)) for name in ("built", "out")]
    new_build(homes[0], figures())
    shutil.rmtree(homes[1].folder)
    shutil.copytree(homes[0].folder, homes[1].folder, symlinks=True)
    released(homes[1], FIRST, note="The first release.")
    return homes


def copied(home, root):
    shutil.copytree(home.folder, root / home.survey, symlinks=True)
    return small_home(root)


@pytest.fixture
def whole(kept, tmp_path):
    """A home with one build, of which nothing is released."""
    return copied(kept[0], tmp_path)


@pytest.fixture
def whole_out(kept, tmp_path):
    """A home whose first release is public."""
    return copied(kept[1], tmp_path)


@pytest.fixture
def plain(monkeypatch):
    """Releases without pages, where a test asks about figures and files alone."""
    monkeypatch.setattr("warehouse.releases.candidate.write_publication", plain_publication)
    monkeypatch.setattr("warehouse.releases.candidate.print_page", lambda *_: False)


@pytest.fixture
def home(whole, plain):
    return whole


@pytest.fixture
def out(whole_out, plain):
    return whole_out


def withdraw(home, number, moment):
    withdrawal = Withdrawal(
        withdrawn_by="A. Statistician",
        account="alice",
        withdrawn_at=at(moment),
        withdrawn_on=at(moment).date(),
        reason="Two areas were exchanged.",
    )
    with writer_lock(home):
        withdraw_release(home, number, withdrawal)


def rows_of(folder, name):
    with (folder / "data" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def text(path):
    return text_of(parsed(path.read_text()))


def files_under(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_candidate_is_not_public_and_says_when_it_will_be(home):
    made = proposed(home, FIRST, note="The first release.")
    assert (made.number, made.latest_wave, made.released_on) == (1, LAST, date(2028, 5, 4))
    assert candidate_of(home) == made
    assert due(home, "2029-01-01 00:00") is None
    assert not home.public.exists()
    assert made.note == "The first release."
    assert home.candidate.stat().st_mode & 0o777 == 0o700


def test_pages_say_which_release_they_are_of_and_when_it_came_out(whole_out):
    page = text(whole_out.public / "kpi" / "confidence.html")
    assert "Release 1, published on 4 May 2028. The first release." in page
    assert "in this release for good: release/1/kpi/confidence.html" in page
    assert "Database (DuckDB)" in text(whole_out.public / "data.html")


def test_the_spreadsheets_come_with_the_release_and_a_draft_promises_none(whole_out, tmp_path):
    draft = write_publication(current_build(whole_out) / PUBLISHED, tmp_path / "draft").parent
    sheets = [f"data/kpis.{kind}" for kind in ("ods", "xlsx")]
    assert [(draft / name).is_file() for name in sheets] == [False, False]
    assert [(whole_out.public / name).is_file() for name in sheets] == [True, True]
    offered = "The accessible spreadsheets are written when a release is proposed."
    assert offered in text(draft / "data.html")
    assert offered not in text(whole_out.public / "data.html")
    assert "data/kpis.ods" in (whole_out.public / "data.html").read_text()
    assert "data/kpis.ods" not in (draft / "data.html").read_text()


def test_signed_under_embargo_it_is_public_from_that_second_on(home):
    proposed(home, FIRST)
    release = signed(home, "2028-05-02 12:00")
    assert release.sign_off.signed_by == "A. Statistician"
    assert release.sign_off.signed_at == datetime(2028, 5, 2, 12, tzinfo=UTC)
    assert candidate_of(home) is None
    assert due(home, "2028-05-04 08:29") is None
    assert not home.public.exists()
    folder = due(home, FIRST)
    assert home.public.resolve() == folder
    assert due(home, "2028-05-05 08:30") is None
    assert folder.stat().st_mode & 0o777 == 0o755
    assert (folder / "index.html").stat().st_mode & 0o777 == 0o644


def test_what_is_public_are_the_bytes_that_were_signed(home):
    proposed(home, FIRST)
    candidate = files_under(home.candidate / "files")
    manifest = sha256(candidate["manifest.json"]).hexdigest()
    assert signed(home, FIRST).sign_off.manifest_sha256 == manifest
    due(home, FIRST)
    public = files_under(home.public)
    assert candidate.items() <= public.items()
    own = {"releases.html", "releases.json", "feed.xml"}
    again = {f"release/1/{name}" for name in candidate}
    notes = {"release/1/releases.html", "release/1/feed.xml"}
    assert public.keys() - candidate.keys() == own | again | notes
    assert not any(b"Statistician" in content for content in public.values())


def test_the_same_build_gives_the_same_release(kept, whole):
    proposed(whole, FIRST, note="The first release.")
    again = files_under(whole.candidate / "files")
    first = files_under(kept[1].releases / "0001" / "files")
    assert len(first) > 25
    assert first.keys() == again.keys()
    # A .duckdb or a .pdf never comes out the same twice, and the manifest lists their SHA-256.
    differ = {name for name, content in first.items() if again[name] != content}
    assert differ <= {"data/published.duckdb", "board.pdf", "manifest.json"}


def test_without_a_build_or_a_candidate_nothing_is_made_or_signed(tmp_path):
    home = small_home(tmp_path)
    with pytest.raises(UsageError, match="has no build yet"):
        proposed(home, FIRST)
    with pytest.raises(UsageError, match="No release candidate waits"):
        signed(home, FIRST)
    with pytest.raises(ContractError, match="without its lock"):
        make_candidate(home, Proposal(at(FIRST), date(2028, 5, 4)))


def test_a_candidate_whose_day_has_passed_is_not_signed(home):
    proposed(home, FIRST)
    signed_late = "2028-05-04 23:30"  # half past midnight in London: the day after
    with pytest.raises(UsageError, match="4 May 2028; that day has passed"):
        signed(home, signed_late)
    assert signed_releases(home) == ()
    assert signed(home, "2028-05-04 22:30").number == 1


def test_a_candidate_that_somebody_changed_is_not_signed(home):
    proposed(home, FIRST)
    table = home.candidate / "files" / "data" / "estimates.csv"
    table.write_text(table.read_text().replace("0.5,", "0.9,"))
    (home.candidate / "files" / "more.html").write_text("more")
    with pytest.raises(StorageError, match=r"data/estimates\.csv, more\.html"):
        signed(home, FIRST)
    assert signed_releases(home) == ()


def test_a_figure_that_changed_is_marked_and_listed_with_its_reason(whole_out):
    new_build(whole_out, figures(share=0.52))
    with pytest.raises(
        UsageError, match=r"figures have changed since the last release: 1\."
    ) as asked:
        proposed(whole_out, SECOND)
    assert "--note" in asked.value.remedy
    released(whole_out, SECOND, note="The supplier corrected the file of 2028-Q1.")
    (row,) = rows_of(whole_out.public, "revisions.csv")
    assert (row["release"], row["period"], row["before"], row["after"]) == (
        "2",
        LAST,
        "0.5",
        "0.52",
    )
    assert row["reason"] == "The supplier corrected the file of 2028-Q1."
    markers = {
        (one["period"], one["domain"]): one["marker"]
        for one in rows_of(whole_out.public, "estimates.csv")
    }
    assert markers == {(BEFORE, "all"): "", (LAST, "all"): "[r]", (LAST, "area"): ""}
    assert "[r] revised since it was first published" in text(
        whole_out.public / "kpi/confidence.html"
    )
    (kpi,) = rows_of(whole_out.public, "kpis.csv")
    assert kpi["marker"] == "[r]"


def with_records(folder, **values):
    """Give a build a series of recorded crimes, by year."""
    with write_connection(folder / "published.duckdb") as database:
        database.execute(
            "INSERT INTO record.series VALUES ('crime', 1, 'Recorded crime', 'recorded', 'count', "
            "'offences', 'year', ['confidence'], 'An office', true, false, 'A table', 'OGL', NULL)"
        )
        for year, value in values.items():
            database.execute(
                "INSERT INTO record.figure VALUES ('crime', 'all', 0, 'West Midlands', NULL, $1, "
                "'year', $2, $3, $4, $5, $6, $7)",
                [
                    *(year[1:], f"{year[1:]}-01-01", f"{year[1:]}-12-31", f"year {year[1:]}"),
                    *(value, "[b]" if year == "y2025" else None),
                    "a code is missing" if year == "y2025" else None,
                ],
            )


def test_a_figure_beside_the_kpis_that_changed_is_marked_and_listed_too(whole_out):
    with_records(new_build(whole_out, figures()), y2025=90, y2026=100, y2027=110)
    released(whole_out, SECOND)  # a series that is new revises nothing
    with_records(new_build(whole_out, figures()), y2025=91, y2026=100)
    with pytest.raises(UsageError, match=r"figures have changed since the last release: 2\."):
        proposed(whole_out, "2028-11-02 09:30")
    released(whole_out, "2028-11-02 09:30", note="An office counted again.")
    public = whole_out.public
    assert [(row["period"], row["marker"]) for row in rows_of(public, "records.csv")] == [
        *(("2025", "[r][b]"), ("2026", ""))
    ]
    changed = rows_of(public, "record_revisions.csv")
    assert [(row["period"], row["before"], row["after"]) for row in changed] == [
        *(("2025", "90", "91"), ("2027", "110", ""))
    ]
    assert {row["reason"] for row in changed} == {"An office counted again."}
    assert rows_of(public, "revisions.csv") == []
    page = text(public / "kpi" / "confidence.html")
    assert "[r] revised since it was first published; [b] break in series" in page
    assert "2 published figures were revised." in text(public / "releases.html")


def test_a_release_of_a_version_without_a_table_is_held_against_what_it_has(out):
    database = out.releases / "0001" / "files" / "data" / "published.duckdb"
    with write_connection(database) as connection:
        connection.execute("DROP TABLE record.revision")
    with_records(new_build(out, figures(share=0.6)), y2026=100)
    proposed(out, SECOND, note="More interviews.")
    files = out.candidate / "files"
    assert len(rows_of(files, "revisions.csv")) == 1
    assert rows_of(files, "record_revisions.csv") == []


def test_a_revision_stays_marked_in_later_releases(out):
    new_build(out, figures(share=0.52))
    released(out, SECOND, note="Corrected.")
    released(out, "2028-11-02 09:30")
    (row,) = rows_of(out.public, "revisions.csv")
    assert row["release"] == "2"
    force = rows_of(out.public, "estimates.csv")[1]
    assert (force["estimate"], force["marker"]) == ("0.52", "[r]")


def test_a_figure_that_is_withheld_now_is_not_said_again(out):
    new_build(out, figures(walsall=None))
    released(out, SECOND, note="Too few people answered.")
    (row,) = rows_of(out.public, "revisions.csv")
    assert (row["domain_value"], row["before"], row["after"]) == ("walsall", "", "")


def test_provisional_figures_are_marked_until_they_are_not(home):
    with pytest.raises(UsageError, match="2030-Q1 cannot be provisional"):
        proposed(home, FIRST, provisional=("2030-Q1",))
    released(home, FIRST, provisional=(LAST,))
    rows = rows_of(home.public, "estimates.csv")
    assert [row["marker"] for row in rows] == ["", "[p]", "[p]"]
    released(home, SECOND)
    assert [row["marker"] for row in rows_of(home.public, "estimates.csv")] == [""] * 3
    assert rows_of(home.public, "revisions.csv") == []


def test_nothing_published_earlier_is_lost(out):
    first = files_under(out.public / "release" / "1")
    new_build(out, figures(share=0.6))
    released(out, SECOND, note="More interviews.")
    kept = files_under(out.public / "release" / "1")
    for name in first.keys() - {"releases.html", "feed.xml"}:
        assert kept[name] == first[name], name
    assert rows_of(out.public, "estimates.csv")[1]["estimate"] == "0.6"
    assert rows_of(out.public / "release" / "1", "estimates.csv")[1]["estimate"] == "0.5"
    page = text(out.public / "releases.html")
    assert page.index("Release 2") < page.index("Release 1")
    assert "1 published figure was revised. More interviews." in page


def test_a_withdrawn_release_gives_way_to_the_one_before_and_says_why(out):
    new_build(out, figures(share=0.6))
    released(out, SECOND, note="More interviews.")
    withdraw(out, 2, "2028-08-04 10:00")
    due(out, "2028-08-04 10:00")
    assert rows_of(out.public, "estimates.csv")[1]["estimate"] == "0.5"
    gone = out.public / "release" / "2"
    assert sorted(path.name for path in gone.iterdir()) == [
        *("feed.xml", "index.html", "releases.html")
    ]
    assert "Two areas were exchanged." in text(gone / "index.html")
    assert (out.releases / "0002" / "files" / "data" / "kpis.csv").is_file()
    with pytest.raises(UsageError, match="withdrawn already"):
        withdraw(out, 2, "2028-08-04 11:00")
    with pytest.raises(UsageError, match="no release 7"):
        withdraw(out, 7, "2028-08-04 11:00")


def test_a_release_that_somebody_changed_is_not_shown_again(out):
    """A public file is the signed one under another name: an editor may write into both."""
    table = out.releases / "0001" / "files" / "data" / "estimates.csv"
    table.write_text(table.read_text().replace("0.5,", "0.9,"))
    new_build(out, figures(share=0.6))
    proposed(out, SECOND, note="More interviews.")
    signed(out, SECOND)
    before = files_under(out.public)
    with pytest.raises(StorageError, match=r"Release 1 is not as .*: data/estimates\.csv") as told:
        due(out, SECOND)
    assert "withdraw the release" in told.value.remedy
    assert files_under(out.public) == before
    manifest = out.releases / "0001" / "files" / "manifest.json"
    manifest.write_text("{")
    with pytest.raises(StorageError, match=r"signed off: manifest\.json"):
        due(out, SECOND)
    withdraw(out, 1, "2028-08-03 09:00")
    assert due(out, "2028-08-03 09:00") is not None
    assert rows_of(out.public, "estimates.csv")[1]["estimate"] == "0.6"


def test_a_correction_names_what_it_corrects(whole_out):
    withdraw(whole_out, 1, "2028-05-05 10:00")
    with pytest.raises(UsageError, match="no release 3 to correct"):
        proposed(whole_out, SECOND, corrects=3)
    new_build(whole_out, figures(share=0.6))
    released(whole_out, SECOND, corrects=1, note="Areas as they should be.")
    assert "It corrects release 1. Areas as they should be." in text(whole_out.public / "data.html")
    held = json.loads((whole_out.public / "data" / "kpis.json").read_text())
    assert held["release"]["corrects"] == 1
    assert held["release"]["released_at"] == "2028-08-03T08:30:00Z"


def test_the_only_release_withdrawn_leaves_a_notice(out):
    withdraw(out, 1, "2028-05-05 10:00")
    due(out, "2028-05-05 10:00")
    assert "Its figures should not be used." in text(out.public / "index.html")
    assert not (out.public / "data").exists()


def test_a_release_withdrawn_under_embargo_was_never_there(home):
    proposed(home, FIRST)
    signed(home, "2028-05-01 10:00")
    withdraw(home, 1, "2028-05-02 10:00")
    assert due(home, SECOND) is None
    new_build(home, figures(share=0.6))
    released(home, SECOND)  # its figures were never published: none is revised
    assert json.loads((home.public / "releases.json").read_text())[0]["number"] == 2
    assert not (home.public / "release" / "1").exists()


def test_releases_come_out_in_their_order(home):
    proposed(home, SECOND)
    signed(home, FIRST)
    with pytest.raises(UsageError, match="Release 1 comes out on 2028-08-03, after this one"):
        proposed(home, FIRST)


def test_a_release_withdrawn_under_embargo_holds_no_other_back(home):
    """An embargo written for the wrong year, say."""
    proposed(home, "2038-05-04 08:30")
    signed(home, FIRST)
    withdraw(home, 1, FIRST)
    released(home, SECOND)
    assert text(home.public / "releases.html").count("Release 2") == 1


def test_a_wave_that_was_published_is_not_taken_back_without_saying_so(out):
    """As after `restore` of a build before the wave: a note alone is given every quarter."""
    new_build(out, [row for row in figures() if row["period"] != LAST], latest=BEFORE)
    with pytest.raises(UsageError, match="no figures of 2028-Q1, which release 1 published"):
        proposed(out, SECOND, note="Figures to December 2027.")
    assert candidate_of(out) is None
    released(out, SECOND, note="The return was another survey's.", corrects=1)
    gone = [row for row in rows_of(out.public, "revisions.csv") if row["period"] == LAST]
    assert len(gone) == 2  # everybody's, and Walsall's
    assert {(row["before"], row["after"]) for row in gone} == {("", "")}
    assert rows_of(out.public / "release" / "1", "estimates.csv")[1]["estimate"] == "0.5"
    new_build(out, figures(share=0.6))
    released(out, "2028-11-02 09:30", note="The return has come.")
    (row,) = [
        row
        for row in rows_of(out.public, "estimates.csv")
        if (row["period"], row["domain"]) == (LAST, "all")
    ]
    assert (row["estimate"], row["marker"]) == ("0.6", "[r]")


def test_a_candidate_of_a_build_that_was_gone_back_from_is_not_signed(out):
    """Somebody has restored an earlier build for a reason."""
    earlier = current_build(out)
    later = new_build(out, figures(share=0.6))
    proposed(out, SECOND, note="More interviews.")
    with writer_lock(out):
        make_current(out, earlier)
    with pytest.raises(UsageError, match="build 0002; build 0001, an earlier one") as refused:
        signed(out, SECOND)
    assert "perceptions publish" in str(refused.value)
    assert "perceptions restore 2" in str(refused.value)
    with writer_lock(out):
        make_current(out, later)
    assert signed(out, SECOND).number == 2


def test_a_candidate_of_a_return_that_was_replaced_since_is_not_signed(home, monkeypatch):
    made = {
        name: (Made(LAST, "main", name * 16, "file.sav", "d" * 64, "0.1.0+c0de"),)
        for name in ("0001", "0002")
    }
    for module in ("candidate", "signing"):
        monkeypatch.setattr(
            f"warehouse.releases.{module}.made_of_build", lambda build: made[build.name]
        )
    proposed(home, FIRST)
    new_build(home, figures(share=0.6))
    with pytest.raises(UsageError, match=r"no longer in use: file.sav \(2028-Q1\)"):
        signed(home, FIRST)
    proposed(home, FIRST)
    assert signed(home, FIRST).build == "0002"


def test_what_fills_the_disk_does_not_stay_and_the_candidate_before_does(home, monkeypatch):
    proposed(home, FIRST)
    before = files_under(home.candidate)

    def fails(published, folder):
        plain_publication(published, folder)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("warehouse.releases.candidate.write_publication", fails)
    with pytest.raises(StorageError, match=r"The system says: No space left on device\. What to"):
        proposed(home, SECOND)
    assert files_under(home.candidate) == before
    assert not home.candidate.with_suffix(".partial").exists()


def test_the_feed_has_an_entry_a_release_a_revision_and_a_withdrawal(out):
    new_build(out, figures(share=0.6))
    released(out, SECOND, note="More interviews.")
    withdraw(out, 2, "2028-08-04 10:00")
    released(out, "2028-11-02 09:30", corrects=2, note="As they should be.")
    feed = ET.fromstring((out.public / "feed.xml").read_text())
    titles = [entry.find(f"{ATOM}title").text for entry in feed.iter(f"{ATOM}entry")]
    assert titles == [
        "Release 3: figures to January to March 2028",
        "Release 2 was withdrawn",
        "Release 2: figures to January to March 2028",
        "Release 1: figures to January to March 2028",
    ]
    assert feed.find(f"{ATOM}updated").text == "2028-11-02T09:30:00Z"
    ids = [element.text for element in feed.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids) == 5
    for entry in feed.iter(f"{ATOM}entry"):
        assert (out.public / entry.find(f"{ATOM}link").get("href")).is_file()


@pytest.mark.parametrize("step", ["candidate", "signing", "public folder", "public link"])
def test_a_step_that_is_cut_short_leaves_the_last_release(out, monkeypatch, step):
    before = files_under(out.public)
    new_build(out, figures(share=0.6))
    if step != "candidate":
        proposed(out, SECOND, note="More interviews.")
    if step.startswith("public"):
        signed(out, SECOND)
    cut = "replace" if step == "public link" else "rename"
    with monkeypatch.context() as patch:

        def fails(self, target):
            raise OSError(28, "No space left on device", str(self))

        patch.setattr(f"pathlib.Path.{cut}", fails)
        with pytest.raises(StorageError, match="No space left"):
            if step == "candidate":
                proposed(out, SECOND, note="More interviews.")
            elif step == "signing":
                # the record is written first, by a rename of its own
                signed(out, SECOND)
            else:
                due(out, SECOND)
    assert files_under(out.public) == before
    if candidate_of(out) is None and len(signed_releases(out)) == 1:
        proposed(out, SECOND, note="More interviews.")
    if len(signed_releases(out)) == 1:
        signed(out, SECOND)
    due(out, SECOND)
    assert rows_of(out.public, "estimates.csv")[1]["estimate"] == "0.6"
    assert not list(out.public_folders.glob("*.partial"))


def test_a_build_that_fails_leaves_the_last_release(out):
    (new_build(out, figures()) / "published.duckdb").write_bytes(b"damaged")
    before = files_under(out.public)
    with pytest.raises(StorageError, match="cannot be opened"):
        proposed(out, SECOND)
    assert due(out, SECOND) is None
    assert files_under(out.public) == before


def test_a_build_of_another_version_is_made_again_first(out):
    with write_connection(new_build(out, figures()) / "published.duckdb") as connection:
        connection.execute("ALTER TABLE ref.survey DROP COLUMN address")
    with pytest.raises(UsageError, match="Build 0002 was made by another version") as told:
        proposed(out, SECOND)
    assert "perceptions run" in told.value.remedy


def test_a_damaged_record_stops_publishing_and_leaves_what_is_public(out):
    before = files_under(out.public)
    (out.releases / "0001" / "release.json").write_text("{")
    with pytest.raises(StorageError, match="is damaged") as told:
        due(out, SECOND)
    assert "backup" in told.value.remedy
    assert files_under(out.public) == before


def test_the_database_of_a_release_says_which_it_is(whole_out):
    with read_connection(whole_out.public / "data" / "published.duckdb") as connection:
        found = connection.execute("SELECT number, released_on FROM kpi.release").fetchall()
    assert found == [(1, date(2028, 5, 4))]


def test_every_link_of_a_public_page_leads_somewhere(whole_out):
    pages = list(whole_out.public.rglob("*.html"))
    assert len(pages) > 25
    for page in pages:
        for link in parsed(page.read_text()).iter("a"):
            path = link.get("href").partition("#")[0]
            assert not path or (page.parent / path).resolve().is_file(), (page, path)


def test_status_says_what_is_public_what_waits_and_what_is_under_embargo(home):
    now = at(FIRST)
    assert release_lines(home, now) == ["Nothing is released yet: perceptions publish"]
    proposed(home, FIRST)
    assert release_lines(home, now) == ["Waiting for sign-off: release 1, made from build 0001"]
    new_build(home, figures())
    (line,) = release_lines(home, now)
    assert line.endswith("release 1, made from build 0001; build 0002 is current now")
    signed(home, "2028-05-04 08:00")
    (line,) = release_lines(home, at("2028-05-04 08:29"))
    assert line == "Under embargo: release 1, until 2028-05-04 09:30 in London"
    assert release_lines(home, now) == ["Due, and not public yet: perceptions publish --due"]
    due(home, FIRST)
    assert release_lines(home, now) == [f"Public: release 1 in {home.public}"]


def test_a_folder_in_the_place_of_the_public_link_is_not_written_over(out):
    """As a copy that follows links leaves it, brought back from another machine."""
    copy = out.folder / "copy"
    shutil.copytree(out.public, copy)
    out.public.unlink()
    copy.rename(out.public)
    (out.public / "notes.txt").write_text("somebody's own")
    new_build(out, figures(share=0.6))
    proposed(out, SECOND, note="More interviews.")
    signed(out, SECOND)
    before = files_under(out.public)
    with pytest.raises(StorageError, match="is a folder; it should be a link"):
        due(out, SECOND)
    assert files_under(out.public) == before
    assert release_lines(out, at(SECOND)) == [
        f"Public: release 1 in {out.public}",
        "Due, and not public yet: perceptions publish --due",
    ]
    out.public.rename(copy)
    assert due(out, SECOND) is not None


def test_two_releases_are_held_against_each_other(out):
    new_build(out, figures(share=0.6))
    released(out, SECOND, note="The supplier corrected the file of 2028-Q1.")
    (first, before), (second, after) = (state_named(out, name) for name in ("1", "2"))
    assert "the publisher says: The supplier corrected the file of 2028-Q1." in second
    (row,) = differences(before, after).to_dict("records")
    assert (row["period"], row["domain"], row["before"], row["after"]) == (LAST, "all", 0.5, 0.6)
    withdraw(out, 1, SECOND)
    assert state_named(out, "1")[0].startswith(first.partition(";")[0])
    assert "withdrawn on 2028-08-03: Two areas were exchanged." in state_named(out, "1")[0]


def test_a_release_that_is_not_there_is_told_with_those_that_are(out):
    with pytest.raises(UsageError, match=r"no release '7'. Expected: one of 1, build:1."):
        state_named(out, "7")


def test_a_release_keeps_what_its_waves_were_computed_from(home, monkeypatch):
    """Builds are removed in time, with the warehouse that says so."""
    made = (Made(LAST, "main", "a" * 64, "file.sav", "d" * 64, "0.1.0+c0de"),)
    monkeypatch.setattr("warehouse.releases.candidate.made_of_build", lambda build: made)
    released(home, FIRST)
    assert signed_releases(home)[0].made == made
    assert state_named(home, "1")[1].made == made
    assert b"c0de" not in b"".join(
        path.read_bytes() for path in home.public.rglob("*") if path.is_file()
    )
