"""survey.yaml: the rolling year and the comparisons."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.catalogue.draft import Draft
from transforms.catalogue.kpis import Comparison
from transforms.catalogue.mistakes import KeyPath, SourceFile, series
from transforms.errors import Mistake

OF_QUARTERS = (Comparison.SAME_QUARTER_YEAR_BEFORE, Comparison.PREVIOUS_YEAR)
"""Comparisons that count in quarters of a year."""


def comparison_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    """Yield what the rolling year and the comparisons need and the waves do not give."""
    yield from _rolling_year_mistakes(draft, source)
    if draft.trend is not None and draft.trend.quarter_effects:
        path: KeyPath = ("trend", "quarter_effects")
        yield from _quarters_needed(draft, source, path, "quarter_effects", "write false, or")
    comparisons = draft.comparisons or ()
    for place, comparison in enumerate(comparisons):
        path = ("comparisons", place)
        if comparison in comparisons[:place]:
            yield source.mistake(
                path,
                f"'{comparison}' is named twice.",
                expected="each comparison once.",
                remedy="remove one of the two.",
            )
        if comparison in OF_QUARTERS:
            yield from _quarters_needed(
                draft, source, path, comparison, f"write '{Comparison.PREVIOUS_WAVE}', or"
            )
        if comparison is Comparison.PREVIOUS_YEAR and draft.rolling_year is None:
            yield source.mistake(
                path,
                f"'{comparison}' compares rolling years, and none are declared.",
                expected="the key rolling_year beside it.",
                remedy="add 'rolling_year: {factors: equal}', or remove the comparison.",
            )


def _rolling_year_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    rule = draft.rolling_year
    if rule is None:
        return
    path = ("rolling_year",)
    yield from _quarters_needed(draft, source, path, "rolling_year", "remove rolling_year, or")
    if rule.factors == "equal" and not draft.declares_calibration:
        yield source.mistake(
            path,
            "Quarters cannot count alike in a rolling year: nothing says what population each "
            "stands for.",
            expected="margins under 'calibration'.",
            remedy="declare margins, or 'factors: population' if every quarter's design weights "
            "add up to its population.",
        )


def _quarters_needed(
    draft: Draft, source: SourceFile, path: KeyPath, name: str, instead: str
) -> Iterator[Mistake]:
    odd = [wave.name for wave in draft.waves or () if not wave.is_quarter]
    if odd:
        yield source.mistake(
            path,
            f"'{name}' needs calendar quarters, but {series(odd)} "
            f"{'is' if len(odd) == 1 else 'are'} not.",
            expected="waves named as calendar quarters, such as 2026-Q2.",
            remedy=f"{instead} declare the waves as quarters.",
        )
