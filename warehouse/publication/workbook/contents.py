"""What the spreadsheet holds: the KPIs, the KPIs by group, a table a measure, and revisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from transforms import wording
from transforms.contract import EstimateRow, KpiRow, RevisionRow
from transforms.scales import Scale
from transforms.wording import rounded
from warehouse.publication.read import Rows
from warehouse.publication.workbook.book import Book, Cell, Column, Cover, Note, Sheet
from warehouse.publication.workbook.records import record_sheets
from warehouse.site.facts import MeasureFacts, Published, SurveyFacts
from warehouse.site.views.about import marker_meanings

NUMBERS = (Column("Figure", 1), Column("Lower end", 1), Column("Upper end", 1))
BASES = (Column("People asked", 0), Column("Effective base", 0))
NOTES = Column("Notes", wide=True)
KPI = (
    *(Column("KPI", wide=True), Column("Required"), Column("Status"), Column("Period", wide=True)),
    *(Column("Unit"), *NUMBERS, BASES[0]),
    *(Column("Change", 1), Column("Change, lower end", 1), Column("Change, upper end", 1)),
    *(Column("Evidence", wide=True), NOTES),
)
FIGURES = (
    *(Column("Classification"), Column("Group"), Column("Period", wide=True)),
    *(*NUMBERS, *BASES, NOTES),
)
REVISIONS = (
    *(Column("Release", 0), Column("Measure", wide=True), Column("Group"), Column("Period")),
    *(Column("Before", 1), Column("Now", 1), Column("Reason", wide=True)),
)


def book_of(published: Published, rows: Rows) -> Book:
    """Return the spreadsheet of a survey."""
    days = [wave.end for wave in published.waves if _has_figures(rows, wave.name)]
    released = rows.release.released_on if rows.release else None
    return Book(
        cover=_cover(published, rows),
        notes=_notes(published.survey),
        sheets=tuple(_sheets(published, rows)),
        made_on=released or (days[-1] if days else published.waves[0].start),
    )


def _has_figures(rows: Rows, wave: str) -> bool:
    return any(row.period == wave for row in rows.estimates)


def _cover(published: Published, rows: Rows) -> Cover:
    survey = published.survey
    simulated = (
        "Simulated: no figure of the survey is about real people. " if survey.simulated else ""
    )
    release = rows.release
    standing = (
        f"Release {release.number}, {wording.date_words(release.released_on)}."
        if release
        else "Draft: not released."
    )
    return Cover(
        title=f"{'Simulated: ' if survey.simulated else ''}{survey.title}",
        intro=(f"{simulated}{standing}", f"The figures speak of {survey.covers}."),
        about=(
            *((survey.illustrative,) if survey.illustrative else ()),
            "A marker in square brackets stands in the place of a figure that is withheld or not "
            "available; what each means is on the notes sheet, and the reason in the last column.",
            "Figures are in per cent, or on the scale that the sheet names, rounded as on the "
            "pages. The same figures with six decimals are in estimates.csv.",
        ),
        contact=(
            f"{survey.run_by}; fieldwork by {survey.fieldwork_by}.",
            *((survey.contact,) if survey.contact else ()),
        ),
    )


def _notes(survey: SurveyFacts) -> tuple[Note, ...]:
    meanings = marker_meanings(" ".join(wording.MARKER_MEANINGS), survey)
    level = (
        ""
        if survey.confidence is None
        else f" at the {wording.level_words(survey.confidence)} level"
    )
    return (
        Note(
            "Intervals",
            f"The lower and the upper end are of the figure’s interval{level}, from the survey’s "
            "design. Intervals of changes are not adjusted for other tests.",
        ),
        Note(
            "Verdicts",
            "One comparison of each KPI is judged, chosen before the figures were known. A status "
            "rests on a test that is adjusted for the tests made together.",
        ),
        *(Note(marker, meaning) for marker, meaning in meanings.items()),
    )


def _sheets(published: Published, rows: Rows) -> Iterator[Sheet]:
    if not rows.kpis:
        yield _nothing_yet()
        return
    whole = [row for row in rows.kpis if row.domain == "all"]
    groups = [row for row in rows.kpis if row.domain != "all"]
    yield _kpi_sheet("KPIs", "kpis", f"KPIs of {published.survey.whole}", whole, published)
    if groups:
        title = "KPIs of each judged area or group"
        yield _kpi_sheet("KPIs by group", "kpis_by_group", title, groups, published)
    for place, name in enumerate(published.measures, 1):
        figures = [row for row in rows.estimates if row.measure == name and _complete(row)]
        if figures:
            yield _figures_sheet(place, figures, published)
    if rows.revisions:
        yield _revisions_sheet(rows.revisions, published)
    for sheet in record_sheets(published, rows):
        yield marked(sheet)


def _nothing_yet() -> Sheet:
    """Return the sheet of a survey of which no wave has been computed: a sheet is never empty."""
    columns, row = (Column("State", wide=True),), ["No wave has been computed yet."]
    return Sheet("KPIs", "kpis", "KPIs", (), columns, [row], ("Intervals", "Verdicts"))


def _complete(row: EstimateRow) -> bool:
    return row.period_kind == "wave" or row.estimate is not None or row.marker != "[x]"


def _kpi_sheet(
    label: str, table: str, title: str, found: Sequence[KpiRow], published: Published
) -> Sheet:
    newest = max((wave.name for wave in published.waves if _at(found, wave.name)), default="")
    named = KPI if label == "KPIs" else (KPI[0], Column("Group"), *KPI[1:])
    shown = _at(found, newest)
    rows = [_kpi_cells(row, published, len(named) > len(KPI)) for row in shown]
    columns = _written_as([row.measure for row in shown], named, published)
    above = (f"Status after {wording.wave_words(newest)}. Changes are in points, or in the unit.",)
    return marked(Sheet(label, table, title, above, columns, rows, ("Intervals", "Verdicts")))


def _at(found: Sequence[KpiRow], wave: str) -> list[KpiRow]:
    return [row for row in found if row.wave == wave]


def _kpi_cells(row: KpiRow, published: Published, with_group: bool) -> list[Cell]:
    scale = published.measures[row.measure].scale
    marker = wording.withheld_marker(row.marker)
    change = (row.difference, row.difference_ci_lower, row.difference_ci_upper)
    return [
        row.title,
        *((row.value_label,) if with_group else ()),
        row.required_direction,
        row.status,
        wording.as_heading(published.periods[row.period].label),
        scale.unit or "Per cent",
        *_numbers((row.estimate, row.ci_lower, row.ci_upper), scale, marker),
        row.unweighted_base if row.unweighted_base is not None else marker,
        *_numbers(change, scale, "[x]" if row.difference is None else marker),
        row.evidence,
        _notes_of(row.marker, row.withheld_reason),
    ]


def _figures_sheet(place: int, figures: Sequence[EstimateRow], published: Published) -> Sheet:
    measure = published.measures[figures[0].measure]
    labels = {domain.domain: domain.label for domain in published.domains}
    above = (
        f"{wording.as_heading(measure.scale.words)}. Base: {measure.base_label}.",
        *((f"Question: {measure.question}",) if measure.question else ()),
        "Rolling years of which a quarter is missing are left out.",
    )
    cells = [
        [
            labels.get(row.domain, "Everybody"),
            row.value_label,
            wording.as_heading(published.periods[row.period].label),
            *_figure_cells(row, measure.scale),
        ]
        for row in figures
    ]
    title = f"{_told_apart(measure, published)}, by group and period"
    label = f"Table {place}"
    columns = _written_as([measure.measure], FIGURES, published)
    return marked(Sheet(label, measure.measure, title, above, columns, cells, ("Intervals",)))


def _told_apart(measure: MeasureFacts, published: Published) -> str:
    """Return a measure's label, with its base where another has the same label."""
    labels = [one.label for one in published.measures.values()]
    alone = labels.count(measure.label) == 1
    return measure.label if alone else f"{measure.label}, of {measure.base_label}"


