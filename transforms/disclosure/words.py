"""Why a figure is withheld, in words that are published, and which rule withheld it."""

from __future__ import annotations

CELL = ["measure", "domain", "domain_value"]

CONFIDENTIAL = (
    "fewer than {fewest} people gave one of the answers, here or in a figure that could be worked "
    "out from this one"
)
CONFIDENTIAL_MEAN = (
    "fewer than {fewest} people answered, here or for a figure that could be worked out from this "
    "one"
)
"""Said alike of a small count and of what would give it away: else one could tell them apart."""
SMALL_BASE = "fewer than {smallest} people answered"
NOBODY = "nobody was asked or answered"
INCOMPLETE = "not every quarter of the year has a figure"
WITHHELD_POINT = "the figure for one of the waves is withheld"
WITHHELD_ANSWER = "a share of the same answers is withheld in one of the two periods"
WITHHELD_SIDE = "the figure for one of the two periods is withheld"
BROKEN = "the two periods are not comparable: the series has a break between them"

NO_RESPONDENT = "nobody"
SMALL_COUNT = "small_count"
GIVES_AWAY = "gives_away"
BASE = "base"
"""Rules: nobody answered; a small count; what would give one away together with what else is
published; a base too small to be reliable."""

CONFIDENTIALITY = (SMALL_COUNT, GIVES_AWAY)
"""Rules that protect people."""
