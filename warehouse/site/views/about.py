"""How the figures were made, and which there are: the methods page and the data page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from transforms import wording
from warehouse.site.facts import Estimate, MarginFacts, Published, SurveyFacts

INTERVAL_METHODS: Mapping[str, str] = {
    "korn_graubard": "Korn and Graubard’s method: exact binomial limits at the survey’s "
    "effective sample size",
    "logit": "a t interval on the logit scale",
    "wilson": "Wilson’s method at the survey’s effective sample size",
    "t": "for means a t interval, cut to the scale",
}


@dataclass(frozen=True, slots=True)
class Withheld:
    """Figures withheld for one reason, and how many."""

    marker: str
    reason: str
    figures: str


def marker_meanings(text: str, survey: SurveyFacts) -> Mapping[str, str]:
    """Return the meaning of every marker that stands somewhere in a text."""
    rules = {
        "[c]": survey.minimum_count and f"few: from 1 to {survey.minimum_count - 1}",
        "[u]": survey.minimum_base and f"withheld where the base is below {survey.minimum_base}",
    }
    return {
        marker: f"{meaning} ({rules[marker]})" if rules.get(marker) else meaning
        for marker, meaning in wording.MARKER_MEANINGS.items()
        if marker in text
    }


def margin_words(published: Published) -> tuple[str, ...]:
    """Name each margin by its variables' labels: "Local Policing Area × Age"."""
    labels = {domain.domain: domain.label for domain in published.domains}

    def named(margin: MarginFacts) -> str:
        return " × ".join(labels.get(variable, variable) for variable in margin.variables)

    return tuple(named(margin) for margin in published.margins)


def sources(published: Published) -> tuple[str, ...]:
    """Return every citation once: the survey's own, then the control totals'."""
    control_totals = (
        f"{source} (control totals, {wording.date_words(day)})"
        for margin in published.margins
        for source, day in margin.sources
    )
    return tuple(dict.fromkeys([*(published.survey.sources or ()), *control_totals]))


def interval_methods(published: Published) -> tuple[str, ...]:
    """Return how the intervals were made, in words."""
    names = sorted({one.interval_method for one in _every(published)})
    return tuple(INTERVAL_METHODS.get(name, name) for name in names)


def adjustments(published: Published) -> frozenset[str]:
    """Return how families of tests are adjusted, as in estimate.change."""
    return frozenset(
        change.adjustment
        for changes in published.changes.values()
        for change in changes
        if change.adjustment is not None
    )


def withheld(published: Published) -> tuple[Withheld, ...]:
    """Return how many figures are withheld for each reason, most first."""
    counted = Counter(
        (wording.withheld_marker(one.marker), one.suppression_reason or "")
        for one in _every(published)
        if one.share is None
    )
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        Withheld(marker, reason, wording.number(count)) for (marker, reason), count in ordered
    )


def figures(published: Published) -> str:
    """Return how many figures there are, withheld ones included."""
    return wording.number(sum(map(len, published.estimates.values())))


def _every(published: Published) -> list[Estimate]:
    return [one for series in published.estimates.values() for one in series]
