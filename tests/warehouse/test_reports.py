"""Reports of accepted returns: kept for this account alone, replaced, and gone with the return."""

from pathlib import Path

import pytest

from transforms.errors import StorageError
from warehouse.home import Home, home_of
from warehouse.reports import forget_reports, keep_report


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_of("small", tmp_path)


def kept(home: Home, sha256: str, text: str = "<p>2 findings</p>") -> Path:
    return keep_report(home, sha256, report_html=text, report_json="{}")


def test_a_report_is_kept_for_this_account_alone(home):
    page = kept(home, "ab" * 32)
    assert page == home.reports / ("ab" * 32) / "report.html"
    assert page.read_text() == "<p>2 findings</p>"
    assert page.with_name("report.json").read_text() == "{}"
    assert [oct(path.stat().st_mode & 0o777) for path in (home.reports, page.parent, page)] == [
        "0o700",
        "0o700",
        "0o600",
    ]


def test_a_later_report_of_the_same_return_stands_in_its_place(home):
    kept(home, "ab" * 32)
    assert kept(home, "ab" * 32, "<p>Nothing</p>").read_text() == "<p>Nothing</p>"
    assert len(list(home.reports.iterdir())) == 1


def test_reports_of_a_return_go_and_the_others_stay(home):
    gone, stays = kept(home, "ab" * 32), kept(home, "cd" * 32)
    assert forget_reports(home, ["ab" * 32, "ef" * 32]) == (gone.parent,)
    assert not gone.parent.exists() and stays.exists()
    assert forget_reports(home, ["ab" * 32]) == ()


def test_a_report_that_cannot_be_written_is_told_in_plain_words(home):
    home.reports.write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="could not be written"):
        kept(home, "ab" * 32)
