"""Why a comparison carries no verdict, in words that are published."""

TOO_FEW = "too few respondents gave one of the answers for a test"
NO_SPREAD = "the sample shows no variation, so nothing can be tested"
BREAK = "the series has a break between the two periods"
NOT_SAME_QUARTERS = "the two years are not made of the same quarters"
