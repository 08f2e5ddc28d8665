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
from transforms.lineage.revising import (
    Made,
    Revised,
    Revision,
    State,
    causes_by_wave,
    differences,
    revised,
    revised_text,
)
from transforms.lineage.sentences import lineage_text

__all__ = [
    "Asked",
    "Figure",
    "Finding",
    "Judged",
    "Lineage",
    "Made",
    "Part",
    "Revised",
    "Revision",
    "Source",
    "State",
    "Weighting",
    "causes_by_wave",
    "differences",
    "lineage_text",
    "revised",
    "revised_text",
]
