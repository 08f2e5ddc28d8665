"""Outcomes that change by just what a test can detect, and where the change is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from transforms.arrays import Floats
from transforms.change import detectable_change
from transforms.estimation.totals import FORCE
from transforms.proof.comparing import (
    IN_TIME,
    KINDS,
    QUARTER,
    REST_IN_YEAR,
    YEARS,
    Compared,
    comparisons,
)
from transforms.proof.outcomes import ALIKE, SHARES, Outcomes, headline_outcomes
from transforms.proof.plan import AREA, SEX, Study
from transforms.proof.runs import Run

Family = Literal["none", "areas", "headline"]

SHIFTED: Final = (0.05, 0.10, 0.25, 0.50, 0.90)
"""The shares about which outcomes shift."""
STILL: Final = 13
"""KPIs of the headline family that do not change: a shifted one makes fourteen."""
AREAS: Final = 7


@dataclass(frozen=True, slots=True)
class Looked:
    """A test that looks for a change: which comparison, of which domain value, in which family.

    A change of an area happens there alone, any other everywhere.
    """

    kind: str
    place: tuple[str, str]
    family: Family = "none"

    @property
    def members(self) -> int:
        """The number of tests in the family."""
        return {"none": 1, "areas": AREAS, "headline": STILL + 1}[self.family]


AN_AREA: Final = (AREA, "coventry")
LOOKED: Final = (
    Looked(QUARTER, FORCE),
    Looked(QUARTER, (SEX, "female")),
    Looked(QUARTER, ("scattered", "500")),
    Looked(QUARTER, AN_AREA),
    Looked(YEARS[0], FORCE),
    Looked(YEARS[0], ("scattered", "150")),
    Looked(YEARS[0], AN_AREA),
    Looked(YEARS[2], FORCE),
    Looked(REST_IN_YEAR, AN_AREA),
    Looked(QUARTER, FORCE, "headline"),
    Looked(YEARS[0], FORCE, "headline"),
    Looked(QUARTER, AN_AREA, "areas"),
    Looked(YEARS[0], AN_AREA, "areas"),
)


SOUGHT_IN: Final = (AREA, SEX, "scattered")
"""The domains that `LOOKED` looks into."""


def detectable(run: Run, looked: Looked, share: float) -> float:
    """Return the change that the test is said to detect, by mean standard error and df."""
    cells = run.study.cells
    measure = run.study.outcomes.names[SHARES.index(share)]
    at = (cells["measure"] == measure) & (cells["domain"] == looked.place[0])
    cell = int(np.flatnonzero(at & (cells["domain_value"] == looked.place[1]))[0])
    error, df, count = (
        run.found.sums[name][KINDS.index(looked.kind), cell]
        for name in ("test_standard_error", "test_df", "test_errors")
    )
    level = run.study.survey.about.significance_level / looked.members
    return float(detectable_change(error / count, df / count, np.array(level)))


def shifted_outcomes(run: Run) -> Outcomes:
    """Return one outcome for each of `LOOKED` and each of `SHIFTED`, then those that are still.

    `run`: surveys in which nothing changes, which say what is detectable.
    """
    waves, areas = run.study.outcomes.truth.shape[:2]
    names = [f"shift_{place:02d}" for place in range(len(LOOKED) * len(SHIFTED))]
    shifted = [
        _truth(looked, share, detectable(run, looked, share), run.study)
        for looked in LOOKED
        for share in SHIFTED
    ]
    still = headline_outcomes(waves, areas)
    return Outcomes(
        names=(*names, *still.names[:STILL]),
        truth=np.concatenate([np.stack(shifted, axis=-1), still.truth[..., :STILL]], axis=-1),
        alike=np.full(len(names) + STILL, ALIKE),
    )


def compared_for(looked: Looked, waves: int) -> Compared:
    """Return the comparison that looks for the change: the kind's latest."""
    return next(one for one in comparisons(waves) if one.kind == looked.kind)


def change_sought(study: Study, looked: Looked, outcome: int) -> float:
    """Return the true change, or difference, that the test looks for."""
    truth = study.outcomes.truth[..., outcome]
    here = study.domains[AREA].index(looked.place[1]) if looked.place[0] == AREA else 0
    one = compared_for(looked, len(truth))
    if looked.kind in IN_TIME:
        return float(truth[list(one.now), here].mean() - truth[list(one.before), here].mean())
    return float(truth[0, here] - np.delete(truth[0], here).mean())


def _truth(looked: Looked, share: float, size: float, study: Study) -> Floats:
    """(waves × areas) the outcome's truth, about its share."""
    waves, areas = study.outcomes.truth.shape[:2]
    truth = np.full((waves, areas), share)
    one = compared_for(looked, waves)
    here = np.ones(areas, dtype=np.bool_)
    if looked.place[0] == AREA:
        here = np.array(study.domains[AREA]) == looked.place[1]
    if looked.kind not in IN_TIME:
        truth[:] = share - size / 2
        truth[:, here] = share + size / 2
        return truth
    # Where both sides share waves, only the others differ: the step is larger than the change.
    own = len(set(one.now) - set(one.before)) / len(one.now)
    step = size / own
    first_after = min(set(one.now) - set(one.before))
    truth[:first_after, here] -= step / 2
    truth[first_after:, here] += step / 2
    return truth
