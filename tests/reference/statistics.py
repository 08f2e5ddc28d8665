"""From our estimates of a sample to the statistics that R prints of it."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from reference import r_only
from reference.rows import Key
from reference.samples import Sample, table_of
from transforms.catalogue import EstimationRule
from transforms.distribution import adjusted_wald, rao_scott, wald
from transforms.estimation import Interval, estimates_from_totals, korn_graubard

METHODS = ["logit", "xlogit", "mean", "asin", "beta", "likelihood"]
Found = Iterator[tuple[Key, float]]


def shares_of(sample: Sample, measures: Sequence[str], domains: Sequence[str] = ()) -> pd.DataFrame:
    """Return our estimates of shares with their totals beside them."""
    totals = sample.totals(measures, domains)
    estimates = estimates_from_totals(totals, EstimationRule(interval="logit"))
    beside = [column for column in totals.columns if column not in estimates.columns]
    return estimates.join(totals[beside]).assign(variance=estimates["standard_error"] ** 2)


def means_of(sample: Sample, measures: Sequence[str], domains: Sequence[str] = ()) -> pd.DataFrame:
    """Return our estimates of means of numbers without a scale, as `shares_of` those of shares."""
    totals = sample.totals(measures, domains).assign(n_y=np.nan)
    endless = dict.fromkeys(measures, (-np.inf, np.inf))
    estimates = estimates_from_totals(totals, EstimationRule(), endless)
    beside = [column for column in totals.columns if column not in estimates.columns]
    variance = estimates["standard_error"] ** 2
    return estimates.join(totals[beside]).assign(variance=variance, own_df=totals["df"])


KEY = ["measure", "domain", "domain_value"]


def svymean(design: str, row: pd.Series, variable: str, domain: str) -> Found:
    """`svymean(deff = )` with both of R's design effects and both of its intervals."""
    normal = r_only.symmetric(row.estimate, row.standard_error)
    found = {
        "estimate": row.estimate,
        "se": row.standard_error,
        "deff_srswr": row.deff_design,
        "deff_srswor": row.deff_design * row.x / (row.x - row.n),
        "degf": row.df,
        **_ends("ci95_normal_", normal),
        **_ends("ci95_t_", _student(row)),
    }
    for statistic, value in found.items():
        yield (design, "svymean", variable, domain, statistic), value


def _student(row: pd.Series) -> Interval:
    """Return our interval of a mean, unless R takes it at degrees of freedom that are not ours."""
    if row.get("own_df") == row.df:
        return Interval(row.ci_lower, row.ci_upper)
    return r_only.symmetric(row.estimate, row.standard_error, row.df)


def svytotal(design: str, row: pd.Series, variable: str) -> Found:
    """`svytotal`; the design effect is against N²·s²/n, N and n of the item's base."""
    total = pd.Series(
        {
            "estimate": row.y,
            "standard_error": np.sqrt(row.var_y),
            "deff_design": row.var_y / (row.variance / row.deff_design * row.x**2),
            "df": row.df,
            "x": row.x,
            "n": row.n,
        }
    )
    for (_, _, *rest), value in svymean(design, total, variable, "all"):
        yield (design, "svytotal", *rest), value


def svyby(design: str, row: pd.Series, n_unweighted: float) -> Found:
    """`svyby(svymean)`; its interval is normal."""
    normal = r_only.symmetric(row.estimate, row.standard_error)
    found = {
        "n_unweighted": n_unweighted,
        "estimate": row.estimate,
        "se": row.standard_error,
        "cv": row.standard_error / row.estimate,
        **_ends("ci_", normal),
    }
    domain = f"{row.domain}={row.domain_value}"
    for statistic, value in found.items():
        yield (design, "svyby_mean", row.measure, domain, statistic), value


def base(design: str, row: pd.Series, variable: str, domain: str) -> Found:
    found = {
        "n_unweighted": row.n,
        "sum_weights": row.x,
        "n_eff_kish": row.effective_base,
    }
    for statistic, value in found.items():
        yield (design, "base", variable, domain, statistic), value


