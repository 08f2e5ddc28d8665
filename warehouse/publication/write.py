"""The folder that is published: pages, data and, beside them, the SHA-256 of every file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from transforms.contract import contract_schema
from warehouse.builds import Build
from warehouse.publication.cards import card_files
from warehouse.publication.kpis_file import kpis_text
from warehouse.publication.read import Rows, read_rows
from warehouse.publication.tables import csv_text, csvw_text, tables_of
from warehouse.publication.workbook import book_of, ods_bytes, xlsx_bytes
from warehouse.published import write_published
from warehouse.quality import record_quality
from warehouse.site.facts import Published
from warehouse.site.page import render_site
from warehouse.site.read import read_published

MANIFEST = "manifest.json"
PREVIEW = "preview.png"
"""A picture of 1200 × 630 for those who share a page: it is there before the pages, or not."""


def publish_build(making: Build) -> None:
    """Write a build's published database, and the folder that is made from it."""
    record_quality(making.connection)
    write_published(making.connection, making.published)
    write_publication(making.published, making.folder / "site")


def write_publication(published: Path, target_folder: Path) -> Path:
    """Write everything that is made from `published` (a published.duckdb); return the index.

    The same database content gives the same bytes.
    """
    facts = read_published(published)
    preview = PREVIEW if (target_folder / PREVIEW).is_file() else None
    files = {path: html.encode() for path, html in render_site(facts, preview).items()}
    files |= {f"data/{name}": content for name, content in data_files(published, facts).items()}
    files |= {f"card/{name}": text.encode() for name, text in card_files(facts).items()}
    for path, content in files.items():
        target = target_folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    write_manifest(target_folder)
    return target_folder / "index.html"


def data_files(published: Path, facts: Published) -> Mapping[str, bytes]:
    """Return the data files by name; the spreadsheets, slow to write, are a release's alone."""
    rows = read_rows(published)
    texts = {"kpis.json": kpis_text(facts, rows), "kpis.schema.json": contract_schema()}
    for table in tables_of(rows):
        texts[table.name] = csv_text(table)
        texts[f"{table.name}-metadata.json"] = csvw_text(table, facts.survey)
    files = {name: text.encode() for name, text in texts.items()}
    return files if facts.release is None else {**files, **spreadsheets(facts, rows)}


def spreadsheets(facts: Published, rows: Rows) -> Mapping[str, bytes]:
    """Return the accessible spreadsheet in both formats, by name."""
    book = book_of(facts, rows)
    return {"kpis.xlsx": xlsx_bytes(book), "kpis.ods": ods_bytes(book)}


def write_manifest(folder: Path) -> Path:
    """Write the SHA-256 of every file under `folder` beside them; return the manifest."""
    manifest = folder / MANIFEST
    manifest.write_text(json.dumps(digests(folder), indent=1, sort_keys=True) + "\n", "utf-8")
    return manifest


def changed_files(folder: Path) -> Sequence[str]:
    """Return the files under `folder` that its manifest does not list as they are, by path."""
    listed = json.loads((folder / MANIFEST).read_bytes())
    found = digests(folder)
    return sorted(
        name for name in listed.keys() | found.keys() if listed.get(name) != found.get(name)
    )


def digests(folder: Path) -> Mapping[str, str]:
    """Return the SHA-256 of every file under `folder` but the manifest, by path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in files
        if path != folder / MANIFEST
    }
