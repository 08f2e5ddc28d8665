"""What is kept of simulated surveys in which outcomes change: what is found, and what falsely."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from transforms.arrays import Flags, Ints
from transforms.catalogue.kpis import Adjustment
from transforms.estimation.totals import FORCE
from transforms.proof.comparing import QUARTER, YEARS, Compared, Tests, every_test
from transforms.proof.figures import SurveyFigures
from transforms.proof.judging import Judged, judged_tests
from transforms.proof.plan import AREA, Study
from transforms.proof.shifts import LOOKED, SHIFTED, STILL, Looked, compared_for
from transforms.proof.surveyed import surveyed

MIXED: Final = (QUARTER, YEARS[0])
"""Comparisons of headline families in which five KPIs change and the others do not."""


def found_in(study: Study, seeds: Sequence[np.random.SeedSequence]) -> SurveyFigures:
    """Return what the tests find in one survey for each seed; `study` is of `shifted_outcomes`.

    Counts, (surveys × LOOKED · SHIFTED): whether the test is made, and finds the change. Counts,
    (surveys × MIXED): findings of the headline family, and false ones. Sums, (LOOKED · SHIFTED,):
    the changes stated to be detectable.
    """
    tests = every_test(surveyed(study, seeds), tuple(_compared(study)))
    sought = _sought(tests, study)
    every, false = _mixed_findings(tests, study, "benjamini_hochberg")
    counts = {
        **{"sought": sought.made, "reached": sought.rises},
        **{"findings_bh": every, "false_bh": false},
        "false_holm": _mixed_findings(tests, study, "holm")[1],
    }
    return SurveyFigures(
        {name: values.astype(np.uint8) for name, values in counts.items()},
        {"stated": np.where(sought.made, sought.detectable, 0.0).sum(axis=0)},
    )


def _compared(study: Study) -> list[Compared]:
    """Return the comparisons made, each once."""
    return list(dict.fromkeys(compared_for(one, len(study.waves)) for one in LOOKED))


def _sought(tests: Tests, study: Study) -> Judged:
    """(surveys × LOOKED · SHIFTED) the verdicts on the changes that there are."""
    families = [
        _family(looked, place, study)
        for nth, looked in enumerate(LOOKED)
        for place in range(nth * len(SHIFTED), (nth + 1) * len(SHIFTED))
    ]
    kinds = [looked.kind for looked in LOOKED for _ in SHIFTED]
    comparison = [_place(tests, kind) for kind in kinds]
    sizes = [len(family) for family in families]
    verdicts = judged_tests(
        tests,
        np.repeat(comparison, sizes),
        np.concatenate(families),
        np.repeat(np.arange(len(families)).astype(np.str_), sizes),
        study,
        "holm",
    )
    first = np.cumsum([0, *sizes[:-1]])
    return Judged(
        verdicts.made[:, first],
        verdicts.found[:, first],
        verdicts.rises[:, first],
        verdicts.detectable[:, first],
    )


def _family(looked: Looked, outcome: int, study: Study) -> Ints:
    """Return the cells of the family that an outcome's test is judged in, its own first."""
    sought = _cell(study, outcome, looked.place)
    if looked.family == "areas":
        areas = [_cell(study, outcome, (AREA, value)) for value in study.domains[AREA]]
        return np.array([sought, *(cell for cell in areas if cell != sought)])
    if looked.family == "headline":
        return np.array([sought, *_still(study)])
    return np.array([sought])


def _still(study: Study) -> list[int]:
    """Return the force's cells of the KPIs that do not change."""
    outcomes = len(study.outcomes.names)
    return [_cell(study, place, FORCE) for place in range(outcomes - STILL, outcomes)]


def _mixed_findings(tests: Tests, study: Study, adjustment: Adjustment) -> tuple[Ints, Ints]:
    """(surveys × MIXED) findings in a family of changing and still KPIs, and the false ones."""
    still = _still(study)
    every, false = [], []
    for kind in MIXED:
        nth = LOOKED.index(Looked(kind, FORCE))
        outcomes = range(nth * len(SHIFTED), (nth + 1) * len(SHIFTED))
        cells = np.array([*still, *(_cell(study, place, FORCE) for place in outcomes)])
        found: Flags = judged_tests(
            tests,
            np.full(len(cells), _place(tests, kind)),
            cells,
            np.full(len(cells), kind),
            study,
            adjustment,
        ).found
        every.append(found.sum(axis=1))
        false.append(found[:, : len(still)].sum(axis=1))
    return np.stack(every, axis=1), np.stack(false, axis=1)


def _place(tests: Tests, kind: str) -> int:
    return tests.of_kind(kind)[0]


def _cell(study: Study, outcome: int, place: tuple[str, str]) -> int:
    """Return the place of an outcome's cell of a domain value."""
    of_one = len(study.cells) // len(study.outcomes.names)
    first = study.cells.iloc[:of_one]
    here = (first["domain"] == place[0]) & (first["domain_value"] == place[1])
    return outcome * of_one + int(np.flatnonzero(here)[0])
