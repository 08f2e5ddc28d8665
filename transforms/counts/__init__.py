"""Counts of records: comparable years of them, and whether a year differs from the one before.

They are no survey estimates: nothing here is a share of people, and no KPI's status rests on it.
"""

from transforms.counts.stretches import Stretch, stretches
from transforms.counts.tables import record_tables
from transforms.counts.year_change import (
    FEWEST_CHANGES,
    FEWEST_COUNT,
    UsualChange,
    YearChange,
    usual_change,
    year_change,
)

__all__ = [
    "FEWEST_CHANGES",
    "FEWEST_COUNT",
    "Stretch",
    "UsualChange",
    "YearChange",
    "record_tables",
    "stretches",
    "usual_change",
    "year_change",
]
