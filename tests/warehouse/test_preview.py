"""What a page says of itself where it is shared: a title, a sentence and a picture."""

import shutil
import struct

import pytest
from small_release import LAST, at, figures, new_build, small_home

from flows.london import london_day
from warehouse.database import checkpoint, write_connection
from warehouse.lock import writer_lock
from warehouse.releases import Proposal, make_candidate

ADDRESS = "https://example.org/p"
chromium = pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")


def candidate(root, address):
    """The files of a candidate of a survey whose public folder is served at `address`."""
    home = small_home(root)
    build = new_build(home, figures())
    with write_connection(build / "published.duckdb") as connection:
        connection.execute("UPDATE ref.survey SET address = ?", [address])
        checkpoint(connection, build / "published.duckdb")
    moment = at("2028-05-04 08:30")
    with writer_lock(home):
        make_candidate(home, Proposal(moment, london_day(moment)))
    return home.candidate / "files"


@chromium
def test_a_shared_page_has_a_picture_of_1200_by_630(tmp_path):
    files = candidate(tmp_path, ADDRESS)
    picture = (files / "preview.png").read_bytes()
    # The width and the height stand at the beginning of a PNG, after its name and a length.
    assert struct.unpack(">II", picture[16:24]) == (1200, 630)
    page = (files / "index.html").read_text()
    assert f'<meta property="og:image" content="{ADDRESS}/preview.png">' in page
    assert '<meta property="og:image:alt" content="The one KPI is not yet measurable.">' in page
    assert "preview.png" in (files / "manifest.json").read_text()
    assert not (files.parent / "preview.html").exists()


def test_without_chromium_a_shared_page_has_words_only(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    files = candidate(tmp_path, ADDRESS)
    assert not (files / "preview.png").exists()
    page = (files / "kpi" / "confidence.html").read_text()
    assert f'<meta property="og:url" content="{ADDRESS}/kpi/confidence.html">' in page
    assert "og:image" not in page


def test_pages_without_an_address_are_not_shared(tmp_path):
    files = candidate(tmp_path, None)
    assert "og:" not in (files / "index.html").read_text()
    assert not (files / "preview.png").exists()
    assert LAST in (files / "data" / "estimates.csv").read_text()
