"""A margin category that rests on one respondent is refused."""

import numpy as np
import pandas as pd
import pytest
from builders import margin

from transforms.errors import CalibrationError
from transforms.weighting import margin_cells, require_support

MARGIN = margin("g", ["g"], {"p": 60, "q": 40})


def support(groups: list[str], weights: list[float]) -> None:
    cells = margin_cells(pd.DataFrame({"g": pd.Categorical(groups)}), [MARGIN])
    require_support(cells, np.array(weights))


def test_two_respondents_of_comparable_weight_are_enough():
    """Kish: (1 + 2)²/(1 + 4) = 1.8."""
    support(["p", "p", "q", "q"], [1, 1, 1, 2])


@pytest.mark.parametrize(
    ("groups", "weights"),
    [
        (["p", "p", "q"], [1, 1, 1]),
        (["p", "p", "q", "q"], [1, 1, 1, 10]),  # (1 + 10)²/(1 + 100) = 1.2
        (["p", "p", "q", "q", "q"], [1, 1, 1, 1, 1e300]),
    ],
)
def test_a_category_of_one_or_of_one_that_outweighs_the_others_is_refused(groups, weights):
    with pytest.raises(CalibrationError, match="Margin g: q rests on a single respondent"):
        support(groups, weights)


def test_a_single_respondent_without_a_value_has_another_remedy():
    """Nothing can be merged with "no value"."""
    people = pd.DataFrame({"g": pd.Categorical(["p", "p", "q", "q", None])})
    cells = margin_cells(people, [MARGIN], own_category_by=np.ones(5))
    with pytest.raises(CalibrationError, match="Margin g: no value rests on") as caught:
        require_support(cells, np.ones(5))
    assert "`missing_margin_value: impute`" in caught.value.remedy
    assert "merge" not in caught.value.remedy
