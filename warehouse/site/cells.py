"""Published figures in words and table cells: the one place that turns a value into text."""

from __future__ import annotations

from transforms import wording
from transforms.sentences import Family, Shown
from warehouse.site.facts import Change, Estimate, Finding


def cell(value: float | None, estimate: Estimate) -> str:
    """Return a table's cell: the figure on its scale, or the marker that stands in its place."""
    if value is not None:
        return estimate.scale.figure(value)
    return wording.withheld_marker(estimate.marker) if estimate.share is None else "[x]"


def figure(estimate: Estimate) -> str:
    """Return the figure itself, or the marker that stands in its place."""
    return cell(estimate.share, estimate)


def marked(estimate: Estimate) -> str:
    """Return the figure with its markers, for a place that has no column of notes: "52.4% [p]".

    That there are no intervals, [i], is said once of all that are shown together.
    """
    if estimate.share is None:
        return figure(estimate)
    return " ".join([figure(estimate), *(one for one in estimate.markers if one != "[i]")])


def interval(estimate: Estimate) -> str:
    """Return an estimate's interval in words; empty where it has none."""
    if estimate.lower is None or estimate.upper is None:
        return ""
    return estimate.scale.interval(estimate.lower, estimate.upper)


def notes(estimate: Estimate) -> str:
    """Return the notes column: each marker with its meaning in a word or two."""
    if estimate.share is not None:
        return "; ".join(f"{marker} {wording.marker_word(marker)}" for marker in estimate.markers)
    marker = wording.withheld_marker(estimate.marker)
    return f"{marker} {wording.marker_word(marker)}: {estimate.suppression_reason}"


def base(estimate: Estimate) -> str:
    """Return an unweighted base; the marker of one that is withheld, or that there is none."""
    if estimate.base is not None:
        return wording.number(estimate.base)
    return "[x]" if estimate.share is not None or estimate.is_incomplete else "[c]"


def difference(change: Change) -> str:
    """Return a change on its scale, or the marker of a withheld one."""
    if change.difference is None:
        broken = "[b]" in wording.markers(change.marker)
        marker = "[b]" if broken else wording.withheld_marker(change.marker)
        return f"{marker} {wording.marker_word(marker)}"
    return change.scale.signed(change.difference)


def difference_interval(change: Change) -> str:
    """Return a change's interval, for a table that says its unit; empty where it has none."""
    if change.lower is None or change.upper is None:
        return ""
    return f"{change.scale.signed(change.lower)} to {change.scale.signed(change.upper)}"


def verdict(change: Change) -> str:
    """Return what a comparison says: its verdict, why it has none, or that it is only shown."""
    if change.suppression_reason is not None:
        return f"Not shown: {change.suppression_reason}"
    if change.role == "shown":
        return "Shown without a verdict"
    if change.verdict is None:
        return f"Not judged: {change.no_verdict_reason}"
    if change.verdict in ("increase", "decrease"):
        return f"Statistically significant {change.verdict}"
    return change.verdict[:1].upper() + change.verdict[1:]


def shown(estimate: Estimate, name: str) -> Shown:
    """Return a figure as a sentence needs it, called `name`."""
    return Shown(name, estimate.share, estimate.lower, estimate.upper, estimate.scale)


def family(tested: Change | Finding | None, what: str) -> Family:
    """Return the family of tests that a comparison belongs to, of `what`; empty without one."""
    if tested is None or tested.family_size is None:
        return Family(what)
    return Family(what, tested.family_size, tested.adjustment)
