"""The slope test in every simulated survey, and the one that methods.md warns of beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from transforms.arrays import Floats
from transforms.catalogue import Survey
from transforms.catalogue.survey import TrendRule
from transforms.estimation.estimates import share_variances, shares
from transforms.proof.surveyed import Surveyed
from transforms.trend import slope_coefficients, trends
from transforms.windows import WaveTotals, Window, satterthwaite, window_totals


@dataclass(frozen=True, slots=True)
class Slope:
    """One way to form a slope: how many waves, and whether quarters have effects of their own.

    `by_variances`: weighted by the waves' estimated variances, which the program does not offer.
    """

    label: str
    waves: int
    quarter_effects: bool = False
    by_variances: bool = False


SLOPES: Final = (
    Slope("6 waves", 6),
    Slope("8 waves", 8),
    Slope("8 waves, quarter effects", 8, quarter_effects=True),
    Slope("6 waves, weighted by estimated variances", 6, by_variances=True),
    Slope("8 waves, weighted by estimated variances", 8, by_variances=True),
)


def slopes_in(waves: int) -> tuple[Slope, ...]:
    """Return the slopes that surveys of some waves have."""
    return tuple(slope for slope in SLOPES if slope.waves <= waves)


def slope_p_values(surveyed: Surveyed) -> Floats:
    """(slopes × surveys × cells) p of no trend; NaN where no test is made."""
    found = [_p_values(slope, surveyed) for slope in slopes_in(len(surveyed.study.waves))]
    return surveyed.by_survey(np.array(found).reshape(len(found), len(surveyed.totals.cells)))


def _p_values(slope: Slope, surveyed: Surveyed) -> Floats:
    totals = surveyed.totals.of_waves(surveyed.totals.waves[-slope.waves :])
    if slope.by_variances:
        return _weighted_by_variances(totals)
    found = trends(totals, _declaring(surveyed, quarter_effects=slope.quarter_effects))
    return found["p_value"].to_numpy(dtype=np.float64)


def _declaring(surveyed: Surveyed, *, quarter_effects: bool) -> Survey:
    """Return the survey with the measures of the totals, and the rule of the trend."""
    survey = surveyed.study.survey
    some = next(iter(survey.measures.values()))
    measures = dict.fromkeys(surveyed.totals.cells["measure"].unique(), some)
    about = survey.about.model_copy(update={"trend": TrendRule(quarter_effects=quarter_effects)})
    measured = survey.measured.model_copy(update={"measures": measures})
    return survey.model_copy(update={"about": about, "measured": measured})


def _weighted_by_variances(totals: WaveTotals) -> Floats:
    """(cells,) p of the slope by least squares weighted by 1/variance; NaN: a variance is 0."""
    single = [window_totals(totals, Window((wave,), (1.0,))) for wave in totals.waves]
    share = np.stack([shares(one) for one in single])
    variance = np.stack([share_variances(t, r) for t, r in zip(single, share, strict=True)])
    usable = (variance > 0).all(axis=0)
    known = np.where(usable, variance, 1.0)
    times = np.arange(len(single), dtype=np.float64)
    coefficients = slope_coefficients(times, 1 / known, None)
    parts = coefficients**2 * known
    df = satterthwaite(parts, totals.figures["df"])
    statistic = np.abs((coefficients * share).sum(axis=0)) / np.sqrt(parts.sum(axis=0))
    return np.where(usable, 2 * stats.t.sf(statistic, df), np.nan)
