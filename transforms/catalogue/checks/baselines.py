"""kpis.yaml: what a KPI's figures are measured against."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.catalogue.draft import Draft
from transforms.catalogue.kpis import Baseline, Comparison, Kpi
from transforms.catalogue.mistakes import KeyPath, SourceFile, unknown_name
from transforms.errors import Mistake

OUTSIDE = ("estimate", "standard_error", "label", "source")
"""What an outside figure cannot do without."""


def baseline_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, kpi: Kpi
) -> Iterator[Mistake]:
    """Yield what is wrong with a KPI's baseline, or with not having one."""
    judged = {kpi.judged, *kpi.judged_by.values()}
    if kpi.baseline is None:
        if Comparison.BASELINE in judged and draft.rolling_year is None:
            yield source.mistake(
                path,
                "The KPI is judged against its baseline, and has none.",
                expected="the key baseline, or rolling years whose first is the baseline.",
                remedy="add 'baseline: {waves: […]}' here, or rolling_year to survey.yaml.",
            )
        return
    here = (*path, "baseline")
    if kpi.baseline.is_outside:
        yield from _outside_mistakes(draft, source, here, kpi)
    else:
        yield from _wave_mistakes(draft, source, here, kpi.baseline)


def _outside_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, kpi: Kpi
) -> Iterator[Mistake]:
    missing = [key for key in OUTSIDE if getattr(kpi.baseline, key) is None]
    if missing:
        yield source.mistake(
            path,
            f"The baseline has neither waves nor a full outside figure: {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing.",
            expected=f"either 'waves', or all of {', '.join(OUTSIDE)}.",
            remedy="add what is missing; a figure without a standard error cannot be tested.",
        )
    yield from _beyond_limits(draft, source, path, kpi)
    domains = [name for name, judged in kpi.judged_by.items() if judged is Comparison.BASELINE]
    for domain in domains:
        yield source.mistake(
            (*path[:-1], "judged_by", domain),
            f"The outside figure is of the whole force, not of a value of '{domain}'.",
            expected="a comparison that the survey's own figures can make.",
            remedy=f"write '{Comparison.PREVIOUS_YEAR}', or a baseline of waves.",
        )


def _beyond_limits(draft: Draft, source: SourceFile, path: KeyPath, kpi: Kpi) -> Iterator[Mistake]:
    measure = draft.measure(kpi.measure)
    estimate = kpi.baseline.estimate if kpi.baseline else None
    if measure is None or estimate is None:
        return
    if measure.kind == "mean" and not (measure.scale or measure.scores):
        return
    lowest, highest = measure.limits
    if not lowest <= estimate <= highest:
        yield source.mistake(
            (*path, "estimate"),
            f"The outside figure is {estimate:g}, beyond what '{kpi.measure}' can be.",
            expected=f"a number from {lowest:g} to {highest:g}.",
            remedy="correct it; 52.4% is written 0.524.",
        )


def _wave_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, baseline: Baseline
) -> Iterator[Mistake]:
    waves = baseline.waves or ()
    if any(getattr(baseline, key) is not None for key in (*OUTSIDE, "df")):
        yield source.mistake(
            path,
            "The baseline has both waves and an outside figure.",
            expected="one of the two.",
            remedy="remove the waves, or the figure with its label and source.",
        )
    if draft.waves is None:
        return
    for place, wave in enumerate(waves):
        at = (*path, "waves", place)
        yield from unknown_name(source, at, "wave", wave, draft.wave_names)
    known = [draft.wave_names.index(wave) for wave in waves if wave in draft.wave_names]
    if known != sorted(set(known)):
        yield source.mistake(
            (*path, "waves"),
            "The baseline's waves are not in order of time, each once.",
            expected="the earliest first.",
            remedy="sort them.",
        )
    if len(waves) > 1 and not draft.declares_calibration:
        yield source.mistake(
            (*path, "waves"),
            "Waves that are not calibrated cannot be pooled into a baseline.",
            expected="margins under 'calibration', or a single wave.",
            remedy="name one wave, or declare margins.",
        )
