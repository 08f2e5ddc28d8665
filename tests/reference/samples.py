"""A sample under one of R's designs, and our sufficient statistics for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from transforms.arrays import Floats
from transforms.distribution import Crosstab, crosstab
from transforms.estimation import SampleDesign, totals_with_covariance, wave_totals
from transforms.weighting import Calibrated

KEY = ["measure", "domain", "domain_value"]
SPREAD = ["var_y", "var_x", "cov_yx"]

Variances = Callable[[Floats], Floats]
"""From values (respondents × k) to the variances (k,) of their weighted totals."""


@dataclass(frozen=True)
class Sample:
    """`people`: one row a respondent; items are numbers, domains are text.

    `variances`: where R's variance is none of ours; None is ours. `keeps_rows`: R counts rows
    outside a subset too (it cannot drop rows of a calibrated design).
    """

    name: str
    people: pd.DataFrame
    calibrated: Calibrated
    design: SampleDesign
    variances: Variances | None = None
    keeps_rows: bool = False

    @property
    def weights(self) -> Floats:
        return self.calibrated.weights

    def item(self, name: str) -> Floats:
        return self.people[name].to_numpy(dtype=float)

    def totals(self, measures: Sequence[str], domains: Sequence[str] = ()) -> pd.DataFrame:
        """Return the sufficient statistics of each measure, overall and by each domain."""
        found = sample_totals(self, self.people[list(measures)], domains)
        return found if self.variances is None else self._respread(found)

    def total_variances(self, values: Floats) -> Floats:
        """Return the variance of the weighted total of each column of `values`."""
        if self.variances is not None:
            return self.variances(values)
        found = totals_with_covariance(values, self.calibrated, self.design, leverage=False)
        return np.diag(found.covariance)

    def total_covariance(self, values: Floats) -> Floats:
        """Return the covariance (k × k) of the weighted totals of the columns of `values`."""
        first, second = np.triu_indices(values.shape[1])
        both = self.total_variances(values[:, first] + values[:, second])
        each = self.total_variances(values)
        covariance = np.empty((values.shape[1], values.shape[1]))
        covariance[first, second] = (both - each[first] - each[second]) / 2
        covariance[second, first] = covariance[first, second]
        return covariance

    def _respread(self, found: pd.DataFrame) -> pd.DataFrame:
        """Replace (co)variances, by V(Y), V(X) and V(Y + X)."""
        x = np.column_stack([self.inside(*key) for key in found[KEY].itertuples(index=False)])
        item = np.column_stack([self.item(name) for name in found["measure"]])
        y = np.where(x, item, 0.0)
        var_y, var_x = self.variances(y), self.variances(x.astype(float))
        both = self.variances(y + x)
        return found.assign(var_y=var_y, var_x=var_x, cov_yx=(both - var_y - var_x) / 2)

    def inside(self, measure: str, domain: str, value: str) -> np.ndarray:
        """(respondents,) whether each is in the measure's base and in the domain value."""
        base = ~np.isnan(self.item(measure))
        return base if domain == "all" else base & (self.people[domain] == value).to_numpy()


def sample_totals(sample: Sample, items: pd.DataFrame, domains: Sequence[str] = ()) -> pd.DataFrame:
    """`wave_totals` as R does it: residuals are not scaled by their leverage."""
    return wave_totals(
        items,
        sample.people[list(domains)].astype("category"),
        sample.calibrated,
        sample.design,
        {measure: list(domains) for measure in items.columns},
        leverage=False,
    )


def uncalibrated(weights: Floats) -> Calibrated:
    return Calibrated(weights, weights, None, "none", 0, 0.0)


def table_of(sample: Sample, row: str, column: str) -> Crosstab:
    """Return the table of two classifications; who lacks one is outside."""
    codes = [pd.factorize(sample.people[name], sort=True)[0] for name in (row, column)]
    table = crosstab(*codes, sample.calibrated, sample.design, leverage=False)
    if sample.variances is None:
        return table
    cell = np.ravel_multi_index(codes, table.totals.shape)
    values = (cell[:, None] == np.arange(table.totals.size)).astype(float)
    return replace(table, covariances=sample.total_covariance(values)[None])


def domain_difference(
    sample: Sample, item: str, domain: str, first: str, second: str
) -> tuple[float, float]:
    """Return the first domain's mean less the second's, and its standard error.

    As one linearised variable, so that what the domains share (PSUs, margins) is in it.
    """
    parts = [_linearised_mean(sample, item, domain, value) for value in (first, second)]
    difference = parts[0][0] - parts[1][0]
    variance = sample.total_variances((parts[0][1] - parts[1][1])[:, None])[0]
    return difference, float(np.sqrt(variance))


def _linearised_mean(sample: Sample, item: str, domain: str, value: str) -> tuple[float, Floats]:
    """Return a domain's mean r, and (y − r·x)/X of each respondent."""
    x = sample.inside(item, domain, value)
    y = np.where(x, sample.item(item), 0.0)
    base = (sample.weights * x).sum()
    mean = (sample.weights * y).sum() / base
    return mean, (y - mean * x) / base
