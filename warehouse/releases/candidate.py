"""A release candidate: the current build's open half, with its number, its date and its markers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import pandas as pd

from transforms.errors import UsageError
from transforms.releasing import marked, marked_records
from warehouse.builds import PUBLISHED, current_build
from warehouse.database import (
    checkpoint,
    disk_failure,
    has_open_schema,
    read_connection,
    write_connection,
)
from warehouse.disk import disk_errors, private_folder, sync_folder, sync_tree
from warehouse.home import Home
from warehouse.lineage import made_of_build
from warehouse.lock import require_lock
from warehouse.publication import write_publication
from warehouse.publication.printing import picture_page, print_page
from warehouse.publication.write import PREVIEW, write_manifest
from warehouse.releases.records import (
    DATABASE,
    FILES,
    RECORD,
    Release,
    signed_releases,
    write_record,
)
from warehouse.releases.revised import (
    all_revisions,
    published_before,
    require_in_order,
    require_waves_kept,
)
from warehouse.site.page import render_preview
from warehouse.site.read import read_published
from warehouse.store import read_table, replace_all

MARKED = ("estimate.estimate", "kpi.kpi")
NEEDED = (*MARKED, "record.figure", "ref.period", "ref.wave", "ref.survey")
BOARD, BOARD_PDF = "board.html", "board.pdf"
PREVIEW_SIZE = (1200, 630)
RELEASE = [
    *("number", "released_at", "released_on", "latest_wave", "provisional", "corrects", "note"),
]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a publisher decides of a release before it is made.

    `released_at`: under embargo until then; `released_on`: that day in London.
    """

    released_at: datetime
    released_on: date
    note: str | None = None
    provisional: tuple[str, ...] = ()
    corrects: int | None = None


def make_candidate(home: Home, proposal: Proposal) -> Release:
    """Make the candidate of the next release from the current build, in place of an earlier one.

    UsageError where it cannot be as proposed. Needs `writer_lock`.
    """
    require_lock(home)
    build = current_build(home)
    if build is None:
        raise UsageError(
            f"{home.folder} has no build yet: there is nothing to publish.",
            remedy="make one: perceptions run; or perceptions adopt, of published figures.",
        )
    _require_present_schema(build)
    earlier = signed_releases(home)
    require_in_order(proposal.released_at, proposal.corrects, earlier)
    partial = home.candidate.with_suffix(".partial")
    with disk_errors(f"No candidate can be made in {home.folder}."), _removed_at_the_end(partial):
        release = _made(partial, build, proposal, earlier, home)
        shutil.rmtree(home.candidate, ignore_errors=True)
        partial.rename(home.candidate)
        sync_folder(home.folder)
    return release


@contextmanager
def _removed_at_the_end(partial: Path) -> Iterator[None]:
    """Remove the folder whatever becomes of the block: half a candidate may be what fills the disk.

    StorageError where DuckDB found the disk full.
    """
    try:
        yield
    except duckdb.Error as error:
        about_disk = disk_failure(error, partial)
        if about_disk is None:
            raise
    else:
        return
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    raise about_disk


def _made(
    partial: Path, build: Path, proposal: Proposal, earlier: Sequence[Release], home: Home
) -> Release:
    """Make the candidate in the folder `partial`, to the disk; return what is known of it."""
    shutil.rmtree(partial, ignore_errors=True)
    private_folder(partial)
    (partial / DATABASE).parent.mkdir(parents=True)
    release = _write_database(partial / DATABASE, build, proposal, earlier, home)
    _take_preview(partial)
    write_publication(partial / DATABASE, partial / FILES)
    if print_page(partial / FILES / BOARD, partial / FILES / BOARD_PDF):
        write_manifest(partial / FILES)
    write_record(partial / RECORD, release)
    sync_tree(partial)
    return release


def has_board_pdf(home: Home) -> bool:
    """True where the candidate's board paper was printed: Chromium is here, and has done it."""
    return (home.candidate / FILES / BOARD_PDF).is_file()


def _take_preview(partial: Path) -> None:
    """Take the picture for those who share a page, where pages have an address to be shared."""
    facts = read_published(partial / DATABASE)
    if facts.survey.address:
        page = partial / "preview.html"
        page.write_text(render_preview(facts), encoding="utf-8")
        picture_page(page, partial / FILES / PREVIEW, *PREVIEW_SIZE)
        page.unlink()


def _require_present_schema(build: Path) -> None:
    with read_connection(build / PUBLISHED) as connection:
        if has_open_schema(connection):
            return
    raise UsageError(
        f"Build {build.name} was made by another version of this program.",
        remedy="make it again with this one: perceptions run; perceptions adopt, where it declares "
        "published figures.",
    )


def _write_database(
    target: Path, build: Path, proposal: Proposal, earlier: Sequence[Release], home: Home
) -> Release:
    """Write the build's published database as the release's own; return what is known of it."""
    number = earlier[-1].number + 1 if earlier else 1
    shutil.copyfile(build / PUBLISHED, target)
    with write_connection(target) as published:
        tables = {name: read_table(published, name) for name in NEEDED}
        before = published_before(home, earlier, published)
        require_waves_kept(before, tables, earlier, proposal.corrects)
        revised = all_revisions(before, tables, number, proposal.note)
        survey = tables["ref.survey"].iloc[0]
        release = Release(
            number=number,
            title=survey["title"],
            run_by=survey["run_by"],
            simulated=bool(survey["simulated"]),
            latest_wave=_latest_wave(tables, proposal),
            revisions=sum(int((rows["release"] == number).sum()) for rows in revised.values()),
            build=build.name,
            made=made_of_build(build),
            released_at=proposal.released_at,
            released_on=proposal.released_on,
            provisional=proposal.provisional,
            corrects=proposal.corrects,
            note=proposal.note,
        )
        replace_all(published, _release_tables(tables, revised, before["kpi.release"], release))
        checkpoint(published, target)
    target.chmod(0o644)
    return release


def _latest_wave(tables: dict[str, pd.DataFrame], proposal: Proposal) -> str:
    """Return the newest wave with a figure; UsageError where a provisional one has none."""
    held = set(tables["estimate.estimate"]["period"])
    waves = [wave for wave in tables["ref.wave"].sort_values("wave_order")["wave"] if wave in held]
    if not waves:
        raise UsageError(
            "The current build has no figures: no wave has been computed yet.",
            remedy="run `perceptions run` with a return that is accepted.",
        )
    unknown = [wave for wave in proposal.provisional if wave not in waves]
    if unknown:
        raise UsageError(
            f"{', '.join(unknown)} cannot be provisional: there is no figure of it.",
            expected=f"one of {', '.join(waves)}.",
            remedy="correct --provisional.",
        )
    return str(waves[-1])


def _release_tables(
    tables: dict[str, pd.DataFrame],
    revised: dict[str, pd.DataFrame],
    released: pd.DataFrame,
    release: Release,
) -> dict[str, pd.DataFrame]:
    last_waves = tables["ref.period"].set_index("period")["wave"]
    estimates = revised["kpi.revision"]
    row = {name: getattr(release, name) for name in RELEASE}
    rows = [*released.to_dict("records"), row]
    return {
        **{
            name: marked(tables[name], estimates, last_waves, release.provisional)
            for name in MARKED
        },
        "record.figure": marked_records(tables["record.figure"], revised["record.revision"]),
        "kpi.release": pd.DataFrame(rows, columns=RELEASE),
        **revised,
    }
