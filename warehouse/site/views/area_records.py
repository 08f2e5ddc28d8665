"""Records beside an area's KPIs: those that are published by area, and those that are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from warehouse.site.facts import DomainValue, PlanKpi, Published
from warehouse.site.record_facts import RecordFacts
from warehouse.site.views.records import RecordView, record_view


@dataclass(frozen=True, slots=True)
class AreaRecords:
    """Series with figures of an area; of the others, `absent` says why there are none."""

    shown: tuple[RecordView, ...]
    absent: tuple[str, ...]


def area_records(published: Published, value: DomainValue, kpis: Sequence[PlanKpi]) -> AreaRecords:
    """Return the series beside an area's KPIs."""
    names = {kpi.kpi for kpi in kpis}
    beside = [one for one in published.records if names & set(one.kpis)]
    held = [one for one in beside if _has_figures(one, value)]
    return AreaRecords(
        shown=tuple(record_view(one, value.value, str(value.area_code)) for one in held),
        absent=tuple(_absent(published, [one for one in beside if one not in held])),
    )


def _has_figures(series: RecordFacts, value: DomainValue) -> bool:
    return value.area_code is not None and any(
        figure.area == value.area_code for figure in series.figures
    )


def _absent(published: Published, series: Sequence[RecordFacts]) -> Iterator[str]:
    whole = published.survey.whole
    for one in series:
        if one.supplied:
            yield f"{one.title}: supplied for {whole}, not for this area."
        else:
            yield f"{one.title}: not supplied by {one.supplied_by}, here or for {whole}."
