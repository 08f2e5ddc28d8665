"""The axis of a chart: few ticks; shares from zero unless much of it would be empty, means whole.

A share's axis is in whole per cent. A mean's is its whole scale, so that nothing is magnified.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, isclose, log10

from transforms.scales import SHARES, Scale
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
    """An axis from `low` to `high` with a tick every `step`: per cent, or scores of a mean."""

    low: float
    high: float
    step: float
    scale: Scale = SHARES

    @property
    def ticks(self) -> tuple[float, ...]:
        """The values that carry a label, in the axis's unit."""
        steps = round((self.high - self.low) / self.step)
        return tuple(self.low + self.step * place for place in range(steps + 1))

    @property
    def starts_at_zero(self) -> bool:
        """True where the whole of a share can be seen; otherwise the page says it cannot."""
        return self.low == 0

    def value(self, tick: float) -> float:
        """Return the figure that a tick stands for."""
        return tick / 100 if self.scale.is_share else tick

    def label(self, tick: float) -> str:
        """Return a tick's label: "40%", or "4"."""
        return self.scale.tick(self.value(tick))

    def place(self, figure: float) -> float:
        """Return where a figure lies on the axis: 0 at its start, 1 at its end."""
        shown = 100 * figure if self.scale.is_share else figure
        return (shown - self.low) / (self.high - self.low)


def axis_for(estimates: Iterable[Estimate], also: Iterable[float] = ()) -> Axis:
    """Return an axis with few ticks that holds every estimate, interval and figure in `also`.

    All are of one scale. A share's starts at zero unless more than two fifths of it would then be
    empty.
    """
    held = tuple(estimates)
    if held and not held[0].scale.is_share:
        return _whole_scale(held[0].scale)
    shown = [end for e in held for end in (e.lower, e.share, e.upper) if end is not None]
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


def _whole_scale(scale: Scale) -> Axis:
    """Return the whole of a mean's scale, in the smallest round step that divides it."""
    width = scale.highest - scale.lowest
    power = 10.0 ** floor(log10(width / MOST_TICKS))
    for step in (power * factor for factor in (1, 2, 2.5, 5, 10)):
        parts = width / step
        if parts <= MOST_TICKS and isclose(parts, round(parts)):
            return Axis(scale.lowest, scale.highest, step, scale)
    return Axis(scale.lowest, scale.highest, width, scale)


def _whole_ticks(low: float, high: float) -> Axis:
    for step in STEPS:
        first, last = step * floor(low / step), step * max(1, ceil(high / step))
        if (last - first) / step <= MOST_TICKS and last <= 100:
            return Axis(first, max(last, first + step), step)
    return Axis(0, 100, STEPS[-1])
