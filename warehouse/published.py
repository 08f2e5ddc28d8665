"""The published database: declaration, estimates and KPIs; nothing about a respondent."""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.database import checkpoint, create_published
from warehouse.store import copy_tables, primary_keys


def write_published(warehouse: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Write `target`, a new database with every table of schema.sql as `warehouse` holds it.

    It is made from the open half of the schema, so it has no restricted table to fill, and
    written afresh, so no deleted row is left in it. Rows are in the order of their primary key.
    """
    with create_published(target) as published:
        copy_tables(warehouse, published, primary_keys(published))
        checkpoint(published, target)
