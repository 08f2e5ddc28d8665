"""What a release makes of those before it: its place among them, and the figures it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import duckdb
import pandas as pd

from transforms import wording
from transforms.catalogue.mistakes import series
from transforms.errors import UsageError
from transforms.releasing import record_revisions_of, revisions_of, waves_gone
from warehouse.database import read_connection
from warehouse.home import Home
from warehouse.releases.records import Release, release_database
from warehouse.store import primary_keys, read_table

ESTIMATES, RECORDS = "estimate.estimate", "record.figure"
HELD = (ESTIMATES, "kpi.release", "kpi.revision", RECORDS, "record.revision")


def require_in_order(
    released_at: datetime, corrects: int | None, earlier: Sequence[Release]
) -> None:
    """Raise UsageError where a release would come out before an earlier one, or corrects none.

    One that was withdrawn under its embargo never comes out.
    """
    coming = [release for release in earlier if release.was_public]
    if coming and released_at < coming[-1].released_at:
        raise UsageError(
            f"Release {coming[-1].number} comes out on {coming[-1].released_on}, after this one.",
            remedy="give this one a later --embargo, or withdraw the other.",
        )
    numbers = [release.number for release in earlier]
    if corrects is not None and corrects not in numbers:
        raise UsageError(
            f"There is no release {corrects} to correct.",
            expected=f"one of {', '.join(map(str, numbers)) or 'none: nothing is released yet'}.",
            remedy="see `perceptions status`.",
        )


def published_before(
    home: Home, earlier: Sequence[Release], empty: duckdb.DuckDBPyConnection
) -> dict[str, pd.DataFrame]:
    """Return what the last release that was or will be public holds; empty tables before any.

    `empty`: a database of the present schema; a release of an earlier one may lack a table.
    """
    last = _last(earlier)
    before = {name: read_table(empty, name).head(0) for name in HELD}
    if last is None:
        return before
    with read_connection(release_database(home, last.number)) as connection:
        held = [name for name in HELD if name in primary_keys(connection)]
        return before | {name: read_table(connection, name) for name in held}


def require_waves_kept(
    before: Mapping[str, pd.DataFrame],
    after: Mapping[str, pd.DataFrame],
    earlier: Sequence[Release],
    corrects: int | None,
) -> None:
    """Raise UsageError where a wave that was published is gone, and no correction is declared."""
    gone = waves_gone(before[ESTIMATES], after[ESTIMATES])
    last = _last(earlier)
    if not gone or last is None or corrects is not None:
        return
    raise UsageError(
        f"The current build has no figures of {series(gone)}, which release {last.number} "
        "published.",
        expected="every wave that was published.",
        remedy="make a build current that has them (perceptions builds, perceptions restore), or "
        "run their returns again. If they are to be taken back, say so: perceptions publish "
        f"--corrects {last.number} --note 'why'.",
    )


def all_revisions(
    before: Mapping[str, pd.DataFrame],
    after: Mapping[str, pd.DataFrame],
    number: int,
    note: str | None,
) -> dict[str, pd.DataFrame]:
    """Return every revision so far with those of release `number`, by table; they need a reason."""
    why = (number, note or "")
    found = {
        "kpi.revision": revisions_of(before[ESTIMATES], after[ESTIMATES], *why),
        "record.revision": record_revisions_of(before[RECORDS], after[RECORDS], *why),
    }
    changed = sum(len(rows) for rows in found.values())
    if changed and not note:
        raise UsageError(
            f"Published figures have changed since the last release: {wording.number(changed)}.",
            expected="a reason, which is published with each of them.",
            remedy="say why: perceptions publish --note 'The supplier corrected the file of ...'",
        )
    return {name: _joined(before[name], rows) for name, rows in found.items()}


def _last(earlier: Sequence[Release]) -> Release | None:
    """Return the last release that was or will be public."""
    return next((release for release in reversed(earlier) if release.was_public), None)


def _joined(earlier: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return both, in the columns of the first; pandas minds what is empty."""
    if found.empty:
        return earlier
    return found if earlier.empty else pd.concat([earlier, found], ignore_index=True)