def _figure_cells(row: EstimateRow, scale: Scale) -> list[Cell]:
    marker = wording.withheld_marker(row.marker)
    return [
        *_numbers((row.estimate, row.ci_lower, row.ci_upper), scale, marker),
        row.unweighted_base if row.unweighted_base is not None else marker,
        marker if row.effective_base is None else float(rounded(row.effective_base, 0)),
        _notes_of(row.marker, row.withheld_reason),
    ]


def _revisions_sheet(revisions: Sequence[RevisionRow], published: Published) -> Sheet:
    above = ("Published figures that a later release changed, the newest release last.",)
    cells = [_revision_cells(row, published) for row in revisions]
    columns = _written_as([row.measure for row in revisions], REVISIONS, published)
    return marked(Sheet("Revisions", "revisions", "Revisions", above, columns, cells))


def _written_as(
    measures: Sequence[str], columns: Sequence[Column], published: Published
) -> tuple[Column, ...]:
    """Return columns with the decimals that the figures of these measures are written with.

    A column has one format: of several, the fewest decimals, which none of them lacks.
    """
    decimals = min((published.measures[name].scale.decimals for name in measures), default=1)
    return tuple(
        replace(column, decimals=decimals) if column.decimals == NUMBERS[0].decimals else column
        for column in columns
    )


def marked(sheet: Sheet) -> Sheet:
    """Return a sheet with the shorthand that stands in it: explained above, and in the notes."""
    held = " ".join(cell for row in sheet.rows for cell in row if isinstance(cell, str))
    standing = [marker for marker in wording.MARKER_MEANINGS if marker in held]
    if not standing:
        return sheet
    told = "; ".join(f"{marker} {wording.marker_word(marker)}" for marker in standing)
    above = (*sheet.above, f"Shorthand: {told}.")
    return replace(sheet, above=above, notes=(*sheet.notes, *standing))


def _revision_cells(row: RevisionRow, published: Published) -> list[Cell]:
    scale = published.measures[row.measure].scale
    return [
        *(row.release, row.measure_label, row.value_label),
        wording.as_heading(published.periods[row.period].label),
        *_numbers((row.before, row.after), scale, "[x]"),
        row.reason,
    ]


def _numbers(values: Sequence[float | None], scale: Scale, marker: str) -> list[Cell]:
    """Return figures as they are published, or the marker in their place."""
    return [marker if value is None else scale.number(value) for value in values]


def _notes_of(marker: str | None, reason: str | None) -> str:
    said = [f"{one} {wording.marker_word(one)}" for one in wording.markers(marker)]
    return "; ".join([*said, *((reason,) if reason else ())]) or "None"
