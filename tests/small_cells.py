"""A simulated survey with many small counts, as totals, and what its releases publish.

One wave after the other is released as the program would; an attacker then has published.duckdb.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from builders import small_survey
from stored_rows import empty_warehouse
from totals_rows import releases_of, side_by_side

from transforms.catalogue import Survey
from transforms.combine import Release
from transforms.disclosure import withhold_trends
from transforms.reference import declaration_tables
from transforms.trend import trends
from transforms.windows import WaveTotals
from warehouse.published import write_published
from warehouse.store import replace_all, replace_period, replace_wave

Row = dict[str, object]

PARTITIONS = {"area", "age_band"}
RESPONDENTS = 400
POPULATION = 10000.0
SHARES = {
    "area": {"north": 0.5, "south": 0.3, "east": 0.13, "west": 0.07},
    "age_band": {"16-34": 0.25, "35-64": 0.5, "65+": 0.25},
    "contact": {"in_contact": 0.3},
}
BY = {
    "confident": list(SHARES),
    "strongly": ["area"],
    "chat_aware": ["area"],
    "chat_used": ["area"],
    "used_of_aware": ["area"],
}
"""Few are confident, fewer strongly; most have heard of Live Chat, and most of these used it."""


def survey_of_small_cells(waves: int, minimum: int = 5) -> Survey:
    """Four areas, a group that is not everybody, rolling years, a baseline, a chain.

    `minimum`: a count below it is small.
    """
    last = pd.Period("2026Q2") + waves - 1
    labels = {value: {"label": value} for value in SHARES["area"]}
    contact = {
        **{"label": "Contact", "values": {"in_contact": {"label": "In contact"}}},
        **{"source": [{"item": "area"}], "partitions_force": False},
    }
    used = {"label": "used", "item": "chat_used", "counts": ["yes"], "base_label": "adults"}
    steps = [
        {"label": "Heard of it", "share_of_all": "chat_aware"},
        {"label": "Used it", "share_of_all": "chat_used", "share_of_previous": "used_of_aware"},
    ]
    about = {
        "waves": {"quarters": {"first": "2026-Q2", "last": f"{last.year}-Q{last.quarter}"}},
        "rolling_year": {},
        "comparisons": ["baseline", "same_quarter_year_before", "rest_of_force"],
        "reliability": {"minimum_base": 20},
        "disclosure": {"minimum_count": minimum},
    }
    kpi = {
        **{"judged": "baseline", "judged_by": {"area": "baseline"}},
        "baseline": {"waves": ["2026-Q3", "2026-Q4", "2027-Q1"]},
    }
    measures = {
        "confident": {"by": BY["confident"]},
        "strongly": {
            **{"label": "strongly", "item": "confidence", "counts": ["strongly_agree"]},
            **{"base_label": "adults", "by": BY["strongly"]},
        },
        "chat_aware": {"by": BY["chat_aware"]},
        "chat_used": {**used, "base_of": "chat_aware", "by": BY["chat_used"]},
        "used_of_aware": {**used, "by": BY["used_of_aware"]},
    }
    return small_survey(
        {
            "about": about,
            "plan": {"kpis": {"confidence": kpi}},
            "measured": {
                "domains": {"area": {"values": labels}, "contact": contact},
                "measures": measures,
                "chains": {"chat": {"label": "Live Chat", "steps": steps}},
            },
        }
    )


def totals_of_small_cells(seed: int, survey: Survey, *, weighted: bool = True) -> WaveTotals:
    """Totals of every declared wave; without weights everybody stands for 25 people."""
    random = np.random.default_rng(seed)
    return side_by_side(
        [row for wave in survey.waves for row in _wave_rows(wave.name, random, weighted=weighted)],
        survey,
    )


def release_all(by_wave: WaveTotals, survey: Survey, target: Path) -> list[Release]:
    """Release one wave after the other and write `target`, the published database."""
    connection = empty_warehouse()
    replace_all(connection, declaration_tables(survey))
    releases = releases_of(by_wave, survey)
    for one in releases:
        for period in one.periods:
            rows = {
                "estimate.estimate": one.estimates[one.estimates["period"] == period.name],
                "estimate.change": one.changes[one.changes["period"] == period.name],
                "ops.disclosure": one.disclosure[one.disclosure["period"] == period.name],
            }
            replace_period(connection, period.name, rows)
        replace_wave(connection, one.wave, {"kpi.kpi": one.kpis})
    estimates = pd.concat([one.estimates for one in releases], ignore_index=True)
    slopes = withhold_trends(trends(by_wave, survey), estimates)
    replace_all(connection, {"estimate.trend": slopes})
    write_published(connection, target)
    return releases


def _wave_rows(wave: str, random: np.random.Generator, *, weighted: bool) -> list[Row]:
    groups = {name: _drawn(shares, random) for name, shares in SHARES.items()}
    groups["all"] = np.full(RESPONDENTS, "all")
    weights = random.lognormal(0.0, 0.4, RESPONDENTS) if weighted else np.ones(RESPONDENTS)
    weights *= POPULATION / weights.sum()
    answers = _answers(groups["area"], random)
    return [
        _row(wave, measure, (domain, value), weights, answers[measure], groups[domain] == value)
        for measure in answers
        for domain in ("all", *BY[measure])
        for value in (["all"] if domain == "all" else SHARES[domain])
    ]


def _answers(area: np.ndarray, random: np.random.Generator) -> dict[str, np.ndarray]:
    """1, 0, or NaN outside the base; one in fifty does not say whether they used Live Chat."""
    chance = random.random((4, RESPONDENTS))
    confident = chance[0] < np.where(area == "east", 0.01, 0.05)
    aware = chance[1] < 0.6
    used = np.where(chance[2] < 0.95, 1.0, 0.0)
    used[chance[3] < 0.02] = np.nan
    return {
        "confident": confident.astype(float),
        "strongly": np.where(chance[0] < 0.01, 1.0, 0.0) * confident,
        "chat_aware": aware.astype(float),
        "chat_used": np.where(aware, used, 0.0),
        "used_of_aware": np.where(aware, used, np.nan),
    }


def _drawn(shares: dict[str, float], random: np.random.Generator) -> np.ndarray:
    values = [*shares, "none"]
    chances = [*shares.values(), max(0.0, 1 - sum(shares.values()))]
    return random.choice(values, RESPONDENTS, p=chances)


def _row(
    wave: str,
    measure: str,
    cell: tuple[str, str],
    weights: np.ndarray,
    answers: np.ndarray,
    belongs: np.ndarray,
) -> Row:
    inside = belongs & ~np.isnan(answers)
    counts = inside & (answers == 1)
    spread = float((weights[inside] ** 2).sum())
    y = weights[counts].sum()
    return {
        **{"wave": wave, "measure": measure, "domain": cell[0], "domain_value": cell[1]},
        **{"y": y, "x": weights[inside].sum(), "sum_wy2": y, "sum_w2": spread},
        **{"var_y": spread / 4, "var_x": 0.0, "cov_yx": 0.0, "n": int(inside.sum())},
        **{"n_y": int(counts.sum()), "psus": 32, "strata": 2, "df": 30},
        **{"cov_y_force_y": spread / 8, "cov_y_force_x": 0.0, "cov_x_force_y": 0.0},
        **{"cov_x_force_x": 0.0, "control_total": POPULATION},
    }


def whole_numbers(by_wave: WaveTotals) -> pd.DataFrame:
    """One row a wave and cell: how many gave a counted answer, `y`, and how many another, `o`."""
    return _numbers(by_wave, "n_y", "n")


def weighted_numbers(by_wave: WaveTotals) -> pd.DataFrame:
    """As `whole_numbers`, weighted."""
    return _numbers(by_wave, "y", "x")


def _numbers(by_wave: WaveTotals, counting: str, base: str) -> pd.DataFrame:
    return pd.concat(
        by_wave.cells.assign(
            wave=wave,
            y=by_wave.figures[counting][row],
            o=by_wave.figures[base][row] - by_wave.figures[counting][row],
        )[by_wave.present[row]]
        for row, wave in enumerate(by_wave.waves)
    )
