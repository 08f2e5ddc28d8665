"""Time along a chart: where each wave lies, and which figures a line may join."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from transforms.waves import Wave
from warehouse.site.facts import Estimate

INSET = 4
"""Per cent of the plot's width kept free at either side of the first and last wave."""
CONTIGUOUS_DAYS = 31
"""Waves further apart are not joined by a line: nothing was asked in between."""


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The waves of a chart in order, the place of each in per cent of the width, and the breaks.

    `breaks`: the waves from which on figures are not comparable with those before.
    """

    waves: tuple[Wave, ...]
    places: Mapping[str, float]
    breaks: frozenset[str]

    def place(self, estimate: Estimate) -> float:
        """Return where a figure lies: at the last wave of its period."""
        return self.places[estimate.period.wave]

    def gaps(self) -> Iterator[float]:
        """Yield the place of each break, between two waves."""
        for before, after in pairwise(self.waves):
            if after.name in self.breaks:
                yield (self.places[before.name] + self.places[after.name]) / 2

    def runs(self, estimates: Sequence[Estimate]) -> Iterator[list[Estimate]]:
        """Yield the runs of figures that a line may join; none is withheld."""
        run: list[Estimate] = []
        for estimate in estimates:
            if run and (estimate.share is None or not self._may_join(run[-1], estimate)):
                yield run
                run = []
            if estimate.share is not None:
                run.append(estimate)
        if run:
            yield run

    def _may_join(self, before: Estimate, after: Estimate) -> bool:
        names = [wave.name for wave in self.waves]
        first, last = names.index(before.period.wave), names.index(after.period.wave)
        between = self.waves[first : last + 1]
        near = all((b.start - a.end).days <= CONTIGUOUS_DAYS for a, b in pairwise(between))
        follows = last - first == 1
        return follows and near and not self.breaks & set(names[first + 1 : last + 1])


def time_axis(waves: Sequence[Wave], estimates: Sequence[Estimate]) -> TimeAxis:
    """Return the axis from the first to the last wave that `estimates` end with."""
    names = [wave.name for wave in waves]
    held = [names.index(estimate.period.wave) for estimate in estimates]
    shown = tuple(waves[min(held) : max(held) + 1])
    places = dict(zip((wave.name for wave in shown), _places(shown), strict=True))
    breaks = (one.period.waves[0] for one in estimates if one.breaks_series)
    return TimeAxis(shown, places, frozenset(breaks))


def _places(waves: Sequence[Wave]) -> list[float]:
    """Return where each wave's middle lies, in per cent of the plot's width."""
    middles = [(w.start.toordinal() + w.end.toordinal()) / 2 for w in waves]
    span = middles[-1] - middles[0]
    if not span:
        return [50.0 for _ in middles]
    return [INSET + (100 - 2 * INSET) * (middle - middles[0]) / span for middle in middles]
