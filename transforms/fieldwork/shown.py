"""What a report shows of a figure: bars with their table, and the interviews it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from transforms.arrays import Flags, Floats
from transforms.wording import number


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, how long it is (0 or more), and its value in words.

    `beyond`: it lies beyond the bound.
    """

    label: str
    length: float
    value: str
    beyond: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A figure of fieldwork as shown, of the check called `rule`.

    `told`: what it says, in sentences. `of`, `counted`: what bars and their lengths stand for.
    `heads`, `rows`: interviews listed by serial number, if any; neither holds an answer.
    """

    rule: str
    title: str
    told: str
    of: str
    counted: str
    bars: tuple[Bar, ...]
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def spoken(self) -> str:
        """The chart for those who cannot see it: its bars one by one."""
        return f"{self.of}: " + "; ".join(f"{bar.label}, {bar.value}" for bar in self.bars) + "."


def binned_bars(values: Floats, edges: Floats, beyond: Flags) -> tuple[Bar, ...]:
    """Return a bar for each range of shares between `edges`: how many values lie in it.

    What lies above the last edge is counted in the last range.
    """
    counts = np.histogram(np.minimum(values, edges[-1]), edges)[0]
    labels = [f"{low:.0%} to {high:.0%}" for low, high in pairwise(edges.tolist())]
    return counted_bars(labels, counts.tolist(), beyond.tolist())


def without_empty_ends(bars: tuple[Bar, ...]) -> tuple[Bar, ...]:
    """Return the bars from the first to the last that has a length."""
    filled = [place for place, bar in enumerate(bars) if bar.length]
    return bars[filled[0] : filled[-1] + 1] if filled else bars


def counted_bars(
    labels: Sequence[str], counts: Sequence[int], beyond: Sequence[bool]
) -> tuple[Bar, ...]:
    """Return a bar for each count."""
    return tuple(
        Bar(label, float(count), number(count), bool(marked))
        for label, count, marked in zip(labels, counts, beyond, strict=True)
    )
