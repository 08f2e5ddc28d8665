"""survey.yaml: the calibration of the weights."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.catalogue.draft import Draft
from transforms.catalogue.mistakes import (
    KeyPath,
    SourceFile,
    did_you_mean,
    listing,
    unknown_name,
)
from transforms.catalogue.survey import Calibration, Span, Trim
from transforms.errors import Mistake

BOUNDED = ("logit", "truncated")


def calibration_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    """Yield the mistakes in how the weights are to be calibrated."""
    yield from _margin_name_mistakes(draft, source)
    if draft.calibration is not None:
        yield from _bounds_mistakes(source, draft.calibration)
        yield from _trim_mistakes(source, draft.calibration.trim)
        yield from _merge_mistakes(draft, source, draft.calibration)


def _margin_name_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    names = draft.calibration.margins if draft.calibration else ()
    for place, name in enumerate(names):
        path = ("calibration", "margins", place)
        yield from _unknown_margin(draft, source, path, name)
        if name in names[:place]:
            yield source.mistake(
                path,
                f"The margin '{name}' is named twice.",
                expected="each margin once.",
                remedy="remove one of the two.",
            )


def _unknown_margin(
    draft: Draft, source: SourceFile, path: KeyPath, name: str
) -> Iterator[Mistake]:
    if name not in draft.margins:
        close = did_you_mean(name, draft.margins)
        yield source.mistake(
            path,
            f"There is no file margins/{name}.csv.",
            expected=f"{listing(draft.margins)}." if draft.margins else "a file in margins/.",
            remedy=f"did you mean '{close}'?" if close else "correct the name, or add the file.",
        )


def _bounds_mistakes(source: SourceFile, rule: Calibration) -> Iterator[Mistake]:
    bounded = rule.method in BOUNDED
    if rule.bounds is None and bounded:
        yield source.mistake(
            ("calibration", "method"),
            f"The method '{rule.method}' has no bounds.",
            expected="the smallest and the largest calibrated / design weight.",
            remedy="add a line such as 'bounds: [0.3, 3]' under calibration.",
        )
    if rule.bounds is not None and not bounded:
        yield source.mistake(
            ("calibration", "bounds"),
            f"The method '{rule.method}' knows no bounds.",
            expected=f"bounds with the method {listing(BOUNDED)} only.",
            remedy="change the method, write the bounds as 'trim: {ratio_to_design: …}', or "
            "remove them.",
        )
    yield from _span_mistakes(source, ("calibration", "bounds"), rule.bounds)


def _trim_mistakes(source: SourceFile, trim: Trim | None) -> Iterator[Mistake]:
    if trim is None:
        return
    path = ("calibration", "trim")
    if (trim.ratio_to_mean is None) == (trim.ratio_to_design is None):
        yield source.mistake(
            path,
            "The trim is declared twice." if trim.ratio_to_mean else "The trim is empty.",
            expected="either 'ratio_to_mean' or 'ratio_to_design'.",
            remedy="keep or write one of the two.",
        )
    yield from _span_mistakes(source, (*path, "ratio_to_mean"), trim.ratio_to_mean)
    yield from _span_mistakes(source, (*path, "ratio_to_design"), trim.ratio_to_design)


def _span_mistakes(source: SourceFile, path: KeyPath, span: Span | None) -> Iterator[Mistake]:
    if span is not None and not span[0] < 1 < span[1]:
        yield source.mistake(
            path,
            f"[{span[0]:g}, {span[1]:g}] does not lie on both sides of 1.",
            expected="a smallest ratio below 1 and a largest above 1: the ratios' mean is 1.",
            remedy="write the smallest ratio first, such as [0.3, 3].",
        )


def _merge_mistakes(draft: Draft, source: SourceFile, rule: Calibration) -> Iterator[Mistake]:
    for name, groups in rule.merge.items():
        path: KeyPath = ("calibration", "merge", name)
        yield from unknown_name(source, path, "margin in use", name, rule.margins)
        margin = draft.margins.get(name)
        if margin is None:
            continue
        categories = [cell.name for cell in margin.control_totals]
        written = [category for group in groups for category in group]
        for category in dict.fromkeys(written):
            kind = f"category of '{name}'"
            yield from unknown_name(source, path, kind, category, categories)
            if written.count(category) > 1:
                yield source.mistake(
                    path,
                    f"The category '{category}' is merged twice.",
                    expected="each category in one list.",
                    remedy="remove it from all lists but one.",
                )
