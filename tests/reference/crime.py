"""The two crime surveys as two waves, the later one calibrated to the earlier: 02_uk_bcs_csew.csv.

Each respondent is a PSU of one stratum, as these teaching files hold no design.
"""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import pandas as pd

from reference import r_only, statistics
from reference.margins import declared, margin, margins_from_table
from reference.rows import inputs
from reference.samples import Sample, domain_difference, uncalibrated
from reference.statistics import Found, shares_of
from transforms.arrays import Floats
from transforms.estimation import sample_design
from transforms.families import benjamini_hochberg, holm
from transforms.weighting import Calibrated, MarginCells, margin_cells, weights_by_rule

EARLIER, LATER = "2007-08", "2013-14"
MEASURES = [
    *("safe_dark", "safe_day", "safe_home", "worried_burglary", "worried_mugged"),
    *("worried_attack", "litter_common", "victim"),
]
DOMAINS = ["sex", "age_band", "rural", "nation", "imd"]
METHODS = {
    "raked": {},
    "linear": {"method": "linear"},
    "logit": {"method": "logit", "bounds": [0.5, 2]},
}
TRIM = (0.3, 3.0)


@cache
def people(wave: str) -> pd.DataFrame:
    """One row a respondent; those without a weight are no part of R's designs."""
    everybody = inputs("uk_two_waves_harmonised.csv", dtype={"imd": str, "rowlabel": str})
    return everybody[everybody["wave"] == wave].reset_index(drop=True)


def wave_sample(wave: str) -> Sample:
    weighted = people(wave).dropna(subset="weight").reset_index(drop=True)
    return _each_a_psu(f"wave {wave}", weighted, uncalibrated(weighted["weight"].to_numpy()))


def _each_a_psu(name: str, rows: pd.DataFrame, calibrated: Calibrated, **keys: object) -> Sample:
    whole = pd.Series("all", index=rows.index)
    return Sample(name, rows, calibrated, sample_design(whole, rows["rowlabel"]), **keys)


def calibrated_samples() -> Iterator[Sample]:
    """The later wave as weighted, and to the earlier one's sex, age and rural profile."""
    rows = people(LATER)
    weights = rows["weight"].to_numpy()
    yield _each_a_psu("csew1314:base", rows, uncalibrated(weights))
    cells = _cells(rows)
    for name, keys in METHODS.items():
        found = weights_by_rule(weights, cells, declared(**keys)).weights
        # R's rake() takes the residuals of an unweighted regression.
        regressed_by = np.ones(len(rows)) if name == "raked" else weights
        calibrated = Calibrated(regressed_by, found, cells, name, 1, 0.0)
        yield _each_a_psu(f"csew1314:{name}", rows, calibrated, keeps_rows=True)
        if name == "raked":
            yield _trimmed(rows, calibrated)


def _cells(rows: pd.DataFrame) -> MarginCells:
    targets = margins_from_table(inputs("uk_rake_targets_from_wave1.csv"))
    margins = [margin([name], totals) for name, totals in targets.items()]
    return margin_cells(rows[list(targets)].astype("category"), margins)


def _trimmed(rows: pd.DataFrame, raked: Calibrated) -> Sample:
    """R's trim of raked weights; residuals are of y·(trimmed/raked weight)."""
    weights = r_only.trimmed(raked.weights, *TRIM, strict=True)
    spread = _each_a_psu("", rows, raked)

    def variances(values: Floats) -> Floats:
        return spread.total_variances(values * (weights / raked.weights)[:, None])

    name, calibrated = "csew1314:raked_trimmed", uncalibrated(weights)
    return _each_a_psu(name, rows, calibrated, variances=variances, keeps_rows=True)


