"""Figures that are to keep bounds: from a Great Expectations suite to results in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from expectations.outcomes import NOT_RUN
from expectations.terms import Term
from transforms.validation import CheckResult, Drift, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure. It is to lie from `lowest` to `highest`, or has no limit there.

    `serials`: at most 20 respondents it is about, of `failing_rows`.
    """

    rule: str
    title: str
    value: float
    finding: str
    expected: str
    remedy: str
    lowest: float | None = None
    highest: float | None = None
    severity: Severity = Severity.WARNING
    judged: bool = False
    variable: str | None = None
    drift: Drift | None = None
    paste: str = ""
    failing_rows: int = 0
    serials: tuple[str, ...] = ()


def results_of(figures: Sequence[Figure]) -> tuple[CheckResult, ...]:
    """Return the result of each figure's expectation, in their order.

    The first call imports Great Expectations, which takes 7 seconds.
    """
    kept = _within_bounds(figures)
    return tuple(_result(figure, kept[figure.rule]) for figure in figures)


def _within_bounds(figures: Sequence[Figure]) -> dict[str, bool]:
    """Return whether each figure keeps its bounds, by its rule: one expectation a kind of figure.

    A kind is what stands after a rule's last point, such as `jump`.
    """
    if not figures:
        return {}
    # Imported here: it costs 7 seconds that only a validation needs to spend.
    from expectations.suite import broken_terms

    frame = _as_rows(figures)
    kinds = {kind: {kind: Term("within_bounds", {"kind": kind})} for kind in frame["kind"].unique()}
    broken = broken_terms(frame, kinds)
    if NOT_RUN in broken.values():
        raise TypeError("figures that cannot be compared with their bounds")
    failed = {place for how in broken.values() for place in how.places}
    return {figure.rule: place not in failed for place, figure in enumerate(figures)}


def _as_rows(figures: Sequence[Figure]) -> pd.DataFrame:
    rows = [(f.rule.rpartition(".")[2], f.value, f.lowest, f.highest) for f in figures]
    frame = pd.DataFrame(rows, columns=["kind", "value", "lowest", "highest"])
    return frame.astype({"value": "float64", "lowest": "float64", "highest": "float64"})


def _result(figure: Figure, kept: bool) -> CheckResult:
    if kept:
        return CheckResult(figure.rule, figure.title, figure.severity, True, figure.variable)
    return CheckResult(
        figure.rule,
        figure.title,
        figure.severity,
        False,
        figure.variable,
        finding=figure.finding,
        expected=figure.expected,
        remedy=figure.remedy,
        drift=figure.drift,
        paste=figure.paste,
        judged=figure.judged,
        failing_rows=figure.failing_rows,
        serials=figure.serials,
    )
