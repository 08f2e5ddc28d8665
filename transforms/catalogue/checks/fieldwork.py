"""survey.yaml: what the supplier reports of fieldwork, wave by wave."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.catalogue.draft import Draft
from transforms.catalogue.mistakes import SourceFile, unknown_name
from transforms.errors import Mistake


def fieldwork_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    """Yield waves that are none, and more cases found not eligible than were issued."""
    for wave, cases in draft.fieldwork.items():
        path = ("fieldwork", wave)
        if draft.waves is not None:
            yield from unknown_name(source, path, "wave", wave, draft.wave_names)
        if cases.not_eligible >= cases.issued:
            yield source.mistake(
                (*path, "not_eligible"),
                f"Of {cases.issued} cases issued in {wave}, {cases.not_eligible} are said not to "
                "be eligible.",
                expected="fewer than were issued.",
                remedy="correct one of the two.",
            )
