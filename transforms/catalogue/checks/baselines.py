"""kpis.yaml: what a KPI's figures are measured against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from transforms.catalogue.draft import Draft
from transforms.catalogue.kpis import Baseline, Comparison, Kpi
from transforms.catalogue.mistakes import KeyPath, SourceFile, series, unknown_name
from transforms.errors import Mistake
from transforms.waves import QUARTER_NAME, shift_quarter

OUTSIDE = ("estimate", "standard_error", "label", "source")
"""What an outside figure cannot do without."""
QUARTERS_IN_A_YEAR = 4


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
        yield from _wave_mistakes(draft, source, here, kpi.baseline, kpi.measure)


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
    if kpi.baseline is not None and kpi.baseline.comparable_with and draft.waves is not None:
        at, wave = (*path, "comparable_with"), kpi.baseline.comparable_with
        yield from unknown_name(source, at, "wave", wave, draft.wave_names)
    yield from _beyond_limits(draft, source, path, kpi)
    yield from _label_mistakes(draft, source, path, kpi)
    domains = [name for name, judged in kpi.judged_by.items() if judged is Comparison.BASELINE]
    for domain in domains:
        yield source.mistake(
            (*path[:-1], "judged_by", domain),
            f"The outside figure is of the whole force, not of a value of '{domain}'.",
            expected="a comparison that the survey's own figures can make.",
            remedy=f"write '{Comparison.PREVIOUS_YEAR}', or a baseline of waves.",
        )


def _label_mistakes(draft: Draft, source: SourceFile, path: KeyPath, kpi: Kpi) -> Iterator[Mistake]:
    label = str(kpi.baseline.label) if kpi.baseline else ""
    if set(label.split("/")) <= set(draft.wave_names):
        yield source.mistake(
            (*path, "label"),
            f"The outside figure is called '{label}', as a period of this survey is.",
            expected="a label that no wave or rolling year has: figures are found by it.",
            remedy="say whose figure it is, such as 'Home Office 2024/25'.",
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


def _name_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, waves: Sequence[str], measure: str
) -> Iterator[Mistake]:
    """Yield where a baseline is not what its name, its first and last wave, says it is."""
    name = f"{waves[0]}/{waves[-1]}"
    declared = draft.measure(measure)
    asking = draft.waves_asking(declared.item) if declared else ()
    order = draft.wave_names
    span = order[order.index(waves[0]) : order.index(waves[-1]) + 1]
    left_out = [wave for wave in span if wave in asking and wave not in waves]
    if left_out and declared:
        yield source.mistake(
            (*path, "waves"),
            f"The baseline leaves out {series(left_out)}, which "
            f"{'asks' if len(left_out) == 1 else 'ask'} '{declared.item}': it would be named "
            f"'{name}' all the same.",
            expected="every wave from the first to the last that has the measure.",
            remedy=f"name {series(left_out)} too, or waves that follow each other.",
        )
    elif _is_year_by_name(draft, waves) and len(waves) < QUARTERS_IN_A_YEAR:
        yield source.mistake(
            (*path, "waves"),
            f"The baseline would be named '{name}', as the rolling year of four quarters is.",
            expected="another span, or all of the year's quarters.",
            remedy="name all four quarters, or a single wave.",
        )


def _is_year_by_name(draft: Draft, waves: Sequence[str]) -> bool:
    """Return whether a rolling year has the same first and last wave."""
    if draft.rolling_year is None or not all(map(QUARTER_NAME.match, waves)):
        return False
    return shift_quarter(waves[0], QUARTERS_IN_A_YEAR - 1) == waves[-1]


def baselines_of_one_name(source: SourceFile, known: Mapping[str, Kpi]) -> Iterator[Mistake]:
    """Yield where two KPIs' baselines begin and end with the same waves, but are not the same."""
    first: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}
    for name, kpi in known.items():
        waves = (kpi.baseline.waves if kpi.baseline else None) or ()
        if len(waves) < 2:
            continue
        other, those = first.setdefault((waves[0], waves[-1]), (name, waves))
        if those != waves:
            yield source.mistake(
                ("kpis", name, "baseline", "waves"),
                f"This baseline would be named '{waves[0]}/{waves[-1]}', as that of '{other}' is, "
                "which is made of other waves.",
                expected="one set of waves for each first and last wave.",
                remedy="begin or end one of the two with another wave.",
            )


def _wave_mistakes(
    draft: Draft, source: SourceFile, path: KeyPath, baseline: Baseline, measure: str
) -> Iterator[Mistake]:
    waves = baseline.waves or ()
    if any(getattr(baseline, key) is not None for key in (*OUTSIDE, "df", "comparable_with")):
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
    if known == sorted(set(known)) and len(known) == len(waves) > 1:
        yield from _name_mistakes(draft, source, path, waves, measure)
    elif known != sorted(set(known)):
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
