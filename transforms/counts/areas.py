"""The figures of a series by area and period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from transforms.catalogue import RecordSeries, Survey
from transforms.catalogue.base import WHOLE
from transforms.record_periods import RecordPeriod, record_period

Values = Mapping[int, float]
"""Figures of one area by the index of their period."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area of a series: as its file has it, its place, its label, its ONS code if it has one."""

    name: str
    order: int
    label: str
    code: str | None


def values_by_area(name: str, survey: Survey) -> dict[Area, Values]:
    """Return the figures of a series: the whole first, what is no area last, as the file has it."""
    series = survey.records.series[name]
    found: dict[str, dict[int, float]] = {}
    for figure in survey.record_figures.get(name, ()):
        period = record_period(figure.period, series.every)
        assert period is not None
        found.setdefault(figure.area, {})[period.index] = figure.value
    ordered = sorted(found, key=lambda area: (area != WHOLE, area in series.other_areas))
    return {_area(area, place, series, survey): found[area] for place, area in enumerate(ordered)}


def is_held(period: RecordPeriod, values: Values) -> bool:
    """True where there is a figure for every part of the period."""
    return all(index in values for index in period.indices)


def total(period: RecordPeriod, values: Values) -> float:
    """Return the sum over a period that is held."""
    return sum(values[index] for index in period.indices)


def _area(area: str, order: int, series: RecordSeries, survey: Survey) -> Area:
    if area == WHOLE:
        return Area(WHOLE, order, survey.about.whole, series.whole)
    if area in series.other_areas:
        return Area(area, order, series.other_areas[area], None)
    values = (value for domain in survey.domains.values() for value in domain.values.values())
    return Area(area, order, next(one.label for one in values if one.area_code == area), area)
