"""KPIs: their status in words, the evidence for it, and from when they can be judged."""

from transforms.kpi.measurable import measurable_from
from transforms.kpi.statuses import kpi_statuses

__all__ = ["kpi_statuses", "measurable_from"]
