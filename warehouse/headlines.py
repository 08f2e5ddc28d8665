"""The headline of each KPI, read back from a published database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from warehouse.database import read_connection

LATEST = """
    SELECT section_title, kpi.title, period, estimate, ci_lower, ci_upper, unweighted_base,
        kpi.required_direction, status, difference, compared_with, marker, simulated
    FROM kpi.kpi JOIN ref.kpi USING (kpi) JOIN ref.wave ON wave = period
    WHERE domain = 'all'
    QUALIFY row_number() OVER (PARTITION BY kpi ORDER BY wave_order DESC) = 1
    ORDER BY kpi_order
"""


@dataclass(frozen=True, slots=True)
class Headline:
    """A KPI's latest figure, its interval, and its status."""

    section: str
    title: str
    period: str
    estimate: float | None
    ci_lower: float | None
    ci_upper: float | None
    unweighted_base: int | None
    required_direction: str
    status: str
    difference: float | None
    compared_with: str | None
    marker: str | None
    simulated: bool


def headlines(published: Path) -> tuple[Headline, ...]:
    """Return one headline a KPI, in the order of the Plan."""
    with read_connection(published) as connection:
        rows = connection.execute(LATEST).fetchall()
    return tuple(Headline(*row) for row in rows)
