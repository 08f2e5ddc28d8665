"""Runs of the study, and shares counted over the cells that are chosen of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from transforms.arrays import Flags, Floats, Ints
from transforms.proof.comparing import (
    Compared,
    comparisons,
    fewest_expected,
    smaller_base,
    unchanged,
)
from transforms.proof.figures import Counts, Rate, SurveyFigures, of_surveys, rate
from transforms.proof.plan import Study


@dataclass(frozen=True, slots=True)
class Run:
    """A study and what its surveys gave."""

    study: Study
    found: SurveyFigures

    @property
    def surveys(self) -> int:
        """The number of surveys."""
        return len(self.found.counts["estimates"])

    @property
    def fewest_expected(self) -> Floats:
        """(cells,) respondents expected in a wave with the outcome or without, the fewer."""
        fewest: Floats = self.study.expected.mean(axis=0).min(axis=-1)
        return fewest

    def effective_base(self, of_what: str = "") -> Floats:
        """(cells,) the mean of Kish's effective base."""
        sums = self.found.sums
        waves = np.maximum(sums[of_what + "waves"], 1)
        return np.asarray(sums[of_what + "effective_base"] / waves)

    def compared(self, kind: str) -> list[Compared]:
        """Return the comparisons of a kind."""
        return [one for one in comparisons(len(self.study.waves)) if one.kind == kind]

    def fewest_compared(self, kind: str) -> Floats:
        """(cells,) the fewest respondents expected with the outcome or without, on either side."""
        return _mean([fewest_expected(self.study, one) for one in self.compared(kind)])

    def smaller_base(self, kind: str) -> Floats:
        """(cells,) the respondents expected on the smaller side."""
        return _mean([smaller_base(self.study, one) for one in self.compared(kind)])

    def is_null(self, kind: str) -> Flags:
        """(cells,) true where there is no difference to be found."""
        flags = [unchanged(self.study, one) for one in self.compared(kind)]
        return np.asarray(np.logical_and.reduce(flags), dtype=np.bool_)


CellsOf = Callable[[Run], Flags]
"""Chooses cells of a run: (cells,)."""


def counted(
    runs: Sequence[Run], having: str, out_of: str, chosen: CellsOf, layer: int | None = None
) -> Rate:
    """Return Σhaving/Σout_of over the chosen cells, both named counts.

    Counts are (surveys × cells), or (surveys × layers × cells), of which one layer is taken.
    """

    def summed(run: Run, name: str) -> Ints:
        counts: Counts = run.found.counts[name]
        by_cell = counts[:, layer] if counts.ndim == 3 else counts
        return of_surveys(by_cell[:, chosen(run)])

    return rate(
        np.concatenate([summed(run, having) for run in runs]),
        np.concatenate([summed(run, out_of) for run in runs]),
    )


def _mean(values: Sequence[Floats]) -> Floats:
    return np.asarray(np.mean(values, axis=0), dtype=np.float64)
