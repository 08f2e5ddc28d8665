"""Comparable stretches of a series: periods that follow each other without a gap or a break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.catalogue import RecordSeries, SeriesBreak
from transforms.record_periods import RecordPeriod, record_period


@dataclass(frozen=True, slots=True)
class Stretch:
    """Figures of periods that follow each other and are comparable, from index `first` on.

    `set_aside`: why they are comparable with no others; None where they are.
    """

    first: int
    values: tuple[float, ...]
    set_aside: str | None = None

    @property
    def last(self) -> int:
        """The index of its last period."""
        return self.first + len(self.values) - 1

    def holds(self, period: RecordPeriod) -> bool:
        """True where every part of the period is in it."""
        return self.first <= period.indices[0] and period.indices[-1] <= self.last

    def total(self, period: RecordPeriod) -> float:
        """Return the sum over a period that it holds."""
        start = period.indices[0] - self.first
        return sum(self.values[start : start + period.length])

    def years_to(self, last: int, per_year: int) -> tuple[float, ...]:
        """Return the totals of its whole years, counted back from the period `last`, oldest first.

        Years do not overlap: each has every season once.
        """
        held = self.values[: last - self.first + 1]
        years = len(held) // per_year
        kept = held[len(held) - years * per_year :]
        return tuple(sum(kept[i : i + per_year]) for i in range(0, len(kept), per_year))


def stretches(values: Mapping[int, float], series: RecordSeries) -> tuple[Stretch, ...]:
    """Return the stretches of one area's figures, by index of their period, in order of time."""
    found: list[list[int]] = []
    for index in sorted(values):
        joined = found and index == found[-1][-1] + 1
        if joined and _side(index, series) == _side(index - 1, series):
            found[-1].append(index)
        else:
            found.append([index])
    return tuple(
        Stretch(run[0], tuple(values[i] for i in run), set_aside(run[0], series)) for run in found
    )


def set_aside(index: int, series: RecordSeries) -> str | None:
    """Return why a period is comparable with no other; None where it is."""
    reasons = [b.reason for b in series.breaks if b.last and _lies_in(index, b, series)]
    return reasons[0] if reasons else None


def broken_within(period: RecordPeriod, series: RecordSeries) -> str | None:
    """Return why the parts of a period are not comparable, or with no others; None: they are."""
    aside = next((why for index in period.indices if (why := set_aside(index, series))), None)
    return aside or _crossed(period.indices, series)


def break_between(earlier: RecordPeriod, later: RecordPeriod, series: RecordSeries) -> str | None:
    """Return why two periods are not comparable with each other; None where they are."""
    within = broken_within(earlier, series) or broken_within(later, series)
    return within or _crossed((*earlier.indices, *later.indices), series)


def _crossed(indices: Sequence[int], series: RecordSeries) -> str | None:
    """Return the reason of a break that some of the periods come before and some after."""
    for broken in series.breaks:
        if broken.last is None and len({_lies_in(i, broken, series) for i in indices}) > 1:
            return broken.reason
    return None


def _side(index: int, series: RecordSeries) -> tuple[bool, ...]:
    return tuple(_lies_in(index, broken, series) for broken in series.breaks)


def _lies_in(index: int, broken: SeriesBreak, series: RecordSeries) -> bool:
    since = record_period(broken.first, series.every)
    until = record_period(broken.last, series.every) if broken.last else None
    assert since is not None
    return since.index <= index and (until is None or index <= until.index)
