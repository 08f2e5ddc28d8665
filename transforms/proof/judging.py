"""Tests judged in families, as a release judges them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from transforms.arrays import Flags, Floats, Ints
from transforms.catalogue import Survey
from transforms.catalogue.kpis import HEADLINE, Adjustment
from transforms.change import judged
from transforms.estimation.totals import FORCE
from transforms.proof.comparing import Tests
from transforms.proof.plan import AREA, Study

Names = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Judged:
    """Verdicts, all of one shape.

    `made`: a test is made. `found`: it is significant after adjustment; `rises`: and the difference
    is above 0. `detectable`: the change stated to be detectable, which allows for the family.
    """

    made: Flags
    found: Flags
    rises: Flags
    detectable: Floats


def judged_tests(
    tests: Tests, comparison: Ints, cell: Ints, family: Names, study: Study, adjustment: Adjustment
) -> Judged:
    """Return (surveys × tests) verdicts, each survey's a release with families of its own.

    `comparison`, `cell`, `family`: (tests,) which tests are judged, and in which family.
    """
    shape = (tests.p_value.shape[1], len(cell))
    columns = {
        name: getattr(tests, name)[comparison, :, cell].T.ravel()
        for name in ("difference", "standard_error", "df", "p_value")
    }
    release = np.repeat(np.arange(shape[0]).astype(np.str_), shape[1])
    families = np.char.add(np.char.add(release, ":"), np.tile(family, shape[0]))
    changes = pd.DataFrame(columns).assign(role="judged", family=families)
    verdicts = judged(changes, _adjusting(study, adjustment))
    adjusted = verdicts["adjusted_p"].to_numpy(dtype=np.float64).reshape(shape)
    found = adjusted < study.survey.about.significance_level
    return Judged(
        made=np.isfinite(adjusted),
        found=found,
        rises=found & (columns["difference"].reshape(shape) > 0),
        detectable=verdicts["detectable_change"].to_numpy(dtype=np.float64).reshape(shape),
    )


def judged_in_families(tests: Tests, study: Study, adjustment: Adjustment) -> Judged:
    """Return every comparison's verdicts: the KPIs of the force, and the areas of each KPI.

    (surveys × comparisons × outcomes × (the force, then the areas)).
    """
    of_cell = study.cells[study.cells["domain"].isin([FORCE[0], AREA])]
    names = of_cell["measure"].where(of_cell["domain"] == AREA, HEADLINE).to_numpy().astype(np.str_)
    count = len(tests.compared)
    comparison = np.repeat(np.arange(count), len(of_cell))
    apart = np.char.add(np.char.add(comparison.astype(np.str_), ":"), np.tile(names, count))
    cell = np.tile(of_cell.index.to_numpy(dtype=np.int64), count)
    flat = judged_tests(tests, comparison, cell, apart, study, adjustment)
    shape = (-1, count, len(study.outcomes.names), len(of_cell) // len(study.outcomes.names))
    return Judged(
        flat.made.reshape(shape),
        flat.found.reshape(shape),
        flat.rises.reshape(shape),
        flat.detectable.reshape(shape),
    )


def _adjusting(study: Study, adjustment: Adjustment) -> Survey:
    plan = study.survey.plan.model_copy(update={"adjustment": adjustment, "families": {}})
    return study.survey.model_copy(update={"plan": plan})
