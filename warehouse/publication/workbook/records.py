"""Sheets on series of records: what they are, their figures, and years beside the year before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms import wording
from transforms.contract import RecordChangeRow, RecordRevisionRow, RecordRow
from transforms.counts.words import label_words
from transforms.wording import marker_word, markers, rounded
from warehouse.publication.read import Rows
from warehouse.publication.workbook.book import Cell, Column, Sheet
from warehouse.site.facts import Published
from warehouse.site.record_facts import RecordFacts

NO_ESTIMATE = "These figures are not survey estimates, and no KPI’s status rests on them."
SERIES = (
    *(Column("Series", wide=True), Column("What it is", wide=True), Column("Unit")),
    *(Column("Supplied by"), Column("State"), Column("Source and licence", wide=True)),
    Column("Notes", wide=True),
)
CHANGES = (
    *(Column("Series", wide=True), Column("Area"), Column("Year", wide=True)),
    *(Column("Count", 0), Column("Count, year before", 0), Column("Change, per cent", 1)),
    *(Column("Lower end", 1), Column("Upper end", 1), Column("Verdict", wide=True)),
)

REVISIONS = (
    *(Column("Release", 0), Column("Series", wide=True), Column("Area"), Column("Period")),
    *(Column("Before", 1), Column("Now", 1), Column("Reason", wide=True)),
)


def record_sheets(published: Published, rows: Rows) -> Iterator[Sheet]:
    """Yield the sheets on records; none where no series is declared."""
    if published.records:
        cells = [_series_cells(series) for series in published.records]
        title = "Series that stand beside the KPIs"
        yield Sheet("Series", "series", title, (NO_ESTIMATE,), SERIES, cells)
    if rows.records:
        figures = [_figure_cells(row) for row in rows.records]
        title = "Records beside the KPIs, by period and area"
        columns = _figure_columns(rows.records)
        yield Sheet("Records", "records", title, (NO_ESTIMATE,), columns, figures)
    if rows.record_changes:
        changes = [_change_cells(row) for row in rows.record_changes]
        title = "Yearly counts of records beside those of the year before"
        yield Sheet("Record changes", "record_changes", title, (NO_ESTIMATE,), CHANGES, changes)
    if rows.record_revisions:
        revised = [_revision_cells(row) for row in rows.record_revisions]
        title = "Records that a later release changed, the newest release last"
        name = "record_revisions"
        yield Sheet("Record revisions", name, title, (NO_ESTIMATE,), REVISIONS, revised)


def _figure_columns(rows: Sequence[RecordRow]) -> tuple[Column, ...]:
    decimals = 0 if all(row.value.is_integer() for row in rows) else 1
    return (
        *(Column("Series", wide=True), Column("Unit"), Column("Area"), Column("Period", wide=True)),
        *(Column("Figure", decimals), Column("Notes", wide=True)),
    )


def _series_cells(series: RecordFacts) -> list[Cell]:
    return [
        series.title,
        label_words(series.kind, simulated=series.simulated),
        series.unit,
        series.supplied_by,
        "Supplied" if series.supplied else "Not supplied",
        f"{series.source}. {series.licence}." if series.supplied else "None",
        series.note or "None",
    ]


def _figure_cells(row: RecordRow) -> list[Cell]:
    words = {"[b]": row.break_reason}
    noted = [f"{one} {words.get(one) or marker_word(one)}" for one in markers(row.marker)]
    return [
        *(row.title, row.unit, row.area_label, _period(row.period)),
        *(float(rounded(row.value, 1)), "; ".join(noted) or "None"),
    ]


def _revision_cells(row: RecordRevisionRow) -> list[Cell]:
    after = "[x]" if row.after is None else float(rounded(row.after, 1))
    return [
        *(row.release, row.title, row.area_label, _period(row.period)),
        *(float(rounded(row.before, 1)), after, row.reason),
    ]


def _change_cells(row: RecordChangeRow) -> list[Cell]:
    marker = row.marker or "[x]"
    return [
        *(row.title, row.area_label, _period(row.period), int(row.value)),
        "[x]" if row.value_before is None else int(row.value_before),
        *(_per_cent(ratio, marker) for ratio in (row.ratio, row.ci_lower, row.ci_upper)),
        wording.as_heading(row.verdict or f"not judged: {row.no_verdict_reason}"),
    ]


def _per_cent(ratio: float | None, marker: str) -> Cell:
    return marker if ratio is None else float(rounded(ratio - 1, 1, times=100))


def _period(name: str) -> str:
    """Return a period as a heading; one that is no quarter by its name."""
    return wording.as_heading(wording.period_name_words(name))
