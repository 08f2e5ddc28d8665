"""Published figures of another office, taken over as they are: without standard errors."""

from transforms.aggregates.reading import SourceTable, TakenFigures, take_figures
from transforms.aggregates.tables import aggregate_tables

__all__ = ["SourceTable", "TakenFigures", "aggregate_tables", "take_figures"]
