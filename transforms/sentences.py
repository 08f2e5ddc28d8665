"""Sentences on published figures: what charts show, how areas differ, how tests were made.

Words of single numbers, periods and markers are in `transforms.wording`; the finding on a KPI is in
`transforms.kpi.evidence`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from transforms.scales import SHARES, Scale
from transforms.wording import (
    level_words,
    listed,
    number_word,
    period_name_words,
)

COMPARISON_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "baseline": "the baseline",
        "previous_year": "the year before",
        "same_quarter_year_before": "the same quarter a year before",
        "previous_wave": "the wave before",
        "rest_of_force": "the rest of the force",
    }
)
"""What a figure is compared with, to follow "compared with"."""

STATUS_COUNTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "improving": ("is improving", "are improving"),
        "worsening": ("is worsening", "are worsening"),
        "no significant change": ("shows no significant change", "show no significant change"),
        "not yet measurable": ("is not yet measurable", "are not yet measurable"),
    }
)
"""Each status as the verb of one KPI and of several."""

ALL_ALIKE: Mapping[str, str] = MappingProxyType(
    {
        "improving": "{every} are improving",
        "worsening": "{every} are worsening",
        "no significant change": "{none} of the {several} shows a significant change",
        "not yet measurable": "{none} of the {several} is measurable yet",
    }
)
"""Several KPIs with the same status; `{several}` takes their number and name."""

ADJUSTMENT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "holm": "adjusted together by Holm’s method, which keeps the chance that any of them is "
        "called significant where nothing has changed {below}",
        "benjamini_hochberg": "adjusted together by Benjamini and Hochberg’s method, which keeps "
        "the share of false findings among those called significant {below} on average",
    }
)
"""How a family of tests is adjusted; `{below}` takes the level."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as a sentence needs it: its name and its share or mean, None where withheld."""

    name: str
    share: float | None
    lower: float | None = None
    upper: float | None = None
    scale: Scale = SHARES


@dataclass(frozen=True, slots=True)
class Contrast:
    """How a domain value differs from the rest: higher, lower, no significant difference, None."""

    name: str
    verdict: str | None


@dataclass(frozen=True, slots=True)
class Family:
    """Tests made together: how many, of what (area, KPI), and how they are adjusted."""

    what: str
    size: int = 0
    adjustment: str | None = None


def status_counts(statuses: Sequence[str], what: str) -> str:
    """Return how many KPIs have each status: "Of 14 KPIs, six are improving and ..."."""
    counted = Counter(statuses)
    parts = [
        f"{number_word(counted[status])} {one if counted[status] == 1 else several}"
        for status, (one, several) in STATUS_COUNTS.items()
        if counted[status]
    ]
    if len(statuses) == 1:
        return f"The one {what} {STATUS_COUNTS[statuses[0]][0]}."
    several = f"{number_word(len(statuses))} {what}s"
    if len(parts) == 1:
        every = f"Both {what}s" if len(statuses) == 2 else f"All {several}"
        none = "Neither" if len(statuses) == 2 else "None"
        return f"{ALL_ALIKE[statuses[0]].format(every=every, none=none, several=several)}."
    return f"Of {several}, {listed(parts)}."


def contrast_words(contrasts: Sequence[Contrast], whole: str, family: Family) -> str:
    """Return which values of a domain differ from the rest, tested together; "" without a test."""
    tested = [one for one in contrasts if one.verdict is not None]
    if not tested:
        return ""
    found = [
        f"{listed(names)} {'is' if len(names) == 1 else 'are'} {verdict}"
        for verdict in ("higher", "lower")
        if (names := [one.name for one in tested if one.verdict == verdict])
    ]
    untested = [one.name for one in contrasts if one.verdict is None]
    without = f" No test was possible for {listed(untested)}." if untested else ""
    together = _after_adjustment(family)
    if not found:
        who = tested[0].name if len(tested) == 1 else ""
        nobody = f"{who} does not differ" if who else f"No {family.what} differs"
        return f"{nobody} significantly from the rest of {whole}{together}.{without}"
    others = any(one.verdict == "no significant difference" for one in tested)
    rest = "; the others do not differ significantly from it" if others else ""
    return f"{_sentence(listed(found))} than the rest of {whole}{together}{rest}.{without}"


def _after_adjustment(family: Family) -> str:
    if family.size < 2 or family.adjustment in (None, "none"):
        return ""
    several = f"{number_word(family.size)} {family.what}s"
    return f", after adjustment for {several} being tested together"


