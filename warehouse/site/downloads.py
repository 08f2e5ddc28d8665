"""The files that a reader can take away, by their permanent names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Download:
    """A published file: its path from the index, its name as a link, and what it holds."""

    path: str
    title: str
    holds: str


KPIS_JSON = Download("data/kpis.json", "KPIs (JSON)", "every KPI with its findings and figures")
KPIS_CSV = Download("data/kpis.csv", "KPIs (CSV)", "a row a KPI, wave, and judged group")
WORKBOOK_ODS = Download(
    "data/kpis.ods", "Spreadsheet (ODS)", "every table, accessible: cover, contents and notes first"
)
WORKBOOK_XLSX = Download("data/kpis.xlsx", "Spreadsheet (XLSX)", "the same for Excel")
ALWAYS = (
    KPIS_CSV,
    Download("data/estimates.csv", "Figures (CSV)", "a row a measure, period and group"),
    Download("data/changes.csv", "Comparisons (CSV)", "a row a comparison of two figures"),
    Download("data/revisions.csv", "Revisions (CSV)", "a row a published figure that changed"),
    Download("data/records.csv", "Records (CSV)", "a row a figure beside the KPIs"),
    Download(
        "data/record_changes.csv",
        "Changes of records (CSV)",
        "a row a year of counts",
    ),
    Download(
        "data/record_revisions.csv",
        "Revisions of records (CSV)",
        "a row a published figure beside the KPIs that changed",
    ),
    KPIS_JSON,
    Download("data/kpis.schema.json", "JSON Schema", "what kpis.json may hold: contract 1.2"),
)
"""Of a draft and of a release; each CSV file has its CSVW metadata beside it."""
DATABASE = Download(
    "data/published.duckdb", "Database (DuckDB)", "everything here and more, to be asked in SQL"
)
"""Of a release; a draft has it beside its pages."""


def downloads(released: bool) -> tuple[Download, ...]:
    """Return what the data page offers, in order: a draft's spreadsheets come with its release."""
    return (WORKBOOK_ODS, WORKBOOK_XLSX, *ALWAYS, DATABASE) if released else ALWAYS


def kpi_downloads(released: bool) -> tuple[Download, ...]:
    """Return what a KPI's page offers, in order."""
    spreadsheets = (WORKBOOK_ODS, WORKBOOK_XLSX) if released else ()
    return (*spreadsheets, KPIS_CSV, KPIS_JSON)
