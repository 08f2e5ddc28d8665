"""kpis.yaml: sections, measures and the comparison that judges."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.catalogue.draft import Draft
from transforms.catalogue.mistakes import listing, unknown_name
from transforms.errors import Mistake

FILE = "kpis.yaml"


def plan_mistakes(draft: Draft) -> Iterator[Mistake]:
    """Yield the mistakes of each KPI's names."""
    source = draft.source(FILE)
    for name, kpi in (draft.kpis or {}).items():
        if kpi is None:
            continue
        path = ("kpis", name)
        yield from unknown_name(source, (*path, "section"), "section", kpi.section, draft.sections)
        yield from unknown_name(source, (*path, "measure"), "measure", kpi.measure, draft.measures)
        if draft.comparisons is not None and kpi.judged not in draft.comparisons:
            yield source.mistake(
                (*path, "judged"),
                f"'{kpi.judged}' is not among the comparisons of survey.yaml.",
                expected=f"{listing(draft.comparisons)}.",
                remedy="write one of these, or add it under comparisons.",
            )
