"""Disclosure control: what is withheld, and what is marked as less reliable (methods §7)."""

from transforms.disclosure.changes import withhold_changes, withhold_tests, withhold_trends
from transforms.disclosure.deciding import Decisions, decide
from transforms.disclosure.withholding import rules_fired, withhold_estimates
from transforms.disclosure.words import INCOMPLETE

__all__ = [
    "INCOMPLETE",
    "Decisions",
    "decide",
    "rules_fired",
    "withhold_changes",
    "withhold_estimates",
    "withhold_tests",
    "withhold_trends",
]
