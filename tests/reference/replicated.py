"""The school samples under R's replicate designs: the rest of 01_api.csv, and its draws.

A jackknife is drawn by us. R's two bootstraps of the stratified sample are taken from its saved
weights; those of the other samples were not saved, so only what no draw moves is compared.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reference import r_only, statistics
from reference.rows import weights_file
from reference.samples import Sample
from reference.schools import uncalibrated_samples
from reference.statistics import Found, means_of, shares_of
from transforms.arrays import Floats
from transforms.estimation import SampleDesign
from transforms.replicates import bootstrap, jackknife, replicate_variance, seed_of, stream_of

SAVED = ["strat_nofpc:bootstrap", "strat_nofpc:subbootstrap"]
NOT_SAVED = ["clus1_nofpc:bootstrap", "clus1_nofpc:subbootstrap", "clus2_fpc:mrbbootstrap"]
DRAWN = 50
"""Replicates that R drew of each bootstrap."""


@dataclass(frozen=True)
class Replicated:
    """`weights`: (respondents × replicates). `scale`, `rscales`: as R splits their product."""

    name: str
    sample: Sample
    weights: Floats
    scale: float
    rscales: Floats

    @property
    def df(self) -> float:
        return r_only.rank_of_weights(self.weights) - 1

    def error(self, theta: Floats) -> float:
        return float(np.sqrt(replicate_variance(theta, self.scale, self.rscales)))

    def means(self, measure: str, domain: str, value: str) -> Floats:
        """(replicates,) the mean in each."""
        x = self.sample.inside(measure, domain, value)
        y = np.where(x, self.sample.item(measure), 0.0)
        return (y @ self.weights) / (x @ self.weights)


def jackknifed(sample: Sample) -> Replicated:
    """Our jackknife. One stratum is R's JK1, which has its (n − 1)/n for `scale`."""
    draws = jackknife(sample.design)
    whole = len(sample.design.strata) == 1
    factor = draws.rscales[0] if whole else 1.0
    return Replicated(
        name=f"{sample.name}:{'JK1' if whole else 'JKn'}",
        sample=sample,
        weights=sample.weights[:, None] * draws.multiplier[sample.design.psu],
        scale=draws.scale * factor,
        rscales=draws.rscales / factor,
    )


def saved(name: str, sample: Sample) -> Replicated:
    file = f"api_rep_{name.replace(':', '_')}"
    drawn = weights_file(file).assign(snum=lambda rows: rows["snum"].astype(str))
    weights = drawn.set_index("snum").loc[sample.people["snum"]].filter(like="rep").to_numpy()
    return Replicated(name, sample, weights, scale_of(name, sample.design), np.ones(DRAWN))


def scale_of(name: str, design: SampleDesign) -> float:
    """R's `subbootstrap` is ours; its `bootstrap` draws n of n PSUs and makes up for it here."""
    if name.endswith(":bootstrap"):
        return r_only.full_bootstrap_scale(design.psus_in_stratum, DRAWN)
    return bootstrap(design, DRAWN, stream_of(seed_of("any", "wave"))).scale


def found() -> Found:
    """Every number of ours that has one of R's replicate designs'."""
    samples = {sample.name: sample for sample in uncalibrated_samples()}
    leaving_out = [jackknifed(samples["strat_nofpc"]), jackknifed(samples["clus1_nofpc"])]
    drawn = [saved(name, samples["strat_nofpc"]) for name in SAVED]
    for one in [*leaving_out, *drawn]:
        yield from _described(one)
        yield from _repdesign(one.name, one.scale, len(one.rscales))
    for one in [leaving_out[1], *drawn]:
        yield from _scales(one)
    yield from _case_weights(leaving_out[1])
    for name in NOT_SAVED:
        yield from _not_drawn(name, samples[name.partition(":")[0]])


