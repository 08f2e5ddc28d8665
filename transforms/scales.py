"""How a measure's figures are written: a share in per cent, a mean on its own scale.

Everything that is published of a measure is worded here, so that no mean is ever called per cent.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from transforms.catalogue import Measure, Survey
from transforms.wording import MINUS, rounded

NARROW = 10
"""A mean on a scale narrower than this is written with two decimals, otherwise with one."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What a measure's figures are written in.

    `lowest`, `highest`: the limits of its figures, 0 and 1 of a share. `unit`: of a mean, in words,
    such as "points on a scale from 0 to 10"; None: a share, in per cent. `share_decimals`: with
    how many a share's per cent are written, none where another office has published whole ones.
    """

    lowest: float = 0.0
    highest: float = 1.0
    unit: str | None = None
    share_decimals: int = 1

    @property
    def is_share(self) -> bool:
        """True where figures are shares, written in per cent."""
        return self.unit is None

    @property
    def heading(self) -> str:
        """What a column of figures is called: "Per cent" or "Mean"."""
        return "Per cent" if self.is_share else "Mean"

    @property
    def words(self) -> str:
        """What the figures are, within a sentence: "mean in points on a scale from 0 to 10"."""
        return "per cent" if self.is_share else f"mean in {self.unit}"

    @property
    def difference_unit(self) -> str:
        """What differences are in: "points", or a mean's unit."""
        return self.unit or "points"

    @property
    def decimals(self) -> int:
        """With how many decimals its figures are written."""
        if self.is_share:
            return self.share_decimals
        return 2 if self.highest - self.lowest < NARROW else 1

    def figure(self, value: float) -> str:
        """Return an estimate: 0.5238 is "52.4%", 6.42 is "6.4"."""
        number = self._number(value)
        return f"{number}%" if self.is_share else _with_minus(number)

    def number(self, value: float) -> float:
        """Return a figure or difference as a number, rounded as published: 0.5238 is 52.4."""
        return float(self._number(value))

    def tick(self, value: float) -> str:
        """Return a label of an axis without needless decimals: 0.4 is "40%", 2 is "2"."""
        return f"{plain(100 * value)}%" if self.is_share else plain(value)

    def size(self, difference: float) -> str:
        """Return a difference's size with its unit: "3.1 points", "0.3 points on a scale …"."""
        return f"{self._number(abs(difference))} {self.difference_unit}"

    def signed(self, difference: float) -> str:
        """Return a difference for a table: "+3.1", "−0.3", and zero without a sign."""
        number = self._number(abs(difference))
        if not number:
            return str(number)
        return f"{'+' if difference > 0 else MINUS}{number}"

    def signed_size(self, difference: float) -> str:
        """Return a difference with its unit: "+3.1 points"."""
        return f"{self.signed(difference)} {self.difference_unit}"

    def interval(self, lower: float, upper: float) -> str:
        """Return an estimate's interval: "between 50.1% and 54.7%", "between 6.1 and 6.7"."""
        return f"between {self.figure(lower)} and {self.figure(upper)}"

    def difference_interval(self, lower: float, upper: float) -> str:
        """Return a difference's interval: "between −1.2 and +5.0 points"; a mean's has no unit."""
        unit = " points" if self.is_share else ""
        return f"between {self.signed(lower)} and {self.signed(upper)}{unit}"

    def rounds_to_zero(self, value: float) -> bool:
        """True where a share is not zero but is published as 0.0: marked `[low]`.

        A mean of nought is a place on its scale like any other, so none is marked.
        """
        return self.is_share and value != 0 and not self._number(value)

    def _number(self, value: float) -> Decimal:
        return rounded(value, self.decimals, times=100 if self.is_share else 1)


SHARES = Scale()
"""The scale of every proportion."""


def scale_of(measure: Measure) -> Scale:
    """Return what a measure's figures are written in."""
    if measure.kind == "proportion":
        return SHARES
    lowest, highest = measure.limits
    return Scale(lowest, highest, measure.unit or _points_from(lowest, highest))


def with_units(rows: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """Return rows of measures with `unit`: what a mean is counted in, missing of a share."""
    units = {name: scale_of(measure).unit for name, measure in survey.measures.items()}
    named = [units[name] for name in rows.get("measure", ())]
    return rows.assign(unit=pd.Series(named, index=rows.index, dtype="str"))


def plain(number: float) -> str:
    """Return a number without needless decimals, as a score or a tick has it: "−2", "7.5"."""
    return f"{number:g}".replace("-", MINUS)


def _points_from(lowest: float, highest: float) -> str:
    return f"points on a scale from {plain(lowest)} to {plain(highest)}"


def _with_minus(number: Decimal) -> str:
    return str(number).replace("-", MINUS)
