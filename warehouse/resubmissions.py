"""What returns sent again changed: recorded without serial numbers, kept with them in full."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict

import duckdb
import pandas as pd

from transforms.resubmission import Difference
from warehouse.database import transaction
from warehouse.disk import disk_errors, private_folder, write_private
from warehouse.home import Home
from warehouse.store import add_rows

FILE = "difference.json"


def record_differences(
    connection: duckdb.DuckDBPyConnection, differences: Mapping[str, Difference]
) -> None:
    """Record how returns, by their SHA-256, differ from those that they supersede."""
    with transaction(connection):
        for sha256, one in differences.items():
            counts = {
                "sha256": sha256,
                "supersedes": one.supersedes,
                "rows_before": one.rows_before,
                "rows_after": one.rows_after,
                "rows_added": len(one.added),
                "rows_gone": len(one.gone),
                "rows_changed": one.changed_rows,
            }
            add_rows(connection, "ops.resubmission", pd.DataFrame([counts]))
            variables = pd.DataFrame(_variables(one), columns=["variable", "what", "respondents"])
            add_rows(connection, "ops.resubmission_variable", variables.assign(sha256=sha256))


def keep_differences(home: Home, differences: Mapping[str, Difference]) -> None:
    """Keep each difference, with the serial numbers of rows added and gone, beside the report."""
    for sha256, one in differences.items():
        folder = home.reports / sha256
        with disk_errors(f"The report {folder} could not be written."):
            private_folder(home.reports)
            private_folder(folder)
            write_private(folder / FILE, (json.dumps(asdict(one), indent=2) + "\n").encode())


def _variables(one: Difference) -> Iterator[tuple[str, str, int]]:
    """Yield each variable that differs, how, and for how many respondents."""
    yield from ((name, "changed", count) for name, count in one.changed.items())
    yield from ((name, "new", one.rows_after) for name in one.new)
    yield from ((name, "gone", one.rows_before) for name in one.dropped)
