"""A KPI's status in words, with the evidence for it and never more than the evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pandas as pd

from transforms.catalogue import Comparison, Kpi, Survey
from transforms.catalogue.base import WHOLE
from transforms.change import counterpart, headline_kind
from transforms.kpi.evidence import Judgement, evidence
from transforms.kpi.measurable import measurable_from
from transforms.periods import Period, periods_ending

ESTIMATE_COLUMNS = (
    *("estimate", "standard_error", "ci_lower", "ci_upper", "unweighted_base"),
    *("effective_base", "marker", "suppression_reason"),
)
CHANGE_COLUMNS = {
    "compared_with": "compared_with",
    "shared_waves": "shared_waves",
    "difference": "difference",
    "standard_error": "difference_standard_error",
    "df": "difference_df",
    "ci_lower": "difference_ci_lower",
    "ci_upper": "difference_ci_upper",
    "p_value": "p_value",
    "adjusted_p": "adjusted_p",
    "family": "family",
    "family_size": "family_size",
    "adjustment": "adjustment",
    "detectable_change": "detectable_change",
}
OF_WAVES = (Comparison.PREVIOUS_WAVE, Comparison.SAME_QUARTER_YEAR_BEFORE)
"""Comparisons of single waves, where others are of the survey's headline period."""

Row = Any
"""A row of estimate.estimate or estimate.change, its columns as attributes."""


def kpi_statuses(
    wave: str,
    estimates: pd.DataFrame,
    changes: pd.DataFrame,
    held: Mapping[str, Collection[str]],
    survey: Survey,
) -> pd.DataFrame:
    """Return one row a KPI × judged domain value at a wave's release: the columns of kpi.kpi.

    `estimates` and `changes`: rows as published, of the wave's periods and those they are compared
    with. `held`: by measure, the waves that have it. A KPI that no wave has had yet has no row.
    """
    judged = _of_kpis(estimates, survey)
    figures = {_key(row): row for row in judged.itertuples(index=False)}
    found = {
        (*_key(row), str(row.comparison)): row
        for row in _of_kpis(changes, survey).itertuples(index=False)
    }
    rows = []
    for name, kpi in survey.kpis.items():
        for judgement in _judgements(kpi, wave, figures, found, held, survey):
            rows.append({"kpi": name, "wave": wave, **_kpi_row(judgement, survey)})
    return pd.DataFrame(rows, columns=None if rows else ["kpi", "wave"])


def _of_kpis(rows: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """Return the rows of the measures and domains that KPIs are judged by."""
    measures = {kpi.measure for kpi in survey.kpis.values()}
    domains = {WHOLE, *(domain for kpi in survey.kpis.values() for domain in kpi.judged_by)}
    return rows[rows["measure"].isin(measures) & rows["domain"].isin(domains)]


def _key(row: Row) -> tuple[str, str, str, str]:
    return row.measure, row.domain, row.domain_value, row.period


def _judgements(
    kpi: Kpi,
    wave: str,
    figures: Mapping[tuple[str, str, str, str], Row],
    found: Mapping[tuple[str, str, str, str, str], Row],
    held: Mapping[str, Collection[str]],
    survey: Survey,
) -> Iterator[Judgement]:
    """Yield the KPI's judgement for the whole force and for each value of the domains judged."""
    for domain, value in _levels(kpi, survey):
        judged = kpi.comparison_in(domain)
        assert judged is not None
        period = _period(wave, judged, survey)
        latest = figures.get((kpi.measure, domain, value, period.name))
        if latest is None:
            continue
        change = found.get((kpi.measure, domain, value, period.name, judged.value))
        earlier = change and figures.get((kpi.measure, domain, value, change.compared_with))
        until = None
        if _status(change, kpi) == "not yet measurable":
            until = measurable_from(kpi.measure, judged, wave, held[kpi.measure], survey)
        other = counterpart(period, judged, survey, kpi.measure, held[kpi.measure])
        compared_with = other.name if other else None
        yield Judgement(
            kpi, domain, value, period, judged, compared_with, latest, change, earlier, until
        )


def _levels(kpi: Kpi, survey: Survey) -> Iterator[tuple[str, str]]:
    yield WHOLE, WHOLE
    for domain in kpi.judged_by:
        yield from ((domain, value) for value in dict(survey.domains[domain].values))


def _period(wave: str, judged: Comparison, survey: Survey) -> Period:
    kind = "wave" if judged in OF_WAVES else headline_kind(survey)
    return next(period for period in periods_ending(wave, survey) if period.kind == kind)


def _kpi_row(judgement: Judgement, survey: Survey) -> dict[str, object]:
    kpi, latest, change = judgement.kpi, judgement.latest, judgement.change
    return {
        **{"period": judgement.period.name, "domain": judgement.domain},
        **{"domain_value": judgement.domain_value, "section": kpi.section, "title": kpi.title},
        **{"statement": kpi.statement, "required_direction": kpi.required_direction},
        **{"status": _status(change, kpi), "evidence": evidence(judgement, survey)},
        **{"measurable_from": judgement.measurable_from, "measure": kpi.measure},
        **{column: getattr(latest, column) for column in ESTIMATE_COLUMNS},
        "comparison": judgement.judged.value,
        **{name: getattr(change, column, None) for column, name in CHANGE_COLUMNS.items()},
        "simulated": survey.about.simulated,
        "illustrative": survey.about.illustrative is not None,
    }


def _status(change: Row | None, kpi: Kpi) -> str:
    if change is None or pd.isna(change.verdict):
        return "not yet measurable"
    if change.verdict == "no significant change":
        return "no significant change"
    return "improving" if change.verdict == kpi.required_direction else "worsening"
