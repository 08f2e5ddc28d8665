"""Series of records as tables: what is declared, every figure, and each year beside the last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, fields

import pandas as pd

from transforms.catalogue import RecordSeries, Survey
from transforms.counts.areas import Area, Values, is_held, total, values_by_area
from transforms.counts.changes import RecordChange, record_changes
from transforms.counts.stretches import broken_within
from transforms.record_periods import PER_YEAR, RecordPeriod

SERIES_COLUMNS = (
    *("series", "series_order", "title", "kind", "quantity", "unit", "every", "kpis"),
    *("supplied_by", "supplied", "simulated", "source", "licence", "note"),
)
BREAK_COLUMNS = ("series", "since", "until", "reason")
FIGURE_COLUMNS = (
    *("series", "area", "area_order", "area_label", "area_code", "period", "kind"),
    *("period_start", "period_end", "label", "value", "marker", "break_reason"),
)
CHANGE_COLUMNS = tuple(field.name for field in fields(RecordChange))


def record_tables(survey: Survey) -> dict[str, pd.DataFrame]:
    """Return the rows of every table of the schema `record`, by the table's name."""
    declared = survey.records.series
    series = [_series(name, order, one) for order, (name, one) in enumerate(declared.items(), 1)]
    breaks = [
        (name, broken.first, broken.last, broken.reason)
        for name, one in declared.items()
        for broken in one.breaks
    ]
    figures = [row for name in declared for row in _figures(name, survey)]
    changes = [asdict(row) for name in declared for row in record_changes(name, survey)]
    return {
        "record.series": pd.DataFrame(series, columns=SERIES_COLUMNS),
        "record.break": pd.DataFrame(breaks, columns=BREAK_COLUMNS),
        "record.figure": pd.DataFrame(figures, columns=FIGURE_COLUMNS),
        "record.change": pd.DataFrame(changes, columns=CHANGE_COLUMNS),
    }


def _series(name: str, order: int, one: RecordSeries) -> tuple[object, ...]:
    return (
        *(name, order, one.title, one.kind, one.quantity, one.unit, one.every, one.beside),
        *(one.supplied_by, one.file is not None, one.simulated, one.source, one.licence, one.note),
    )


def _figures(name: str, survey: Survey) -> Iterator[tuple[object, ...]]:
    """Yield every figure as supplied and, of counts, every whole year that ends with a period."""
    series = survey.records.series[name]
    for area, values in values_by_area(name, survey).items():
        for index in sorted(values):
            single = RecordPeriod(series.every, index)
            yield _figure(name, area, single, values, series)
            year = single.year()
            if series.quantity == "count" and year != single and is_held(year, values):
                yield _figure(name, area, year, values, series)


def _figure(
    name: str, area: Area, period: RecordPeriod, values: Values, series: RecordSeries
) -> tuple[object, ...]:
    broken = broken_within(period, series)
    kind = "year" if period.length == PER_YEAR[series.every] else "single"
    return (
        *(name, area.name, area.order, area.label, area.code, period.name, kind),
        *(period.start, period.end, period.words, total(period, values)),
        *("[b]" if broken else None, broken),
    )
