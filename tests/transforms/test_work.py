"""How much is done, counted and not timed: values and respondents must not multiply it."""

import numpy as np
import pandas as pd
import pytest
from builders import margin

from transforms.estimation import design, residuals, sample_design, totals, wave_totals
from transforms.weighting import Calibrated, collapse, margin_cells, rake
from transforms.weighting.cell_table import CellTable

RESPONDENTS = 2000
MEASURES = tuple(f"measure_{number}" for number in range(8))


class Counter:
    """Counts numbers that go into sums: entries × columns, by what is summed over."""

    def __init__(self, patch):
        self.over_respondents, self.over_points = 0, 0
        sum_rows_by, deviations = totals.sum_rows_by, design.deviations

        def summed(index, weights, values, size):
            self.over_respondents += index.size * values.shape[1]
            return sum_rows_by(index, weights, values, size)

        def deviated(psu_totals, of_design):
            self.over_points += psu_totals.size
            return deviations(psu_totals, of_design)

        patch.setattr(totals, "sum_rows_by", summed)
        patch.setattr(residuals, "sum_rows_by", summed)
        patch.setattr(totals, "deviations", deviated)

    @property
    def numbers(self):
        return self.over_respondents + self.over_points


def wave(draw, *, calibrated):
    person = np.arange(RESPONDENTS)
    weight = draw.uniform(1, 3, RESPONDENTS)
    cells, weights = None, weight
    if calibrated:
        people = pd.DataFrame({"sex": np.where(person % 2, "f", "m")}).astype("category")
        cells = margin_cells(people, [margin("sex", ["sex"], {"f": 5000, "m": 4000})])
        weights = rake(weight, cells).weights
    point = pd.Series(person // 10)
    made = Calibrated(weight, weights, cells, "raking" if calibrated else "none", 0, 0.0)
    return made, sample_design(point // 10, point)


def numbers_summed(values, *, calibrated):
    """What is summed for eight measures by a domain of so many values."""
    draw = np.random.default_rng(1)
    weights, of_design = wave(draw, calibrated=calibrated)
    answers = draw.integers(0, 2, (RESPONDENTS, len(MEASURES))).astype(float)
    measured = pd.DataFrame(answers, columns=list(MEASURES))
    value = np.char.mod("%02d", np.arange(RESPONDENTS) % values)
    classified = pd.DataFrame({"area": pd.Categorical(value)})
    with pytest.MonkeyPatch.context() as patch:
        counter = Counter(patch)
        found = wave_totals(
            measured, classified, weights, of_design, {name: ("area",) for name in MEASURES}
        )
    assert len(found) == len(MEASURES) * (values + 1)
    return counter


@pytest.mark.parametrize("calibrated", [True, False], ids=["calibrated", "design weights"])
def test_twice_the_domain_values_are_not_twice_the_work(calibrated):
    """Respondents are gone through as often as for one value; sampling points hold few numbers."""
    one, seven, fourteen = (numbers_summed(n, calibrated=calibrated) for n in (1, 7, 14))
    assert one.over_respondents == seven.over_respondents == fourteen.over_respondents > 0
    assert seven.over_points > one.over_points
    assert fourteen.numbers < 1.25 * seven.numbers


def test_raking_works_on_occupied_cells_however_many_respondents(monkeypatch):
    """Each sum over rows of the fitting has the 2 × 3 cells, for 60 respondents or 60,000."""
    rows_summed = []
    reached = CellTable.reached

    def counted(table, weighted):
        rows_summed.append(len(weighted))
        return reached(table, weighted)

    monkeypatch.setattr(CellTable, "reached", counted)
    margins = [
        margin("sex", ["sex"], {"f": 5000, "m": 4000}),
        margin("age", ["age"], {"old": 3000, "middle": 2000, "young": 4000}),
    ]
    for respondents in (60, 60_000):
        person = np.arange(respondents)
        people = pd.DataFrame(
            {
                "sex": np.array(["f", "m"])[person % 2],
                "age": np.array(["old", "middle", "young"])[person % 3],
            }
        ).astype("category")
        cells = margin_cells(people, margins)
        weight = np.random.default_rng(1).uniform(1, 3, respondents)
        assert len(collapse(weight, cells).columns) == 6
        rake(weight, cells)
    assert set(rows_summed) == {6}
