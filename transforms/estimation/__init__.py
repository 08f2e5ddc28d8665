"""Estimates of a wave: ratios with design-based variances, intervals and bases."""

from transforms.estimation.design import LonelyPsuPolicy, SampleDesign, sample_design
from transforms.estimation.estimates import (
    NO_MEANS,
    Limits,
    estimates_from_totals,
    interval_methods,
    share_variances,
    shares,
)
from transforms.estimation.intervals import Interval, korn_graubard, logit, student, wilson
from transforms.estimation.linear import TotalsWithCovariance, totals_with_covariance
from transforms.estimation.totals import wave_totals

__all__ = [
    "NO_MEANS",
    "Interval",
    "Limits",
    "LonelyPsuPolicy",
    "SampleDesign",
    "TotalsWithCovariance",
    "estimates_from_totals",
    "interval_methods",
    "korn_graubard",
    "logit",
    "sample_design",
    "share_variances",
    "shares",
    "student",
    "totals_with_covariance",
    "wave_totals",
    "wilson",
]