def found() -> Found:
    """Every number of ours that has one of R's in 02_uk_bcs_csew.csv."""
    waves = [wave_sample(wave) for wave in (EARLIER, LATER)]
    for wave, sample in zip((EARLIER, LATER), waves, strict=True):
        missing = int(people(wave)["weight"].isna().sum())
        yield (wave, "base", "rows", "all", "n_rows"), len(people(wave))
        yield (wave, "base", "rows", "all", "n_without_weight"), missing
        yield from _described(sample, MEASURES, DOMAINS)
        yield from _sex_compared(sample)
        yield from statistics.svychisq(sample, "safe_dark", "sex")
    yield from _waves_compared(*waves)
    for sample in calibrated_samples():
        yield from _described(sample, ["safe_dark", "worried_burglary", "victim"], ["sex"])
        yield from statistics.weight_summary(sample.name, sample.weights, "weights", "w", "all")
        yield from _case_weights(sample)


def _described(sample: Sample, measures: Sequence[str], domains: Sequence[str]) -> Found:
    for _, row in shares_of(sample, measures, domains).iterrows():
        rows_in_r = _rows_in_r(sample, row)
        if row.domain != "all":
            yield from statistics.svyby(sample.name, row, rows_in_r)
        domain = "all" if row.domain == "all" else f"{row.domain}={row.domain_value}"
        yield from statistics.base(sample.name, row, row.measure, domain)
        yield from statistics.svymean(sample.name, row, row.measure, domain)
        yield from statistics.svyciprop(sample.name, row, domain, rows_in_r)


def _rows_in_r(sample: Sample, row: pd.Series) -> int:
    """Rows that R counts: of the base; of a calibrated design, of the domain, answered or not."""
    if not sample.keeps_rows:
        return int(row.n)
    if row.domain == "all":
        return len(sample.people)
    return int((sample.people[row.domain] == row.domain_value).sum())


def _case_weights(sample: Sample) -> Found:
    column = sample.name.removeprefix("csew1314:").replace("trimmed", "trimmed_0.3_3")
    for label, weight in zip(sample.people["rowlabel"], sample.weights, strict=True):
        yield ("csew1314_raked_to_bcs0708", "weights", column, label, "weight"), weight


def _sex_compared(sample: Sample) -> Found:
    values = domain_difference(sample, "safe_dark", "sex", "Female", "Male")
    answered = int(sample.people["safe_dark"].notna().sum())
    key = (sample.name, "svyttest", "safe_dark ~ sex", "all")
    yield from statistics.contrast(key, *values, answered - 2, test=True)


def _waves_compared(earlier: Sample, later: Sample) -> Found:
    """Each difference with both waves' variances added, at the sum of both designs' df."""
    before, now = (
        shares_of(sample, MEASURES, ["sex"]).set_index(statistics.KEY)
        for sample in (earlier, later)
    )
    p_normal = {}
    for measure, domain, value in now.index:
        one, other = now.loc[(measure, domain, value)], before.loc[(measure, domain, value)]
        difference = one.estimate - other.estimate
        error, df = np.sqrt(one.variance + other.variance), one.df + other.df
        named = f"{domain}={value}" if domain != "all" else f"{LATER} minus {EARLIER}"
        key = ("two waves", "svycontrast_waves", measure, named)
        contrast = dict(statistics.contrast(key, difference, error, df))
        yield from contrast.items()
        if domain == "all":
            test = ("two waves", "svyttest", f"{measure} ~ wave", "all")
            # R takes one more coefficient from the model than from the difference.
            yield from statistics.contrast(test, difference, error, df - 1, test=True)
            p_normal[measure] = contrast[(*key, "p_normal")]
    yield from _adjusted(p_normal)


def _adjusted(p_normal: dict[str, float]) -> Found:
    raw = np.array(list(p_normal.values()))
    ways = {
        "none": raw,
        "holm": holm(raw),
        "BH": benjamini_hochberg(raw),
        "bonferroni": r_only.bonferroni(raw),
        "BY": r_only.benjamini_yekutieli(raw),
    }
    for way, adjusted in ways.items():
        for measure, p in zip(p_normal, adjusted, strict=True):
            key = ("two waves", f"p.adjust_{way}", measure, f"{LATER} minus {EARLIER}", "p_normal")
            yield key, p
