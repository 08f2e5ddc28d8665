"""A home with small builds, made without a run, and releases of them at given moments."""

from datetime import UTC, datetime

import site_database as db

from flows.london import london_day
from warehouse.builds import make_current
from warehouse.home import home_of
from warehouse.lock import writer_lock
from warehouse.publication.read import read_rows
from warehouse.publication.tables import csv_text, tables_of
from warehouse.publication.write import write_manifest
from warehouse.releases import Proposal, make_candidate, publish_due, sign_candidate

LAST, BEFORE = "2028-Q1", "2027-Q4"


def at(text):
    """A moment in UTC, such as "2028-05-04 08:30"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def small_home(root):
    return home_of("test_survey", root)


def new_build(home, estimates, latest=LAST):
    """Make the next build, with these rows of estimate.estimate to this wave, current."""
    folder = home.builds / f"{len(list(home.builds.iterdir())) + 1:04d}"
    folder.mkdir()
    (folder / "warehouse.duckdb").touch()
    shares = [row["estimate"] for row in estimates if row["domain"] == "all"]
    found = db.finding(db.CONFIDENCE, latest, shares[-1], "not yet measurable", "No year yet.")
    db.one_kpi(folder / "published.duckdb", estimates, [found])
    with writer_lock(home):
        make_current(home, folder)
    return folder


def figures(share=0.5, walsall=0.4, **changes):
    """Two quarters of the force, and an area's latest."""
    return [
        db.estimate(BEFORE, "confidence", 0.48),
        db.estimate(LAST, "confidence", share, **changes),
        db.estimate(
            LAST,
            "confidence",
            walsall,
            base=None if walsall is None else 200,
            domain=("area", "walsall"),
        ),
    ]


def plain_publication(published, folder):
    """What stands for all that is published where a test asks about the figures alone."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text("<!DOCTYPE html><html lang='en'><title>Plain</title></html>")
    for table in tables_of(read_rows(published)):
        (folder / "data" / table.name).write_text(csv_text(table))
    write_manifest(folder)


def proposed(home, moment, **choices):
    with writer_lock(home):
        return make_candidate(home, Proposal(at(moment), london_day(at(moment)), **choices))


def signed(home, moment):
    with writer_lock(home):
        return sign_candidate(home, "A. Statistician", "alice", at(moment), london_day(at(moment)))


def due(home, moment):
    with writer_lock(home):
        return publish_due(home, at(moment))


def released(home, moment, **choices):
    """Propose, sign and publish at one moment."""
    proposed(home, moment, **choices)
    signed(home, moment)
    return due(home, moment)
