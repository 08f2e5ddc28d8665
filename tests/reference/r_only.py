"""What R does and we do not, kept here to show that the difference is only that.

R is the package survey 4.1-1; the function that does it is named at each.
"""

import numpy as np
from scipy import special, stats

from transforms.arrays import Floats, Ints
from transforms.estimation import Interval
from transforms.weighting.distances import Distance

TAIL = 0.025


def uncapped_beta(share: Floats, variance: Floats, n: Floats, df: Floats) -> Interval:
    """Korn–Graubard without the cap at the base: `svyciprop(method = "beta")`."""
    base = share * (1 - share) / variance * (stats.t.ppf(TAIL, n - 1) / stats.t.ppf(TAIL, df)) ** 2
    return Interval(
        stats.beta.ppf(TAIL, base * share, base * (1 - share) + 1),
        stats.beta.ppf(1 - TAIL, base * share + 1, base * (1 - share)),
    )


def symmetric(estimate: Floats, error: Floats, df: Floats | float = np.inf) -> Interval:
    """r ± t·SE, not kept within 0 and 1; normal where df is infinite: `confint`."""
    half = stats.t.ppf(1 - TAIL, df) * error
    return Interval(estimate - half, estimate + half)


def arcsine(share: Floats, variance: Floats, df: Floats) -> Interval:
    """Formed on the scale arcsin √r, whose SE is SE/(2√(r(1 − r))): `method = "asin"`."""
    half = stats.t.ppf(1 - TAIL, df) * np.sqrt(variance / (share * (1 - share))) / 2
    centre = np.arcsin(np.sqrt(share))
    return Interval(np.sin(centre - half) ** 2, np.sin(centre + half) ** 2)


def trimmed(weights: Floats, low: float, high: float, *, strict: bool) -> Floats:
    """Cap, and share out what was cut equally among the others: `trimWeights`.

    Margins met before are missed after. `strict` repeats it until nobody is outside.
    """
    outside = (weights < low) | (weights > high)
    while outside.any():
        capped = np.clip(weights, low, high)
        capped[~outside] += (weights - capped).sum() / (~outside).sum()
        weights = capped
        outside = strict & ((weights < low) | (weights > high))
    return weights


def calibrated_to_means(
    design_weight: Floats,
    auxiliaries: Floats,
    targets: Floats,
    distance: Distance,
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> Floats:
    """Weights d·F(x'λ) that meet the totals of numbers too, not of categories only: `calibrate`.

    `auxiliaries`: (respondents × k). Newton's method, full steps. Our own calibration is to
    categories; the distances F are ours.
    """
    multipliers = np.zeros(len(targets))
    lowest, highest = (distance.inverse(np.array([bound]))[0] for bound in bounds)
    for _ in range(100):
        u = auxiliaries @ multipliers
        inside = np.clip(u, lowest, highest)
        weights = design_weight * np.clip(distance.factor(inside), *bounds)
        slope = np.where(u == inside, distance.slope(inside), 0.0)
        hessian = auxiliaries.T @ (auxiliaries * (design_weight * slope)[:, None])
        step = np.linalg.solve(hessian, targets - auxiliaries.T @ weights)
        multipliers = multipliers + step
        if np.abs(auxiliaries @ step).max() < 1e-14:
            return weights
    raise AssertionError("the calibration did not settle")


def regression_residuals(values: Floats, auxiliaries: Floats, design_weight: Floats) -> Floats:
    """What a design-weighted regression on the auxiliaries leaves of each column of values."""
    root = np.sqrt(design_weight)[:, None]
    beta = np.linalg.lstsq(auxiliaries * root, values * root, rcond=None)[0]
    return values - auxiliaries @ beta


def logit(share: Floats) -> Floats:
    return np.log(share / (1 - share))


def back_from_logit(interval: Interval) -> Interval:
    return Interval(special.expit(interval.lower), special.expit(interval.upper))


def rank_of_weights(weights: Floats) -> float:
    """The degrees of freedom of a replicate design are one fewer: `degf`."""
    return float(np.linalg.matrix_rank(weights, rtol=1e-5))


def full_bootstrap_scale(psus_in_stratum: Ints, count: int) -> float:
    """n̄/((n̄ − 1)(B − 1)), n̄ the harmonic mean: `as.svrepdesign(type = "bootstrap")`.

    Canty and Davison (1999). n PSUs are drawn of n, which is n/(n − 1) too little variance.
    """
    mean = 1 / (1 / psus_in_stratum).mean()
    return float(mean / ((mean - 1) * (count - 1)))


def bonferroni(p: Floats) -> Floats:
    """`p.adjust(method = "bonferroni")`."""
    return np.minimum(1.0, len(p) * p)


def benjamini_yekutieli(p: Floats) -> Floats:
    """Benjamini and Yekutieli (2001): Benjamini–Hochberg times Σ1/i: `p.adjust("BY")`."""
    order = np.argsort(p)[::-1]
    ranks = np.arange(len(p), 0, -1)
    adjusted = np.minimum.accumulate(
        (1 / np.arange(1, len(p) + 1)).sum() * len(p) / ranks * p[order]
    )
    found = np.empty(len(p))
    found[order] = np.minimum(1.0, adjusted)
    return found
