"""From a wave's figures to a Great Expectations suite, and to results in words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from expectations.wave.answers import answer_figures
from expectations.wave.figures import Examined, Figure
from expectations.wave.jumps import jump_figures
from expectations.wave.people import people_figures
from expectations.wave.weights import weight_figures
from transforms.validation import CheckResult


def wave_checks(examined: Examined) -> tuple[CheckResult, ...]:
    """Return the result of each expectation of a weighted wave, in the order of the declaration.

    The first call imports Great Expectations, which takes 7 seconds.
    """
    figures = [
        *answer_figures(examined),
        *people_figures(examined),
        *weight_figures(examined),
        *jump_figures(examined),
    ]
    kept = _within_bounds(figures)
    return tuple(_result(figure, kept[figure.rule]) for figure in figures)


def _within_bounds(figures: Sequence[Figure]) -> dict[str, bool]:
    """Return whether each figure keeps its bounds, by its rule: one expectation a kind of figure.

    A kind is what stands after a rule's last point, such as `jump`.
    """
    # Imported here: it costs 7 seconds that only a validation needs to spend.
    from expectations.custom import ExpectRowsToKeepCondition
    from expectations.suite import NO_VALUES, batch_of, outcomes_of

    frame = _as_rows(figures)
    expected = [
        ExpectRowsToKeepCondition(
            column_list=["kind", "value", "lowest", "highest"],
            condition="within_bounds",
            parameters={"kind": kind},
            meta={"rule_id": kind},
        )
        for kind in frame["kind"].unique()
    ]
    outcomes = outcomes_of(batch_of(frame), expected, NO_VALUES)
    failed = {
        place
        for outcome in outcomes.values()
        for place in outcome.result.get("unexpected_index_list") or ()
    }
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
    )
