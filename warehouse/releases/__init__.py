"""Releases: a candidate is made, signed, and public after its embargo; none is ever lost.

A home holds the candidate that waits for sign-off, every release that was signed, by number, and
the link `public` to what may be shown. Wherever a step is interrupted, the one before stays whole.
"""

from warehouse.releases.candidate import Proposal, has_board_pdf, make_candidate
from warehouse.releases.public import is_due, public_release, publish_due
from warehouse.releases.records import (
    Release,
    Withdrawal,
    candidate_of,
    release_database,
    signed_releases,
)
from warehouse.releases.signing import sign_candidate, withdraw_release

__all__ = [
    "Proposal",
    "Release",
    "Withdrawal",
    "candidate_of",
    "has_board_pdf",
    "is_due",
    "make_candidate",
    "public_release",
    "publish_due",
    "release_database",
    "sign_candidate",
    "signed_releases",
    "withdraw_release",
]
