"""The scale of a chart: whole per cent, few ticks, from zero unless much of it would be empty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor

from warehouse.site.facts import Estimate

STEPS = (1, 2, 5, 10, 20, 25)
"""Distances between ticks, in per cent."""
MOST_TICKS = 5
MOST_EMPTY = 0.4
"""The share of an axis that may be empty for the sake of starting at zero."""
NARROWEST = 20
"""An axis that does not start at zero spans at least so many points: noise is not magnified."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale in whole per cent, from `low` to `high`, with a tick every `step`."""

    low: int
    high: int
    step: int

    @property
    def ticks(self) -> range:
        """The values that carry a label."""
        return range(self.low, self.high + 1, self.step)

    @property
    def starts_at_zero(self) -> bool:
        """True where the whole share can be seen; otherwise the page says it cannot."""
        return self.low == 0

    def place(self, share: float) -> float:
        """Return where a share (0 to 1) lies on the axis: 0 at its start, 1 at its end."""
        return (100 * share - self.low) / (self.high - self.low)


def axis_for(estimates: Iterable[Estimate], also: Iterable[float] = ()) -> Axis:
    """Return an axis with few ticks that holds every estimate, interval and share in `also`.

    It starts at zero unless more than two fifths of it would then be empty.
    """
    shown = [end for e in estimates for end in (e.lower, e.share, e.upper) if end is not None]
    ends = [100 * end for end in (*shown, *also)]
    if not ends:
        return Axis(0, 100, 25)
    low, high = min(ends), max(ends)
    if low <= MOST_EMPTY * high or high <= NARROWEST:
        low = 0.0
    else:
        slack = max(0.0, NARROWEST - (high - low)) / 2
        low, high = max(0.0, low - slack), min(100.0, high + slack)
    return _whole_ticks(low, high)


def _whole_ticks(low: float, high: float) -> Axis:
    for step in STEPS:
        first, last = step * floor(low / step), step * max(1, ceil(high / step))
        if (last - first) / step <= MOST_TICKS and last <= 100:
            return Axis(first, max(last, first + step), step)
    return Axis(0, 100, STEPS[-1])
