"""What records say, in sentences that cannot be taken for what people said in a survey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from transforms.wording import MINUS, number, rounded

KIND_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "recorded": "Recorded by the police; not a survey estimate.",
        "operational": "Logged by the service itself; not a survey estimate.",
    }
)
"""What a series is."""
VERBS: Mapping[str, str] = MappingProxyType({"recorded": "recorded", "operational": "logged"})
EVERY_WORDS: Mapping[str, str] = MappingProxyType(
    {"month": "each month", "quarter": "each quarter", "year": "each year"}
)
USUAL = "how much this count usually changes from one year to the next"


@dataclass(frozen=True, slots=True)
class YearWords:
    """A year's count as a sentence needs it; `year` and `year_before` in words.

    `before`, `ratio` and its ends: None where the two are not compared, and `reason` says why.
    """

    kind: str
    unit: str
    year: str
    year_before: str
    count: float
    before: float | None = None
    ratio: float | None = None
    lower: float | None = None
    upper: float | None = None
    verdict: str | None = None
    reason: str | None = None


def year_words(said: YearWords) -> str:
    """Return what a year's count says beside that of the year before; never more than its test."""
    verb = VERBS[said.kind]
    if said.verdict is None or said.before is None or said.ratio is None:
        return (
            f"{number(said.count)} {said.unit} were {verb} in {said.year}. No change on the year "
            f"before is judged: {said.reason}."
        )
    counts = (
        f"from {number(said.before)} {said.unit} in {said.year_before} to {number(said.count)} in "
        f"{said.year}"
    )
    if said.verdict == "no significant change":
        return (
            f"No statistically significant change in what was {verb}, {counts} "
            f"({ratio_words(said.ratio)}, {interval_words(said.lower, said.upper)}), given {USUAL}."
        )
    moved = "rose" if said.ratio > 1 else "fell"
    return (
        f"What was {verb} {moved} {counts} ({ratio_words(said.ratio)}, "
        f"{interval_words(said.lower, said.upper)}). This is a statistically significant "
        f"{said.verdict} in {verb} {said.unit}, given {USUAL}; it is not a finding on what people "
        "experienced."
    )


def ratio_words(ratio: float | None) -> str:
    """Return a ratio as a change in per cent: 0.985 is "−1.5%"; "[x]" without."""
    if ratio is None:
        return "[x]"
    change = rounded(ratio - 1, 1, times=100)
    return f"{MINUS if change < 0 else '+' if change > 0 else ''}{abs(change)}%"


def interval_words(lower: float | None, upper: float | None) -> str:
    """Return a ratio's interval in words."""
    return f"between {ratio_words(lower)} and {ratio_words(upper)}"


def break_words(since: str, until: str | None, reason: str) -> str:
    """Return a break of a series in a sentence; `since`, `until`: periods in words."""
    span = f"{since} to {until}" if until else f"From {since} on"
    when = since if until == since else span
    apart = "not comparable with the other periods" if until else "not comparable with earlier ones"
    return f"{when[:1].upper()}{when[1:]}: {apart}, because {reason}."


def label_words(kind: str, *, simulated: bool) -> str:
    """Return what a series is, to stand wherever its figures do."""
    return f"{'Simulated. ' if simulated else ''}{KIND_WORDS[kind]}"


def missing_words(unit: str, every: str, supplied_by: str) -> str:
    """Return who should supply a series of which there are no figures."""
    return f"not supplied; {supplied_by} should supply it ({unit}, {EVERY_WORDS[every]})."
