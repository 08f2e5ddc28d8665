"""A KPI's status in words, with the evidence for it and never more than the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from transforms.catalogue import Kpi, Survey
from transforms.estimation.totals import FORCE
from transforms.wording import percent, points, wave_words

ESTIMATE_COLUMNS = (
    *("estimate", "standard_error", "ci_lower", "ci_upper", "unweighted_base"),
    *("effective_base", "marker", "suppression_reason"),
)
CHANGE_COLUMNS = {
    "difference": "difference",
    "standard_error": "difference_standard_error",
    "df": "difference_df",
    "ci_lower": "difference_ci_lower",
    "ci_upper": "difference_ci_upper",
    "p_value": "p_value",
    "detectable_change": "detectable_change",
}
REQUIRED = {"increase": "an increase", "decrease": "a decrease"}

Row = Any
"""A row of estimate.estimate or estimate.change, its columns as attributes."""


@dataclass(frozen=True, slots=True)
class _Judgement:
    """One KPI in one period: its figure, the judged change and the earlier figure, if any."""

    kpi: Kpi
    period: str
    compared_with: str | None
    latest: Row
    change: Row | None
    earlier: Row | None


def kpi_statuses(estimates: pd.DataFrame, changes: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """Return one row a KPI × period for the force: the columns of kpi.kpi.

    `estimates` and `changes`: rows of estimate.estimate and estimate.change, withheld as published.
    """
    figures = {(row.measure, row.period): row for row in _force_rows(estimates)}
    judged = {(row.measure, row.period, row.comparison): row for row in _force_rows(changes)}
    rows = []
    for name, kpi in survey.kpis.items():
        for period in [wave.name for wave in survey.waves if (kpi.measure, wave.name) in figures]:
            earlier = survey.compared_with(period, kpi.judged)
            judgement = _Judgement(
                kpi,
                period,
                earlier,
                figures[kpi.measure, period],
                judged.get((kpi.measure, period, kpi.judged.value)),
                figures.get((kpi.measure, earlier)) if earlier else None,
            )
            rows.append({"kpi": name, **_kpi_row(judgement, survey)})
    return pd.DataFrame(rows)


def _force_rows(frame: pd.DataFrame) -> list[Row]:
    force = (frame["domain"] == FORCE[0]) & (frame["domain_value"] == FORCE[1])
    return list(frame[force].itertuples(index=False))


def _kpi_row(judgement: _Judgement, survey: Survey) -> dict[str, object]:
    kpi, latest, change = judgement.kpi, judgement.latest, judgement.change
    first = _first_comparison(kpi, survey)
    return {
        **{"period": judgement.period, "domain": FORCE[0], "domain_value": FORCE[1]},
        **{"section": kpi.section, "title": kpi.title, "statement": kpi.statement},
        **{"required_direction": kpi.required_direction, "status": _status(judgement)},
        "evidence": _evidence(judgement, first),
        "measurable_from": None if judgement.compared_with else first,
        "measure": kpi.measure,
        **{column: getattr(latest, column) for column in ESTIMATE_COLUMNS},
        **{"comparison": kpi.judged.value, "compared_with": judgement.compared_with},
        **{name: getattr(change, column, None) for column, name in CHANGE_COLUMNS.items()},
        "simulated": survey.about.simulated,
        "illustrative": survey.about.illustrative is not None,
    }


def _first_comparison(kpi: Kpi, survey: Survey) -> str | None:
    """Return the first declared wave that has an earlier wave to be judged against."""
    waves = (wave.name for wave in survey.waves)
    return next((name for name in waves if survey.compared_with(name, kpi.judged)), None)


def _status(judgement: _Judgement) -> str:
    change = judgement.change
    if change is None or pd.isna(change.verdict):
        return "not yet measurable"
    if change.verdict == "no significant change":
        return "no significant change"
    return "improving" if change.verdict == judgement.kpi.required_direction else "worsening"


def _evidence(judgement: _Judgement, first: str | None) -> str:
    """Return the finding as one sentence that says no more than the test does."""
    change = judgement.change
    if change is None:
        return _no_comparison(judgement, first)
    span = f"from {wave_words(change.compared_with)} to {wave_words(judgement.period)}"
    if pd.notna(change.suppression_reason):
        return f"No change is shown {span}: {change.suppression_reason}."
    if pd.isna(change.verdict):
        return f"No change is judged {span}: {change.no_verdict_reason}."
    if change.verdict == "no significant change":
        return _no_significant_change(judgement)
    return _significant_change(judgement)


def _no_comparison(judgement: _Judgement, first: str | None) -> str:
    if judgement.compared_with is not None:
        return f"No change is judged: there is no figure for {wave_words(judgement.compared_with)}."
    when = f"; the first period that can be judged is {wave_words(first)}" if first else ""
    return f"No change is judged yet: there is no earlier period to compare with{when}."


def _significant_change(judgement: _Judgement) -> str:
    kpi, change = judgement.kpi, judgement.change
    assert change is not None and judgement.earlier is not None
    verb = "Rose" if change.difference > 0 else "Fell"
    wanted = change.verdict == kpi.required_direction
    asked = "as required" if wanted else f"where {REQUIRED[kpi.required_direction]} is required"
    return (
        f"{verb} by {points(change.difference)}, from {percent(judgement.earlier.estimate)} in "
        f"{wave_words(change.compared_with)} to {percent(judgement.latest.estimate)} in "
        f"{wave_words(judgement.period)}; this is a statistically significant "
        f"{change.verdict}, {asked}."
    )


def _no_significant_change(judgement: _Judgement) -> str:
    change = judgement.change
    assert change is not None and judgement.earlier is not None
    return (
        f"No statistically significant change from {wave_words(change.compared_with)} "
        f"({percent(judgement.earlier.estimate)}) to {wave_words(judgement.period)} "
        f"({percent(judgement.latest.estimate)}); a true change of about "
        f"{points(change.detectable_change)} would have been detected four times in five, "
        "smaller ones could be missed."
    )
