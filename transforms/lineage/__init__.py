"""From a published figure back to what it was made of, in rows and in sentences."""

from transforms.lineage.figures import (
    Asked,
    Figure,
    Finding,
    Judged,
    Lineage,
    Part,
    Source,
    Weighting,
)
from transforms.lineage.sentences import lineage_text

__all__ = [
    "Asked",
    "Figure",
    "Finding",
    "Judged",
    "Lineage",
    "Part",
    "Source",
    "Weighting",
    "lineage_text",
]
