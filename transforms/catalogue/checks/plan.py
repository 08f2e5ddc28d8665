"""kpis.yaml: sections, measures, families, baselines and the comparisons that judge."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.catalogue.checks.baselines import baseline_mistakes, baselines_of_one_name
from transforms.catalogue.draft import Draft
from transforms.catalogue.kpis import HEADLINE, Comparison, Kpi
from transforms.catalogue.mistakes import KeyPath, SourceFile, listing, unknown_name
from transforms.errors import Mistake

FILE = "kpis.yaml"


def plan_mistakes(draft: Draft) -> Iterator[Mistake]:
    """Yield the mistakes of each KPI, and of KPIs that judge the same figures differently."""
    source = draft.source(FILE)
    known = {name: kpi for name, kpi in (draft.kpis or {}).items() if kpi is not None}
    for name, kpi in known.items():
        path = ("kpis", name)
        yield from unknown_name(source, (*path, "section"), "section", kpi.section, draft.sections)
        yield from unknown_name(source, (*path, "measure"), "measure", kpi.measure, draft.measures)
        yield from _family_mistakes(draft, source, (*path, "family"), kpi)
        yield from _judged_mistakes(draft, source, (*path, "judged"), kpi.judged)
        yield from _judged_by_mistakes(draft, source, (*path, "judged_by"), kpi)
        yield from baseline_mistakes(draft, source, path, kpi)
        yield from _rival_mistakes(source, path, kpi, known)
    yield from baselines_of_one_name(source, known)


def _family_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, kpi: Kpi
) -> Iterator[Mistake]:
    if kpi.family not in draft.families:
        yield source.mistake(
            path,
            f"'{kpi.family}' is not a family that is declared.",
            expected=f"{listing(draft.families)}.",
            remedy=f"write one of these, or add '{kpi.family}: holm' under families.",
        )


def _judged_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, judged: Comparison
) -> Iterator[Mistake]:
    if draft.comparisons is not None and judged not in draft.comparisons:
        yield source.mistake(
            path,
            f"'{judged}' is not among the comparisons of survey.yaml.",
            expected=f"{listing(draft.comparisons)}.",
            remedy="write one of these, or add it under comparisons.",
        )
    if judged is Comparison.REST_OF_FORCE:
        yield source.mistake(
            path,
            f"'{judged}' is a difference between places or people, which is no change.",
            expected="a comparison in time; the values of a domain under judged_by are compared "
            "with the rest of the force as well where survey.yaml has that comparison.",
            remedy=f"write '{Comparison.BASELINE}'.",
        )


def _judged_by_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, kpi: Kpi
) -> Iterator[Mistake]:
    measure = (draft.measures or {}).get(kpi.measure)
    for domain, judged in kpi.judged_by.items():
        here = (*path, domain)
        if measure is not None and domain not in measure.by:
            yield source.mistake(
                here,
                f"The measure '{kpi.measure}' is not broken down by '{domain}'.",
                expected=f"{listing(measure.by)}.",
                remedy=f"write one of these, or add '{domain}' under 'by' in measures.yaml.",
            )
        yield from _judged_mistakes(draft, source, here, judged)


def _rival_mistakes(
    source: SourceFile, path: KeyPath, kpi: Kpi, known: dict[str, Kpi]
) -> Iterator[Mistake]:
    """Yield where an earlier KPI of the same measure has another baseline or family."""
    names = list(known)
    for other in names[: names.index(str(path[-1]))]:
        rival = known[other]
        if rival.measure != kpi.measure:
            continue
        if rival.baseline != kpi.baseline:
            yield _differ(source, (*path, "baseline"), "baseline", other)
        if rival.judged is kpi.judged and rival.family != kpi.family:
            yield _differ(source, (*path, "family"), "family", other)


def _differ(source: SourceFile, path: KeyPath, key: str, other: str) -> Mistake:
    return source.mistake(
        path,
        f"The KPI '{other}' has the same measure and another {key}: one figure would be judged "
        "twice, differently.",
        expected=f"one {key} for KPIs of one measure"
        + (f"; '{HEADLINE}' unless declared." if key == "family" else "."),
        remedy=f"write the same {key}, or declare a measure of its own.",
    )