def family_words(family: Family, level: float | None) -> str:
    """Return how a family's tests were made, for a reader; "" where none was."""
    if family.adjustment is None or not family.size:
        return ""
    if family.size == 1:
        return f"This is the only {family.what} of its family that was tested."
    several = f"{number_word(family.size)} {family.what}s"
    if family.adjustment == "none":
        return (
            f"Each of the {several} is tested on its own: the more there are, the likelier that "
            "one shows a significant change by chance alone."
        )
    limit = "at a fixed level" if level is None else f"at {level_words(level)} or less"
    method = ADJUSTMENT_WORDS[family.adjustment].format(below=limit)
    return (
        f"The {several} tested here are {method}. Intervals are not adjusted, so one may lie "
        "wholly to one side of zero where the verdict is no significant change."
    )


def detectable_words(detectable: float, scale: Scale = SHARES) -> str:
    """Return what the judged comparison could have found."""
    size = scale.size(detectable)
    return f"A true change of about {size} would have been detected four times in five."


def shared_words(shared_waves: int) -> str:
    """Return that two periods share waves, and what was made of it; "" where they do not."""
    if not shared_waves:
        return ""
    quarters = "quarter" if shared_waves == 1 else "quarters"
    return (
        f"The two periods share {number_word(shared_waves)} {quarters}, which the tests take into "
        "account."
    )


def slope_words(
    slope: Shown, first_wave: str, last_wave: str, waves: int, *, seasonal: bool
) -> str:
    """Return the slope over single waves, for information: it carries no verdict."""
    if slope.share is None:
        return ""
    between = (
        ""
        if slope.lower is None or slope.upper is None
        else f" ({slope.scale.difference_interval(slope.lower, slope.upper)})"
    )
    effects = ", effects of the quarter of the year taken out" if seasonal else ""
    size, span = slope.scale.signed_size(slope.share), f"{number_word(waves)} single waves"
    return (
        f"{size} a quarter{between} over {span}, {period_name_words(first_wave)} to "
        f"{period_name_words(last_wave)}{effects}. For information, without a verdict."
    )


def series_words(series: Sequence[Shown]) -> list[str]:
    """Describe a series in time: its ends, its range and what is withheld."""
    seen = [shown for shown in series if shown.share is not None]
    withheld = [shown.name for shown in series if shown.share is None]
    return [
        *([_ends_words(seen)] if seen else []),
        *([f"Withheld in {listed(withheld)}."] if withheld else []),
    ]


def trend_words(
    line: Sequence[Shown], waves: Sequence[Shown], baseline: Shown | None, breaks: Sequence[str]
) -> list[str]:
    """Describe a trend to someone who cannot see it; `waves`: the single ones behind the line."""
    joined, behind = series_words(line), series_words(waves)
    return [
        *(_led("Rolling years", joined) if behind else joined),
        *_led("Single quarters", behind),
        *([f"The baseline is {_share(baseline)}."] if baseline else []),
        *([f"The series breaks at {listed(breaks)}."] if breaks else []),
    ]


def _led(name: str, sentences: Sequence[str]) -> list[str]:
    """Return sentences that a name leads: "Rolling years: from 46.0% in … to …."."""
    if not sentences:
        return []
    first = sentences[0]
    return [f"{name}: {first[:1].lower()}{first[1:]}", *sentences[1:]]


def side_by_side_words(values: Sequence[Shown], whole: Shown | None) -> list[str]:
    """Describe a domain's values in their given order: a rank would be noise."""
    line = [f"The line is {_of(whole)}."] if whole and whole.share is not None else []
    listed_values = "; ".join(_of(value) for value in values)
    has_intervals = any(value.lower is not None for value in values)
    ends = ["The intervals are in the table below."] if has_intervals else []
    return [f"{listed_values}.", *line, *ends]


def step_words(step: Shown) -> str:
    """Describe a step of a chain of questions: its share of all."""
    return f"{step.name}: {_share(step)}."


def passing_words(step: Shown) -> str:
    """Return what share of those at the step before reached a step: "Of these, 19.4% used it."."""
    name = step.name[:1].lower() + step.name[1:]
    share = "a share that is withheld" if step.share is None else _share(step)
    return f"Of these, {share} {name}."


def _ends_words(seen: Sequence[Shown]) -> str:
    if len(seen) == 1:
        return f"{_at(seen[0])}."
    ordered = sorted(seen, key=lambda shown: shown.share or 0.0)
    return (
        f"From {_at(seen[0])} to {_at(seen[-1])}. "
        f"The lowest figure is {_at(ordered[0])}, the highest {_at(ordered[-1])}."
    )


def _at(shown: Shown) -> str:
    return f"{_share(shown)} in {shown.name}"


def _of(shown: Shown) -> str:
    return f"{shown.name} {_share(shown)}"


def _share(shown: Shown) -> str:
    return "withheld" if shown.share is None else shown.scale.figure(shown.share)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