def svyciprop(design: str, row: pd.Series, domain: str, n: float) -> Found:
    """Every method of `svyciprop`. `n`: rows that R counts for `beta`, by default the base.

    Logit is ours; so is beta wherever our cap at the base does not bind.
    """
    share, variance, df = row.estimate, row.variance, row.df
    ours = Interval(row.ci_lower, row.ci_upper)
    intervals = {
        "mean": r_only.symmetric(share, row.standard_error, df),
        "asin": r_only.arcsine(share, variance, df),
    }
    if row.standard_error > 0:
        intervals |= {"logit": ours, "xlogit": ours, "beta": beta(row, n)}
    for method, interval in intervals.items():
        yield from ends(design, f"svyciprop_{method}", row.measure, domain, interval)
    for method in METHODS:
        yield (design, f"svyciprop_{method}", row.measure, domain, "estimate"), share


def beta(row: pd.Series, n: float) -> Interval:
    """Return our Korn–Graubard interval where it is not capped and n is its base, else R's."""
    if n == row.n and row.deff_design > 1.0 and not _capped(row):
        one = [np.array([float(v)]) for v in (row.estimate, row.variance, n, row.effective_base)]
        ours = korn_graubard(*one, np.array([float(row.df)]), 0.95)
        return Interval(ours.lower[0], ours.upper[0])
    return r_only.uncapped_beta(row.estimate, row.variance, n, row.df)


def _capped(row: pd.Series) -> bool:
    bracket = row.estimate * (1 - row.estimate) / row.variance
    ratio = stats.t.ppf(0.975, row.n - 1) / stats.t.ppf(0.975, row.df)
    return bool(bracket * ratio**2 > row.n)


def svychisq(sample: Sample, row: str, column: str) -> Found:
    """Every method of `svychisq`. R scales X² to all rows, also those without an answer."""
    table = table_of(sample, row, column)
    tested = rao_scott(table)
    pearson = tested.pearson * len(sample.people) / table.n
    first, second = tested.first_order, tested.second_order
    key = (sample.name, f"~{row} + {column}", "all")
    yield from _test("F", key, second.statistic, second.p_value, [second.ndf, second.ddf])
    yield from _test("Chisq", key, pearson, first.p_value, [first.ndf])
    for method, one in [("Wald", wald(table)), ("adjWald", adjusted_wald(table))]:
        yield from _test(method, key, one.statistic, one.p_value, [one.ndf, one.ddf])
    for method in ("lincom", "saddlepoint"):
        yield (sample.name, f"svychisq_{method}", *key[1:], "statistic"), pearson


def _test(
    method: str, key: tuple[str, str, str], statistic: float, p: float, df: Sequence[float]
) -> Found:
    design, *rest = key
    found = {"statistic": statistic, "p": p}
    found |= {f"parameter_{place}": value for place, value in enumerate(df, start=1)}
    for name, value in found.items():
        yield (design, f"svychisq_{method}", *rest, name), value


def weight_summary(design: str, weights: np.ndarray, fn: str, variable: str, domain: str) -> Found:
    kish = weights.sum() ** 2 / (weights**2).sum()
    found = {
        "sum": weights.sum(),
        "min": weights.min(),
        "max": weights.max(),
        "n_eff_kish": kish,
        "deff_kish": len(weights) / kish,
    }
    for statistic, value in found.items():
        yield (design, fn, variable, domain, statistic), value


def contrast(
    key: Sequence[str], estimate: float, error: float, df: float, *, test: bool = False
) -> Found:
    """`svycontrast` with tests at R's degrees of freedom, or `svyttest` (`test`)."""
    statistic = estimate / error
    student = r_only.symmetric(estimate, error, df)
    p = 2 * stats.t.sf(abs(statistic), df)
    if test:
        found = {"difference": estimate, "t": statistic, "df": df, "p": p, **_ends("ci_", student)}
    else:
        found = {
            "estimate": estimate,
            "se": error,
            "statistic": statistic,
            "p_normal": 2 * stats.norm.sf(abs(statistic)),
            "df": df,
            "p_t": p,
            **_ends("ci95_t_", student),
        }
    for name, value in found.items():
        yield (*key, name), value


def ends(design: str, fn: str, variable: str, domain: str, interval: Interval) -> Found:
    for end, value in _ends("", interval).items():
        yield (design, fn, variable, domain, end), value


def _ends(prefix: str, interval: Interval) -> dict[str, float]:
    return {f"{prefix}lower": float(interval.lower), f"{prefix}upper": float(interval.upper)}
