"""The headline of each KPI, read back from a published database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from transforms.scales import Scale
from warehouse.database import read_connection

LATEST = """
    SELECT measured.scale_lower, measured.scale_upper, measured.unit,
        declared.section_title, found.title, spoken_of.label, found.estimate, found.ci_lower,
        found.ci_upper, found.unweighted_base, found.required_direction, found.status,
        found.difference, coalesce(earlier.label, found.compared_with), found.marker,
        found.simulated
    FROM kpi.kpi AS found
    JOIN ref.measure AS measured ON measured.measure = found.measure
    JOIN ref.kpi AS declared ON declared.kpi = found.kpi
    JOIN ref.wave AS fieldwork ON fieldwork.wave = found.wave
    JOIN ref.period AS spoken_of ON spoken_of.period = found.period
    LEFT JOIN ref.period AS earlier ON earlier.period = found.compared_with
    WHERE found.domain = 'all'
    QUALIFY row_number() OVER (
        PARTITION BY found.kpi ORDER BY fieldwork.wave_order DESC) = 1
    ORDER BY declared.kpi_order
"""


@dataclass(frozen=True, slots=True)
class Headline:
    """A KPI's latest figure, its interval, and its status; periods are in words."""

    scale: Scale
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
    return tuple(Headline(Scale(*row[:3]), *row[3:]) for row in rows)
