"""Suppliers' labels: alike whatever their dress, and which of them say that there is no answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from transforms.catalogue import MissingReason

REASON_WORDS: Mapping[MissingReason, re.Pattern[str]] = {
    MissingReason.DONT_KNOW: re.compile(r"(spontaneous )?(dont|do not|doesnt) know|dk\b|not sure$"),
    MissingReason.REFUSED: re.compile(r"refus(ed|al)\b|prefer not to|rather not|declined to"),
    MissingReason.NOT_ASKED: re.compile(r"(question )?not (asked|put)\b"),
    MissingReason.NOT_APPLICABLE: re.compile(r"not applicable|n a$|does not apply|inapplicable"),
    MissingReason.NOT_CODED: re.compile(r"(not coded|uncoded|uncodeable|uncodable)\b"),
    MissingReason.NO_ANSWER: re.compile(r"(no answer|not (answered|stated)|missing)\b"),
}
"""How suppliers begin a missing code's label, in plain words (`plain_label`)."""


@cache
def plain_label(label: str) -> str:
    """Return a label without case, punctuation, quotes' shapes and spacing.

    “&” is “and”, 16–24 is “16 to 24” and 75+ is “75 and over”.
    """
    folded = unicodedata.normalize("NFKC", label).casefold().replace("&", " and ")
    folded = re.sub(r"(?<=[0-9])\s*[-‐-―−]\s*(?=[0-9])", " to ", folded)
    folded = re.sub(r"(?<=[0-9])\s*\+", " and over", folded)
    folded = re.sub(r"['‘’ʼ`´]", "", folded)
    kept = "".join(" " if unicodedata.category(c).startswith("P") else c for c in folded)
    return " ".join(kept.split())


def reason_in(label: str) -> MissingReason | None:
    """Return the missing reason that a label names, if it names one."""
    plain = plain_label(label)
    return next((reason for reason, words in REASON_WORDS.items() if words.match(plain)), None)