def _described(one: Replicated) -> Found:
    index, growth = (_with_errors(one, means_of(one.sample, [name]))[0] for name in MEANS)
    whole, *parts = _with_errors(one, shares_of(one.sample, ["sw"], ["stype"]))
    for row in (index, whole):
        yield from statistics.svymean(one.name, row, row.measure, "all")
    for row in parts:
        yield from statistics.svyby(one.name, row, row.n)
    yield from _intervals(one, whole)
    paired = (one.name, "svycontrast_paired", "api00-api99", "all")
    yield from statistics.contrast(paired, growth.estimate, growth.standard_error, one.df)


MEANS = ["api00", "growth_in_api"]


def _with_errors(one: Replicated, rows: pd.DataFrame) -> list[pd.Series]:
    """Our estimates, with the replicates' errors and R's degrees of freedom for them."""
    return [_with_error(one, row) for _, row in rows.iterrows()]


def _with_error(one: Replicated, row: pd.Series) -> pd.Series:
    error = one.error(one.means(row.measure, row.domain, row.domain_value))
    effect = row.deff_design * error**2 / row.variance
    # The row's own interval is of its linearised error.
    replaced = {
        **{"standard_error": error, "variance": error**2, "deff_design": effect},
        **{"df": one.df, "own_df": np.nan},
    }
    return pd.Series({**row.to_dict(), **replaced})


def _intervals(one: Replicated, row: pd.Series) -> Found:
    """R forms `logit` from the spread of the replicates' logits."""
    theta = one.means(row.measure, row.domain, row.domain_value)
    error = one.error(r_only.logit(theta))
    intervals = {
        "logit": r_only.back_from_logit(
            r_only.symmetric(r_only.logit(row.estimate), error, one.df)
        ),
        "mean": r_only.symmetric(row.estimate, row.standard_error, one.df),
        "asin": r_only.arcsine(row.estimate, row.variance, one.df),
    }
    for method, interval in intervals.items():
        yield from statistics.ends(one.name, f"svyciprop_{method}", row.measure, "all", interval)


def _repdesign(name: str, scale: float, count: int) -> Found:
    """`mse` is 0: deviations are from the replicates' mean."""
    for variable, statistic, value in [
        ("scale", "scale", scale),
        ("n_replicates", "n", count),
        ("mse", "mse", 0),
    ]:
        yield (name, "repdesign", variable, "all", statistic), value


def _file(one: Replicated) -> str:
    return f"api_rep_{one.name.replace(':', '_')}"


def _scales(one: Replicated) -> Found:
    for place, rscale in enumerate(one.rscales, start=1):
        for variable, value in [("rscale", rscale), ("scale", one.scale)]:
            yield (f"{_file(one)}_scales", "weights", variable, str(place), "weight"), value


def _case_weights(one: Replicated) -> Found:
    """R leaves PSUs out in the order of their first respondents."""
    first = pd.unique(pd.Series(one.sample.design.psu))
    for place, psu in enumerate(first, start=1):
        for school, weight in zip(one.sample.people["snum"], one.weights[:, psu], strict=True):
            yield (_file(one), "weights", f"rep{place:03}", school, "weight"), weight


def _not_drawn(name: str, sample: Sample) -> Found:
    """What R's draws do not move."""
    index, growth = (means_of(sample, [item]).iloc[0] for item in MEANS)
    whole, *parts = (row for _, row in shares_of(sample, ["sw"], ["stype"]).iterrows())
    yield (name, "svymean", "api00", "all", "estimate"), index.estimate
    yield (name, "svymean", "sw", "all", "estimate"), whole.estimate
    for row in parts:
        key = (name, "svyby_mean", "sw", f"stype={row.domain_value}")
        yield (*key, "estimate"), row.estimate
        yield (*key, "n_unweighted"), row.n
    yield (name, "svycontrast_paired", "api00-api99", "all", "estimate"), growth.estimate
    if not name.endswith("mrbbootstrap"):
        yield from _repdesign(name, scale_of(name, sample.design), DRAWN)
