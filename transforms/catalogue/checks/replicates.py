"""survey.yaml: the replicate weights."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.catalogue.draft import Draft
from transforms.catalogue.mistakes import SourceFile
from transforms.errors import Mistake


def replicate_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    """Yield what a jackknife is told and cannot do: it draws nothing."""
    rule = draft.replicates
    if rule is None or rule.method != "jackknife":
        return
    if rule.count is not None:
        yield source.mistake(
            ("replicates", "count"),
            "A jackknife has as many replicates as the sample has points.",
            expected="a count with the method bootstrap only.",
            remedy="remove the count, or write 'method: bootstrap'.",
        )
    if rule.lost_category == "redraw":
        yield source.mistake(
            ("replicates", "lost_category"),
            "A jackknife draws nothing that could be drawn again.",
            expected="'half_step' or 'refuse' with the method jackknife.",
            remedy="write one of the two, or 'method: bootstrap'.",
        )
