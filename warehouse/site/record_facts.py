"""Series of records as the pages know them: figures beside KPIs, no survey estimates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from transforms.catalogue.base import WHOLE


@dataclass(frozen=True, slots=True)
class RecordBreak:
    """Periods that are not comparable with the others, and why; `until`: None to the end."""

    since: str
    until: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class RecordFigure:
    """A figure in a period and area; `kind`: single, or year."""

    area: str
    area_label: str
    period: str
    kind: str
    start: date
    end: date
    label: str
    value: float
    marker: str | None
    break_reason: str | None

    @property
    def is_broken(self) -> bool:
        """True where the figure is not comparable with others."""
        return self.break_reason is not None


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A whole year beside the year before; `verdict`: None where none is given, and why."""

    area: str
    period: str
    compared_with: str
    value: float
    value_before: float | None
    ratio: float | None
    lower: float | None
    upper: float | None
    family_size: int | None
    verdict: str | None
    no_verdict_reason: str | None
    marker: str | None


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """A series with its figures and changes, each in order of area and time; none if not supplied.

    `kpis`: the KPIs that it stands beside.
    """

    series: str
    title: str
    kind: str
    quantity: str
    unit: str
    every: str
    kpis: Sequence[str]
    supplied_by: str
    supplied: bool
    simulated: bool
    source: str | None
    licence: str | None
    note: str | None
    breaks: tuple[RecordBreak, ...] = ()
    figures: tuple[RecordFigure, ...] = ()
    changes: tuple[RecordChange, ...] = ()

    def of(self, kind: str, area: str = WHOLE) -> tuple[RecordFigure, ...]:
        """Return an area's figures of one kind, in order of time."""
        return tuple(one for one in self.figures if (one.area, one.kind) == (area, kind))

    def change(self, area: str, period: str) -> RecordChange | None:
        """Return a year's change in an area; None where it is no year of counts."""
        found = (one for one in self.changes if (one.area, one.period) == (area, period))
        return next(found, None)
