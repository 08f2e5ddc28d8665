"""Which items are about the respondent."""

from __future__ import annotations

from collections.abc import Iterable

from transforms.catalogue import Survey


def questions(survey: Survey, items: Iterable[str]) -> tuple[str, ...]:
    """Return those of `items` that are about the respondent, not the design or the interview."""
    design = survey.about.design
    others = {design.serial, design.stratum, design.psu, design.population_psus, *design.weight}
    others |= set(survey.about.interviews.named.values())
    kinds = ("code", "number")
    return tuple(n for n in items if survey.items[n].type in kinds and n not in others)
