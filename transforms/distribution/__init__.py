"""Whole distributions: the shares of all answers to an item, and tests of two or more of them."""

from transforms.distribution.answers import answer_totals, category_totals
from transforms.distribution.crosstab import (
    CategoryTotals,
    Crosstab,
    crosstab,
    shares_with_covariance,
    two_periods,
)
from transforms.distribution.rao_scott import RaoScott, TestResult, adjusted_wald, rao_scott, wald

__all__ = [
    "CategoryTotals",
    "Crosstab",
    "RaoScott",
    "TestResult",
    "adjusted_wald",
    "answer_totals",
    "category_totals",
    "crosstab",
    "rao_scott",
    "shares_with_covariance",
    "two_periods",
    "wald",
]
