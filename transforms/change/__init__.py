"""Change: what each figure is compared with, the tests made, and which carry a verdict."""

from transforms.change.changes import changes
from transforms.change.counterparts import REST, Counterpart, counterpart, headline_kind
from transforms.change.judging import judged
from transforms.change.testing import detectable_change, tested
from transforms.change.words import BREAK, NO_SPREAD, NOT_SAME_QUARTERS, TOO_FEW

__all__ = [
    "BREAK",
    "NOT_SAME_QUARTERS",
    "NO_SPREAD",
    "REST",
    "TOO_FEW",
    "Counterpart",
    "changes",
    "counterpart",
    "detectable_change",
    "headline_kind",
    "judged",
    "tested",
]
