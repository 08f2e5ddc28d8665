"""Whether a column's answers still belong to the rows they stand in."""

from transforms.ties.columns import STRATUM, WEIGHT, answers_given, answers_stored, placed, within
from transforms.ties.tables import Tie, Ties, ties

__all__ = [
    "STRATUM",
    "WEIGHT",
    "Tie",
    "Ties",
    "answers_given",
    "answers_stored",
    "placed",
    "ties",
    "within",
]
